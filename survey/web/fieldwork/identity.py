"""Who a participant is: for interviewers of the team only, shown when they ask for it, and every look on record."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from survey.forms.identity import IdentityForm
from survey.storage import audit, identities
from survey.storage.sealing import CannotOpen
from survey.storage.tables import Participant, Study
from survey.web.access import me, participant_for, study_for
from survey.web.server import server

blueprint = Blueprint("identity", __name__, url_prefix="/study/<slug>/participants/<code>/identity")

ROLE = "interviewer"
"""The role that calls people."""

WORDS = {
    "no_key": lazy_gettext(
        "This server has no key for names and addresses, so it keeps none. Tell your administrator."
    ),
    "other_key": lazy_gettext(
        "What is kept here was sealed with another key of this server. Tell your administrator. With the old key it "
        "opens again."
    ),
    "changed": lazy_gettext("What is kept here is not what was written, so it does not open. Tell your administrator."),
}


def _whose(session: Session, slug: str, code: str) -> tuple[Study, Participant]:
    study = study_for(session, slug, ROLE)
    return study, participant_for(session, study, code, ROLE)


def _page(study: Study, participant: Participant, since: str, form: IdentityForm, **more: Any) -> str:
    return render_template(
        "identity/identity.html", study=study, participant=participant, since=since, form=form, **more
    )


def _since(session: Session, participant: Participant) -> str:
    found = identities.kept_since(session, participant)
    return found.isoformat() if found else ""


@blueprint.get("/")
def identity(slug: str, code: str) -> Any:
    """Whether something is kept. What it is shows after a button, so that each look is meant."""
    with server().reading() as reading:
        study, participant = _whose(reading, slug, code)
        since = _since(reading, participant)
    return _page(study, participant, since, IdentityForm(formdata=None, since=since))


@blueprint.post("/show")
def show(slug: str, code: str) -> Any:
    """What is kept, to read and to change."""
    here, opened, why = server(), None, None
    with here.database.writing() as writing:
        study, participant = _whose(writing, slug, code)
        since = _since(writing, participant)
        try:
            opened = identities.open_identity(writing, here.sealer, participant)
        except CannotOpen as refused:
            why = refused.why
        action = "looked at an identity" if why is None else "could not open an identity"
        audit.note(writing, action, me().id, here.now(), participant=participant.code, study=slug)
    form = IdentityForm(formdata=None, data={**(opened or {}), "since": since})
    return _page(
        study, participant, since, form, opened=opened, refused=WORDS.get(why or ""), why=why
    ), 503 if why else 200


@blueprint.post("/")
def save(slug: str, code: str) -> Any:
    """Keep what was written, in the place of what was kept; nothing at all removes it."""
    form, here = IdentityForm(), server()
    valid, problem, status = form.validate(), None, 422
    with here.database.writing() as writing:
        study, participant = _whose(writing, slug, code)
        since = _since(writing, participant)
        if since != form.since.data:
            problem, status = gettext("Somebody changed this meanwhile. What you wrote stands here still."), 409
        elif valid:
            try:
                _keep(writing, participant, form, since)
                return redirect(url_for("identity.identity", slug=slug, code=code))
            except identities.Erased:
                problem, status = gettext("This person was erased: nothing is kept of them any more."), 409
            except CannotOpen as refused:
                problem, status = WORDS[refused.why], 503
    return _page(study, participant, since, form, changing=True, problem=problem), status


def _keep(writing: Session, participant: Participant, form: IdentityForm, since: str) -> None:
    here = server()
    filled = form.filled()
    identities.keep(writing, here.sealer, participant, filled, me().id, here.now())
    if filled:
        action, said = "changed an identity", gettext("This is kept now, sealed.")
    else:
        action, said = "removed an identity", gettext("Nothing is kept here any more.")
    if filled or since:
        audit.note(writing, action, me().id, here.now(), participant=participant.code, fields=len(filled))
    flash(said)
