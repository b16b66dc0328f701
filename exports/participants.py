"""The participants of a study that follows a protocol, one row each: where they stand, and never who they are."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from exports.moments import Moments
from exports.tables import Field, Row, Spool, Table
from survey.planning.statuses import REASONS, STATUSES
from survey.storage import studies
from survey.storage.protocols import protocol_of
from survey.storage.reading import Selection
from survey.storage.roster import Listed, roster
from survey.storage.tables import Study

SAID = (
    "One row per participant of the study, whatever was chosen: how they stand since when, what they agreed to, who "
    "works with them, and how they were reached. No names, and no answers."
)
EMPTY = "There are no participants yet."


def tables(
    session: Session, study: Study, selection: Selection, moments: Moments, spool: Callable[[], Spool]
) -> list[Table]:
    """Participants; none where the study follows no protocol, so that nobody's course is kept."""
    if selection.response is not None or protocol_of(session, study.id) is None:
        return []
    waves = [wave.code for wave in studies.waves(session, study.id)]
    zone = ZoneInfo(study.time_zone)
    teams = None if selection.teams is None else frozenset(selection.teams)
    filled = spool()
    filled.extend(_row(one, waves, moments, zone) for one in roster(session, study.id, teams))
    return [Table("Participants", "participants", SAID, fields(waves), filled, 1, ("participant",), empty=EMPTY)]


def fields(waves: Sequence[str]) -> tuple[Field, ...]:
    """The fields of Participants, with two for each wave."""
    return (
        Field("participant", "string", "the participant's code, as in km_subject"),
        Field("team", "string", "the team's code"),
        Field("arm", "string", "the arm, as drawn or as the protocol has only one; empty: not drawn yet"),
        Field("status", "string", "where they stand now", STATUSES),
        Field("reason", "string", "why they said no or stopped, where it is known", REASONS),
        Field("status_since_at", "string", "since when they stand so, as ISO 8601 text with offset"),
        Field("status_since", "datetime", "the same as a date and local time"),
        Field("registered", "date", "the day on which they were registered"),
        Field("language", "string", "the language they like to speak"),
        Field("interpreter_needed", "string", "yes or no; empty: nobody asked", ("yes", "no")),
        Field("consent_version", "integer", "the version of the words they agreed to last; empty: they did not"),
        Field("consent_given", "date", "the day on which they agreed"),
        Field("consent_withdrawn", "date", "the day on which they took it back"),
        Field("consent_keeps", "string", "whether answers may stay when consent is taken back", ("yes", "no")),
        Field("interviewer", "string", "the code of the interviewer"),
        Field("coach", "string", "the code of the coach"),
        Field("round_off", "date", "the day on which the coach rounded the trajectory off"),
        *(field for wave in waves for field in _of_wave(wave)),
    )


def _of_wave(wave: str) -> Iterator[Field]:
    yield Field(f"attempts_{wave}", "integer", f"how often they were tried to be reached for {wave}")
    yield Field(
        f"last_outcome_{wave}", "string", f"how the last of these attempts went; empty: there was none ({wave})"
    )


def _row(one: Listed, waves: Sequence[str], moments: Moments, zone: ZoneInfo) -> Row:
    def day(moment: datetime.datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).date().isoformat()

    return (
        one.code, one.team, one.arm, one.status, one.reason, *moments.said(one.since), day(one.registered_at),
        one.language, _yes_no(one.needs_interpreter), one.consent_version, day(one.consent_given_at),
        day(one.consent_withdrawn_at), _yes_no(one.consent_keeps), one.interviewer, one.coach,
        None if one.round_off is None else one.round_off.isoformat(),
        *(cell for wave in waves for cell in (one.attempts.get(wave, 0), one.last_outcome.get(wave))),
    )  # fmt: skip


def _yes_no(known: bool | None) -> str | None:
    return None if known is None else "yes" if known else "no"
