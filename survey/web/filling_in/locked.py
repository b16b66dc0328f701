"""What a page says about a response that a researcher locked: who did, since when, and whom to ask."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.storage import locks
from survey.storage.record import Record
from survey.web.filling_in.subject import Subject


def locked_words(session: Session, record: Record, subject: Subject) -> str:
    """Why nothing can be changed, and whom to ask; "" where it is not locked."""
    if record.locked_at is None:
        return ""
    lock = next(one for one in locks.history(session, record.id) if one.locked)
    if lock.reason == locks.WITHDRAWN:
        return gettext(
            "The consent was withdrawn on %(day)s. Nothing is written down any more.", day=subject.day(lock.at)
        )
    return gettext(
        "Researcher %(code)s locked this on %(day)s, so that nothing changes any more. You can read everything. "
        "Is something wrong? Ask %(code)s to unlock it.",
        code=lock.by,
        day=subject.day(record.locked_at),
    )


def not_saved_words(session: Session, record: Record, subject: Subject) -> str:
    """The same where somebody just sent a change."""
    return f"{gettext('This was not saved. What you filled in still stands here.')} " + locked_words(
        session, record, subject
    )
