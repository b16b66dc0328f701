"""Rules across questions: names, backward references, codes in conditions, limits that contradict each other."""

from __future__ import annotations

import datetime
import keyword
import re
from collections.abc import Iterator
from difflib import get_close_matches

from survey.instruments import expressions
from survey.instruments.kinds.date import Date
from survey.instruments.kinds.question import NAME_LIMIT, Question
from survey.instruments.kinds.scale import Scale
from survey.instruments.kinds.several import Several
from survey.instruments.model import Instrument

Path = tuple[str | int, ...]
Finding = tuple[Path, str]
"""Where in the definition (keys and positions), and what is wrong and what to do."""

PICTOGRAMS_IN_A_ROW = 5

# Words that SPSS, R or a condition would read as something else.
_WORDS = """
    all by eq ge gt le lt ne to with true false null na nan inf function next repeat
    answered count missing pages choices scores title purpose
"""
RESERVED = frozenset(keyword.kwlist) | frozenset(_WORDS.split())


_VARIABLE = re.compile(r"[a-z][a-z0-9_]*")


def findings(instrument: Instrument, unknown: frozenset[str] = frozenset()) -> list[Finding]:
    """All mistakes of an instrument whose parts are sound by themselves.

    `unknown`: names of questions that could not be read, and so may be referred to without complaint.
    """
    return [
        *_names(instrument),
        *_references(instrument, unknown),
        *_limits(instrument),
        *_meaningless(instrument),
        *_interpreter(instrument),
        *_scores(instrument, unknown),
    ]


def _questions(instrument: Instrument) -> Iterator[tuple[Path, Question]]:
    for i, page in enumerate(instrument.pages):
        for j, question in enumerate(page.questions):
            yield ("pages", i, "questions", j), question


def _names(instrument: Instrument) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    pages: set[str] = set()
    for i, page in enumerate(instrument.pages):
        if page.page in pages:
            yield ("pages", i, "page"), f"a page called '{page.page}' stands above already; give this one another name"
        pages.add(page.page)
    for path, question in _questions(instrument):
        units = {unit.name: unit for unit in question.units()}
        columns = [column.name for unit in units.values() for column in unit.columns()]
        for name in sorted({name for name in columns if columns.count(name) > 1}):
            yield (*path, "name"), f"the variable '{name}' would be made twice here; choose another code"
        names = [question.name, *units, *columns]
        for name in dict.fromkeys(names):
            at = (*path, "items", name) if isinstance(question, Scale) and name in question.items else (*path, "name")
            if name in RESERVED:
                yield at, f"'{name}' has a meaning of its own in SPSS, R or conditions; choose another name"
            elif name in taken:
                yield at, f"the variable '{name}' is already made by '{taken[name]}'; choose another name"
            elif len(name) > NAME_LIMIT:
                yield (
                    at,
                    f"the variable '{name}' would be longer than {NAME_LIMIT} letters; shorten the name or the code",
                )
            elif not _VARIABLE.fullmatch(name):
                yield at, f"'{name}' cannot be a variable; number the options from 0"
        taken |= dict.fromkeys(names, question.name)


def _references(instrument: Instrument, unknown: frozenset[str]) -> Iterator[Finding]:
    every = set(instrument.units) | unknown
    seen: set[str] = set(unknown)
    for i, page in enumerate(instrument.pages):
        yield from _condition(instrument, page.when, ("pages", i, "when"), seen, every)
        for j, question in enumerate(page.questions):
            path: Path = ("pages", i, "questions", j)
            yield from _condition(instrument, question.when, (*path, "when"), seen, every)
            own = {unit.name for unit in question.units()}
            if isinstance(question, Scale):
                for name, item in question.items.items():
                    yield from _condition(instrument, item.when, (*path, "items", name, "when"), seen, every)
            seen |= own
            if question.check:
                yield from _condition(instrument, question.check.that, (*path, "check", "that"), seen, every)
                if not own & expressions.parse(question.check.that).names:
                    yield (
                        (*path, "check", "that"),
                        f"this check does not look at '{question.name}' itself; put it at the question it is about",
                    )


def _condition(
    instrument: Instrument, source: str | None, path: Path, seen: set[str], every: set[str]
) -> Iterator[Finding]:
    if source is None:
        return
    expression = expressions.parse(source)
    for name in sorted(expression.names - seen):
        if name in every:
            yield path, f"'{name}' is asked later; a condition looks only back, so move the question or the condition"
        elif name in instrument.questions:
            yield path, f"'{name}' has no answer of its own; name one of its items"
        else:
            yield path, f"there is no question '{name}'{suggestion(name, seen)}"
    for name, constant in expression.compared:
        unit = instrument.units.get(name)
        if unit and unit.role != "other" and unit.question.options and constant not in unit.question.options:
            codes = [str(code) for code in unit.question.options]
            yield path, f"'{name}' has no option {constant!r}; its codes are {', '.join(codes)}"


def _meaningless(instrument: Instrument) -> Iterator[Finding]:
    """Settings that are allowed by themselves and say nothing where they stand."""
    about, role = instrument.about, instrument.role
    if about == "participant" and role not in ("interviewer", "participant"):
        who = "an observer" if role == "observer" else f"a {role}"
        what = f"{who} fills in about own work only; write about: person, or role: interviewer or participant"
        yield ("role",), what
    if about == "person" and role == "participant":
        what = "a participant fills in alone and never signs in; write about: participant, or another role"
        yield ("role",), what
    for path, question in _questions(instrument):
        if question.kind == "note":
            for setting in ("required", "check"):
                if getattr(question, setting):
                    yield (*path, setting), f"a note has no answer, so '{setting}' says nothing; take it away"
        options = len(question.options)
        if question.pictograms in ("faces", "bars") and not 2 <= options <= PICTOGRAMS_IN_A_ROW:
            what = f"'{question.pictograms}' are drawn for two to {PICTOGRAMS_IN_A_ROW} options; take them away"
            yield (*path, "pictograms"), what
        if question.pictograms == "yes_no" and (isinstance(question, Scale) or options < 2):
            yield (*path, "pictograms"), "'yes_no' is drawn beside the first two options of a choice; take it away"


def _interpreter(instrument: Instrument) -> Iterator[Finding]:
    suits, why = instrument.interpreter.suits, instrument.interpreter.why
    if suits != "yes" and why is None:
        what = {"caution": "takes caution", "no": "does not suit this instrument"}[suits]
        yield ("interpreter", "suits"), f"'why' is missing; add why an interpreter {what}, for the interviewer to read"
    if suits == "yes" and why is not None:
        what = "'why' explains 'caution' or 'no'; write one of them under 'suits', or take 'why' away"
        yield ("interpreter", "why"), what


def _limits(instrument: Instrument) -> Iterator[Finding]:
    for path, question in _questions(instrument):
        low, high = getattr(question, "min", None), getattr(question, "max", None)
        if low is not None and high is not None and low > high:
            yield (*path, "min"), f"min ({low}) is larger than max ({high}); swap them"
        if isinstance(question, Several) and question.at_most is not None and question.at_least > question.at_most:
            yield (
                (*path, "at_least"),
                f"at_least ({question.at_least}) is larger than at_most ({question.at_most}); swap them",
            )
        if isinstance(question, Date):
            yield from _dates(question, path)
        if isinstance(question, Several) and question.at_least > len(question.options) > 0:
            yield (*path, "at_least"), f"at_least ({question.at_least}) is more than there are options; lower it"
        shared = getattr(question, "choices", None)
        if isinstance(shared, str):
            yield (*path, "choices"), f"there is no list '{shared}'{suggestion(shared, instrument.lists)}"
        options = question.options
        if sum(choice.other for choice in options.values()) > 1:
            yield (*path, "choices"), "only one option can ask for 'namely'; take 'other' away from the rest"
        if len({str(code) for code in options}) < len(options):
            yield (*path, "choices"), "two codes differ only in being a number or a text; choose other codes"
        for code, choice in options.items():
            if isinstance(question, Scale):
                if not isinstance(code, int):
                    yield (
                        (*path, "choices"),
                        f"points of a scale are whole numbers, and '{code}' is not; number the points",
                    )
                if choice.other or choice.exclusive:
                    yield (*path, "choices"), "a point of a scale cannot be 'other' or 'exclusive'"
            elif choice.text is None:
                yield (*path, "choices"), f"option '{code}' has no text; only points of a scale may go without"
            if choice.exclusive and not isinstance(question, Several):
                yield (*path, "choices"), "'exclusive' belongs to the kind 'several'; take it away"
        if "missing" in getattr(question, "parts", {}):
            yield (*path, "parts"), "a part cannot be called 'missing'; choose another name"


def _dates(question: Date, path: Path) -> Iterator[Finding]:
    length = {"day": 10, "month": 7, "year": 4}[question.precision]
    for side in ("earliest", "latest"):
        text = getattr(question, side)
        if text is not None and not (len(text) == length and _is_date(text + "2023-01-01"[length:])):
            yield (*path, side), f"write this date like {'2023-04-01'[:length]!r}, as precise as the answer"
    if question.earliest and question.latest and question.earliest > question.latest:
        yield (*path, "earliest"), f"earliest ({question.earliest}) is later than latest ({question.latest}); swap them"


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _scores(instrument: Instrument, unknown: frozenset[str]) -> Iterator[Finding]:
    for name, score in instrument.scores.items():
        path: Path = ("scores", name)
        if name in instrument.units:
            yield path, f"'{name}' is a variable already; give the score another name"
        for item in score.items:
            unit = instrument.units.get(item)
            if unit is None and item not in unknown:
                yield (*path, "items"), f"there is no question or item '{item}'{suggestion(item, instrument.units)}"
            elif unit and not all(isinstance(code, int) for code in unit.question.options or ("",)):
                yield (*path, "items"), f"'{item}' has no numbered points, so nothing can be computed over it"
        for item in set(score.reversed) - set(score.items):
            yield (*path, "reversed"), f"'{item}' is no item of this score; add it to items or take it away here"
        if score.least is not None and score.least > len(score.items):
            yield (*path, "least"), f"least ({score.least}) is more than the {len(score.items)} items"


def suggestion(word: object, known: object) -> str:
    """ "; did you mean 'x'?", or "" where nothing resembles."""
    close = get_close_matches(str(word), [str(one) for one in known], n=1)  # type: ignore[attr-defined]
    return f"; did you mean '{close[0]}'?" if close else ""
