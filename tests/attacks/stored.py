"""Markup, templates and formulas in everything that anybody can type; then all pages and files are looked through."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import openpyxl
from crawl import crawl
from injected import different, filled
from judged import MARK, MARKUP, RAN, wrongs
from lxml import etree
from scene import PEOPLE, Scene
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from tried import Tried

from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.storage.tables import Base, Change, Person, Response

FREE = {
    "study": ("title",), "wave": ("title",), "team": ("title",), "study_code": ("title", "memo"),
    "coded_passage": ("memo",), "quote": ("words",), "consensus": ("reason",), "query_remark": ("words",),
    "sign_in_session": ("agent",), "response_lock": ("reason",), "change": ("reason",), "passkey": ("label",),
    "translation_edit": ("draft_1", "draft_2", "comment"), "oidc_identity": ("subject",),
}  # fmt: skip
"""Columns that hold what somebody typed, besides answers, names, sealed names and translated words."""

CODED = frozenset(
    [
        "slug",
        "code",
        "language",
        "second_language",
        "status",
        "reason",
        "arm",
        "stratum",
        "kind",
        "page",
        "unit",
        "interpreter",
        "mode",
        "same",
        "token",
        "instrument",
        "layout",
        "format",
        "action",
        "role",
        "how",
        "outcome",
        "wording",
        "step",
        "part",
        "context",
        "source",
        "sha256",
        "texts",
        "second_texts",
        "chain",
        "document",
        "selection",
        "details",
        "protocol",
        "time_zone",
        "click",
        "master",
        "issuer",
        "credential",
        "transports",
        "public_key",
        "old",
        "new",
        "value",
        "purposes",
        "words",
        "name",
        "factor",
        "tab",
        "batch",
        "content",
        "conflicting",
        "owner",
        "media_type",
        "words_sha256",
        "by",
        "others",
        "superseded_why",
        "account",
        "uri",
        "challenge",
    ]
)
"""Columns with codes, fingerprints and JSON; those of these that hold words are filled by the forms."""

BREAK = "\r\nX-Zq: 1\r\n"
EXPORTS = (".xlsx", ".zip", ".xml", ".qdpx", ".sav.zip", ".dta.zip")
QUICK = (".xlsx", ".zip", ".qdpx")
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
LEFT_ALONE = ("sign_in.", "second_factor", "oidc.", "passkeys.", "account.", "admin.", "erasing.", "admin_studies.")
"""Forms that end sessions or accounts; what can be typed in them is planted instead."""


def unknown_columns() -> list[str]:
    """Columns of text that nobody said of whether they are typed."""
    found = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            text = str(column.type).startswith(("VARCHAR", "TEXT"))
            known = column.name in CODED or column.name in FREE.get(table.name, ()) or column.name.endswith("_hash")
            if text and not known:
                found.append(f"{table.name}.{column.name}")
    return found


def plant(session: Session, library: Library) -> int:
    """Put the markup into every column that somebody can type in, and into every open answer, draft and note."""
    planted = 0
    for name, columns in FREE.items():
        table = Base.metadata.tables.get(name)
        for column in columns if table is not None else ():
            assert table is not None
            size = getattr(table.c[column].type, "length", None) or 10_000
            word = (MARKUP + (BREAK if size > 90 else ""))[:size]
            where = table.c[column].is_not(None)
            planted += session.execute(update(table).where(where).values({column: word})).rowcount
    for response in session.scalars(select(Response)):
        instrument = library.instrument(response.instrument, response.instrument_version)
        response.document, count = _answers(json.loads(response.document), instrument)
        planted += count
    changes = update(Change).where(Change.part.in_(("drafts", "notes", "draft", "note")))
    planted += session.execute(changes.values(new=json.dumps(MARKUP))).rowcount
    for person in session.scalars(select(Person)):
        person.name = f"{person.name[:12]}{MARKUP}"[:80]
        planted += 1
    return planted


def _answers(document: Any, instrument: Instrument) -> tuple[str, int]:
    """A document in which what was typed is markup; what was chosen stays."""
    count = 0
    for part, units in document.items() if isinstance(document, dict) else ():
        for unit, value in units.items() if isinstance(units, dict) else ():
            there = instrument.units.get(unit)
            words = there is not None and (there.role == "other" or there.question.kind == "open")
            if part in ("drafts", "notes") or (isinstance(value, str) and words):
                units[unit] = MARKUP + BREAK
                count += 1
    return json.dumps(document, ensure_ascii=False), count


def everywhere(scene: Scene) -> Tried:
    """Type it in every form; plant the rest; look through all that everybody sees."""
    tried = Tried("stored markup, templates and formulas: in every page")
    tried.wrong(*(f"nobody says whether {one} is typed" for one in unknown_columns()))
    tried.times += _type(scene, tried)
    with scene.place.database.writing() as session:
        tried.times += plant(session, scene.place.app.extensions["krachtmeting"].library)
    shown = 0
    for name in PEOPLE:
        reached = crawl(scene.browsers[name], 20 if scene.short else 300)
        for asked, came in reached.pages.items():
            tried.times += 1
            shown += MARK.encode() in came.body
            tried.wrong(*(f"{one} as {name}" for one in wrongs(asked, came)))
            if asked.split("?")[0].endswith(".ics"):
                tried.wrong(*_calendar(asked, came.text))
            if came.kind == "text/csv":
                tried.wrong(*_table(asked, came.text))
    tried.note = f"{shown} pages show what was typed, as words"
    if not shown:
        tried.wrong("no page shows what was typed: this tried nothing")
    return tried


def _type(scene: Scene, tried: Tried) -> int:
    """Post every form that takes words with the markup in each of them."""
    sent, seen = 0, set()
    for name, reached in scene.reached.items():
        browser = scene.browsers[name]
        for endpoint, form in different(reached.forms, browser):
            sort = (endpoint, form.free)
            if endpoint.startswith(LEFT_ALONE) or not form.free or sort in seen:
                continue
            seen.add(sort)
            for press in form.buttons[:2] or (None,):
                came = browser.post(form.action, filled(form, MARKUP, press))
                sent += 1
                tried.wrong(*(f"{one} as {name}" for one in wrongs(f"POST {form.action}", came)))
    return sent


def _calendar(asked: str, text: str) -> Iterator[str]:
    for line in text.replace("\r\n", "\n").split("\n"):
        if line and not re.match(r"[A-Z][A-Z0-9-]*[:;]|[ \t]", line):
            yield f"a line of its own in {asked}: {line[:40]}"
        if line.startswith("X-Zq"):
            yield f"a property was smuggled into {asked}"


def _table(asked: str, text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
                yield f"a spreadsheet would run a cell in {asked}: {cell[:40]}"


def in_exports(scene: Scene) -> Tried:
    """Every export after that: nothing runs in it, and what is XML is well-formed and calls for nothing."""
    tried = Tried("the same in every export and file")
    browser = scene.browsers["onderzoek"]
    for suffix in QUICK if scene.short else EXPORTS:
        asked = f"/study/demo/download/file?format={suffix}&language=en"
        came = browser.get(asked)
        tried.times += 1
        if came.code != 200:
            tried.wrong(f"{came.code} at {asked}")
            continue
        tried.wrong(*(f"{one} in {suffix}" for one in _file(suffix.lstrip("."), came.body)))
        if not _holds(suffix, came.body):
            tried.wrong(f"what was typed is not in {suffix}: this tried nothing")
        if "attachment" not in (came.headers["Content-Disposition"] or ""):
            tried.wrong(f"a browser may draw {asked}")
    return tried


def _holds(name: str, content: bytes) -> bool:
    """Whether a file, or one of those in it, has what was typed. Those of statistics programs are packed otherwise."""
    if content[:2] != b"PK":
        return MARK.encode() in content or name.endswith((".sav", ".dta"))
    with ZipFile(io.BytesIO(content)) as package:
        return any(_holds(inside, package.read(inside)) for inside in package.namelist())


def _file(name: str, content: bytes) -> Iterator[str]:
    """What is wrong with a file, and with those in it."""
    if name.endswith("xlsx"):
        yield from _workbook(name, content)
    elif name.endswith(("zip", "qdpx")):
        with ZipFile(io.BytesIO(content)) as package:
            for inside in package.namelist():
                if inside.startswith("/") or ".." in inside.split("/") or "\\" in inside:
                    yield f"a path leads out of it: {inside}"
                yield from _file(inside, package.read(inside))
    elif name.endswith(("xml", "qde")):
        yield from _xml(name, content)
    elif name.endswith("csv"):
        yield from _table(name, content.decode("utf-8-sig"))
    elif name.endswith(("html", "svg")) and f"<{MARK}".encode() in content:
        yield f"markup in {name}"
    if name.endswith(("html", "svg", "xml", "qde", "csv", "txt")) and RAN.encode() in content:
        yield f"a template ran in {name}"


def _xml(name: str, content: bytes) -> Iterator[str]:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<?xml-stylesheet" in content:
        yield f"{name} calls for something"
    try:
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        yield f"{name} is no XML: {error}"
        return
    if tree.xpath(f"//*[local-name()='{MARK}' or local-name()='script']"):
        yield f"what was typed is markup in {name}"


def _workbook(name: str, content: bytes) -> Iterator[str]:
    with ZipFile(io.BytesIO(content)) as package:
        for inside in package.namelist():
            if inside.endswith((".bin", ".vml")) or "externalLink" in inside:
                yield f"{name} has {inside}"
            if inside.endswith((".xml", ".rels")):
                yield from _xml(inside, package.read(inside))
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and (MARK in str(cell.value) or "HYPERLINK" in str(cell.value).upper()):
                    yield f"a formula that somebody typed in {name}, {sheet.title} {cell.coordinate}"
                if cell.hyperlink is not None and not (cell.hyperlink.location and not cell.hyperlink.target):
                    yield f"a link out of {name}, {sheet.title} {cell.coordinate}: {cell.hyperlink.target}"
