"""Rules across the parts of a fidelity model: bands without gaps, questions that exist, scores in reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey.instruments import expressions
from survey.instruments.checks import Finding, Path, suggestion
from survey.instruments.fidelity import bands
from survey.instruments.fidelity.model import (
    RECORD_UNITS,
    Codes,
    FidelityModel,
    Figure,
    Judged,
    Mean,
    Meeting,
    Parts,
    Record,
    Requirement,
    Share,
)
from survey.instruments.kinds.choice import Choice
from survey.instruments.kinds.duration import Duration
from survey.instruments.kinds.number import Number
from survey.instruments.kinds.scale import Scale
from survey.instruments.kinds.share import Share as ShareQuestion
from survey.instruments.model import Instrument

Instruments = Mapping[str, Instrument]


def findings(model: FidelityModel, instruments: Instruments | None) -> list[Finding]:
    """All mistakes of a model whose parts are sound by themselves. `instruments` None: they are not looked at."""
    return [
        *_scale(model),
        *_verdicts(model),
        *_band_sets(model),
        *_indicators(model),
        *(_against(model, instruments) if instruments is not None else ()),
    ]


def _scale(model: FidelityModel) -> Iterator[Finding]:
    if model.scale[0] >= model.scale[1]:
        yield ("scale",), "the first end must be lower than the second; write it like [1, 5]"


def _told(judged: Judged | bands.BandSet, path: Path, what: str) -> Iterator[Finding]:
    """Whether it is said on whose word something counts: that of a publication, or for the time being our own."""
    if judged.source is None and not judged.provisional:
        yield path, f"on whose word {what}? Add 'source' with where it was published, or 'provisional: true'"
    if judged.source is not None and judged.provisional:
        yield (*path, "provisional"), "what has a source is not provisional; take one of the two away"


def _verdicts(model: FidelityModel) -> Iterator[Finding]:
    codes = list(model.verdicts)
    ends = {model.ends(indicator) for indicator in model.indicators.values()}
    if len(ends) > 1:
        what = "with sums, every indicator needs as many requirements: the verdicts go by the sum"
        yield ("indicators",), what
    elif model.scale[0] < model.scale[1]:
        for i, what in bands.mistakes(list(model.verdicts.values()), next(iter(ends))):
            yield ("verdicts", codes[i]) if i is not None else ("verdicts",), what
    for code, verdict in model.verdicts.items():
        if verdict.source is None and not verdict.provisional:
            what = "on whose word does this limit hold? Add 'source', or 'provisional: true'"
            yield ("verdicts", code), what
        if verdict.source is not None and verdict.provisional:
            what = "what has a source is not provisional; take one of the two away"
            yield ("verdicts", code, "provisional"), what


def _band_sets(model: FidelityModel) -> Iterator[Finding]:
    used = {getattr(one, "bands", None) for _, one in _evidence(model)}
    for name, one in model.bands.items():
        path: Path = ("bands", name)
        for i, what in bands.mistakes(one.bands, bands.RANGES[one.unit], one.step):
            yield (*path, "bands") if i is None else (*path, "bands", i), what
        for i, band in enumerate(one.bands):
            yield from _in_scale(model, band.score, (*path, "bands", i, "score"))
        yield from _told(one, path, "do these bands hold")
        if name not in used:
            yield path, f"nothing uses the bands '{name}'; take them away, or name them under 'bands' of some evidence"


def _in_scale(model: FidelityModel, score: float, path: Path) -> Iterator[Finding]:
    low, high = model.scale
    if not low <= score <= high:
        yield path, f"a score lies from {low:g} to {high:g}, and {score:g} does not"


def _evidence(model: FidelityModel) -> Iterator[tuple[Path, Any]]:
    for code, indicator in model.indicators.items():
        for name, requirement in indicator.requirements.items():
            for i, one in enumerate(requirement.evidence):
                yield ("indicators", code, "requirements", name, "evidence", i), one


def _indicators(model: FidelityModel) -> Iterator[Finding]:
    for code, indicator in model.indicators.items():
        path: Path = ("indicators", code)
        if indicator.least is not None and indicator.least > len(indicator.requirements):
            what = f"least ({indicator.least}) is more than the {len(indicator.requirements)} requirements"
            yield (*path, "least"), what
        for name, requirement in indicator.requirements.items():
            yield from _requirement(requirement, (*path, "requirements", name))
    for path, one in _evidence(model):
        yield from _one(model, one, path)


def _requirement(requirement: Requirement, path: Path) -> Iterator[Finding]:
    if not requirement.evidence and requirement.unmeasured is None:
        yield path, "nothing says how this is found out; add 'evidence', or 'unmeasured' with why there is none"
    if requirement.evidence and requirement.unmeasured is not None:
        yield (*path, "unmeasured"), "there is evidence, so 'unmeasured' says nothing; take one of the two away"
    first = next(iter(requirement.evidence), None)
    if isinstance(first, Record) and first.bands is None:
        what = "the first evidence makes the score, and this has none; add 'bands', or put another first"
        yield (*path, "evidence", 0), what


def _one(model: FidelityModel, one: Any, path: Path) -> Iterator[Finding]:
    """The rules of one piece of evidence that need no instrument."""
    wanted = getattr(one, "bands", None)
    if wanted is not None:
        found = model.bands.get(wanted)
        if found is None:
            yield (*path, "bands"), f"there are no bands '{wanted}'{suggestion(wanted, model.bands)}"
        elif found.unit != (unit := _unit(one)):
            yield (*path, "bands"), f"this counts in {unit}, and the bands '{wanted}' in {found.unit}"
    for setting in ("scores", "rhythm_scores"):
        for code, score in getattr(one, setting, {}).items():
            yield from _in_scale(model, score, (*path, setting, code))
    match one:
        case Codes() | Meeting():
            yield from _told(one, path, "do these scores hold")
        case Mean(bands=None):
            yield from _told(one, path, "is this mean the score")
        case Judged() if one.source is not None or one.provisional:
            what = "the bands say on whose word they hold; take this away"
            yield (*path, "source" if one.source is not None else "provisional"), what
    if isinstance(one, Mean) and (one.score is None) == (not one.items):
        yield path, "a mean is that of 'score', or of 'items'; write one of the two"


def _unit(one: Any) -> bands.Unit:
    match one:
        case Figure():
            return one.unit
        case Record():
            return RECORD_UNITS[one.what]
        case Meeting():
            return "minutes"
        case Mean():
            return "points"
    return "percent"


def _against(model: FidelityModel, instruments: Instruments) -> Iterator[Finding]:
    for path, one in _evidence(model):
        instrument = instruments.get(one.instrument)
        if instrument is None:
            what = f"there is no instrument '{one.instrument}'{suggestion(one.instrument, instruments)}"
            yield (*path, "instrument"), what
            continue
        match one:
            case Figure():
                yield from _number(instrument, one.value, (*path, "value"))
            case Share():
                yield from _number(instrument, one.count, (*path, "count"))
                yield from _number(instrument, one.out_of, (*path, "out_of"))
            case Parts():
                yield from _parts(instrument, one, path)
            case Mean():
                yield from _mean(model, instrument, one, path)
            case Codes():
                yield from _codes(instrument, one.question, one.scores, path, "question", "scores")
            case Meeting():
                yield from _codes(instrument, one.rhythm, one.rhythm_scores, path, "rhythm", "rhythm_scores")
                unit = instrument.units.get(one.length)
                if unit is None or not isinstance(unit.question, Duration):
                    what = f"'{one.length}' asks for no length of time{suggestion(one.length, instrument.units)}"
                    yield (*path, "length"), what


def _no_question(instrument: Instrument, name: str) -> str:
    return f"'{instrument.instrument}' has no question '{name}'{suggestion(name, instrument.units)}"


def _number(instrument: Instrument, source: str, path: Path) -> Iterator[Finding]:
    for name in sorted(expressions.parse(source).names):
        unit = instrument.units.get(name)
        if unit is None:
            yield path, _no_question(instrument, name)
        elif not isinstance(unit.question, Number | Duration):
            yield path, f"'{name}' asks for no number; take another kind of evidence, such as codes or parts"
    if isinstance(expressions.parse(source).evaluate(_ones(instrument)), bool):
        yield path, f"'{source}' is true or false, and no number"


def _ones(instrument: Instrument) -> dict[str, float]:
    """An answer to every question, to see what comes of an expression."""
    return dict.fromkeys(instrument.units, 1)


def _parts(instrument: Instrument, one: Parts, path: Path) -> Iterator[Finding]:
    question = instrument.questions.get(one.question)
    if not isinstance(question, ShareQuestion):
        what = _no_question(instrument, one.question) if question is None else f"'{one.question}' has no parts"
        yield (*path, "question"), what
        return
    for setting, names in (("parts", one.parts), ("out_of", one.out_of)):
        for i, name in enumerate(names):
            if name not in question.parts:
                what = f"'{one.question}' has no part '{name}'{suggestion(name, question.parts)}"
                yield (*path, setting, i), what
    for i, name in enumerate(one.parts):
        if one.out_of and name not in one.out_of:
            yield (*path, "parts", i), f"'{name}' is a part of the whole too; add it to 'out_of'"


def _mean(model: FidelityModel, instrument: Instrument, one: Mean, path: Path) -> Iterator[Finding]:
    items = one.items
    if one.score is not None:
        score = instrument.scores.get(one.score)
        if score is None:
            what = f"'{one.instrument}' has no score '{one.score}'{suggestion(one.score, instrument.scores)}"
            yield (*path, "score"), what
            return
        items = score.items
        if score.method == "sum" and one.bands is None:
            yield (*path, "score"), f"'{one.score}' is a sum; give it bands, so that it becomes a score"
            return
    for i, name in enumerate(items):
        at: Path = (*path, "score") if one.score is not None else (*path, "items", i)
        unit = instrument.units.get(name)
        if unit is None:
            yield at, _no_question(instrument, name)
            continue
        codes = [code for code in unit.question.options if isinstance(code, int)]
        if not isinstance(unit.question, Scale | Choice) or len(codes) < len(unit.question.options) or not codes:
            yield at, f"'{name}' has no numbered points, so it has no mean"
        elif one.bands is None and (min(codes), max(codes)) != model.scale:
            ends = f"{min(codes)} to {max(codes)}"
            what = f"'{name}' goes from {ends}, and a score here from {model.scale[0]:g} to {model.scale[1]:g}; give "
            yield at, what + "it bands"
            return
    if one.least is not None and items and one.least > len(items):
        yield (*path, "least"), f"least ({one.least}) is more than the {len(items)} items"


def _codes(
    instrument: Instrument, name: str, scores: Mapping[Any, float], path: Path, setting: str, of_codes: str
) -> Iterator[Finding]:
    unit = instrument.units.get(name)
    if unit is None:
        yield (*path, setting), _no_question(instrument, name)
        return
    if not isinstance(unit.question, Choice | Scale):
        yield (*path, setting), f"'{name}' has no options of which one is chosen"
        return
    options = unit.question.options
    for code in scores:
        if code not in options:
            known = ", ".join(str(one) for one in options)
            yield (*path, of_codes, code), f"'{name}' has no option '{code}'; its codes are {known}"
    absent = [str(code) for code in options if code not in scores]
    if absent:
        yield (*path, of_codes), f"who chose {' or '.join(absent)} has no score; add one for every option"
