"""For researchers: locking responses, one or many at once, and unlocking one with a reason."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from survey.forms.queries import LockForm, UnlockForm
from survey.storage import audit, locks
from survey.storage.locks import StillFilledIn, Withdrawn
from survey.web.access import me, study_for
from survey.web.research.researched import response_of
from survey.web.research.trail import looked_at
from survey.web.server import server

blueprint = Blueprint("locking", __name__, url_prefix="/study/<slug>/responses")

AT_ONCE = 200
"""So many responses are locked at once at most."""


@blueprint.post("/<token>/lock")
def lock(slug: str, token: str) -> Any:
    """Lock a response, or unlock it; without the reason that unlocking needs, the page once more."""
    here, locked = server(), request.form.get("lock") == "1"
    form = (LockForm if locked else UnlockForm)(request.form)
    with here.database.writing() as writing:
        study, record = response_of(writing, slug, token, for_writing=True)
        if not form.validate():
            forms = {"lock_form": LockForm(None), "unlock_form": UnlockForm(None)}
            forms |= {"lock_form" if locked else "unlock_form": form}
            return render_template("locking.html", found=looked_at(writing, slug, token), **forms), 422
        try:
            changed = locks.set_lock(writing, record, locked, form.words.data or "", me().id, here.now())
        except StillFilledIn:
            flash(gettext("Somebody is filling this in alone. Lock it after it was handed in."))
            return redirect(url_for("trail.changes", slug=slug, token=token))
        except Withdrawn:
            flash(gettext("This person took the consent back, so this stays locked."))
            return redirect(url_for("trail.changes", slug=slug, token=token))
        if changed:
            action = "locked a response" if locked else "unlocked a response"
            audit.note(writing, action, me().id, here.now(), study=study.slug, response=token)
    flash(gettext("This is locked now.") if locked else gettext("This can be changed again."))
    return redirect(url_for("trail.changes", slug=slug, token=token))


@blueprint.post("/lock")
def lock_many(slug: str) -> Any:
    """Lock the chosen responses, as far as they were handed in."""
    here, tokens = server(), request.form.getlist("token")[:AT_ONCE]
    form = LockForm(request.form)
    reason = (form.words.data or "")[: locks.LONGEST]
    with here.database.writing() as writing:
        study = study_for(writing, slug, "researcher")
        reach = me().scope(study.id, "researcher")
        locked = locks.lock_many(writing, study.id, tokens, reason, me().id, here.now(), reach)
        if locked:
            about = {"study": study.slug, "count": len(locked), "responses": locked}
            audit.note(writing, "locked responses", me().id, here.now(), **about)
    flash(_said(len(locked), len(set(tokens))))
    return redirect(url_for("trail.list_of_responses", slug=slug, **_back()))


def _said(locked: int, chosen: int) -> str:
    if not chosen:
        return gettext("Choose first what you want to lock.")
    said = ngettext("%(num)d is locked now.", "%(num)d are locked now.", locked)
    if locked < chosen:
        said += " " + gettext("What was not handed in yet, or was locked already, stays as it is.")
    return str(said)


def _back() -> dict[str, str]:
    """The same page of the list as before."""
    return {name[5:]: value for name, value in request.form.items() if name.startswith("back_") and value}
