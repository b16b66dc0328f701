"""Autosave: every change is sent as it is made, and the page is told truthfully what became of it.

A page says "safe" on a receipt only. The same batch may come any number of times, and gets the same receipt.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from flask import Blueprint, jsonify, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from survey.answers.flow import progress
from survey.answers.taking import invalid_draft
from survey.storage import receipts
from survey.storage.merging import Conflict
from survey.storage.receipts import Batch, EarlierOneMissing, Given, OtherContent
from survey.storage.record import dumps
from survey.storage.responses import Locked, ReasonNeeded
from survey.web.access import me
from survey.web.filling_in.alone import saved_alone
from survey.web.filling_in.conflict import both_versions
from survey.web.filling_in.interview import handed_in, hindrances, sent_values
from survey.web.filling_in.sitting import Sitting, based_on, saved_but_conflicts, sitting
from survey.web.filling_in.subject import subject_of
from survey.web.running.metrics import counted
from survey.web.server import server

blueprint = Blueprint("saving", __name__, url_prefix="/response/<token>")

BESIDE = frozenset({"csrf_token", "batch", "after", "age", "base", "person", "reason"})
"""What a batch carries that is no content: it may differ when the same batch comes once more."""

KEY_LENGTH = 36


@blueprint.post("/save")
def save(token: str) -> Any:
    """Save some units of a page. Answers with the version that the page shows now, a receipt, how far the interview is,
    and what is no answer yet.

    409 where another device changed the same: the rest is saved, and both versions of that are told. 422 where the
    response was handed in before, 423 where a researcher locked it, 425 where the batch before this one did not come
    yet, 401 where somebody else is signed in. Nothing is written then.
    """
    if request.form.get("person", me().code) != me().code:
        return jsonify(other_person=True), 401
    touched, batch = set(request.form.get("units", "").split()), _batch(request.form)
    with server().database.writing() as writing:
        here = sitting(writing, token, for_writing=True, by_script=True)
        page = here.page(request.form.get("page", ""))
        try:
            before = receipts.given(writing, here.record, batch) if batch else None
            if before is not None:
                counted("repeated_batches")
                return _told(writing, here, before, touched, base=based_on(request.form))
            if here.alone and here.submitted:
                # By a link nothing is corrected, whatever reason comes with it.
                raise ReasonNeeded
            values = sent_values(here, page, request.form, touched)
            conflict = None
            if here.alone:
                after = saved_alone(here, writing, "autosave", page, values, request.form)
            else:
                after, conflict = saved_but_conflicts(here, writing, "autosave", page, values, request.form)
        except ReasonNeeded:
            return jsonify(reason_needed=True), 422
        except Locked:
            return jsonify(locked=True), 423
        except EarlierOneMissing:
            return jsonify(earlier_one_missing=True), 425
        except OtherContent:
            return jsonify(other_content=True), 422
        units = sorted({difference.key[1] for difference in conflict.differences}) if conflict else []
        receipt = receipts.give(writing, after.record, batch, me().id, server().now(), units) if batch else None
        counted("receipts" if receipt else None)
        # Where another device saved in between, this page does not show all of the new version: its base stays.
        base = based_on(request.form)
        shown = base if base < here.record.version else after.record.version
        return _told(writing, after, receipt, touched, base=shown, conflict=conflict)


def _batch(form: MultiDict[str, str]) -> Batch | None:
    """The batch of this request; None for a page that knows no batches, such as one of the version before."""
    key = form.get("batch", "")
    if not 0 < len(key) <= KEY_LENGTH:
        return None
    return Batch(key, content(form), form.get("after", ""))


def content(form: MultiDict[str, str]) -> str:
    """The fingerprint of what a batch holds, whichever way it comes."""
    items = sorted((name, value) for name, value in form.items(multi=True) if name not in BESIDE)
    return hashlib.sha256(dumps(items).encode()).hexdigest()


def _told(
    session: Session,
    here: Sitting,
    receipt: Given | None,
    touched: set[str],
    *,
    base: int,
    conflict: Conflict | None = None,
) -> Any:
    subject = subject_of(session, here.record)
    drafts = here.record.drafts
    said: dict[str, Any] = {
        "version": base,
        "at": subject.clock(receipt.at if receipt else here.record.changed_at),
        "invalid": {
            name: here.message(invalid_draft(here.instrument.units[name], drafts[name]))
            for name in drafts
            if name in touched
        },
        "progress": progress(here.flow, drafts).percent,
    }
    if receipt is not None:
        said["receipt"] = {"batch": receipt.batch, "version": receipt.version, "hash": receipt.document}
    units = (
        receipt.conflicting
        if receipt
        else {difference.key[1] for difference in conflict.differences}
        if conflict
        else ()
    )
    if units:
        return jsonify(said | {"units": sorted(units), "both": both_versions(here, subject, conflict)}), 409
    return jsonify(said)


@blueprint.post("/hand-in")
def hand_in(token: str) -> Any:
    """Hand in, for a script. Any number of times hands in once. 422 with what hinders it, page by page."""
    with server().database.writing() as writing:
        here = sitting(writing, token, for_writing=True, by_script=True)
        if not here.submitted:
            if here.record.locked_at is not None:
                return jsonify(locked=True), 423
            wrong = hindrances(here)
            if wrong:
                told = [
                    {
                        "page": page.page,
                        "unit": unit,
                        "label": here.texts[here.instrument.units[unit].key].words,
                        "words": said,
                    }
                    for page, unit, said in wrong
                ]
                return jsonify(hindrances=told), 422
            here = handed_in(writing, here)
        return jsonify(version=here.record.version, hash=receipts.fingerprint(here.record.document))


@blueprint.post("/journal-key")
def journal_key(token: str) -> Any:
    """The key under which this person's browsers keep what they have no receipt for yet; its owner comes with it."""
    with server().database.writing() as writing:
        here = sitting(writing, token)
        owner = "" if here.alone else me().code
        key = receipts.make_journal_key(writing, here.record.id, owner, server().now())
    return jsonify(key=base64.b64encode(key).decode(), owner=me().code)
