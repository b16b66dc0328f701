"""The audit trail: what people did, in codes; narrowed to what an admin looks for, and handed out as a file."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from survey.forms.audit_words import ACTION_WORDS
from survey.storage import audit, studies
from survey.storage.audit import Wanted
from survey.web.access import admins_only
from survey.web.admin.person_actions import noted
from survey.web.csv_file import csv_file
from survey.web.lists import Asked, asked
from survey.web.server import server

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")

ENTRIES_A_PAGE = 100
HEADING = ("at", "person", "action", "details")
FILTERS = {"who": None, "action": ACTION_WORDS, "study": None, "words": None, "from": None, "to": None}


@blueprint.get("", endpoint="trail")
@admins_only
def trail() -> Any:
    """What people did, the newest first. Codes only."""
    narrowed, problems = _asked(), dict[str, str]()
    wanted = _wanted(narrowed, problems)
    with server().reading() as reading:
        pages = narrowed.pages(audit.count(reading, wanted), ENTRIES_A_PAGE)
        found = audit.newest(reading, pages.size, pages.offset, wanted, oldest_first=not narrowed.descending)
        entries = [(entry, code, _in_words(entry.details)) for entry, code in found]
        known = [(study.slug, study.title) for study in studies.studies(reading)]
    actions = sorted(((code, str(words)) for code, words in ACTION_WORDS.items()), key=lambda one: one[1].lower())
    return render_template(
        "admin/audit.html",
        entries=entries,
        asked=narrowed,
        pages=pages,
        problems=problems,
        studies=known,
        actions=actions,
        action_words=ACTION_WORDS,
    )


@blueprint.get("/file")
@admins_only
def file() -> Response:
    """The entries that are looked for as a CSV file, the oldest first. Handing it out stands in the trail itself."""
    narrowed, now = _asked(), server().now()
    wanted = _wanted(narrowed, {})
    with server().reading() as reading:
        made = csv_file(HEADING, _rows(audit.every(reading, wanted)))
    filters = [f"{name}={value}" for name, value in narrowed.filters.items() if value]
    with server().database.writing() as writing:
        noted(writing, "exported the audit trail", entries=made.rows, sha256=made.sha256, filters=filters)
    return made.answer(f"audit-{now:%Y%m%d-%H%M}.csv")


def _rows(entries: Iterator[audit.Entry]) -> Iterator[tuple[str, str | None, str, str]]:
    for entry, code in entries:
        yield entry.at.strftime("%Y-%m-%dT%H:%M:%SZ"), code, entry.action, entry.details


def _asked() -> Asked:
    return asked(["at"], FILTERS, descending=True)


def _wanted(narrowed: Asked, problems: dict[str, str]) -> Wanted:
    """What is looked for; a day that does not exist is left out, and told in `problems` by its field."""
    since, last = (_day(narrowed.filters[name], name, problems) for name in ("from", "to"))
    until = last + datetime.timedelta(days=1) if last else None
    asked_for = narrowed.filters
    return Wanted(asked_for["who"], asked_for["action"], asked_for["study"], asked_for["words"], since, until)


def _day(typed: str, name: str, problems: dict[str, str]) -> datetime.datetime | None:
    if not typed:
        return None
    try:
        return datetime.datetime.strptime(typed, "%Y-%m-%d").replace(tzinfo=datetime.UTC)
    except ValueError:
        problems[name] = gettext("Write the day with its year first, such as 2026-03-31.")
        return None


def _in_words(details: str) -> str:
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in json.loads(details).items()
    }
    return "; ".join(f"{name}: {value}" for name, value in shown.items())
