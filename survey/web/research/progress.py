"""For researchers: who is where in the study. Counts only; nobody's answers, and nobody's name."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from survey.forms.work import OUTCOME_WORDS, STANDING_WORDS
from survey.planning.due import STANDINGS
from survey.storage import contacts, course, progress, protocols, studies
from survey.web.access import study_for
from survey.web.interface import interface_language
from survey.web.research.progress_page import flow_of, wave_titles
from survey.web.research.researched import narrowed, titles
from survey.web.server import server

blueprint = Blueprint("progress", __name__, url_prefix="/study/<slug>/progress")


@blueprint.get("/", endpoint="progress")
def who_is_where(slug: str) -> Any:
    """The flow of participants, the tasks of each wave, and how people were reached."""
    here, language = server(), interface_language()
    with here.reading() as session:
        study = study_for(session, slug, "researcher")
        wished = narrowed(session, study)
        reach = wished.reach
        protocol = protocols.protocol_of(session, study.id)
        found = progress.flow(session, study.id, protocol, reach)
        tasks = progress.task_counts(session, study.id, course.today_in(session, study.id, here.now()), reach)
        reached = [one for one in contacts.outcomes(session, study.id, reach) if one.asked or one.attempts]
        waves = studies.waves(session, study.id)
    return render_template(
        "progress/progress.html",
        study=study,
        **wished.words,
        course=found,
        flow=flow_of(found, protocol, language),
        planned=protocol is not None,
        tasks=tasks,
        titles=titles(list(dict.fromkeys(one.instrument for one in tasks))),
        wave_titles=wave_titles(waves, protocol, language),
        standings=STANDINGS,
        standing_words=STANDING_WORDS,
        reached=reached,
        outcome_words=OUTCOME_WORDS,
    )
