"""The interviewer's work list: what is due, appointments, attempts to reach people, and a calendar of them."""

from __future__ import annotations

import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.work import HOW_WORDS, OUTCOME_WORDS, STANDING_WORDS, AppointmentForm, AttemptForm
from survey.storage import audit, contacts, course, studies
from survey.storage import work as kept
from survey.storage.codes import tidy
from survey.storage.protocols import protocol_of
from survey.storage.tables import Participant, Study, Task
from survey.storage.work import SHOWN, SORTS, Wanted, Work
from survey.web.access import me, study_for, within
from survey.web.fieldwork.calendar import calendar_file
from survey.web.fieldwork.opening import open_task
from survey.web.fieldwork.participant_page import hindrance
from survey.web.fieldwork.work_words import Said, said_of
from survey.web.lists import asked
from survey.web.server import server

blueprint = Blueprint("work", __name__, url_prefix="/study/<slug>/work")

IN_CALENDAR = 500
"""So many entries at most stand in a calendar file."""


WORDS = {"standing_words": STANDING_WORDS, "outcome_words": OUTCOME_WORDS, "how_words": HOW_WORDS}


def wanted_by_me(study: Study, today: datetime.date, **more: Any) -> Wanted:
    """The tasks of the asking person's teams, narrowed as `more` says."""
    return Wanted(study.id, me().scope(study.id, "interviewer"), today, **more)


def planned(session: Session, study: Study) -> bool:
    """Whether a protocol says what is asked of whom."""
    return protocol_of(session, study.id) is not None


@blueprint.get("/")
def work(slug: str) -> Any:
    """The list: mine or of all my teams, by how a task stands and at which moment."""
    wished = asked(
        [*SORTS, "code"],
        {"shown": SHOWN, "whose": ("teams",), "wave": None, "code": None},
    )
    with server().reading() as session:
        study = study_for(session, slug, "interviewer")
        said = said_of(study, server().now())
        waves = {wave.code: wave.title for wave in studies.waves(session, study.id)}
        wanted = wanted_by_me(
            study, said.today,
            mine=None if wished.filters["whose"] else me().id,
            shown=wished.filters["shown"] or "now",
            wave=wished.filters["wave"] if wished.filters["wave"] in waves else "",
            code=_code(wished.filters["code"]),
        )  # fmt: skip
        counts = kept.counts(session, wanted)
        pages = wished.pages(counts[wanted.shown])
        rows = kept.work(session, wanted, pages.size, pages.offset, wished.sort, wished.descending)
        has_plan = planned(session, study)
    return render_template(
        "work/work.html", study=study, said=said, asked=wished, wanted=wanted, waves=waves, counts=counts,
        pages=pages, rows=rows, shown=SHOWN, planned=has_plan, **WORDS,
    )  # fmt: skip


def _code(typed: str) -> str:
    """The beginning of a code as it is kept: in capitals, with its dash."""
    code = tidy(typed) or typed.upper()
    return f"{code[:3]}-{code[3:]}" if len(code) > 3 and "-" not in code else code


@blueprint.get("/calendar.ics")
def calendar(slug: str) -> Response:
    """My appointments, and the windows of what is due, as a file for a calendar."""
    here = server()
    with here.database.writing() as session:
        study = study_for(session, slug, "interviewer")
        said = said_of(study, here.now())
        rows = kept.agenda(session, wanted_by_me(study, said.today, mine=me().id), IN_CALENDAR)
        audit.note(session, "took a calendar file", me().id, here.now(), study=study.slug, entries=len(rows))
    answer = Response(calendar_file(rows, study, here.now()), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{study.slug}.ics"'
    return answer


def _row(session: Session, study: Study, task_id: int) -> Work:
    """A task within the asking person's teams. Else 404."""
    row = kept.one_task(session, study.id, task_id)
    if row is None or not within(study.id, row.task.team_id, "interviewer"):
        abort(404)
    return row


@blueprint.get("/<int:task_id>")
def task(slug: str, task_id: int) -> Any:
    """One task: what to do next, the appointment, and the attempts to reach the participant."""
    with server().reading() as session:
        study = study_for(session, slug, "interviewer")
        return _shown(session, study, _row(session, study, task_id))


def _shown(
    session: Session,
    study: Study,
    row: Work,
    *,
    appointment: AppointmentForm | None = None,
    attempt: AttemptForm | None = None,
) -> str:
    said = said_of(study, server().now())
    agreed = row.task.appointment_at.astimezone(said.zone) if row.task.appointment_at else None
    typed = {"day": f"{agreed:%Y-%m-%d}", "time": f"{agreed:%H:%M}"} if agreed else {}
    tried = contacts.attempts(session, row.task.participant_id, row.task.wave_id) if row.task.participant_id else []
    return render_template(
        "work/task.html", study=study, row=row, said=said, standing=row.standing(said.today), tried=tried,
        last=tried[0][0].outcome if tried else None,
        appointment=appointment or AppointmentForm(None, data=typed), attempt=attempt or AttemptForm(None), **WORDS,
    )  # fmt: skip


@blueprint.post("/<int:task_id>/begin")
def begin(slug: str, task_id: int) -> Any:
    """Open the response that a task asks for, or go on with it."""
    with server().database.writing() as session:
        study = study_for(session, slug, "interviewer")
        row = _row(session, study, task_id)
        # Who is withdrawing the consent at this moment is waited for.
        participant = (
            session.get(Participant, row.task.participant_id, with_for_update=True, populate_existing=True)
            if row.task.participant_id
            else None
        )
        if participant is not None and planned(session, study) and (why := hindrance(session, participant, row.task)):
            flash(why)
            return redirect(url_for("participants.participant", slug=slug, code=row.code))
        token = open_task(session, study, row.task)
    return redirect(url_for("interview.resume", token=token))


@blueprint.post("/<int:task_id>/appointment")
def appointment(slug: str, task_id: int) -> Any:
    """Keep when the interview will be; or, with the other button, that there is no appointment any more."""
    here = server()
    with here.database.writing() as session:
        study = study_for(session, slug, "interviewer")
        row, said = _row(session, study, task_id), said_of(study, here.now())
        if not _open(row):
            return redirect(url_for("work.task", slug=slug, task_id=task_id))
        form = AppointmentForm()
        form.zone, form.today = said.zone, said.today
        cancels = "cancel" in request.form
        if not cancels and not form.validate():
            return _shown(session, study, row, appointment=form), 422
        at = None if cancels else form.moment()
        if contacts.set_appointment(session, row.task, at):
            action = "cancelled an appointment" if cancels else "made an appointment"
            audit.note(session, action, me().id, here.now(), study=study.slug, subject=row.code, wave=row.wave)
    flash(gettext("There is no appointment any more.") if at is None else _agreed(row.task, at, said))
    return redirect(url_for("work.task", slug=slug, task_id=task_id))


def _agreed(task: Task, at: datetime.datetime, said: Said) -> str:
    kept_words = gettext("The appointment is on %(moment)s.", moment=said.moment(at))
    if task.opens_on <= at.astimezone(said.zone).date() <= task.closes_on:
        return str(kept_words)
    outside = gettext("That is outside the window %(window)s. It can still be done.", window=said.window(task))
    return f"{kept_words} {outside}"


@blueprint.post("/<int:task_id>/attempt")
def attempt(slug: str, task_id: int) -> Any:
    """Keep how an attempt to reach the participant went."""
    here = server()
    with here.database.writing() as session:
        study = study_for(session, slug, "interviewer")
        row = _row(session, study, task_id)
        if row.task.participant_id is None:
            abort(404)
        if not _open(row):
            return redirect(url_for("work.task", slug=slug, task_id=task_id))
        form = AttemptForm()
        form.today = course.today_in(session, study.id, here.now())
        if not form.validate():
            return _shown(session, study, row, attempt=form), 422
        told = {"how": form.how.data, "outcome": form.outcome.data, "again_on": form.again()}
        if contacts.note_attempt(session, row.task, me().id, here.now(), **told):
            details = {"participant": row.code, "wave": row.wave, "how": told["how"], "outcome": told["outcome"]}
            audit.note(session, "noted a contact attempt", me().id, here.now(), study=study.slug, **details)
    flash(gettext("Noted."))
    return redirect(url_for("work.task", slug=slug, task_id=task_id))


def _open(row: Work) -> bool:
    """Whether something can still be planned. It may have been handed in, or dropped, since the page was opened."""
    return row.task.done_at is None and row.task.dropped_at is None
