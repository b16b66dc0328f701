"""Observed meetings: the list, a new one, and the page of one with what its observer does next."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.meetings import FALLING_OUT_WORDS, STATE_WORDS, FallingOutForm, MeetingForm, ShareForm, options
from survey.planning.observing import MEETING_STATES
from survey.storage import audit, observing, people, step_times, studies
from survey.storage import meetings as stored
from survey.storage.colleagues import colleagues
from survey.storage.meetings import SORTS, Which
from survey.storage.protocols import protocol_of, teams
from survey.storage.responses import Opening
from survey.storage.scopes import covers
from survey.storage.tables import Person, Study, Team
from survey.web import lists
from survey.web.access import me, study_for
from survey.web.fieldwork.observed import Here, asks, meeting_for, observed_by_me, planned
from survey.web.fieldwork.opening import opened
from survey.web.server import server
from survey.web.titles import title_of

blueprint = Blueprint("meetings", __name__, url_prefix="/study/<slug>/meetings")


@blueprint.get("/")
def meetings(slug: str) -> Any:
    """The meetings that the asking person looks on or observes, a page at a time."""
    with server().reading() as session:
        study = study_for(session, slug, "observer", "researcher")
        scope = me().scope(study.id, "observer", "researcher")
        there = {team.code: team for team in teams(session, study.id) if covers(scope, team.id)}
        asked = lists.asked(list(SORTS), {"state": MEETING_STATES, "team": there}, descending=True)
        team = there.get(asked.filters["team"])
        which = _which(study.id, asked.filters["state"], team.id if team else None)
        pages = asked.pages(stored.meeting_count(session, which))
        found = stored.meetings(
            session, which, sort=asked.sort, descending=asked.descending, limit=pages.size, offset=pages.offset
        )
        possible = bool(asks(protocol_of(session, study.id)))
    return render_template(
        "meetings/list.html", study=study, meetings=found, asked=asked, pages=pages, teams=there.values(),
        possible=possible, state_words=STATE_WORDS, title=title_of,
    )  # fmt: skip


def _which(study_id: int, state: str = "", team_id: int | None = None, *, to_do: bool = False) -> Which:
    mine = me()
    return Which(
        study_id, mine.id, mine.scope(study_id, "researcher"), mine.scope(study_id, "observer"), state, team_id, to_do
    )


@blueprint.get("/new")
def new(slug: str) -> Any:
    """The form for a meeting."""
    with server().reading() as session:
        study = study_for(session, slug, "observer", "researcher")
        form, _ = _form(session, study)
    if not form.what.choices:
        return redirect(url_for("meetings.meetings", slug=slug))
    form.what.data = form.what.choices[0].value
    form.observers.data = [form.own] if form.own else []
    return render_template("meetings/new.html", study=study, form=form, click=secrets.token_hex(12))


@blueprint.post("/new")
def plan(slug: str) -> Any:
    """Plan a meeting; with a mistake, show what was filled in."""
    here, click = server(), request.form.get("click", "")[:24]
    with here.database.writing() as writing:
        study = study_for(writing, slug, "observer", "researcher")
        form, observers = _form(writing, study)
        protocol = protocol_of(writing, study.id)
        if not form.validate() or not _all_observe_there(writing, study, form, observers):
            return render_template("meetings/new.html", study=study, form=form, click=click), 422
        ask, wave = asks(protocol)[form.what.data]
        day = form.day()
        if protocol is None or day is None:
            abort(400)
        made = observing.add_meeting(
            writing, study.id, _team(writing, study, form).id, planned(protocol, ask, wave, day), day,
            [observers[code].id for code in form.observers.data], me().id, here.now(), click or None,
        )  # fmt: skip
        audit.note(writing, "planned a meeting", me().id, here.now(), meeting=made.code, wave=wave)
    return redirect(url_for("meetings.meeting", slug=slug, meeting=made.code))


def _form(session: Session, study: Study) -> tuple[MeetingForm, dict[str, Person]]:
    """The form with what this person can choose, and by code who observes in the same teams."""
    scope = me().scope(study.id, "observer", "researcher")
    found = asks(protocol_of(session, study.id))
    titles = {wave.code: wave.title for wave in studies.waves(session, study.id)}
    mine = teams(session, study.id, scope)
    observing_there = [
        one for one in colleagues(session, study.id, "observer") if any(one.works_in(team.id) for team in mine)
    ]
    there = [session.get_one(Person, one.id) for one in observing_there]
    form = MeetingForm(request.form if request.method == "POST" else None)
    form.what.choices = options(
        (key, f"{title_of(ask.instrument)} · {titles.get(wave, wave)}") for key, (ask, wave) in found.items()
    )
    form.team.choices = options((team.code, team.title) for team in mine)
    there.sort(key=lambda one: one.name)
    form.observers.choices = options((one.code, f"{one.name} ({one.code})") for one in there)
    form.most = max((ask.observers for ask, _ in found.values()), default=1)
    form.own = None if me().scope(study.id, "researcher") != frozenset() else me().code
    return form, {one.code: one for one in there}


def _team(session: Session, study: Study, form: MeetingForm) -> Team:
    return next(team for team in teams(session, study.id) if team.code == form.team.data)


def _all_observe_there(session: Session, study: Study, form: MeetingForm, observers: dict[str, Person]) -> bool:
    """Whether everyone who was chosen observes in the team; else the form says who does not."""
    team = _team(session, study, form)
    wrong = [
        observers[code].name
        for code in form.observers.data
        if not covers(people.scopes(session, observers[code].id)[study.id]["observer"], team.id)
    ]
    if wrong:
        words = gettext("%(names)s does not observe in this team. Choose somebody else.", names=", ".join(wrong))
        form.observers.errors = [words]
    return not wrong


@blueprint.get("/<meeting>")
def meeting(slug: str, meeting: str) -> Any:
    """One meeting: what to do next, the own clock, and how far its observers are."""
    with server().reading() as session:
        here = meeting_for(session, slug, meeting)
        return _shown(session, here)


def _shown(session: Session, here: Here, **more: Any) -> str:
    mine = here.mine
    times = step_times.times(session, here.meeting.id, mine.person_id) if mine else []
    now = server().now()
    return render_template(
        "meetings/meeting.html", here=here, seen=here.seen, mine=mine, times=times,
        seconds=step_times.seconds(times, now), running=next((one for one in times if one.ended_at is None), None),
        now=now, state_words=STATE_WORDS, falling_out_words=FALLING_OUT_WORDS, free=_free(session, here),
        **{"share": ShareForm(), "falling_out": None, **more},
    )  # fmt: skip


def _free(session: Session, here: Here) -> list[Person]:
    """Who can still come to observe: where there are fewer observers than the protocol wants."""
    if here.ask is None or len(here.seen.active) >= here.ask.observers or here.meeting.settled_at is not None:
        return []
    there = {one.person_id for one in here.seen.observers}
    found = [session.get_one(Person, one) for one in people.members(session, here.study.id, "observer")]
    team = session.get(Team, here.meeting.team_id) if here.meeting.team_id else None
    return [
        one
        for one in found
        if one.id not in there and team and covers(people.scopes(session, one.id)[here.study.id]["observer"], team.id)
    ]


@blueprint.post("/<meeting>/begin")
def begin(slug: str, meeting: str) -> Any:
    """Open the one questionnaire of this observer about this meeting, or go on with it."""
    here = server()
    with here.database.writing() as writing:
        at = observed_by_me(writing, slug, meeting, for_writing=True)
        name, newest = at.meeting.instrument, here.library.newest.get(at.meeting.instrument)
        if newest is None:
            abort(410, gettext("The definition of this questionnaire is not on this server any more."))
        version = observing.version_in_use(writing, at.meeting, newest.version)
        opening = Opening(
            at.study.id, at.meeting.wave_id, name, version, me().id, newest.language,
            person_id=me().id, team_id=at.meeting.team_id, meeting_id=at.meeting.id,
        )  # fmt: skip
        token = opened(writing, opening, meeting=meeting)
    return redirect(url_for("interview.resume", token=token))


@blueprint.post("/<meeting>/share")
def share(slug: str, meeting: str) -> Any:
    """Keep how much of the meeting the asking observer saw."""
    here, form = server(), ShareForm(request.form)
    with here.database.writing() as writing:
        at = observed_by_me(writing, slug, meeting, for_writing=True)
        if at.closed:
            return _closed(at)
        if not form.validate():
            return _shown(writing, at, share=form), 422
        observing.set_share(writing, at.meeting.id, me().id, form.percent())
        audit.note(writing, "noted the share observed", me().id, here.now(), meeting=meeting)
    flash(gettext("Saved."))
    return redirect(url_for("meetings.meeting", **at.address, _anchor="share"))


def _closed(here: Here) -> Any:
    flash(gettext("Nothing changes here any more. What you observed stays as it is."))
    return redirect(url_for("meetings.meeting", **here.address))


@blueprint.post("/<meeting>/out")
def fall_out(slug: str, meeting: str) -> Any:
    """An observer cannot go on: what is there stays, and the other's record can stand alone."""
    here, form = server(), FallingOutForm(request.form)
    with here.database.writing() as writing:
        at = meeting_for(writing, slug, meeting, for_writing=True)
        who = next((one for one in at.seen.active if one.code == form.person.data), None)
        alone = who is not None and who.handed_in and at.seen.state == "single"
        if at.meeting.settled_at is not None or who is None or alone:
            return _closed(at)
        if not form.validate():
            return _shown(writing, at, falling_out=form), 422
        observing.fall_out(writing, at.meeting.id, who.person_id, form.reason.data, here.now())
        audit.note(
            writing, "observer fell out", me().id, here.now(), meeting=meeting, person=who.code, reason=form.reason.data
        )
    return redirect(url_for("meetings.meeting", **at.address, _anchor="observers"))


@blueprint.post("/<meeting>/back")
def come_back(slug: str, meeting: str) -> Any:
    """An observer can go on after all."""
    here, code = server(), request.form.get("person", "")
    with here.database.writing() as writing:
        at = meeting_for(writing, slug, meeting, for_writing=True)
        who = next((one for one in at.seen.observers if one.code == code and not one.active), None)
        if at.meeting.settled_at is None and who is not None:
            observing.come_back(writing, at.meeting.id, who.person_id)
            audit.note(writing, "observer came back", me().id, here.now(), meeting=meeting, person=who.code)
    return redirect(url_for("meetings.meeting", **at.address, _anchor="observers"))


@blueprint.post("/<meeting>/observers")
def add_observer(slug: str, meeting: str) -> Any:
    """Somebody comes to observe in the place of who fell out."""
    here, code = server(), request.form.get("person", "")
    with here.database.writing() as writing:
        at = meeting_for(writing, slug, meeting, for_writing=True)
        who = next((one for one in _free(writing, at) if one.code == code), None)
        protocol = protocol_of(writing, at.study.id)
        if who is not None and protocol is not None and at.ask is not None:
            days = planned(protocol, at.ask, at.seen.wave_code, at.meeting.held_on)
            observing.add_observer(writing, at.meeting, who.id, days)
            audit.note(writing, "added an observer", me().id, here.now(), meeting=meeting, person=who.code)
    return redirect(url_for("meetings.meeting", **at.address, _anchor="observers"))
