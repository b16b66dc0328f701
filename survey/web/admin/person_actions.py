"""What an admin can do with a person: each action changes, puts it on record, and returns what to say of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from survey.forms.people import EmailForm, RightsForm, SubjectForm
from survey.storage import audit, course, identities, organisations, people, second_factors, sessions, studies
from survey.storage.organisations import Taken
from survey.storage.sealing import CannotOpen
from survey.storage.study_overview import teams_by_study
from survey.storage.tables import Person
from survey.web.access import me
from survey.web.role_words import by_id, in_codes
from survey.web.server import server
from survey.web.told_once import tell_once


class Refused(Exception):
    """What an admin asked for cannot be; the message says why."""


def checked(form: FlaskForm) -> None:
    """Raises Refused with what is wrong with what was typed."""
    if not form.validate():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))


def noted(writing: Session, action: str, **details: Any) -> None:
    """Put on record what the asking person does. `details` hold codes, never names or passwords."""
    audit.note(writing, action, me().id, server().now(), **details)


def _change_rights(writing: Session, person: Person) -> str:
    offered, teams = studies.studies(writing), teams_by_study(writing)
    form = RightsForm()
    form.offer({study.id: [team.id for team in teams.get(study.id, ())] for study in offered})
    if not form.validate():
        raise Refused(gettext("Something on this page was no longer up to date. Please look and save once more."))
    before = people.scopes(writing, person.id)
    for study in offered:
        old, new = before.get(study.id, {}), form.wished(study.id)
        if new != old:
            people.set_scopes(writing, person.id, study.id, new)
            course.plan_people(writing, study.id, server().now())
            known = by_id(teams.get(study.id, ()))
            codes = {"old": in_codes(old, known), "new": in_codes(new, known)}
            noted(writing, "changed roles", person=person.code, study=study.slug, **codes)
    if form.language.data != person.language:
        people.set_language(writing, person.id, form.language.data)
        noted(writing, "changed a language", person=person.code, language=form.language.data)
    # Nobody takes the admin's rights from themselves: a slip would lock them out of this page.
    if form.admin.data != person.admin and person.id != me().id:
        people.set_admin(writing, person.id, form.admin.data)
        noted(writing, "made an admin" if form.admin.data else "made no longer an admin", person=person.code)
    if any(_reads_of_oneself(form.wished(study.id).keys()) for study in offered):
        return gettext(
            "Saved. This person coaches and can also read what participants say of coaches. "
            "Give one of these roles to somebody else if you can."
        )
    return gettext("Saved.")


def _reads_of_oneself(roles: Collection[str]) -> bool:
    """Whether somebody with these roles in one study could read what participants said of them as a coach."""
    return "coach" in roles and ("interviewer" in roles or "researcher" in roles)


def _renew_password(writing: Session, person: Person) -> str:
    if person.id == me().id:
        raise Refused(gettext("Change your own password on the page of your account."))
    password = people.new_password()
    people.set_password(writing, person.id, password, server().now(), initial=True)
    sessions.forget_failures(writing, person.name)
    noted(writing, "made a new password", person=person.code)
    tell_once(person.id, password)
    return gettext("There is a new password. The old one no longer works.")


def _unlock(writing: Session, person: Person) -> str:
    sessions.forget_failures(writing, person.name)
    noted(writing, "unlocked signing in", person=person.code)
    return gettext("This person can try to sign in again.")


def _reset_second_factor(writing: Session, person: Person) -> str:
    if person.id == me().id:
        raise Refused(gettext("Change your own second step on the page of your account."))
    second_factors.remove_all(writing, person.id)
    people.end_sessions(writing, person.id, server().now())
    noted(writing, "reset a second factor", person=person.code)
    return gettext(
        "The second step is taken away, and this person is signed out everywhere. At the next sign-in they set up a "
        "new one, if their work needs it."
    )


def _link_organisation(writing: Session, person: Person) -> str:
    form, issuer = SubjectForm(), server().settings.oidc_issuer
    checked(form)
    if not issuer:
        raise Refused(gettext("This server knows no sign-in of an organisation."))
    if person.id == me().id:
        raise Refused(gettext("Link your own account on the page of your account."))
    if not form.subject.data:
        if organisations.unlink(writing, issuer, person.id):
            noted(writing, "unlinked a sign-in", person=person.code)
        return gettext("This person is not linked to the organisation.")
    try:
        organisations.link(writing, issuer, form.subject.data, person.id, server().now())
    except Taken:
        raise Refused(gettext("Somebody else is linked to this identifier already.")) from None
    noted(writing, "linked a sign-in", person=person.code)
    return gettext("This person can sign in through the organisation now.")


def _close(writing: Session, person: Person) -> str:
    if person.id == me().id:
        raise Refused(gettext("You cannot close your own account. Ask another admin."))
    if person.closed_at is None:
        people.close_account(writing, person.id, server().now())
        _plan_anew(writing, person)
        noted(writing, "closed an account", person=person.code)
    return gettext("The account is closed. What this person did stays on record.")


def _reopen(writing: Session, person: Person) -> str:
    people.reopen_account(writing, person.id)
    _plan_anew(writing, person)
    noted(writing, "reopened an account", person=person.code)
    return gettext("The account is open again.")


def _plan_anew(writing: Session, person: Person) -> None:
    # Nothing is asked of whoever cannot sign in, and is asked again when they can.
    for study_id in people.scopes(writing, person.id):
        course.plan_people(writing, study_id, server().now())


def _keep_email(writing: Session, person: Person) -> str:
    form = EmailForm()
    checked(form)
    try:
        identities.keep_email_of_person(
            writing, server().sealer, person.id, form.email.data or "", me().id, server().now()
        )
    except CannotOpen:
        raise Refused(gettext("This server has no key to keep addresses with. Ask who runs the server.")) from None
    noted(writing, "kept an e-mail address" if form.email.data else "removed an e-mail address", person=person.code)
    if form.email.data:
        return gettext("The e-mail address is kept, sealed. It is used to send personal links.")
    return gettext("No e-mail address is kept of this person any more.")


def _end_session(writing: Session, person: Person) -> str:
    if sessions.revoke_of(writing, person.id, request.form.get("session", ""), server().now()):
        noted(writing, "ended a session", person=person.code)
    return gettext("This person is signed out there.")


def _end_all_sessions(writing: Session, person: Person) -> str:
    people.end_sessions(writing, person.id, server().now())
    noted(writing, "ended all sessions", person=person.code)
    return gettext("This person is signed out everywhere.")


ACTIONS: dict[str, Callable[[Session, Person], str]] = {
    "rights": _change_rights,
    "password": _renew_password,
    "unlock": _unlock,
    "second-factor": _reset_second_factor,
    "organisation": _link_organisation,
    "close": _close,
    "reopen": _reopen,
    "email": _keep_email,
    "end": _end_session,
    "end-all": _end_all_sessions,
}
"""What an admin can do with a person, by the button's value. Each returns what to say of it."""
