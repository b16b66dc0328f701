"""Observed meetings: one row each with its observers and their times, and one row for all that they settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exports.moments import Moments
from exports.tables import Cell, Field, Row, Spool, Table
from survey.answers.flow import reason
from survey.answers.missing import CODES, State
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.measures.differences import Compared
from survey.storage import consensus, step_times
from survey.storage.consensus import Comparison, Settled
from survey.storage.meetings import ObservedMeeting, all_meetings
from survey.storage.reading import Selection
from survey.storage.record import Record
from survey.storage.tables import StepTime

MEETINGS = (
    "One row per observed meeting: how it stands, who observed how much of it, and how many seconds each step took."
)
CONSENSUS = (
    "One row for each time that observers settled a difference: what each had answered, what they settled and why. "
    "Where counts is 0, they settled it again later."
)
EMPTY = "There are no rows: nothing was settled yet."


@dataclass(frozen=True)
class Found:
    """One meeting with its observers' times and, once all have handed in, their answers side by side."""

    seen: ObservedMeeting
    times: tuple[Sequence[StepTime], ...]
    compared: Comparison | None


def tables(
    session: Session, library: Library, selection: Selection, moments: Moments, spool: Callable[[], Spool]
) -> list[Table]:
    """Meetings and Consensus; none where no meeting is among what was selected."""
    found = [_found(session, library, seen) for seen in all_meetings(session, selection.study_id)
             if _chosen(seen, selection)]  # fmt: skip
    if not found:
        return []
    places = max(2, *(len(one.seen.observers) for one in found))
    steps = list(dict.fromkeys(row.step for one in found for rows in one.times for row in rows))
    meetings, settled = spool(), spool()
    meetings.extend(_meeting(one, places, steps, moments) for one in found)
    settled.extend(row for one in found for row in _settled(one, places, moments))
    return [
        Table("Meetings", "meetings", MEETINGS, _meeting_fields(places, steps), meetings, 1, ("meeting",)),
        Table(
            "Consensus", "consensus", CONSENSUS, _consensus_fields(places), settled, 2,
            belongs=("meeting",), parent="meetings", empty=EMPTY,
        ),
    ]  # fmt: skip


def _chosen(seen: ObservedMeeting, selection: Selection) -> bool:
    return (
        selection.response is None
        and seen.meeting.id not in selection.but_meetings
        and (selection.instruments is None or seen.meeting.instrument in selection.instruments)
        and (selection.waves is None or seen.wave_code in selection.waves)
        and (selection.teams is None or seen.meeting.team_id in selection.teams)
    )


def _found(session: Session, library: Library, seen: ObservedMeeting) -> Found:
    def instrument_of(record: Record) -> Instrument:
        return library.instrument(record.instrument, record.instrument_version)

    times = tuple(step_times.times(session, seen.meeting.id, one.person_id) for one in seen.observers)
    return Found(seen, times, consensus.comparison(session, seen, instrument_of))


def _meeting_fields(places: int, steps: Sequence[str]) -> tuple[Field, ...]:
    return (
        Field("meeting", "string", "the meeting's code, as in km_meeting"),
        Field("wave", "string", "the wave"),
        Field("team", "string", "the team's code"),
        Field("instrument", "string", "what observers filled in"),
        Field("held_on", "date", "the day of the meeting"),
        Field(
            "state", "string",
            "planned, observed, waiting, to_settle, settled, single (one record stands alone) or nobody",
        ),
        Field("observers", "integer", "how many observers did not fall out"),
        Field("compared", "integer", "how many answers stood side by side, open questions left out"),
        Field("differences", "integer", "how many of them differed"),
        Field("settled", "integer", "how many of these were settled"),
        Field("corrected", "integer", "how many answers observers changed after all had handed in"),
        Field("settled_at", "string", "since when nothing is left to do, as ISO 8601 text with offset"),
        Field("settled_time", "datetime", "the same as a date and local time"),
        *(field for place in range(1, places + 1) for field in _observer_fields(place, steps)),
    )  # fmt: skip


def _observer_fields(place: int, steps: Sequence[str]) -> Iterator[Field]:
    yield Field(f"observer_{place}", "string", f"the code of observer {place}")
    yield Field(f"response_{place}", "string", "that observer's response, as in km_response; empty: not begun")
    yield Field(f"submitted_at_{place}", "string", "when that was handed in, as ISO 8601 text with offset")
    yield Field(f"fell_out_{place}", "string", "why that observer fell out; empty: did not")
    yield Field(f"share_{place}", "integer", "which percentage of the meeting that observer saw")
    yield Field(f"began_at_{place}", "string", "when that observer's clock was first started")
    yield Field(f"ended_at_{place}", "string", "when it was last stopped")
    for step in steps:
        yield Field(f"{step}_{place}", "integer", f"seconds of the step {step} by that observer's clock")


def _meeting(one: Found, places: int, steps: Sequence[str], moments: Moments) -> Row:
    seen, found = one.seen, one.compared
    answers = [row for row in found.rows if not row.in_own_words] if found else []
    counts: tuple[Cell, ...] = (None, None, None, None)
    if found is not None:
        differing = len(found.differing)
        corrected = sum(len(side.corrected) for side in found.sides)
        counts = (len(answers), differing, differing - len(found.open), corrected)
    return (
        seen.meeting.code, seen.wave_code, seen.team_code, seen.meeting.instrument, seen.meeting.held_on.isoformat(),
        seen.state, len(seen.active), *counts, *moments.said(seen.settled_at),
        *(cell for place in range(places) for cell in _observer(one, place, steps, moments)),
    )  # fmt: skip


def _observer(one: Found, place: int, steps: Sequence[str], moments: Moments) -> Row:
    if place >= len(one.seen.observers):
        return (None,) * (7 + len(steps))
    observer, times = one.seen.observers[place], one.times[place]
    seconds = step_times.seconds(times)
    ends = [row.ended_at for row in times if row.ended_at is not None]
    return (
        observer.code, observer.token, moments.said(observer.submitted_at)[0], observer.reason, observer.share,
        moments.said(times[0].started_at if times else None)[0], moments.said(max(ends, default=None))[0],
        *(round(seconds[step]) if step in seconds else None for step in steps),
    )  # fmt: skip


def _consensus_fields(places: int) -> tuple[Field, ...]:
    return (
        Field("meeting", "string", "the meeting's code"),
        Field("unit", "string", "the question or item"),
        Field("counts", "integer", "1: this was settled last; 0: it was settled again later", (0, 1)),
        *(
            field
            for place in range(1, places + 1)
            for field in (
                Field(f"answer_{place}", "any", f"what observer {place} of Meetings had answered; empty: none"),
                Field(f"status_{place}", "integer", "0 answered, else the reason, as in Status", tuple(CODES.values())),
            )
        ),
        Field("consensus", "any", "the answer that was settled; empty: none"),
        Field(
            "status", "integer", "0 answered, else the reason; empty: they settled that there is no common answer",
            tuple(CODES.values()),
        ),
        Field("reason", "string", "why, as they wrote"),
        Field("by", "string", "the code of the person who wrote it down"),
        Field("at", "string", "when, as ISO 8601 text with offset"),
        Field("time", "datetime", "when, as a date and local time"),
    )  # fmt: skip


def _settled(one: Found, places: int, moments: Moments) -> Iterator[Row]:
    if one.compared is None:
        return
    rows = {row.unit.name: row for row in one.compared.rows}
    codes = [side.observer.code for side in one.compared.sides]
    for settled in one.compared.history:
        newest = one.compared.settled[settled.unit].id == settled.id
        answers = _answers(one, places, codes, rows.get(settled.unit))
        yield (
            one.seen.meeting.code, settled.unit, int(newest), *answers, *_agreed(settled), settled.reason, settled.by,
            *moments.said(settled.at),
        )  # fmt: skip


def _answers(one: Found, places: int, codes: Sequence[str], row: Compared | None) -> Iterator[Cell]:
    """Answer and status of each place in Meetings; empty for who is not compared."""
    for place in range(places):
        code = one.seen.observers[place].code if place < len(one.seen.observers) else None
        if row is None or code not in codes:
            yield from (None, None)
        else:
            yield from _cells(row.said[codes.index(code)].answer)


def _agreed(settled: Settled) -> tuple[Cell, Cell]:
    return (None, None) if settled.value is None else _cells(settled.value)


def _cells(answer: Any) -> tuple[Cell, Cell]:
    """An answer in one cell, and its status; several codes with "+" between them, as in Long."""
    why = reason(answer)
    if why is not None:
        return None, CODES[State(why)]
    if isinstance(answer, list):
        return "+".join(str(code) for code in answer), 0
    if isinstance(answer, dict):
        return "+".join(f"{part}={share}" for part, share in answer.items()), 0
    return answer, 0
