"""The list of participants: what was asked of it, and its rows, as the page says them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from survey.forms.course_words import STATUS_WORDS
from survey.instruments.protocols.model import Protocol, said
from survey.planning.due import Standing, standing
from survey.storage import course, participant_list, protocols, studies
from survey.storage import participants as register_of
from survey.storage.codes import tidy
from survey.storage.participant_list import Narrowed, Next
from survey.storage.tables import Participant, Study
from survey.web.access import me
from survey.web.fieldwork.participant_page import language_choices
from survey.web.interface import interface_language
from survey.web.lists import Asked, Pages, asked
from survey.web.server import server
from survey.web.titles import title_of

WHOSE = ("mine",)
# The newest first, unless something else is asked.
FREE_SORTS = ("registered", "code")


@dataclass(frozen=True)
class Row:
    """One participant of the list. `standing` and `window` are of what is asked next, where something is."""

    participant: Participant
    team: str | None
    next: Next | None
    title: str
    wave: str
    standing: Standing | None


@dataclass(frozen=True)
class ParticipantsPage:
    """A page of the list, what it was narrowed to, and what it can be narrowed to."""

    asked: Asked
    pages: Pages
    rows: list[Row]
    wrong_code: bool
    today: datetime.date
    teams: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    statuses: list[tuple[str, Any]]


def searched(typed: str) -> str:
    """The beginning of a code as codes are written: in capitals, with its dash."""
    code = typed.upper()
    return f"{code[:3]}-{code[3:]}" if len(code) > 3 and "-" not in code else code


def participants_page(session: Session, study: Study, protocol: Protocol | None) -> ParticipantsPage:
    """The page of participants that the address asks for, of the teams within reach."""
    scope = me().scope(study.id, "interviewer")
    teams = [(team.code, team.title) for team in protocols.teams(session, study.id, scope)]
    languages = language_choices()
    choices = {"status": STATUS_WORDS.keys(), "team": dict(teams).keys(), "language": dict(languages).keys()}
    look = asked(
        participant_list.SORTS if protocol else FREE_SORTS,
        {"code": None, "whose": WHOSE, **choices} if protocol else {"code": None},
        descending=True,
    )
    chosen = {name: look.filters.get(name, "") for name in choices}
    code = searched(look.filters["code"])
    narrowed = Narrowed(
        study.id, scope, code, **chosen,
        interviewer_id=me().id if look.filters.get("whose") else None,
    )  # fmt: skip
    pages = look.pages(participant_list.count(session, narrowed))
    found = participant_list.listed(session, narrowed, look.sort, look.descending, pages.size, pages.offset)
    today = course.today_in(session, study.id, server().now())
    wrong_code = not pages.count and len(code) == 7 and tidy(code) is None
    following = participant_list.next_tasks(session, [one.id for one, _ in found]) if protocol else {}
    rows = [_row(one, team, following.get(one.id), protocol, today) for one, team in found]
    return ParticipantsPage(look, pages, rows, wrong_code, today, teams, languages, list(STATUS_WORDS.items()))


def _row(
    participant: Participant, team: str | None, following: Next | None, protocol: Protocol | None, today: datetime.date
) -> Row:
    if following is None or protocol is None:
        return Row(participant, team, None, "", "", None)
    wave = protocol.waves.get(following.wave)
    return Row(
        participant,
        team,
        following,
        title_of(following.instrument),
        said(wave.title, interface_language()) if wave else following.wave,
        standing(following.opens_on, following.closes_on, today, begun=following.begun),
    )


def by_wave(session: Session, study: Study, page: ParticipantsPage) -> dict[str, Any]:
    """What a list without a protocol says in place of what is next: how each interview stands at each wave."""
    found = register_of.responses_of(session, [row.participant.id for row in page.rows])
    opened = {(one.participant_id, one.instrument, one.wave_id): one for one in found}
    return {"waves": studies.waves(session, study.id), "opened": opened, "typed": request.args.get("code", "").strip()}
