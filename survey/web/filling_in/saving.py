"""Autosave: every change is sent as it is made, and the page is told truthfully what became of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request

from survey.answers.flow import progress
from survey.answers.taking import invalid_draft
from survey.storage.merging import Conflict
from survey.storage.responses import Locked, ReasonNeeded
from survey.web.filling_in.alone import saved_alone
from survey.web.filling_in.interview import sent_values
from survey.web.filling_in.sitting import sitting
from survey.web.filling_in.subject import subject_of
from survey.web.server import server

blueprint = Blueprint("saving", __name__, url_prefix="/response/<token>")


@blueprint.post("/save")
def save(token: str) -> Any:
    """Save some units of a page. Answers with the version that the page shows now, how far the interview is, and what
    is no answer yet; 409 where another device changed the same, 422 where the response was handed in before, 423 where
    a researcher locked it."""
    touched = set(request.form.get("units", "").split())
    with server().database.writing() as writing:
        here = sitting(writing, token, for_writing=True)
        page = here.page(request.form.get("page", ""))
        values = sent_values(here, page, request.form, touched)
        try:
            if here.alone:
                after = saved_alone(here, writing, "autosave", page, values, request.form)
            else:
                after = here.saved(writing, "autosave", page, values, request.form)
        except Conflict as conflict:
            return jsonify(units=[difference.key[1] for difference in conflict.differences]), 409
        except ReasonNeeded:
            return jsonify(reason_needed=True), 422
        except Locked:
            return jsonify(locked=True), 423
        subject = subject_of(writing, after.record)
        # Where another device saved in between, this page does not show all of the new version: its base stays.
        base = int(request.form["base"])
        version = after.record.version if base >= here.record.version else base
    drafts = after.record.drafts
    invalid = {
        name: after.message(invalid_draft(after.instrument.units[name], drafts[name]))
        for name in drafts
        if name in touched
    }
    percent = progress(after.flow, drafts).percent
    return jsonify(version=version, at=subject.clock(after.record.changed_at), invalid=invalid, progress=percent)
