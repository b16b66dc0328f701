"""For researchers: the responses of a study, the answers of one of them, and every change in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, render_template
from sqlalchemy.orm import Session

from survey.answers.document import OF_QUESTIONS
from survey.forms.queries import QUERY_WORDS, LockForm, UnlockForm
from survey.instruments.kinds.question import Unit
from survey.instruments.model import Page
from survey.storage import locks, overview, queries, reading
from survey.storage.record import Record
from survey.storage.shown import as_shown
from survey.storage.tables import Study
from survey.web.access import study_for
from survey.web.filling_in.conflict import answer_in_words, in_words, label_key
from survey.web.filling_in.sitting import Sitting, sitting_of
from survey.web.filling_in.subject import Subject, subject_of
from survey.web.interface import interface_language
from survey.web.lists import asked
from survey.web.research.as_shown import as_shown_page
from survey.web.research.researched import choices_of, narrowed_to, response_of
from survey.web.server import server

blueprint = Blueprint("trail", __name__, url_prefix="/study/<slug>/responses")

LONG_LISTS = ("begun", "code", "instrument", "wave", "handed_in")


@blueprint.get("/")
def list_of_responses(slug: str) -> Any:
    """All responses of a study, newest first, a page at a time. No answers stand here."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        may = choices_of(session, study)
        wished = asked(LONG_LISTS, {**may.filters, "state": overview.STATES, "code": None}, descending=True)
        reach = narrowed_to(study, may.teams, wished.filters["team"])
        wanted = overview.Wanted(study.id, reach, {**wished.filters, "team": ""})
        pages = wished.pages(overview.response_count(session, wanted))
        rows = overview.response_rows(session, wanted, pages.size, pages.offset, wished.sort, wished.descending)
    return render_template("responses.html", study=study, rows=rows, pages=pages, asked=wished, **may.words)


@dataclass(frozen=True)
class Looked:
    """A response as its pages for researchers show it."""

    study: Study
    here: Sitting
    subject: Subject
    locks: list[locks.Lock]
    queries: list[queries.QueryRow]


def as_read(record: Record) -> Sitting:
    """A response with its words in the reader's language: it may be filled in in one that the reader cannot read."""
    here = sitting_of(record)
    return replace(here, texts=server().library.texts(here.instrument, interface_language()))


def looked_at(session: Session, slug: str, token: str) -> Looked:
    """A response within the researcher's reach, with its locks and its queries. Else 404."""
    study, record = response_of(session, slug, token)
    wanted = queries.Wanted(study.id, response_id=record.id)
    return Looked(
        study, as_read(record), subject_of(session, record), locks.history(session, record.id),
        queries.rows(session, wanted, MANY, sort="asked"),
    )  # fmt: skip


MANY = 200
"""So many queries about one response are shown at once."""


@blueprint.get("/<token>")
def changes(slug: str, token: str) -> Any:
    """Every change of one response: old and new, who, when, why."""
    with server().reading() as session:
        found = looked_at(session, slug, token)
        trail = reading.response_trail(session, found.study.id, token)
    here = found.here
    rows = [
        (
            row,
            _label(here, row.part, row.unit),
            _words(here, row.part, row.unit, row.old),
            _words(here, row.part, row.unit, row.new),
            None if row.part in OF_QUESTIONS else row.unit,
        )
        for row in trail
    ]
    return render_template("trail.html", found=found, rows=rows, **_forms())


@dataclass(frozen=True)
class Given:
    """One question or item of a page with its answer in words; "" where there is none. `hidden`: not asked now."""

    unit: Unit
    label: str
    words: str
    hidden: bool


@blueprint.get("/<token>/answers")
def answers(slug: str, token: str) -> Any:
    """All answers of one response as they stand now, page by page."""
    with server().reading() as session:
        found = looked_at(session, slug, token)
    pages = [(page, _given(found.here, page)) for page in found.here.instrument.pages]
    return render_template("answers.html", found=found, pages=pages, **_forms())


def _given(here: Sitting, page: Page) -> Sequence[Given]:
    return [given(here, unit) for unit in page.units() if unit.name in here.flow.on_path]


def given(here: Sitting, unit: Unit) -> Given:
    """A question or item with its present answer."""
    answer = here.record.answers.get(unit.name)
    words = "" if answer is None else answer_in_words(here, unit, answer)
    return Given(unit, here.texts[unit.key].words, words, unit.name not in here.flow.on_path)


def _forms() -> dict[str, Any]:
    return {"lock_form": LockForm(None), "unlock_form": UnlockForm(None), "query_words": QUERY_WORDS}


@blueprint.get("/<token>/shown/<int:version>")
def shown(slug: str, token: str, version: int) -> Any:
    """The page that made this version of a response, exactly as it stood on the screen."""
    with server().reading() as session:
        study, record = response_of(session, slug, token)
        found = as_shown(session, record, version) or abort(404)
        return as_shown_page(study, found, subject_of(session, found.record))


def _label(here: Sitting, part: Any, unit: str) -> str:
    return str(here.texts[label_key(here, (part, unit))].words)


def _words(here: Sitting, part: Any, unit: str, value: str | None) -> str:
    return in_words(here, (part, unit), None if value is None else json.loads(value))
