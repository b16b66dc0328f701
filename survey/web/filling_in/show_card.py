"""The show card: on one device, one question as the participant sees it, there and back with one tap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from sqlalchemy.orm import Session

from survey.answers.document import PARTS
from survey.instruments.errors import Invalid
from survey.instruments.model import Page
from survey.storage import taps
from survey.storage.events import note_event
from survey.storage.record import dumps
from survey.web.access import me
from survey.web.filling_in.cards import Card, card, sent_answer, sounding
from survey.web.filling_in.mistakes import mistake
from survey.web.filling_in.played import note_played
from survey.web.filling_in.prepared import Prepared
from survey.web.filling_in.sitting import Sitting, kept
from survey.web.filling_in.talk import page_with, participants_texts, talk
from survey.web.server import server

blueprint = Blueprint("show_card", __name__, url_prefix="/response/<token>")


@blueprint.get("/card/<unit>")
def show(token: str, unit: str) -> Any:
    """The card of a unit as a page of its own."""
    with server().database.writing() as writing:
        here = talk(writing, token, for_writing=True)
        page = _page(here, unit)
        _opened(writing, here, page, unit)
        return _shown(writing, here, unit)


def _shown(session: Session, here: Sitting, unit: str, said: str = "") -> str:
    tapped = taps.pending(session, here.record.id).get(unit)
    found = card(here, unit, sounding(session, here, [unit]), tapped.answer if tapped else None) or abort(404)
    page = _page(here, unit)
    back = url_for("interview.page", token=here.record.token, name=page.page, _anchor=_anchor(here, unit))
    texts = participants_texts(here)
    return render_template(
        "screen/card.html", card=found, action=_action(here, found), level=1, mistake=said, texts=texts, back=back
    )


def _anchor(here: Sitting, name: str) -> str:
    return f"unit-{name}" if name in here.instrument.units else f"question-{name}"


def _action(here: Sitting, found: Card) -> str:
    return "" if found.sort == "note" else url_for("show_card.tap", token=here.record.token, unit=found.name)


def _page(here: Sitting, unit: str) -> Page:
    return page_with(here, unit) or abort(404)


def _opened(session: Session, here: Sitting, page: Page, unit: str) -> None:
    texts = participants_texts(here)
    about = {"language": texts.language, "texts": kept(session, texts)}
    note_event(session, here.record, "card", me().id, server().now(), page=page.page, unit=unit, **about)


@blueprint.post("/card/<unit>")
def tap(token: str, unit: str) -> Any:
    """What the participant tapped on the card: kept until the interviewer takes it over."""
    here = server()
    with here.database.writing() as writing:
        sitting = talk(writing, token, for_writing=True)
        page, asked = _page(sitting, unit), sitting.instrument.units.get(unit) or abort(404)
        try:
            answer = sent_answer(asked, request.form)
        except Invalid as invalid:
            said = mistake(participants_texts(sitting), invalid)
            return (jsonify(say=said) if "script" in request.form else _shown(writing, sitting, unit, said)), 422
        taps.tap(writing, sitting.record, page.page, unit, answer, "card", here.now())
        if "script" in request.form:
            return jsonify(tapped=True)
        return _shown(writing, sitting, unit)


@blueprint.post("/card-opened")
def opened(token: str) -> Any:
    """A card was opened over the page."""
    unit = request.form.get("unit", "")
    with server().database.writing() as writing:
        here = talk(writing, token, for_writing=True)
        page = page_with(here, unit) or abort(400)
        _opened(writing, here, page, unit)
    return "", 204


@blueprint.post("/played")
def played(token: str) -> Any:
    """What was read aloud from a card."""
    with server().database.writing() as writing:
        here = talk(writing, token, for_writing=True)
        if not note_played(writing, here, request.form, "card"):
            abort(400)
    return "", 204


@blueprint.get("/cards/<name>")
def cards(token: str, name: str) -> Any:
    """All cards of a page at once, so that each opens at once, and without a connection too."""
    with server().reading() as reading:
        here = talk(reading, token)
        page = here.page(name)
        names = [one for question in page.questions for one in ([u.name for u in question.units()] or [question.name])]
        recorded = sounding(reading, here, names)
    # Without what is chosen, which the page knows best, they are the same for every response: drawn once.
    cache, texts = server().prepared, participants_texts(here)
    key = ("cards", texts.sha256, page.page, tuple(recorded.items()))
    drawn = cache.get(key) or Prepared((dumps(_drawn(here, names, recorded)),), ())
    cache[key] = drawn
    return Response(drawn.filled({}), mimetype="application/json")


def _drawn(here: Sitting, names: Sequence[str], recorded: Mapping[str, str]) -> dict[str, Any]:
    """The cards of a page as markup by unit, and the words around them. The page adds where a tap is sent."""
    texts = participants_texts(here)
    empty = here.after(replace(here.record, document={part: {} for part in PARTS}))
    units = {
        name: render_template("screen/_question.html", card=one, action="" if one.sort == "note" else "#", level=2)
        for name in names
        if (one := card(empty, name, recorded))
    }
    about = {"lang": texts.language, "dir": texts.direction, "thanks": texts["controls/thanks"].words}
    return about | {"units": units, "back": render_template("screen/_back.html", texts=texts)}
