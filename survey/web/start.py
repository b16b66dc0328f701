"""The start page: for each role, what there is to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from sqlalchemy.orm import Session

from survey.storage import link_list, studies
from survey.storage.protocols import protocol_of
from survey.storage.responses import Opening
from survey.storage.tables import Study
from survey.web.access import me, roles_in
from survey.web.fieldwork.opening import open_task, opened
from survey.web.research.queries import open_for_me
from survey.web.server import server
from survey.web.starts import PARTS
from survey.web.starts.admin import to_manage

blueprint = Blueprint("start", __name__)


@dataclass(frozen=True)
class StudyWork:
    """What a person does in one study: for each role what its part of the page shows."""

    study: Study
    roles: frozenset[str]
    parts: list[tuple[str, dict[str, Any]]]


@blueprint.get("/")
def start() -> Any:
    """What to do next, by study and role."""
    with server().reading() as reading:
        asked = open_for_me(reading)
        managed = to_manage(reading) if me().admin else None
        work = [_work(reading, reading.get_one(Study, study), roles) for study, roles in me().roles.items()]
    everywhere = frozenset(role for roles in me().roles.values() for role in roles)
    # Translations belong to no study: who does nothing else there need not read its name.
    with_work = [one for one in work if one.roles != {"translator"}]
    return render_template(
        "start.html",
        open_queries=asked,
        to_manage=managed,
        work=sorted(with_work, key=lambda one: one.study.title),
        translates="translator" in everywhere,
        reads_translations=bool(everywhere & {"interviewer", "researcher"}),
    )


def _work(session: Session, study: Study, roles: frozenset[str]) -> StudyWork:
    return StudyWork(study, roles, [(role, part(session, study)) for role, part in PARTS.items() if role in roles])


@blueprint.post("/study/<slug>/own/<instrument>/<wave>")
def begin_own(slug: str, instrument: str, wave: str) -> Any:
    """Open the one response about one's own work at a wave, or go on with it."""
    here = server()
    found = here.library.newest.get(instrument)
    with here.database.writing() as writing:
        study = studies.study_with(writing, slug)
        own = found is not None and found.about == "person" and found.role != "interviewer"
        if study is None or found is None or not own or found.role not in roles_in(study.id):
            abort(404)
        at = studies.wave_with(writing, study.id, wave) or abort(404)
        if protocol_of(writing, study.id) is not None:
            asked = link_list.open_tasks(writing, study.id, me().id, found.role)
            wanted = (one for one in asked if (one.instrument, one.wave_id) == (instrument, at.id))
            token = open_task(writing, study, next(wanted, None) or abort(404))
            return redirect(url_for("interview.resume", token=token))
        opening = Opening(study.id, at.id, found.instrument, found.version, me().id, found.language, person_id=me().id)
        token = opened(writing, opening, wave=wave)
    return redirect(url_for("interview.resume", token=token))
