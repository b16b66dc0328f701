"""The coach: own participants by code with the day of rounding off, and the team's figures. No answers stand here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.links import RoundOffForm
from survey.instruments.texts import Texts
from survey.measures.ratings import LEAST_RATINGS, TeamFigure, team_figures
from survey.storage import audit, coached, course, ratings
from survey.storage.participants import participant_with
from survey.storage.protocols import protocol_of, teams
from survey.storage.tables import Participant, Study, Team
from survey.web import days
from survey.web.access import me, study_for
from survey.web.interface import interface_language
from survey.web.lists import asked
from survey.web.server import server

blueprint = Blueprint("coach", __name__, url_prefix="/study/<slug>/coach")


@dataclass(frozen=True)
class TeamOfCoach:
    """A team with the figures of what its participants said, by questionnaire."""

    team: Team
    figures: list[tuple[Texts, list[TeamFigure]]]


@blueprint.get("/")
def own(slug: str) -> Any:
    """Own participants and the figures of the own teams."""
    with server().reading() as reading:
        study = study_for(reading, slug, "coach")
        return _page(reading, study)


def _page(session: Session, study: Study, refused: tuple[str, RoundOffForm] | None = None) -> str:
    today = course.today_in(session, study.id, server().now())
    wished = asked(coached.SORTS)
    pages = wished.pages(coached.coached_count(session, study.id, me().id))
    found = coached.coached_by(
        session, study.id, me().id, pages.size, pages.offset, wished.sort, descending=wished.descending
    )
    return render_template(
        "coach/own.html",
        study=study, participants=found, teams=_teams(session, study), refused=refused, today=today,
        asked=wished, pages=pages,
        least=LEAST_RATINGS, day_words=lambda on: days.day(on, today),
    )  # fmt: skip


def _teams(session: Session, study: Study) -> list[TeamOfCoach]:
    protocol, library = protocol_of(session, study.id), server().library
    if protocol is None:
        return []
    alone = dict.fromkeys(ask.instrument for ask in protocol.asks if ask.by == "participant")
    known = [library.newest[name] for name in alone if name in library.newest and library.newest[name].scores]
    return [
        TeamOfCoach(
            team,
            [
                (
                    library.texts(one, interface_language()),
                    team_figures(one, ratings.ratings_of_team(session, library, study.id, team.id, one.instrument)),
                )
                for one in known
            ],
        )
        for team in teams(session, study.id, me().scope(study.id, "coach"))
    ]


@blueprint.post("/<code>/round-off")
def round_off(slug: str, code: str) -> Any:
    """Keep the day on which an own participant's trajectory was rounded off; empty takes it away."""
    here = server()
    with here.database.writing() as writing:
        study = study_for(writing, slug, "coach")
        participant = _own(writing, study, code)
        today = course.today_in(writing, study.id, here.now())
        form = RoundOffForm(_registered(study, participant), today)
        if not form.validate():
            return _page(writing, study, (code, form)), 422
        if form.value != participant.round_off:
            course.set_round_off(writing, participant, form.value, here.now())
            said = form.value.isoformat() if form.value else None
            audit.note(writing, "noted a round-off date", me().id, here.now(), participant=code, day=said)
    kept = gettext("The day is kept. The last interview is planned around it.")
    flash(kept if form.value else gettext("There is no day of rounding off."))
    return redirect(url_for("coach.own", slug=slug))


def _own(session: Session, study: Study, code: str) -> Participant:
    """The participant of this code whom the asking person coaches. Else 404."""
    found = participant_with(session, study.id, code)
    if found is None or found.coach_id != me().id or found.status not in coached.STILL_THERE:
        abort(404)
    return found


def _registered(study: Study, participant: Participant) -> datetime.date:
    return participant.registered_at.astimezone(ZoneInfo(study.time_zone)).date()
