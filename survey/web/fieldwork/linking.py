"""Making personal links and sending them: what the pages of staff and the reminders by a timetable have in common."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.forms.link_words import Sort, letter
from survey.instruments.protocols.model import Ask
from survey.planning.reminders import reminder_due
from survey.storage import audit, identities, links, reminders
from survey.storage.protocols import protocol_of
from survey.storage.reminders import Reminding
from survey.storage.sealing import CannotOpen
from survey.storage.tables import Study, Task
from survey.web.fieldwork.mail import NotSent, can_send, send
from survey.web.server import Server

WITHOUT_A_WORD = datetime.timedelta(days=42)
"""How long a link lasts where no protocol says it."""


def ask_of(session: Session, study_id: int, instrument: str, wave: str) -> Ask | None:
    """What the study's protocol says about this questionnaire at this wave."""
    protocol = protocol_of(session, study_id)
    return protocol.ask(instrument, wave) if protocol else None


def lasts(ask: Ask | None) -> datetime.timedelta:
    """How long a personal link stays open."""
    return datetime.timedelta(days=ask.link_days) if ask else WITHOUT_A_WORD


def address_of(here: Server, session: Session, task: Task) -> str | None:
    """The e-mail address of whose task it is, if it is known and opens here."""
    try:
        if task.participant_id is not None:
            return identities.email_of_participant(session, here.sealer, task.participant_id)
        return identities.email_of_person(session, here.sealer, task.person_id) if task.person_id else None
    except CannotOpen:
        return None


def link_address(public_url: str, secret: str) -> str:
    """Where a link leads. `public_url`: the server's own, without a slash at the end."""
    return f"{public_url}/l/{secret}"


def send_link(here: Server, to: str, language: str, sort: Sort, public_url: str, secret: str) -> None:
    """Send a link by e-mail. Raises NotSent."""
    words = letter(language, sort, link_address(public_url, secret))
    send(here.settings, to, words.subject, words.text)


@dataclass
class Reminded:
    """What one round of reminders did: how many went out, and how many could not."""

    sent: int = 0
    failed: int = 0


def remind(here: Server, public_url: str, by: int | None, study_ids: Iterable[int] | None = None) -> Reminded:
    """Send the reminders whose day has come, in these studies (None: in all). Any number of rounds on a day sends one.

    Each brings a new link, since of the old one only a hash is kept. The old one opens until the message is gone.
    """
    done = Reminded()
    if not can_send(here.settings):
        return done
    now = here.now()
    with here.database.reading() as reading:
        found = [one for one in reminders.sent_by_mail(reading, now, study_ids) if _due(reading, one, now)]
    for one in found:
        with here.database.writing() as writing:
            to = address_of(here, writing, writing.get_one(Task, one.link.task_id))
            made = reminders.remind(writing, one.link, now, one.link.expires_at) if to else None
        if to is None or made is None:
            continue
        link_id, secret = made
        try:
            send_link(here, to, one.link.language, "reminder", public_url, secret)
        except NotSent:
            done.failed += 1
            with here.database.writing() as writing:
                reminders.not_sent(writing, link_id)
            continue
        done.sent += 1
        with here.database.writing() as writing:
            reminders.replaced(writing, one.link, link_id, now)
            whose = links.about(writing, one.link.study_id, one.link.task_id)
            study = writing.get_one(Study, one.link.study_id).slug
            about = {"subject": whose.code if whose else None, "instrument": one.link.instrument, "wave": one.wave}
            audit.note(writing, "sent a reminder", by, now, study=study, **about)
    return done


def _due(session: Session, one: Reminding, now: datetime.datetime) -> bool:
    zone = ZoneInfo(one.time_zone)
    ask = ask_of(session, one.link.study_id, one.link.instrument, one.wave)
    if ask is None:
        return False
    reminded = one.reminded_at.astimezone(zone).date() if one.reminded_at else None
    return reminder_due(one.sent_at.astimezone(zone).date(), reminded, ask.reminders, now.astimezone(zone).date())
