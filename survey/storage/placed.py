"""Whose a response is, at which wave of which study."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from survey.storage.tables import Base


@dataclass(frozen=True)
class Placed:
    """The code of a participant or person, and the wave and study of one response; who interprets now, and how (None:
    not recorded); whether a participant has, or had, something to tap on: a screen, or a show card; and whether a
    researcher has a query about it that is not closed."""

    code: str
    wave: str
    study: str
    study_slug: str
    time_zone: str
    interpreter: str | None
    mode: str | None
    tapping: bool
    queried: bool = False

    @property
    def interpreted(self) -> bool:
        """Whether somebody interprets now."""
        return self.interpreter not in (None, "none")


_TABLES = Base.metadata.tables
_RESPONSE, _PARTICIPANT, _PERSON = _TABLES["response"], _TABLES["participant"], _TABLES["person"]
_STUDY, _WAVE, _SEGMENT = _TABLES["study"], _TABLES["wave"], _TABLES["segment"]
_SCREEN, _EVENT, _QUERY = _TABLES["screen"], _TABLES["event"], _TABLES["query"]
_PLACED = (
    select(
        func.coalesce(_PARTICIPANT.c.code, _PERSON.c.code),
        _WAVE.c.title,
        _STUDY.c.title,
        _STUDY.c.slug,
        _STUDY.c.time_zone,
        _SEGMENT.c.interpreter,
        _SEGMENT.c.mode,
        exists().where(_SCREEN.c.response_id == _RESPONSE.c.id, _SCREEN.c.ended_at.is_(None)).correlate(_RESPONSE)
        | exists().where(_EVENT.c.response_id == _RESPONSE.c.id, _EVENT.c.kind == "tapped").correlate(_RESPONSE),
        exists().where(_QUERY.c.response_id == _RESPONSE.c.id, _QUERY.c.status != "closed").correlate(_RESPONSE),
    )
    .select_from(_RESPONSE)
    .join(_WAVE, _RESPONSE.c.wave_id == _WAVE.c.id)
    .join(_STUDY, _RESPONSE.c.study_id == _STUDY.c.id)
    .outerjoin(_PARTICIPANT, _RESPONSE.c.participant_id == _PARTICIPANT.c.id)
    .outerjoin(_PERSON, _RESPONSE.c.person_id == _PERSON.c.id)
    .outerjoin(_SEGMENT, (_SEGMENT.c.response_id == _RESPONSE.c.id) & (_SEGMENT.c.number == _RESPONSE.c.segment))
    .where(_RESPONSE.c.id == bindparam("response_id"))
)


def placed(session: Session, response_id: int) -> Placed:
    """Where the response of this id stands."""
    row = session.connection().execute(_PLACED, {"response_id": response_id}).one()
    return Placed(*row[:-2], bool(row[-2]), bool(row[-1]))
