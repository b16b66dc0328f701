"""The admin's pages about people: who signs in, with which roles in which studies and teams. They show no answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from survey.forms.people import EVERYWHERE, ROLE_WORDS, EmailForm, PersonForm, RightsForm, SubjectForm
from survey.storage import identities, people, second_factors, sessions, studies
from survey.storage.people import LastAdmin
from survey.storage.people_list import SORTS, STATES, Wanted, counted_on, people_found, people_found_count, scopes_of
from survey.storage.scopes import Scopes
from survey.storage.study_overview import teams_by_study
from survey.storage.tables import Person, Study, Team
from survey.web.access import admins_only, me
from survey.web.account import signed_in
from survey.web.admin.person_actions import ACTIONS, Refused, noted
from survey.web.days import day
from survey.web.lists import asked
from survey.web.role_words import by_id, in_words
from survey.web.server import server
from survey.web.signing_in import oidc
from survey.web.told_once import tell_once, told

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

PEOPLE_A_PAGE = 50

STATE_WORDS = dict(
    zip(
        STATES,
        (lazy_gettext("open"), lazy_gettext("closed"), lazy_gettext("admin"), lazy_gettext("without a role")),
        strict=True,
    )
)


@blueprint.get("/", endpoint="people")
@admins_only
def people_list() -> Any:
    """People with their roles: sorted, narrowed, a page at a time."""
    here = server()
    with here.reading() as reading:
        known = studies.studies(reading)
        slugs = {study.slug: study.id for study in known}
        narrowed = asked(SORTS, {"q": None, "role": ROLE_WORDS, "study": slugs, "state": STATES})
        filters = narrowed.filters
        wanted = Wanted(filters["q"], filters["role"], slugs.get(filters["study"]), filters["state"])
        pages = narrowed.pages(people_found_count(reading, wanted), PEOPLE_A_PAGE)
        found = people_found(
            reading, wanted, pages.size, pages.offset, sort=narrowed.sort, descending=narrowed.descending
        )
        roles = _roles_in_words(reading, found, known)
        locked = sessions.locked_names(reading, [person.name for person in found], here.now())
    return render_template(
        "admin/people.html",
        people=found,
        roles=roles,
        locked=locked,
        asked=narrowed,
        pages=pages,
        studies=[(study.slug, study.title) for study in known],
        role_words=ROLE_WORDS,
        state_words=STATE_WORDS,
    )


def _roles_in_words(reading: Session, found: list[Person], known: list[Study]) -> dict[int, list[tuple[str, str]]]:
    """Person id -> each study's title with the roles there."""
    teams = teams_by_study(reading)
    return {
        person_id: [
            (study.title, in_words(mine[study.id], by_id(teams.get(study.id, ()))))
            for study in known
            if study.id in mine
        ]
        for person_id, mine in scopes_of(reading, [person.id for person in found]).items()
    }


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
            writing, form.name.data or "", password, here.now(), admin=form.admin.data, language=form.language.data,
            initial=True,
        )  # fmt: skip
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


@dataclass(frozen=True)
class StudyRoles:
    """One study with its teams, and what somebody may do there."""

    study: Study
    teams: list[Team]
    scopes: Scopes
    words: str

    def everywhere(self, role: str) -> bool:
        """Whether a role holds in the whole study."""
        return role in self.scopes and self.scopes[role] is None

    def within(self, role: str, team_id: int) -> bool:
        """Whether a role holds in a team, without holding in the whole study."""
        return team_id in (self.scopes.get(role) or ())


def _person_page(person_id: int, **more: Any) -> str:
    here = server()
    with here.reading() as reading:
        found = people.person_by_id(reading, person_id) or abort(404)
        scopes, teams = people.scopes(reading, person_id), teams_by_study(reading)
        roles = [
            StudyRoles(
                study, mine := teams.get(study.id, []), has := scopes.get(study.id, {}), in_words(has, by_id(mine))
            )
            for study in studies.studies(reading)
        ]
        shown = {
            "roles": roles,
            "locked": sessions.locked_until(reading, found.name, here.now()) is not None,
            "browsers": signed_in(reading, person_id),
            "counted_on": counted_on(reading, person_id),
            "email_since": identities.kept_since(reading, found),
            "factors": second_factors.factors(reading, person_id),
            "organisation": oidc.standing(reading, person_id),
            "first_password_until": found.initial_until and day(found.initial_until.date(), here.now().date()),
        }
    return render_template(
        "admin/person.html",
        who=found,
        form=RightsForm(formdata=None, obj=found),
        email_form=EmailForm(formdata=request.form if "email" in request.form else None),
        subject_form=SubjectForm(formdata=request.form if "subject" in request.form else None),
        role_words=ROLE_WORDS,
        everywhere=EVERYWHERE,
        can_seal=bool(here.sealer.fingerprint),
        myself=found.id == me().id,
        **shown,
        **more,
    )
