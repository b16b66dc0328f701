"""The admin's pages: people and their roles, studies, instruments, and what was done. They show no answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.audit_words import ACTION_WORDS
from survey.forms.people import ROLE_WORDS, PersonForm, RightsForm, StudyForm, time_zones
from survey.instruments.model import Instrument
from survey.instruments.reading import sha256
from survey.instruments.texts import Texts
from survey.storage import audit, participants, people, sessions, studies
from survey.storage.people import LastAdmin
from survey.storage.tables import Person
from survey.web.access import admins_only, me
from survey.web.account import signed_in
from survey.web.interface import interface_language, language_name
from survey.web.lists import asked
from survey.web.person_actions import ACTIONS, Refused, noted
from survey.web.server import server
from survey.web.told_once import tell_once, told

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

PEOPLE_A_PAGE, ENTRIES_A_PAGE = 50, 100


@blueprint.get("/", endpoint="people")
@admins_only
def people_list() -> Any:
    """People with their roles, by name."""
    here, words = server(), request.args.get("q", "").strip()
    with here.reading() as reading:
        pages = asked(["name"]).pages(people.people_count(reading, words), PEOPLE_A_PAGE)
        found = people.people(reading, pages.size, pages.offset, words)
        roles = people.roles_of(reading, [person.id for person in found])
        locked = sessions.locked_names(reading, [person.name for person in found], here.now())
        titles = {study.id: study.title for study in studies.studies(reading)}
    return render_template(
        "admin/people.html",
        people=found,
        roles=roles,
        locked=locked,
        titles=titles,
        pages=pages,
        words=words,
        role_words=ROLE_WORDS,
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@admins_only
def new_person() -> Any:
    """Let somebody in: the password is made here and shown once, on the page that follows."""
    form, here = PersonForm(), server()
    if request.method == "GET" or not form.validate():
        return render_template("admin/new_person.html", form=form), 200 if request.method == "GET" else 422
    password = people.new_password()
    with here.database.writing() as writing:
        if people.name_taken(writing, form.name.data or ""):
            form.name.errors = [gettext("Somebody has this name already. Choose another one.")]
            return render_template("admin/new_person.html", form=form), 422
        person_id = people.add_person(
            writing, form.name.data or "", password, here.now(), admin=form.admin.data, language=form.language.data
        )
        noted(writing, "added a person", person=writing.get_one(Person, person_id).code, admin=form.admin.data)
    tell_once(person_id, password)
    return redirect(url_for("admin.person", person_id=person_id))


@blueprint.route("/people/<int:person_id>", methods=["GET", "POST"])
@admins_only
def person(person_id: int) -> Any:
    """One person: their rights, password, account and browsers. The button that was pressed says what to do."""
    if request.method == "GET":
        return _person_page(person_id, secret=told(person_id))
    act = ACTIONS.get(request.form.get("do", "")) or abort(400)
    try:
        with server().database.writing() as writing:
            said = act(writing, people.person_by_id(writing, person_id) or abort(404))
    except (Refused, LastAdmin) as refused:
        return _person_page(
            person_id, problem=str(refused) or gettext("This is the last admin. Make somebody else an admin first.")
        ), 422
    flash(said)
    return redirect(url_for("admin.person", person_id=person_id))


def _person_page(person_id: int, **more: Any) -> str:
    here = server()
    with here.reading() as reading:
        found = people.person_by_id(reading, person_id) or abort(404)
        shown = {
            "roles": people.all_roles(reading, person_id),
            "studies": studies.studies(reading),
            "locked": sessions.locked_until(reading, found.name, here.now()) is not None,
            "browsers": signed_in(reading, person_id),
        }
    form = RightsForm(formdata=None, obj=found)
    return render_template(
        "admin/person.html", who=found, form=form, role_words=ROLE_WORDS, myself=found.id == me().id, **shown, **more
    )


@blueprint.get("/studies", endpoint="studies")
@admins_only
def studies_list() -> Any:
    """The studies with their waves."""
    with server().reading() as reading:
        found = [
            (one, studies.waves(reading, one.id), participants.participant_count(reading, one.id))
            for one in studies.studies(reading)
        ]
    return render_template("admin/studies.html", studies=found)


@blueprint.route("/studies/new", methods=["GET", "POST"])
@admins_only
def new_study() -> Any:
    """A new study with its waves."""
    form, here = StudyForm(), server()
    status = 200
    if request.method == "POST":
        status = 422
        with here.database.writing() as writing:
            if form.validate() and not _slug_taken(writing, form):
                studies.add_study(
                    writing, form.slug.data, form.title.data, form.lines(), here.now(), form.time_zone.data
                )
                noted(writing, "added a study", study=form.slug.data, waves=[code for code, _ in form.lines()])
                flash(gettext("The study is there. Now give people a role in it."))
                return redirect(url_for("admin.studies"))
    return render_template("admin/new_study.html", form=form, time_zones=sorted(time_zones())), status


def _slug_taken(writing: Session, form: StudyForm) -> bool:
    if studies.study_with(writing, form.slug.data) is None:
        return False
    form.slug.errors = [gettext("There is a study with this short name already. Choose another one.")]
    return True


@blueprint.get("/audit", endpoint="audit")
@admins_only
def audit_trail() -> Any:
    """What people did, the newest first. Codes only."""
    with server().reading() as reading:
        pages = asked(["at"]).pages(audit.count(reading), ENTRIES_A_PAGE)
        entries = [
            (entry, code, _in_words(entry.details)) for entry, code in audit.newest(reading, pages.size, pages.offset)
        ]
    return render_template("admin/audit.html", entries=entries, pages=pages, action_words=ACTION_WORDS)


def _in_words(details: str) -> str:
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in json.loads(details).items()
    }
    return "; ".join(f"{name}: {value}" for name, value in shown.items())


@dataclass(frozen=True)
class Offered:
    """A language of an instrument: how many of its texts are there, and whether a participant can follow it whole."""

    language: str
    done: int
    of: int
    for_participants: bool


@blueprint.get("/instruments")
@admins_only
def instruments() -> Any:
    """The instruments by version, with their languages and the fingerprint of each file."""
    library = server().library
    shown = [
        (one, library.texts(one, interface_language())["title"], _languages(one), _fingerprint(one)) for one in library
    ]
    return render_template("admin/instruments.html", instruments=shown)


def _fingerprint(instrument: Instrument) -> str:
    return sha256(server().library.files[instrument.instrument, instrument.version])


def _languages(instrument: Instrument) -> list[Offered]:
    library = server().library
    known = library.known_languages(instrument.instrument)
    return [_offered(instrument, library.texts(instrument, language)) for language in known]


def _offered(instrument: Instrument, texts: Texts) -> Offered:
    done = sum(texts[key].translated for key in instrument.texts)
    return Offered(language_name(texts.language), done, len(instrument.texts), texts.complete_for_participants)
