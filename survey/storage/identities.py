"""Who participants are and how to reach them, and the e-mail addresses of staff: kept sealed, opened one at a time."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from survey.storage.record import dumps
from survey.storage.sealing import Sealed, Sealer
from survey.storage.tables import Identity, Participant, Person

FIELDS: Mapping[str, int] = {
    "name": 120,
    "phone": 40,
    "phone_2": 40,
    "email": 254,
    "address": 300,
    "moments": 200,
    "remark": 500,
}
"""What can be kept of somebody -> how many characters at most. Of staff only "email" is kept."""

Subject = Participant | Person


class Erased(Exception):
    """The participant was erased: nothing of them is kept again."""


def keep(
    session: Session,
    sealer: Sealer,
    subject: Subject,
    values: Mapping[str, str],
    by: int,
    now: datetime.datetime,
) -> None:
    """Keep these of FIELDS of a participant or person, in the place of what was kept; nothing at all destroys it.

    Raises ValueError for an unknown or too long one, Erased, and CannotOpen where the server has no master key.
    """
    kept = {name: value.strip() for name, value in values.items() if value.strip()}
    for name, value in kept.items():
        if name not in FIELDS or len(value) > FIELDS[name]:
            raise ValueError(f"{name} is not kept, or too long")
    _hold(session, subject)
    if not kept:
        destroy(session, subject)
        return
    sealed = sealer.seal(dumps(kept).encode(), _bound_to(subject))
    row = session.scalar(select(Identity).where(_of(subject)))
    if row is None:
        whose = {"participant_id" if isinstance(subject, Participant) else "person_id": subject.id}
        row = Identity(**whose)
        session.add(row)
    row.wrapped_key, row.sealed, row.master = sealed.wrapped_key, sealed.sealed, sealed.master
    row.changed_at, row.changed_by = now, by
    session.flush()


def _hold(session: Session, subject: Subject) -> None:
    """Hold the subject's row until the end: two who keep at once make one row, and none beside an erasing."""
    if isinstance(subject, Participant):
        status = session.scalar(select(Participant.status).where(Participant.id == subject.id).with_for_update())
        if status == "erased":
            raise Erased
    else:
        session.execute(select(Person.id).where(Person.id == subject.id).with_for_update())


def open_identity(session: Session, sealer: Sealer, subject: Subject) -> dict[str, str] | None:
    """What is kept of a participant or person, by FIELDS; None where it is nothing. Raises CannotOpen."""
    row = session.scalar(select(Identity).where(_of(subject)))
    if row is None:
        return None
    opened = sealer.open(Sealed(row.wrapped_key, row.sealed, row.master), _bound_to(subject))
    found: dict[str, str] = json.loads(opened)
    return found


def kept_since(session: Session, subject: Subject) -> datetime.datetime | None:
    """When what is kept of somebody was last changed; None where it is nothing. Opens nothing."""
    return session.scalar(select(Identity.changed_at).where(_of(subject)))


def destroy(session: Session, subject: Subject) -> bool:
    """Destroy what is kept of somebody, with its key; whether there was something."""
    session.flush()
    return session.scalar(delete(Identity).where(_of(subject)).returning(Identity.id)) is not None


def keep_email_of_person(
    session: Session, sealer: Sealer, person_id: int, email: str, by: int, now: datetime.datetime
) -> None:
    """Keep the e-mail address of somebody who signs in; "" destroys it. Raises as `keep` does."""
    keep(session, sealer, session.get_one(Person, person_id), {"email": email}, by, now)


def email_of_person(session: Session, sealer: Sealer, person_id: int) -> str | None:
    """The e-mail address of somebody who signs in, where it is kept. Raises CannotOpen."""
    return (open_identity(session, sealer, session.get_one(Person, person_id)) or {}).get("email")


def email_of_participant(session: Session, sealer: Sealer, participant_id: int) -> str | None:
    """The e-mail address of a participant, where it is kept. Raises CannotOpen."""
    return (open_identity(session, sealer, session.get_one(Participant, participant_id)) or {}).get("email")


def rewrap(session: Session, old: Sealer, new: Sealer) -> int:
    """Wrap all keys under another master key, and count them; what was sealed is not touched.

    Keys under the new one already are left as they are, so that it can be done again. Raises CannotOpen for a key under
    neither: nothing should be committed then.
    """
    query = select(Identity, Participant, Person).outerjoin(Participant, Identity.participant_id == Participant.id)
    count = 0
    for row, participant, person in session.execute(query.outerjoin(Person, Identity.person_id == Person.id)):
        if row.master == new.fingerprint:
            continue
        before = Sealed(row.wrapped_key, row.sealed, row.master)
        wrapped = old.rewrap(before, _bound_to(participant or person), new)
        row.wrapped_key, row.master = wrapped.wrapped_key, wrapped.master
        count += 1
    session.flush()
    return count


def _of(subject: Subject) -> ColumnElement[bool]:
    return (
        Identity.participant_id == subject.id if isinstance(subject, Participant) else Identity.person_id == subject.id
    )


def _bound_to(subject: Subject) -> str:
    return f"{'participant' if isinstance(subject, Participant) else 'person'}/{subject.code}"
