"""What the pages about one participant say: where they stand, what is asked of them now, and whom they go with."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.instruments.protocols.model import Protocol, said
from survey.planning.due import Standing
from survey.planning.statuses import ASKED
from survey.storage import consents, course
from survey.storage import participants as register_of
from survey.storage.colleagues import called
from survey.storage.participants import Asked
from survey.storage.standings import standing_on
from survey.storage.tables import Consent, Participant, Person, StatusChange, Study, Task, Team
from survey.web.interface import interface_language, language_name, own_name
from survey.web.server import server
from survey.web.titles import title_of

OPEN: tuple[Standing, ...] = ("running", "overdue", "due")
"""How a task stands of which something can be done today."""


@dataclass(frozen=True)
class ShownTask:
    """One task as the page says it: its instrument and wave in words, how it stands, and where its window lies."""

    task: Task
    wave: str
    title: str
    wave_title: str
    standing: Standing
    token: str | None
    languages: list[str]
    """The languages in which a participant can follow it, beside its own."""

    @property
    def led(self) -> bool:
        """Whether an interviewer asks it; else the participant fills it in alone."""
        return self.task.by == "interviewer"


@dataclass(frozen=True)
class ParticipantPage:
    """Everything about one participant of a study by protocol."""

    participant: Participant
    protocol: Protocol
    today: datetime.date
    team: Team | None
    coach: Person | None
    interviewer: Person | None
    consent: Consent | None
    consents: list[Consent]
    history: list[tuple[StatusChange, str | None]]
    tasks: list[ShownTask]

    @property
    def now(self) -> ShownTask | None:
        """The interview to hold or to go on with, if there is one today: the one under way first."""
        found = [one for one in self.tasks if one.led and one.standing in OPEN]
        return min(found, key=lambda one: OPEN.index(one.standing), default=None)

    @property
    def later(self) -> ShownTask | None:
        """The next interview, if none can be held today."""
        return next((one for one in self.tasks if one.led and one.standing == "waiting"), None)

    @property
    def asks_consent(self) -> bool:
        """Whether consent is what to ask next."""
        return self.consent is None and self.participant.status in ("approached", "active")

    @property
    def newer_words(self) -> bool:
        """Whether they agreed to words that were replaced since."""
        return self.consent is not None and self.consent.version < self.protocol.newest_consent.version

    @property
    def arm(self) -> str:
        """The arm in words; "" where there is one only, or none was drawn."""
        arms = self.protocol.arms
        known = self.participant.arm if len(arms) > 1 else None
        return said(arms[known], interface_language()) if known in arms else known or ""


def participant_page(session: Session, study: Study, participant: Participant, protocol: Protocol) -> ParticipantPage:
    """What there is to say about a participant."""
    today = course.today_in(session, study.id, server().now())
    people = called(session, [participant.coach_id, participant.interviewer_id])
    every = consents.consents_of(session, participant.id)
    asked = register_of.tasks_of(session, participant.id)
    return ParticipantPage(
        participant,
        protocol,
        today,
        session.get(Team, participant.team_id) if participant.team_id else None,
        people.get(participant.coach_id or 0),
        people.get(participant.interviewer_id or 0),
        every[0] if every and every[0].withdrawn_at is None else None,
        every,
        register_of.history(session, participant.id),
        [_shown(one, protocol, today) for one in asked if one.task.dropped_at is None or one.task.done_at is not None],
    )


def _shown(asked: Asked, protocol: Protocol, today: datetime.date) -> ShownTask:
    task, library = asked.task, server().library
    found = library.newest.get(task.instrument)
    wave = protocol.waves.get(asked.wave)
    return ShownTask(
        task,
        asked.wave,
        title_of(task.instrument),
        said(wave.title, interface_language()) if wave else asked.wave,
        standing_on(task, today),
        asked.token,
        [one for one in library.participant_languages(found) if one != found.language] if found else [],
    )


def hindrance(session: Session, participant: Participant, task: Task | None) -> str:
    """Why this interview cannot be begun now, in kind words; "" where it can."""
    begun = task is not None and task.response_id is not None
    if begun and participant.status not in ("withdrawn", "erased"):
        return ""
    if participant.status in ("approached", "active") and consents.current(session, participant.id) is None:
        return str(gettext("First ask whether this person wants to take part. After that you can begin."))
    if task is None or task.by != "interviewer":
        return str(gettext("The study does not ask this interview of this participant."))
    if task.dropped_at is not None or participant.status not in ASKED:
        return str(gettext("This interview is not asked of this participant any more."))
    return ""


def local_times(study: Study) -> Callable[[datetime.datetime], datetime.datetime]:
    """What gives a moment in the study's time zone."""
    zone = ZoneInfo(study.time_zone)
    return lambda moment: moment.astimezone(zone)


def language_choices() -> list[tuple[str, str]]:
    """The languages in which participants can be helped, by name: in the reader's language and in their own."""
    known = server().library.known_languages("controls")
    return sorted(((language, language_words(language)) for language in known), key=lambda one: one[1].lower())


def language_words(language: str | None) -> str:
    """The name of a language in the reader's language, and in its own."""
    if not language:
        return ""
    name, own = language_name(language), own_name(language)
    return name if own.lower() == name.lower() else f"{name} · {own}"


def shown_words(consent: Consent) -> list[str]:
    """The paragraphs of a consent as they were shown."""
    return consent.words.split("\n\n")


def purposes_of(page: ParticipantPage, consent: Consent) -> list[tuple[str, bool]]:
    """Each purpose of the words that were agreed to, and whether it was ticked."""
    text = page.protocol.consent_of(consent.version)
    ticked = consents.purposes_of(consent)
    if text is None:
        return [(code, True) for code in ticked]
    return [(said(one.words, interface_language()), code in ticked) for code, one in text.purposes.items()]


WORDS: dict[str, Any] = {"purposes_of": purposes_of, "shown_words": shown_words}
"""What the templates say things with."""
