"""Personal links, as staff sees them: who fills in alone, how each link stands, making, sending and taking back."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey.forms.link_words import BY_WORDS, STATE_WORDS
from survey.storage import audit, consents, course, link_list, links, studies
from survey.storage.link_list import Reach
from survey.storage.links import KIOSK_LASTS, STATES, About
from survey.storage.tables import Study
from survey.web import days, guests
from survey.web.access import me, study_for, within
from survey.web.fieldwork import linking
from survey.web.fieldwork.linking import ask_of, lasts, link_address
from survey.web.fieldwork.mail import NotSent, can_send
from survey.web.filling_in.alone_pages import first_language
from survey.web.filling_in.alone_words import Told
from survey.web.interface import interface_language
from survey.web.lists import asked
from survey.web.running.hosts import public_url
from survey.web.second_screen.qr import drawing
from survey.web.server import server
from survey.web.titles import title_of
from survey.web.told_once import tell_once, told

blueprint = Blueprint("links", __name__, url_prefix="/study/<slug>/links")

ROLES = ("researcher", "interviewer")
TOLD = "told_link"
"""Where a secret waits for the next page, which shows it once."""


def reach_in(study: Study) -> Reach:
    """Whose links the asking person handles: a researcher all, an interviewer those of the own teams' participants."""
    mine = me().scope(study.id, "researcher")
    participants = me().scope(study.id, *ROLES)
    scopes = {"participant": participants} | ({"coach": mine} if mine is None or mine else {})
    return Reach(scopes)


def said_days(study: Study) -> Any:
    """What says a day, or the day of a moment at the place of the study, to the reader."""
    zone = ZoneInfo(study.time_zone)
    today = server().now().astimezone(zone).date()

    def said(on: datetime.date) -> str:
        return days.day(on.astimezone(zone).date() if isinstance(on, datetime.datetime) else on, today)

    return said


@blueprint.get("/")
def all_links(slug: str) -> Any:
    """Who fills in alone, and how their links stand."""
    here = server()
    now = here.now()
    with here.reading() as reading:
        study = study_for(reading, slug, *ROLES)
        reach = reach_in(study)
        waves = studies.waves(reading, study.id)
        filters = {"code": None, "state": STATES, "by": tuple(reach.scopes), "wave": tuple(one.code for one in waves)}
        wished = asked(link_list.SORTS, filters)
        pages = wished.pages(link_list.row_count(reading, study.id, reach, wished.filters, now))
        rows = link_list.rows(
            reading, study.id, reach, wished.filters, now, wished.sort,
            descending=wished.descending, limit=pages.size, offset=pages.offset,
        )  # fmt: skip
        today = course.today_in(reading, study.id, now)
    return render_template(
        "links/list.html",
        study=study, asked=wished, pages=pages, rows=rows, waves=waves, today=today, title_of=title_of,
        day_words=said_days(study),
        state_words=STATE_WORDS, by_words=BY_WORDS, reach=reach,
        may_remind=me().scope(study.id, "researcher") is None, mail=can_send(here.settings),
    )  # fmt: skip


def task_for(found: Session, slug: str, task_id: int, *needed: str) -> tuple[Study, About]:
    """A task that is filled in alone, for who handles its link. Else 404."""
    study = study_for(found, slug, *(needed or ROLES))
    about = links.about(found, study.id, task_id) or abort(404)
    roles = needed or (ROLES if about.task.by == "participant" else ("researcher",))
    if not within(study.id, about.team, *roles):
        abort(404)
    return study, about


@blueprint.get("/<int:task_id>")
def link(slug: str, task_id: int) -> Any:
    """One link: how it stands, and what can be done. A new one is shown here once, also to print."""
    here = server()
    now = here.now()
    with here.reading() as reading:
        study, about = task_for(reading, slug, task_id)
        newest = links.newest_link(reading, task_id)
        knows_address = can_send(here.settings) and linking.address_of(here, reading, about.task) is not None
        secret = told(task_id, TOLD)
    state = "done" if about.task.done_at else newest.state(now) if newest else "none"
    address = link_address(public_url(), secret) if secret and state in ("sent", "opened") else ""
    instrument = here.library.newest.get(about.task.instrument) or abort(404)
    texts = here.library.texts(instrument, newest.language if newest else instrument.language)
    return render_template(
        "links/link.html",
        study=study, about=about, link=newest, state=state, address=address, day_words=said_days(study),
        qr=drawing(address) if address else None, texts=texts, told=Told(texts, _alone(about, texts.language)),
        title=title_of(about.task.instrument), state_words=STATE_WORDS, knows_address=knows_address,
        mail=can_send(here.settings), may_hand_over=_may_hand_over(study, about),
    )  # fmt: skip


def _alone(about: About, language: str) -> Any:
    """Whose words stand on the paper: a coach's are those of the interface, where that is the link's language."""
    return "coach" if about.task.by == "coach" and interface_language() == language else "participant"


def _may_hand_over(study: Study, about: About) -> bool:
    return about.task.by == "participant" and within(study.id, about.team, "interviewer")


@blueprint.post("/<int:task_id>")
def make(slug: str, task_id: int) -> Any:
    """A new link; the one before, if there was one, opens nothing any more. With `send` it also goes by e-mail."""
    here = server()
    now = here.now()
    by_mail = request.form.get("go") == "send"
    with here.database.writing() as writing:
        study, about = task_for(writing, slug, task_id)
        if about.task.done_at is not None or _told_to_ask(writing, about):
            return redirect(url_for("links.link", slug=slug, task_id=task_id))
        instrument = here.library.newest.get(about.task.instrument) or abort(404)
        language = first_language(instrument, about.task.by, about.language)
        lasting = lasts(ask_of(writing, study.id, about.task.instrument, about.wave))
        secret = links.make_link(writing, task_id, language, me().id, now, lasting)
        audit.note(writing, "made a personal link", me().id, now, **_of(writing, about))
        to = linking.address_of(here, writing, about.task) if by_mail else None
    tell_once(task_id, secret, TOLD)
    if by_mail:
        _send(task_id, to, language, secret, about)
    return redirect(url_for("links.link", slug=slug, task_id=task_id))


def _told_to_ask(found: Session, about: About) -> bool:
    """Whether the participant has yet to agree before they fill something in; then a word on the next page says so."""
    task = about.task
    if task.participant_id is None or not consents.awaited(found, task.study_id, task.participant_id):
        return False
    flash(gettext("First ask whether this person wants to take part. After that you can begin."))
    return True


def _send(task_id: int, to: str | None, language: str, secret: str, about: About) -> None:
    """Send a new link, and say plainly what became of it. It stays on the page for copying."""
    here = server()
    if to is None:
        flash(gettext("No e-mail address is known here. Copy the link, or print it."))
        return
    try:
        linking.send_link(here, to, language, "first", public_url(), secret)
    except NotSent:
        flash(gettext("The e-mail could not be sent. The link works: copy it, print it, or try again later."))
        return
    with here.database.writing() as writing:
        newest = links.link_with(writing, secret)
        if newest is not None:
            links.sent(writing, newest.id)
        audit.note(writing, "sent a personal link", me().id, here.now(), **_of(writing, about))
    flash(gettext("The link was sent by e-mail."))


def _of(session: Session, about: About) -> dict[str, str]:
    study = session.get_one(Study, about.task.study_id)
    return {"study": study.slug, "subject": about.code, "instrument": about.task.instrument, "wave": about.wave}


@blueprint.post("/<int:task_id>/revoke")
def revoke(slug: str, task_id: int) -> Any:
    """Take a link back: it opens nothing any more, also where it is open now."""
    now = server().now()
    with server().database.writing() as writing:
        _, about = task_for(writing, slug, task_id)
        if links.revoke(writing, task_id, now) + links.revoke(writing, task_id, now, kiosk=True):
            audit.note(writing, "revoked a personal link", me().id, now, **_of(writing, about))
            flash(gettext("The link does not work any more. What was filled in is kept."))
    return redirect(url_for("links.link", slug=slug, task_id=task_id))


@blueprint.get("/<int:task_id>/kiosk")
def kiosk(slug: str, task_id: int) -> Any:
    """Before the device is handed over: what is going to happen."""
    with server().reading() as reading:
        study, about = task_for(reading, slug, task_id, "interviewer")
    if about.task.by != "participant" or about.task.done_at is not None:
        abort(404)
    return render_template("links/kiosk.html", study=study, about=about, title=title_of(about.task.instrument))


@blueprint.post("/<int:task_id>/kiosk")
def hand_over(slug: str, task_id: int) -> Response:
    """Sign out here, and let this device hold the participant's questionnaire and nothing else."""
    here = server()
    now = here.now()
    with here.database.writing() as writing:
        _, about = task_for(writing, slug, task_id, "interviewer")
        if about.task.by != "participant" or about.task.done_at is not None:
            abort(404)
        if _told_to_ask(writing, about):
            return redirect(url_for("links.link", slug=slug, task_id=task_id))
        instrument = here.library.newest.get(about.task.instrument) or abort(404)
        language = first_language(instrument, "participant", about.language)
        secret = links.make_link(writing, task_id, language, me().id, now, KIOSK_LASTS, kiosk=True)
        guests.sign_out(writing, now)
        audit.note(writing, "handed over a device", me().id, now, **_of(writing, about))
    guests.hold(secret, now)
    return redirect(url_for("link.here"))


@blueprint.post("/remind")
def remind(slug: str) -> Any:
    """Send the reminders whose day has come, now."""
    here = server()
    with here.reading() as reading:
        study = study_for(reading, slug, "researcher")
        # A researcher of some teams would write to others as well.
        if me().scope(study.id, "researcher") is not None:
            abort(404)
        study_id = study.id
    done = linking.remind(here, public_url(), me().id, [study_id])
    if done.failed:
        flash(gettext("Some reminders could not be sent. Their links still work; try again later."))
    flash(ngettext("%(num)d reminder was sent.", "%(num)d reminders were sent.", done.sent))
    return redirect(url_for("links.all_links", slug=slug))
