"""How far the method was carried out as meant: indicators on one sheet, on the next what each of them stands on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exports.interpreting_words import in_language
from exports.sheet_stream import letters
from exports.tables import Cell, Chart, Field, Row, Series, Spool, Table, blank, formula, rounded
from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.protocols.model import said
from survey.measures.fidelity.result import Fidelity, Found, IndicatorFound, RequirementFound

SAID = "Fidelity by wave, of the study, each team and each coach: the figure and the verdict of each indicator."
BEHIND = "The requirements behind the indicators with their evidence, then what stands beside what gave a score."
_PLACE = (
    Field("level", "string", "study, team or coach", ("study", "team", "coach")),
    Field("of", "string", "the code of the team or coach; empty: the study"),
    Field("wave", "string", "the wave"),
    Field("indicator", "string", "the indicator"),
)
_INDICATOR = (
    Field("title", "string", "the title of the indicator"),
    Field("figure", "number", "the indicator: its requirements together; empty: too few have a score", computed=True),
    Field("verdict", "string", "well, on_the_way or low"),
    Field("cutoff", "number", "from here on it counts as carried out well"),
    Field("requirements", "integer", "how many requirements it has"),
    Field("scored", "integer", "how many of them have a score"),
    Field("lowest", "number", "the figure if all that is missing scored lowest"),
    Field("highest", "number", "the figure if all that is missing scored highest"),
    Field("possible", "string", "the verdicts that are possible then, with + between them"),
    Field("up", "string", "the next better verdict"),
    Field("up_by", "number", "how far away that is"),
    Field("up_through", "string", "requirements of which one point more leads there, with + between them"),
)
_EVIDENCE = (
    Field("part", "string", "requirement, or beside: evidence that gave no score", ("requirement", "beside")),
    Field("requirement", "string", "the requirement"),
    Field("title", "string", "the title of the requirement"),
    Field("score", "number", "the requirement's score; of beside what this evidence would give"),
    Field("why", "string", "why there is no score"),
    Field("voice", "string", "whose word it is: coaches, participants, observers or the server"),
    Field("kind", "string", "how the evidence is looked at"),
    Field("instrument", "string", "the instrument that it comes from"),
    Field("name", "string", "the question, items, score or record"),
    Field("evidence", "number", "what was found, over all people"),
    Field("unit", "string", "what it counts"),
    Field("count", "number", "of a share: how many"),
    Field("out_of", "number", "of a share: of how many"),
    Field("codes", "string", "of answers with a score each: how many gave which, with + between them"),
    Field("people", "integer", "people with a value in it"),
    Field("handed_in", "integer", "people who handed in"),
    Field("expected", "integer", "people who were asked so far; empty: nothing was planned"),
    Field("meetings", "integer", "meetings it is about"),
)
_LAST = (
    Field("provisional", "integer", "1: no publication has the limits", (0, 1)),
    Field("source", "string", "the publication"),
)
FIELDS = rounded((*_PLACE, *_INDICATOR, *_LAST))
BEHIND_FIELDS = rounded((*_PLACE, *_EVIDENCE, *_LAST))
REQUIREMENTS = "Requirements"
_SCORE = letters([field.name for field in BEHIND_FIELDS].index("score"))
_BESIDE = letters(len(FIELDS) + 1)

EMPTY = {
    "en": "There are no rows: nothing that the fidelity model looks at was handed in.",
    "nl": "Er zijn geen rijen: van wat het model voor modelgetrouwheid bekijkt, is niets ingeleverd.",
}
NOTES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "The figure of an indicator is a formula over the scores of its requirements, on the sheet Requirements.",
        "provisional 1: no publication has the limits on which the score or verdict hangs. Do not take it for an "
        "official norm.",
        "Ratings by participants are told of five ratings and two coaches or more, and never of one coach.",
        "In the workbook a chart stands below the rows; where these are many, to the right of them, from column "
        f"{_BESIDE}.",
    ),
    "nl": (
        "Het cijfer van een indicator is een formule over de scores van de kwaliteitseisen, op het blad Requirements.",
        "provisional 1: er is geen publicatie met de grenzen waaraan de score of het oordeel hangt. Zie het niet als "
        "officiële norm.",
        "Oordelen van deelnemers staan er vanaf vijf oordelen over twee coaches, en nooit over één coach.",
        "In het Excelbestand staat een grafiek onder de rijen; zijn dat er veel, dan rechts ervan, vanaf kolom "
        f"{_BESIDE}.",
    ),
}
BEHIND_NOTES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "A requirement has its score from the first evidence. What coaches say of themselves, observers, participants "
        "and the server's own records stand side by side: see voice, and the rows called beside.",
    ),
    "nl": (
        "Een kwaliteitseis krijgt de score van het eerste bewijs. Wat coaches van zichzelf zeggen, observatoren, "
        "deelnemers en wat de server zelf weet, staan naast elkaar: zie voice, en de rijen met beside.",
    ),
}
CHART = {
    "en": ("Indicators of the whole study, wave {wave}", "figure", "cut-off"),
    "nl": ("Indicatoren van het hele onderzoek, meting {wave}", "cijfer", "grens"),
}


@dataclass(frozen=True)
class Told:
    """What is told: the result at each wave of the study first, the newest wave before all others, then of each team
    and coach."""

    model: FidelityModel
    results: Sequence[Fidelity]
    language: str


def tables(told: Told, spool: Callable[[], Spool]) -> Iterator[Table]:
    """Fidelity, and the requirements behind it. `spool` makes a place for rows."""
    indicators = [(result, one) for result in told.results for one in result.indicators]
    empty, behind = in_language(EMPTY, told.language), (_title(told), *in_language(BEHIND_NOTES, told.language))
    rows, reasons = spool(), spool()
    rows.extend(_rows(told, indicators, begin=len(behind) + 2))
    reasons.extend(_behind(told, indicators))
    above = (_title(told), *in_language(NOTES, told.language))
    charts = (_chart(told),) if indicators else ()
    yield Table("Fidelity", "fidelity", SAID, FIELDS, rows, 5, above=above, empty=empty, charts=charts)
    yield Table(REQUIREMENTS, "requirements", BEHIND, BEHIND_FIELDS, reasons, 4, above=behind, empty=empty)


def _title(told: Told) -> str:
    model = told.model
    return f"{said(model.title, told.language)} ({model.fidelity}, {model.version}). {said(model.about, told.language)}"


Indicators = Sequence[tuple[Fidelity, IndicatorFound]]


def _rows(told: Told, indicators: Indicators, begin: int) -> Iterator[Row]:
    """All indicators. `begin`: the number of the first row on the sheet of their requirements."""
    row = begin
    for result, one in indicators:
        yield _indicator(told, result, one, row)
        row += len(one.requirements)


def _behind(told: Told, indicators: Indicators) -> Iterator[Row]:
    """All requirements, in the order of the indicators, then what stands beside."""
    for result, one in indicators:
        for requirement in one.requirements:
            yield _requirement(told, result, one, requirement)
    for result, one in indicators:
        for requirement in one.requirements:
            for found in requirement.found[1:]:
                which = _which(told, one, requirement, "beside")
                yield *_place(result, one), *which, found.score, found.why, *_found(found), *_last(found)


def _place(result: Fidelity, one: IndicatorFound) -> Row:
    team, coach = result.reach.team, result.reach.coach
    return "coach" if coach else "team" if team else "study", coach or team, result.wave, one.name


def _which(told: Told, one: IndicatorFound, requirement: RequirementFound, part: str) -> Row:
    title = told.model.indicators[one.name].requirements[requirement.name].title
    return part, requirement.name, said(title, told.language)


def _indicator(told: Told, result: Fidelity, one: IndicatorFound, row: int) -> Row:
    model, outlook = told.model, one.outlook
    number = len(one.requirements)
    cells = f"{REQUIREMENTS}!{_SCORE}{row}:{_SCORE}{row + number - 1}"
    if model.combine == "sum":
        text = f'IF(COUNT({cells})={number},ROUND(SUM({cells}),2),"")'
    else:
        declared = model.indicators[one.name].least
        least = declared if declared is not None else math.ceil(number / 2)
        text = f'IF(COUNT({cells})>={max(1, least)},ROUND(AVERAGE({cells}),2),"")'
    up = outlook.up
    return (
        *_place(result, one), said(model.indicators[one.name].title, told.language), formula(text, one.figure),
        one.verdict, model.cutoff, number, one.scored, outlook.lowest, outlook.highest,
        "+".join(outlook.verdicts) or None, up.verdict if up else None, up.distance if up else None,
        ("+".join(up.requirements) or None) if up else None, int(one.provisional), _source(model, one),
    )  # fmt: skip


def _source(model: FidelityModel, one: IndicatorFound) -> str | None:
    return model.verdicts[one.verdict].source if one.verdict is not None else None


def _requirement(told: Told, result: Fidelity, one: IndicatorFound, requirement: RequirementFound) -> Row:
    place = (*_place(result, one), *_which(told, one, requirement, "requirement"))
    source = told.model.indicators[one.name].requirements[requirement.name].source
    if not requirement.found:
        return *place, None, "not_measured", *blank(_EVIDENCE[5:]), None, source
    first = requirement.found[0]
    provisional, of_limits = _last(first)
    return *place, requirement.score, requirement.why, *_found(first), provisional, of_limits or source


def _found(one: Found) -> tuple[Cell, ...]:
    codes = "+".join(f"{code}={people}" for code, people in one.codes.items()) or None
    return (
        one.voice, one.kind, one.instrument, one.name, one.figure, one.unit, one.count, one.out_of, codes, one.people,
        one.handed_in, one.expected, one.meetings,
    )  # fmt: skip


def _last(one: Found) -> tuple[Cell, Cell]:
    return int(one.provisional), one.source


def _chart(told: Told) -> Chart:
    """The indicators of the first result, with the line from which they count as carried out well."""
    model, first = told.model, told.results[0]
    title, figure, cutoff = in_language(CHART, told.language)
    reach = [model.ends(indicator) for indicator in model.indicators.values()]
    series = [Series("figure", figure, figures=True)]
    if model.cutoff is not None:
        series.append(Series("cutoff", cutoff, "line"))
    return Chart(
        title.format(wave=first.wave), "title", tuple(series), 0, len(first.indicators) - 1, figure,
        min(low for low, _ in reach), max(high for _, high in reach),
    )  # fmt: skip
