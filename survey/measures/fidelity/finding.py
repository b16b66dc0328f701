"""One piece of evidence over all people within reach: whose word counts, how it is combined, and its score.

Participants' word about coaches is told of five at least, about two coaches at least, and never of one coach: by the
rule of `survey.measures.ratings`, with its steps for a team, and with its least numbers for a study.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from survey.instruments.fidelity.bands import Unit
from survey.instruments.fidelity.model import (
    RECORD_UNITS,
    Codes,
    FidelityModel,
    Figure,
    Mean,
    Meeting,
    Parts,
    Record,
    Share,
)
from survey.instruments.kinds.question import Code
from survey.instruments.model import Instrument
from survey.measures.fidelity.asking import Asked, Said, mean, said, together
from survey.measures.fidelity.evidence import Evidence, Reach
from survey.measures.fidelity.result import Found, Part, Voice
from survey.measures.measurement import Measurement
from survey.measures.ratings import LEAST_COACHES, LEAST_RATINGS, whole_steps


@dataclass(frozen=True)
class Look:
    """Where one looks: a model, its instruments, all evidence, at one wave, within reach."""

    model: FidelityModel
    instruments: Mapping[str, Instrument]
    evidence: Evidence
    wave: str
    reach: Reach


@dataclass(frozen=True)
class _Voter:
    """One coach, one participant, or one meeting with all its observers: what each of its responses says. Of observers
    also what each said `before` they agreed."""

    said: Said
    sayings: tuple[Said, ...]
    coach: str | None
    before: tuple[Said, ...] = ()


def found(look: Look, one: Any) -> Found:
    """What is found for one piece of evidence."""
    return _recorded(look, one) if isinstance(one, Record) else _asked(look, one)


def voice_of(instrument: Instrument) -> Voice:
    """Whose word an instrument holds."""
    if instrument.role == "observer":
        return "observers"
    return "participants" if instrument.about == "participant" else "coaches"


def _asked(look: Look, one: Asked) -> Found:
    instrument = look.instruments.get(one.instrument)
    voice: Voice = voice_of(instrument) if instrument is not None else "coaches"
    judged = look.model.judged(one)
    bare = Found(
        voice, one.kind, one.instrument, _name(one), _unit(one),
        provisional=judged.provisional, source=judged.source, bands=getattr(one, "bands", None),
    )  # fmt: skip
    if look.reach.coach is not None and voice != "coaches":
        return replace(bare, why="of_team")
    responses = look.evidence.of(one.instrument, look.wave, look.reach)
    if voice == "observers":
        responses = _observing(look.evidence, responses)
    expected = None if look.reach.coach else look.evidence.asked(one.instrument, look.wave, look.reach)
    bare = replace(bare, handed_in=len(responses), expected=expected)
    if not responses or instrument is None:
        return replace(bare, why="nobody")
    voters = _voters(look, one, responses, instrument, voice)
    if voice == "participants":
        in_steps = look.reach.team is not None or look.evidence.steps is not None
        allowed = _allowed([voter.coach for voter in voters], in_steps=in_steps)
        if voters and not allowed:
            # How many there are would tell something as well.
            return replace(bare, handed_in=0, why="too_few")
        voters = voters[:allowed]
        if in_steps:
            # Also their number moves in steps only.
            bare = replace(bare, handed_in=len(voters))
    elif voice == "coaches" and look.evidence.steps is not None and voters:
        voters = voters[: len(voters) // look.evidence.steps * look.evidence.steps]
        if not voters:
            return replace(bare, handed_in=0, why="too_few")
    return _combined(look.model, one, bare, voters) if voters else replace(bare, why="no_answer")


def _observing(evidence: Evidence, responses: Iterable[Measurement]) -> list[Measurement]:
    """Those that count, where meetings are known at all. Assessors may also fill in without a meeting."""
    return [one for one in responses if one.response in evidence.meeting_of or not evidence.meeting_of]


def _voters(
    look: Look, one: Asked, responses: Sequence[Measurement], instrument: Instrument, voice: Voice
) -> list[_Voter]:
    """Those who have anything to say, in their order."""
    if voice == "observers":
        return _meetings(look.evidence, one, responses, instrument)
    # Ten thousand participants are asked once, and not again for each of a hundred teams.
    known: dict[str, _Voter] = look.evidence.remembered.setdefault(one.model_dump_json(), {})
    for response in responses:
        if response.response not in known:
            what = said(one, response, {}, instrument)
            known[response.response] = _Voter(what, (what,), response.coach)
    each = (known[response.response] for response in responses)
    return [voter for voter in each if not voter.said.empty]


def _meetings(evidence: Evidence, one: Asked, responses: Sequence[Measurement], instrument: Instrument) -> list[_Voter]:
    """Each meeting once, with what its observers say together; without meetings, each team."""
    sayings: dict[object, list[Said]] = {}
    before: dict[object, list[Said]] = {}
    for response in responses:
        meeting = evidence.meeting_of.get(response.response)
        settled = evidence.settled.get(meeting or "", {})
        sayings.setdefault(meeting or response.team, []).append(said(one, response, settled, instrument))
        before.setdefault(meeting or response.team, []).append(said(one, response, {}, instrument))
    given = {key: tuple(what for what in found if not what.empty) for key, found in sayings.items()}
    return [_Voter(together(found), found, None, tuple(before[key])) for key, found in given.items() if found]


def _allowed(coaches: Sequence[str | None], *, in_steps: bool) -> int:
    """How many of these ratings may be told of, in their order."""
    if in_steps:
        return whole_steps(coaches)
    # Nobody knows of a coach in some studies; those cannot point at one.
    about_one = len(set(coaches)) < LEAST_COACHES and set(coaches) != {None}
    return 0 if len(coaches) < LEAST_RATINGS or about_one else len(coaches)


def _combined(model: FidelityModel, one: Asked, bare: Found, voters: Sequence[_Voter]) -> Found:
    """All together. `voters` is not empty."""
    sayings = [what for voter in voters for what in voter.sayings]
    full = replace(bare, people=len(sayings), meetings=len(voters) if bare.voice == "observers" else None)
    codes = Counter(code for what in sayings for code in what.codes.values())
    own = (_alone(model, one, what) for voter in voters for what in voter.before)
    full = replace(full, each=tuple(score for score in own if score is not None))
    match one:
        case Meeting():
            return _meeting(model, one, full, [voter.said for voter in voters], codes)
        case Share():
            count, out_of = (sum(getattr(voter.said, name) for voter in voters) for name in ("count", "out_of"))
            figure = 100 * count / out_of
            full = replace(full, count=count, out_of=out_of)
        case _:
            given = mean([voter.said.figure for voter in voters])
            figure = given if given is not None else 0.0
    score = _score(model, full.bands, figure)
    return replace(full, figure=figure, score=score, codes=codes)


def _meeting(
    model: FidelityModel, one: Meeting, bare: Found, sayings: Sequence[Said], codes: Mapping[Code, int]
) -> Found:
    """The lower score of how often and how long. Without one of the two there is none, unless the other is worst."""
    rhythm, length = mean([what.rhythm for what in sayings]), mean([what.length for what in sayings])
    length_score = _score(model, one.bands, length) if length is not None else None
    parts = (Part("rhythm", rhythm, rhythm, codes), Part("length", length, length_score))
    score = _lower(model, rhythm, length_score)
    return replace(bare, figure=score, score=score, parts=parts, why=None if score is not None else "no_answer")


def _lower(model: FidelityModel, *scores: float | None) -> float | None:
    known = [score for score in scores if score is not None]
    lowest = min(known) if known else None
    return lowest if None not in scores or lowest == model.scale[0] else None


def _alone(model: FidelityModel, one: Asked, what: Said) -> float | None:
    """The score by what one response says."""
    if isinstance(one, Meeting):
        length = _score(model, one.bands, what.length) if what.length is not None else None
        return _lower(model, what.rhythm, length)
    return None if what.figure is None else _score(model, getattr(one, "bands", None), what.figure)


def _score(model: FidelityModel, bands: str | None, figure: float) -> float | None:
    return figure if bands is None else model.bands[bands].score(figure)


def _name(one: Asked) -> str:
    match one:
        case Figure():
            return one.value
        case Share():
            return f"{one.count} / {one.out_of}"
        case Parts() | Codes():
            return one.question
        case Mean():
            return one.score or ", ".join(one.items)
    return f"{one.rhythm}, {one.length}"


def _unit(one: Asked) -> Unit | None:
    match one:
        case Figure():
            return one.unit
        case Share() | Parts():
            return "percent"
        case Mean():
            return "points"
    return None


def _recorded(look: Look, one: Record) -> Found:
    bands = look.model.bands[one.bands] if one.bands is not None else None
    bare = Found(
        "server", one.kind, one.instrument, one.what, RECORD_UNITS[one.what], bands=one.bands,
        provisional=bands is not None and bands.provisional, source=bands.source if bands is not None else None,
    )  # fmt: skip
    if look.reach.coach is not None:
        return replace(bare, why="of_team")
    if one.what == "response":
        rates = look.evidence.rates_of(one.instrument, look.wave, look.reach)
        asked, done = sum(rate.asked for rate in rates), sum(rate.done for rate in rates)
        figure = 100 * done / asked if asked else None
        full = replace(bare, count=float(done), out_of=float(asked), people=done)
    else:
        clocks = look.evidence.clocks_of(one.instrument, look.wave, look.reach)
        known = [clock for clock in clocks if clock.minutes is not None]
        figure = mean([clock.minutes if one.what == "meeting_minutes" else clock.share for clock in known])
        full = replace(bare, people=sum(clock.observers for clock in known), meetings=len(known))
    if figure is None:
        return replace(bare, why="not_recorded")
    score = bands.score(figure) if bands is not None else None
    return replace(full, figure=figure, score=score)
