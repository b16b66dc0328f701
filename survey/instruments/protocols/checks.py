"""Rules across the parts of a protocol: waves that exist, anchors before, instruments that fit who fills them in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from survey.instruments.checks import Finding, suggestion
from survey.instruments.kinds.number import Number
from survey.instruments.model import Instrument
from survey.instruments.protocols.model import Ask, Outcomes, Protocol, Timing

Path = tuple[str | int, ...]

OF_BY = {
    "interviewer": ("participant", "coach", "team_leader"),
    "participant": ("participant",),
    "coach": ("coach",),
    "observers": ("meeting",),
}
"""Of whom each can fill something in."""

ROLES = {
    ("interviewer", "participant"): ("interviewer", "participant"),
    ("interviewer", "coach"): ("interviewer",),
    ("interviewer", "team_leader"): ("interviewer",),
    ("participant", "participant"): ("participant",),
    ("coach", "coach"): ("coach",),
    ("observers", "meeting"): ("observer",),
}
"""(by, of) -> the roles that an instrument can have then."""


NAMED = {"fidelity": "fidelity", "code_book": "code_books"}
"""What a protocol names -> the kind of definition that it is."""


def findings(
    protocol: Protocol,
    instruments: Mapping[str, Instrument] | None,
    beside: Mapping[str, Collection[str]] | None = None,
) -> list[Finding]:
    """All mistakes of a protocol whose parts are sound by themselves. `instruments` None: they are not looked at.

    `beside`: kind -> the ids of what there is of the kinds in NAMED; None: it is not looked at.
    """
    return [
        *_waves(protocol),
        *_arms(protocol),
        *_consent(protocol),
        *_asks(protocol),
        *_outcomes(protocol),
        *(_against(protocol, instruments) if instruments is not None else ()),
        *(_beside(protocol, beside) if beside is not None else ()),
    ]


def _beside(protocol: Protocol, known: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    for setting, kind in NAMED.items():
        name = getattr(protocol, setting)
        if name is not None and name not in known[kind]:
            yield (setting,), f"there is no {kind}/{name}.yaml{suggestion(name, known[kind])}"


def _timing(timing: Timing, path: Path) -> Iterator[Finding]:
    first, last = timing.window
    if not first <= 0 <= last:
        yield (*path, "window"), f"the window [{first}, {last}] leaves out the due day; write it like [-14, 42]"
    elif timing.due + first < 0:
        yield (
            (*path, "window"),
            f"the window begins {-first - timing.due} days before what it is counted from; shorten it",
        )


def _no_wave(code: str, known: Iterable[str], where: str = "") -> str:
    # Codes of three letters resemble each other too little, or too much, for a guess.
    return f"there is no wave '{code}'{where}; there is {', '.join(known) or 'none'}"


def _waves(protocol: Protocol) -> Iterator[Finding]:
    before: list[str] = []
    for code, wave in protocol.waves.items():
        path: Path = ("waves", code)
        yield from _timing(wave, path)
        if wave.after == "study":
            yield (*path, "after"), "a participant's wave is counted from the registration or something later"
        elif wave.after not in ("registration", "round_off", *before):
            yield (*path, "after"), _no_wave(wave.after, before, " before this one")
        before.append(code)


def _arms(protocol: Protocol) -> Iterator[Finding]:
    arms, drawing = len(protocol.arms), protocol.randomisation
    if arms > 1 and drawing is None:
        yield ("arms",), f"there are {arms} arms and nothing says how one is drawn; add 'randomisation' with its blocks"
    if drawing is None:
        return
    if arms == 1:
        yield ("randomisation",), "there is one arm, so there is nothing to draw; take 'randomisation' away"
    for i, size in enumerate(drawing.blocks):
        if size < arms or size % arms or size > 100:
            what = f"a block of {size} cannot hold {arms} arms equally often; use a multiple of {arms}, up to 100"
            yield ("randomisation", "blocks", i), what


def _consent(protocol: Protocol) -> Iterator[Finding]:
    seen: list[int] = []
    for i, text in enumerate(protocol.consent):
        if seen and text.version <= seen[-1]:
            yield ("consent", i, "version"), f"version {text.version} stands after {seen[-1]}; number them upwards"
        if not any(purpose.needed for purpose in text.purposes.values()):
            what = "no purpose is needed, so nobody has to agree to anything; write 'needed: true' at one"
            yield ("consent", i, "purposes"), what
        seen.append(text.version)


def _asks(protocol: Protocol) -> Iterator[Finding]:
    taken: set[tuple[str, str, str]] = set()
    for i, ask in enumerate(protocol.asks):
        path: Path = ("asks", i)
        for j, wave in enumerate(ask.waves):
            if wave not in protocol.waves:
                yield (*path, "waves", j), _no_wave(wave, protocol.waves)
            elif (ask.instrument, wave, ask.of) in taken:
                yield (*path, "waves", j), f"'{ask.instrument}' is asked at '{wave}' already; take one of the two away"
            taken.add((ask.instrument, wave, ask.of))
        yield from _ask(protocol, ask, path)


def _ask(protocol: Protocol, ask: Ask, path: Path) -> Iterator[Finding]:
    if ask.of not in OF_BY[ask.by]:
        yield (*path, "of"), f"{ask.by} can fill in of {' or '.join(OF_BY[ask.by])} only; change 'of' or 'by'"
    if ask.timing is not None:
        yield from _timing(ask.timing, (*path, "timing"))
        anchor, known = ask.timing.after, ("registration", "round_off", "study", *protocol.waves)
        if anchor not in known:
            yield (*path, "timing", "after"), _no_wave(anchor, protocol.waves)
        elif (anchor == "study") != (ask.of in ("coach", "team_leader")):
            what = "what is asked of a coach or team leader is counted from 'study', and only that"
            yield (*path, "timing", "after"), what
    elif ask.of in ("coach", "team_leader"):
        yield path, f"when is this asked of a {ask.of.replace('_', ' ')}? Add 'timing', counted after: study"
    if ask.by != "observers":
        for setting, given in (("observers", ask.observers != 1), ("steps", bool(ask.steps))):
            if given:
                yield (*path, setting), f"'{setting}' belongs to what observers fill in; take it away"
    if ask.by not in ("participant", "coach"):
        for setting in ("link_days", "reminders"):
            if setting in ask.model_fields_set:
                yield (*path, setting), f"'{setting}' belongs to what is filled in by a link; take it away"
    if any(day < 1 for day in ask.reminders) or list(ask.reminders) != sorted(set(ask.reminders)):
        yield (*path, "reminders"), "reminders are days after sending, from 1, each later than the one before"


def _against(protocol: Protocol, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    for i, ask in enumerate(protocol.asks):
        instrument = instruments.get(ask.instrument)
        if instrument is None:
            what = f"there is no instrument '{ask.instrument}'{suggestion(ask.instrument, instruments)}"
            yield ("asks", i, "instrument"), what
        elif instrument.role not in ROLES.get((ask.by, ask.of), (instrument.role,)):
            what = f"'{ask.instrument}' is filled in by: {instrument.role}; change 'by', or choose another instrument"
            yield ("asks", i, "by"), what
    if protocol.background is not None:
        yield from _background(protocol, instruments)
    if protocol.outcomes is not None:
        yield from _scores(protocol.outcomes, instruments)


def _outcomes(protocol: Protocol) -> Iterator[Finding]:
    outcomes = protocol.outcomes
    if outcomes is None:
        return
    codes = list(protocol.waves)
    for setting, wave in (("first", outcomes.first), ("last", outcomes.last)):
        ask = protocol.ask(outcomes.instrument, wave)
        if wave not in protocol.waves:
            yield ("outcomes", setting), _no_wave(wave, protocol.waves)
        elif ask is None or ask.of != "participant":
            what = f"'{outcomes.instrument}' is not asked of participants at '{wave}'; name one of the asks"
            yield ("outcomes", setting), what
        elif setting == "last" and outcomes.first in codes and codes.index(wave) <= codes.index(outcomes.first):
            yield ("outcomes", "last"), f"'{wave}' is not later than '{outcomes.first}'; turn them round"
    if (len(protocol.arms) > 1) != (outcomes.comparison is not None):
        several = f"which of {', '.join(protocol.arms)} are the others compared with? Add 'comparison'"
        one = "there is one arm, so there is nothing to compare; take 'comparison' away"
        yield ("outcomes", "comparison"), several if len(protocol.arms) > 1 else one
    elif outcomes.comparison is not None and outcomes.comparison not in protocol.arms:
        what = f"there is no arm '{outcomes.comparison}'; there is {', '.join(protocol.arms)}"
        yield ("outcomes", "comparison"), what
    for name, score in outcomes.scores.items():
        if (score.reliability is None) != (score.source is None):
            what = "a reliability and its source belong together; write both, or neither"
            yield ("outcomes", "scores", name, "reliability" if score.source is None else "source"), what


def _scores(outcomes: Outcomes, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    instrument = instruments.get(outcomes.instrument)
    if instrument is None:
        return
    for name in outcomes.scores:
        if name not in instrument.scores:
            what = f"'{outcomes.instrument}' has no score '{name}'{suggestion(name, instrument.scores)}"
            yield ("outcomes", "scores", name), what


def _background(protocol: Protocol, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    background = protocol.background
    if background is None:
        return
    if protocol.ask(background.instrument, background.wave) is None:
        what = f"'{background.instrument}' is not asked at '{background.wave}'; name one of the asks"
        yield ("background", "instrument"), what
    instrument = instruments.get(background.instrument)
    if instrument is None:
        return
    for name, bands in background.variables.items():
        unit = instrument.units.get(name)
        if unit is None:
            what = f"'{background.instrument}' has no question '{name}'{suggestion(name, instrument.units)}"
            yield ("background", "variables", name), what
        elif isinstance(unit.question, Number) != (bands is not None):
            what = "a number needs its bands, such as [18, 30, 50], and nothing else does"
            yield ("background", "variables", name), what
        elif bands is not None and list(bands) != sorted(set(bands)):
            yield ("background", "variables", name), "each band begins higher than the one before it; put them in order"
