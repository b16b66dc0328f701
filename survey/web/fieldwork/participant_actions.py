"""What an interviewer notes about a participant: changes, consent, not taking part, stopping and coming back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey.forms.participants import ConsentForm, ReasonForm
from survey.instruments.protocols.model import LANGUAGES, Protocol
from survey.storage import audit, consents, course, protocols
from survey.storage import participants as register_of
from survey.storage.consents import Agreed
from survey.storage.tables import Participant, Study
from survey.web.access import me, participant_for, study_for
from survey.web.fieldwork.participant_form import participant_form
from survey.web.interface import interface_language
from survey.web.server import server

blueprint = Blueprint("participant_actions", __name__, url_prefix="/study/<slug>/participants/<code>")


@dataclass(frozen=True)
class Here:
    """Whom it is about."""

    study: Study
    participant: Participant
    protocol: Protocol

    def back(self, words: str = "") -> Response:
        """To the participant's page, with something to say there."""
        if words:
            flash(words)
        return redirect(url_for("participants.participant", slug=self.study.slug, code=self.participant.code))

    def noted(self, session: Session, action: str, **details: Any) -> None:
        """Put on record what was done."""
        audit.note(session, action, me().id, server().now(), participant=self.participant.code, **details)

    def stands(self, session: Session, status: Any, reason: Any = None) -> None:
        """Let the participant stand otherwise, and put that on record."""
        course.set_status(session, self.participant, status, me().id, server().now(), reason)
        self.noted(session, "changed a status", status=status)


def _here(session: Session, slug: str, code: str, *, for_writing: bool = False) -> Here:
    """The participant of this address, for an interviewer of their team. Else 404.

    `for_writing` holds the row until the end: pressed twice, the second finds what the first did. Where the study has
    no protocol, or the participant was erased, there is nothing to note: back to their page.
    """
    study = study_for(session, slug, "interviewer")
    participant = participant_for(session, study, code, "interviewer")
    if for_writing:
        session.refresh(participant, with_for_update=True)
    protocol = protocols.protocol_of(session, study.id)
    if protocol is None or participant.status == "erased":
        flash(gettext("There is nothing to note here."))
        abort(redirect(url_for("participants.participant", slug=slug, code=code)))
    return Here(study, participant, protocol)


@blueprint.get("/change")
def change(slug: str, code: str) -> Any:
    """What is known of a participant, to be changed."""
    with server().reading() as reading:
        here = _here(reading, slug, code)
        form = participant_form(reading, here.study, here.participant)
    return render_template("participants/change.html", here=here, study=here.study, form=form)


@blueprint.post("/change")
def save_change(slug: str, code: str) -> Any:
    """Keep what was changed."""
    with server().database.writing() as writing:
        here = _here(writing, slug, code, for_writing=True)
        form = participant_form(writing, here.study, here.participant)
        if not form.validate():
            return render_template("participants/change.html", here=here, study=here.study, form=form), 422
        changed = register_of.change(writing, here.participant, form.values())
        if changed:
            here.noted(writing, "changed a participant", changed=[name.removesuffix("_id") for name in changed])
        return here.back(gettext("Saved."))


def _consent_page(here: Here, form: ConsentForm, reasons: ReasonForm) -> str:
    return render_template(
        "participants/consent.html",
        here=here, study=here.study, form=form, reasons=reasons, text=here.protocol.newest_consent, languages=LANGUAGES,
    )  # fmt: skip


def _consent_form(here: Here) -> ConsentForm:
    text = here.protocol.newest_consent
    wished = request.args.get("language") or interface_language()
    language = wished if wished in LANGUAGES else LANGUAGES[0]
    form = ConsentForm(data={"version": str(text.version), "language": language})
    if form.language.data not in LANGUAGES:
        form.language.data = language
    form.ask(text.version, [code for code, purpose in text.purposes.items() if purpose.needed])
    return form


@blueprint.get("/consent")
def consent(slug: str, code: str) -> Any:
    """The newest words of the protocol to read out, with what somebody can say yes to."""
    with server().reading() as reading:
        here = _here(reading, slug, code)
    return _consent_page(here, _consent_form(here), ReasonForm())


@blueprint.post("/consent")
def give_consent(slug: str, code: str) -> Any:
    """Keep a yes: from now on the participant takes part."""
    with server().database.writing() as writing:
        here = _here(writing, slug, code, for_writing=True)
        form, text = _consent_form(here), here.protocol.newest_consent
        if not form.validate():
            page = _consent_page(here, form, ReasonForm(formdata=None))
            return page, 422
        agreed = Agreed(
            text, str(form.language.data), form.purposes.data or (), form.how.data, form.keeps.data == "yes"
        )
        consents.give(writing, here.participant, here.protocol, agreed, me().id, server().now())
        here.noted(writing, "noted a consent", version=text.version, how=agreed.how)
        return here.back(gettext("The consent is noted. This person takes part."))


@blueprint.post("/decline")
def decline(slug: str, code: str) -> Any:
    """Keep that somebody who was asked does not take part, and why."""
    with server().database.writing() as writing:
        here, form = _here(writing, slug, code, for_writing=True), ReasonForm()
        if consents.current(writing, here.participant.id) is not None:
            return here.back(gettext("This person has agreed before. Choose below whether they stop or withdraw that."))
        if here.participant.status not in ("approached", "active", "declined"):
            return here.back(gettext("There is nothing to note here."))
        if not form.validate():
            text = _consent_form(here)
            return _consent_page(here, text, form), 422
        here.stands(writing, "declined", form.reason.data)
        return here.back(gettext("Noted. Nothing more is asked of this person."))


@blueprint.get("/leave")
def leave(slug: str, code: str) -> Any:
    """Why somebody stops."""
    with server().reading() as reading:
        here = _here(reading, slug, code)
    return render_template("participants/leave.html", here=here, study=here.study, form=ReasonForm())


@blueprint.post("/leave")
def drop_out(slug: str, code: str) -> Any:
    """Keep that somebody stopped, and why. What they said stays."""
    with server().database.writing() as writing:
        here, form = _here(writing, slug, code, for_writing=True), ReasonForm()
        if here.participant.status != "active":
            return here.back(gettext("This person does not take part now, so there is nothing to stop."))
        if not form.validate():
            return render_template("participants/leave.html", here=here, study=here.study, form=form), 422
        here.stands(writing, "dropped_out", form.reason.data)
        return here.back(gettext("Noted. Nothing more is asked of this person."))


@blueprint.post("/return")
def come_back(slug: str, code: str) -> Any:
    """Let somebody who stopped take part again; without a consent that holds, it is asked first."""
    with server().database.writing() as writing:
        here = _here(writing, slug, code, for_writing=True)
        if consents.current(writing, here.participant.id) is None:
            return redirect(url_for("participant_actions.consent", slug=slug, code=code))
        if here.participant.status == "dropped_out":
            here.stands(writing, "active")
        return here.back(gettext("This person takes part again."))


@blueprint.get("/withdraw")
def withdraw(slug: str, code: str) -> Any:
    """What happens when a consent is taken back."""
    with server().reading() as reading:
        here = _here(reading, slug, code)
        held = consents.current(reading, here.participant.id)
        if held is None:
            return here.back(gettext("There is no consent to withdraw."))
    return render_template("participants/withdraw.html", here=here, study=here.study, consent=held)


@blueprint.post("/withdraw")
def take_back(slug: str, code: str) -> Any:
    """Keep that a consent was taken back: nothing is asked any more, and an admin erases."""
    with server().database.writing() as writing:
        here = _here(writing, slug, code, for_writing=True)
        if consents.current(writing, here.participant.id) is None:
            return here.back(gettext("There is no consent to withdraw."))
        consents.withdraw(writing, here.participant, me().id, server().now())
        here.noted(writing, "withdrew a consent")
        return here.back(gettext("The consent is withdrawn. Nothing more is asked of this person."))
