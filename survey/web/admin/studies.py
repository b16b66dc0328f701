"""The admin's pages about studies: new ones, and of each its protocol, teams, people and drawing. No answers."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey.forms.studies import BY_HAND, StudyForm, TeamForm, TeamTitleForm, TitleForm, time_zones
from survey.storage import studies
from survey.storage.adoption import replan_some, to_replan
from survey.storage.people_list import Wanted, people_found, people_found_count, scopes_of
from survey.storage.protocols import add_study_with, adopted, protocol_of, teams
from survey.storage.study_overview import drawn, drawn_by_arm, participants_by_study, participants_by_team
from survey.storage.tables import Study
from survey.web.access import admins_only, me, roles_in
from survey.web.admin.person_actions import Refused, noted
from survey.web.admin.study_actions import STUDY_ACTIONS, newer_version
from survey.web.csv_file import csv_file
from survey.web.fieldwork.plan_words import changes, plan
from survey.web.interface import interface_language
from survey.web.lists import asked
from survey.web.role_words import by_id, in_words
from survey.web.server import server

blueprint = Blueprint("admin_studies", __name__, url_prefix="/admin/studies")

MEMBERS, DRAWN = 50, 20
"""So many people and drawn places stand on the page of a study; the rest is behind a link."""

BATCH, BATCHES = 50, 20
"""Participants planned anew in one transaction, so that others can save in between; and transactions in one go."""

REGISTER = frozenset({"interviewer", "coach"})
"""Who has one of these roles must not know what is drawn next."""


@blueprint.get("", endpoint="studies")
@admins_only
def studies_list() -> Any:
    """The studies with their waves and protocols."""
    narrowed = asked(("title", "slug", "made"), {"q": None})
    with server().reading() as reading:
        words = narrowed.filters["q"].lower()
        found = [one for one in studies.studies(reading) if words in one.title.lower() or words in one.slug]
        by = {"title": lambda one: one.title.lower(), "slug": lambda one: one.slug, "made": lambda one: one.made_at}
        found.sort(key=by[narrowed.sort], reverse=narrowed.descending)
        pages, counts = narrowed.pages(len(found)), participants_by_study(reading)
        rows = [
            (one, studies.waves(reading, one.id), adopted(reading, one.id)[:1], counts.get(one.id, 0))
            for one in found[pages.offset : pages.offset + pages.size]
        ]
    return render_template("admin/studies.html", studies=rows, asked=narrowed, pages=pages)


@blueprint.route("/new", methods=["GET", "POST"])
@admins_only
def new_study() -> Any:
    """A new study: by a protocol, which brings waves and teams, or with waves by hand."""
    form, here = StudyForm(), server()
    form.protocol.choices = [*here.protocols, BY_HAND]
    status = 200
    if request.method == "GET":
        form.protocol.data = next(iter(here.protocols), BY_HAND)
    else:
        status = 422
        with here.database.writing() as writing:
            if form.validate() and not _slug_taken(writing, form):
                _make(writing, form)
                flash(gettext("The study is there. Now give people a role in it."))
                return redirect(url_for("admin_studies.study", slug=form.slug.data))
    plans = {code: (one.protocol, plan(one.protocol)) for code, one in here.protocols.items()}
    return render_template("admin/new_study.html", form=form, time_zones=sorted(time_zones()), plans=plans), status


def _slug_taken(writing: Session, form: StudyForm) -> bool:
    if studies.study_with(writing, form.slug.data or "") is None:
        return False
    form.slug.errors = [gettext("There is a study with this short name already. Choose another one.")]
    return True


def _make(writing: Session, form: StudyForm) -> None:
    slug, title, zone = form.slug.data or "", form.title.data or "", form.time_zone.data or ""
    filed, now = server().protocols.get(form.protocol.data or BY_HAND), server().now()
    if filed is None:
        studies.add_study(writing, slug, title, form.lines(), now, zone)
        noted(writing, "added a study", study=slug, waves=[code for code, _ in form.lines()])
        return
    add_study_with(writing, slug, filed, interface_language(), me().id, now, title=title, time_zone=zone)
    chosen = filed.protocol
    noted(writing, "added a study", study=slug, protocol=chosen.protocol, version=chosen.version)


@blueprint.route("/<slug>", methods=["GET", "POST"])
@admins_only
def study(slug: str) -> Any:
    """One study. The button that was pressed says what to do."""
    if request.method == "GET":
        return _study_page(slug)
    do = request.form.get("do", "")
    act = STUDY_ACTIONS.get(do) or abort(400)
    try:
        with server().database.writing() as writing:
            said = act(writing, _study(writing, slug))
    except Refused as refused:
        return _study_page(slug, problem=str(refused), typed=do), 422
    flash(said)
    return _plan_some(slug, 0) if do == "adopt" else redirect(url_for("admin_studies.study", slug=slug))


@blueprint.post("/<slug>/plan")
@admins_only
def plan_anew(slug: str) -> Any:
    """Plan everybody anew by the protocol, as many as fit in one go; it changes nothing that is right already."""
    after = request.form.get("after", "0")
    return _plan_some(slug, int(after) if after.isdecimal() and len(after) < 10 else 0)


def _plan_some(slug: str, after: int) -> Response:
    here = server()
    last: int | None = after
    for _ in range(BATCHES):
        with here.database.writing() as writing:
            found = _study(writing, slug)
            last = replan_some(writing, found.id, here.now(), after=last or 0, limit=BATCH)
            if last is None:
                noted(writing, "planned everybody anew", study=slug)
                break
    if last is None:
        flash(gettext("Everybody is planned by the protocol as it is now."))
    return redirect(url_for("admin_studies.study", slug=slug, after=last))


@blueprint.post("/<slug>/seed")
@admins_only
def seed(slug: str) -> Any:
    """Show the seed of the list, for who checks the drawing: a look that stands in the trail."""
    with server().database.writing() as writing:
        found = _study(writing, slug)
        if found.seed is None or roles_in(found.id) & REGISTER:
            return _study_page(slug, problem=gettext("You cannot see the seed of this study.")), 422
        noted(writing, "looked at a seed", study=slug)
    return _study_page(slug, seed=found.seed)


@blueprint.get("/<slug>/drawn")
@admins_only
def drawn_file(slug: str) -> Response:
    """The places of the list that are taken, as a CSV file. What comes next is not in it."""
    with server().reading() as reading:
        found = _study(reading, slug)
        rows = (
            (one.stratum, one.position, one.arm, one.participant, one.at.strftime("%Y-%m-%dT%H:%M:%SZ"))
            for one in drawn(reading, found.id)
        )
        made = csv_file(("stratum", "position", "arm", "participant", "drawn_at"), rows)
    with server().database.writing() as writing:
        noted(writing, "exported the drawn list", study=slug, places=made.rows, sha256=made.sha256)
    return made.answer(f"{slug}-drawn.csv")


def _study(session: Session, slug: str) -> Study:
    return studies.study_with(session, slug) or abort(404)


def _study_page(slug: str, *, problem: str = "", typed: str = "", seed: int | None = None) -> str:
    with server().reading() as reading:
        found = _study(reading, slug)
        protocol, newer, known = (
            protocol_of(reading, found.id),
            newer_version(reading, found.id),
            teams(reading, found.id),
        )
        members = people_found(reading, Wanted(study_id=found.id), MEMBERS)
        scopes = scopes_of(reading, [one.id for one in members])
        after = request.args.get("after", "")
        shown = {
            "study": found,
            "waves": studies.waves(reading, found.id),
            "versions": adopted(reading, found.id),
            "teams": known,
            "participants": participants_by_team(reading, found.id),
            "members": [(one, in_words(scopes[one.id][found.id], by_id(known))) for one in members],
            "member_count": people_found_count(reading, Wanted(study_id=found.id)),
            "drawn": list(drawn(reading, found.id, DRAWN)),
            "by_arm": drawn_by_arm(reading, found.id),
            "left": (after, to_replan(reading, found.id, int(after))) if after.isdecimal() else None,
        }
    return render_template(
        "admin/study.html",
        protocol=protocol,
        plan=plan(protocol) if protocol else [],
        newer=newer.protocol if newer else None,
        changes=changes(protocol, newer.protocol) if protocol and newer else [],
        title_form=_form(TitleForm, typed == "title", title=found.title),
        team_form=_form(TeamForm, typed == "team"),
        rename_form=_form(TeamTitleForm, typed == "team-title"),
        renamed=request.form.get("team") if typed == "team-title" else None,
        seed_print=hashlib.sha256(str(found.seed).encode()).hexdigest()[:16] if found.seed is not None else None,
        may_see_seed=not roles_in(found.id) & REGISTER,
        seed=seed,
        problem=problem,
        **shown,
    )


def _form(kind: Any, sent: bool, **now: Any) -> Any:
    """A form of the page: with what was sent and its problems where it is the one that was sent."""
    form = kind(formdata=request.form if sent else None, **now)
    if sent:
        form.validate()
    return form
