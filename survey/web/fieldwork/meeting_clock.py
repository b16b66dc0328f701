"""The clock of an observer: tap a step to start it, tap again to stop it, and correct afterwards what went wrong."""

from __future__ import annotations

import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.meetings import StretchForm, options
from survey.storage import audit, step_times
from survey.storage.step_times import Overlap, Stretch
from survey.storage.tables import StepTime
from survey.web.access import me
from survey.web.fieldwork.observed import Here, observed_by_me
from survey.web.server import server

blueprint = Blueprint("meeting_clock", __name__, url_prefix="/study/<slug>/meetings/<meeting>/clock")


def _back(here: Here) -> Any:
    return redirect(url_for("meetings.meeting", **here.address, _anchor="clock"))


def _closed(here: Here) -> Any:
    flash(gettext("Nothing changes here any more. What you observed stays as it is."))
    return _back(here)


@blueprint.post("/start")
def start(slug: str, meeting: str) -> Any:
    """A step begins; the one that ran stops."""
    step = request.form.get("step", "")
    with server().database.writing() as writing:
        here = observed_by_me(writing, slug, meeting)
        if here.closed:
            return _closed(here)
        if step not in here.steps:
            abort(400, gettext("Choose a step."))
        step_times.start(writing, here.meeting.id, me().id, step, server().now(), _tapped_at())
    return _back(here)


@blueprint.post("/stop")
def stop(slug: str, meeting: str) -> Any:
    """The step that runs stops."""
    with server().database.writing() as writing:
        here = observed_by_me(writing, slug, meeting)
        step_times.stop(writing, here.meeting.id, me().id, server().now(), _tapped_at())
    return _back(here)


def _tapped_at() -> datetime.datetime | None:
    """When the button was tapped, as the page's script says: a tap can come late, when one must first sign in again.

    None without the script, or where what it says makes no sense.
    """
    shown, passed = (request.form.get(name, "") for name in ("shown_at", "passed"))
    if not (shown.isdecimal() and passed.isdecimal() and len(shown) < 12 and len(passed) < 6):
        return None
    return datetime.datetime.fromtimestamp(int(shown) + int(passed), datetime.UTC)


@blueprint.get("/new")
def new(slug: str, meeting: str) -> Any:
    """The form for a step that was not tapped."""
    with server().reading() as session:
        here = observed_by_me(session, slug, meeting)
        return _closed(here) if here.closed else _shown(here, _form(here))


@blueprint.post("/new")
def add(slug: str, meeting: str) -> Any:
    """Write down a step that was not tapped."""
    with server().database.writing() as writing:
        here = observed_by_me(writing, slug, meeting)
        form = _form(here)
        if here.closed:
            return _closed(here)
        if not form.validate() or not _written(writing, here, form, None):
            return _shown(here, form), 422
        audit.note(writing, "added a step time", me().id, server().now(), meeting=meeting)
    return _back(here)


@blueprint.get("/<int:time>")
def change(slug: str, meeting: str, time: int) -> Any:
    """The form for correcting one stretch."""
    with server().reading() as session:
        here = observed_by_me(session, slug, meeting)
        row = _row(session, here, time)
        form = _form(here, row)
        form.step.data, form.since.data = row.step, here.clock(row.started_at)
        form.until.data = here.clock(row.ended_at) if row.ended_at else ""
        first = step_times.first_tapped(session, row)
        return _closed(here) if here.closed else _shown(here, form, row, first)


@blueprint.post("/<int:time>")
def correct(slug: str, meeting: str, time: int) -> Any:
    """Correct one stretch; what was tapped stays on record."""
    with server().database.writing() as writing:
        here = observed_by_me(writing, slug, meeting)
        row = _row(writing, here, time)
        form = _form(here, row)
        if here.closed:
            return _closed(here)
        if not form.validate() or not _written(writing, here, form, row):
            return _shown(here, form, row, step_times.first_tapped(writing, row)), 422
        audit.note(writing, "corrected a step time", me().id, server().now(), meeting=meeting)
    return _back(here)


@blueprint.post("/<int:time>/remove")
def remove(slug: str, meeting: str, time: int) -> Any:
    """Let one stretch count no longer; it stays on record."""
    with server().database.writing() as writing:
        here = observed_by_me(writing, slug, meeting)
        row = _row(writing, here, time)
        if here.closed:
            return _closed(here)
        step_times.remove(writing, row, server().now())
        audit.note(writing, "removed a step time", me().id, server().now(), meeting=meeting)
    return _back(here)


def _row(session: Session, here: Here, time: int) -> StepTime:
    return step_times.time_of(session, here.meeting.id, me().id, time) or abort(404)


def _form(here: Here, row: StepTime | None = None) -> StretchForm:
    form = StretchForm(request.form if request.method == "POST" else None)
    steps = here.steps if row is None or row.step in here.steps else {**here.steps, row.step: row.step}
    form.step.choices = options(steps.items())
    form.runs = row is not None and row.ended_at is None
    return form


def _written(session: Session, here: Here, form: StretchForm, row: StepTime | None) -> bool:
    """Whether what the form says was kept; else the form says why not."""
    now = server().now()
    day: datetime.date = row.started_at.astimezone(here.zone).date() if row else here.meeting.held_on
    since, until = form.moments(day, here.zone)
    stretch = Stretch(form.step.data, since, until)
    if (until or since) > now:
        form.until.errors = [gettext("This moment is still to come.")]
        return False
    try:
        if row is None:
            step_times.add(session, here.meeting.id, me().id, stretch, now)
        else:
            step_times.correct(session, row, stretch, now)
    except Overlap as overlap:
        form.since.errors = [_overlaps(here, overlap.other)]
        return False
    return True


def _overlaps(here: Here, other: StepTime) -> str:
    step, since = here.steps.get(other.step, other.step), here.clock(other.started_at)
    if other.ended_at is None:
        return gettext("At that time “%(step)s” is on, since %(since)s. Stop that one first.", step=step, since=since)
    return gettext(
        "At that time “%(step)s” was on, from %(since)s to %(until)s. Change that one first.",
        step=step, since=since, until=here.clock(other.ended_at),
    )  # fmt: skip


def _shown(here: Here, form: StretchForm, row: StepTime | None = None, first: StepTime | None = None) -> str:
    tapped = first if row is not None and first is not None and first.id != row.id else None
    return render_template("meetings/time.html", here=here, form=form, row=row, first=tapped)
