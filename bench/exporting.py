"""Measures the workbook's export against a bare openpyxl write-only loop over the same cells.

Run: python -m bench.exporting [RESPONSES ...] [--variables 150] [--trail] [--interpreted]
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import insert
from sqlalchemy.orm import Session

from exports import formats
from exports.collecting import Collected, Collector
from exports.tables import valued
from survey.instruments.library import Library, Shelf
from survey.storage.database import Database
from survey.storage.reading import Selection
from survey.storage.record import dumps
from survey.storage.tables import Change, Event, Participant, Person, Response, Segment, Study, TextSet, Visit, Wave

NOW = datetime.datetime(2023, 4, 1, 12, 0, tzinfo=datetime.UTC)
PAGE_SAVES = 12
HEAD = """
instrument: bench
version: 1
language: nl
title: Meting
about: participant
role: interviewer
purpose: Meten hoe snel het gaat.
lists:
  agree: {1: Helemaal niet, 2: Niet, 3: Een beetje, 4: Wel, 5: Helemaal wel}
  homes: {yes: Ja, no: Nee, else: {text: Anders, other: true}}
  worries: {debt: Schulden, home: Wonen, work: Werk, health: Gezondheid, none: {text: Niets, exclusive: true}}
pages:
"""
PAGE = """
- page: page{n}
  title: Onderwerp {n}
  questions:
  - {{kind: choice, name: housed{n}, text: Heeft u een huis?, choices: homes}}
  - {{kind: scale, name: views{n}, text: Wat vindt u?, choices: agree, when: housed{n} == 'yes', items: {{{items}}}}}
  - {{kind: several, name: worry{n}, text: Wat geeft zorgen?, choices: worries}}
  - {{kind: number, name: hours{n}, text: Hoeveel uur?, min: 0, max: 168}}
  - {{kind: {kind}, name: since{n}, text: Sinds wanneer?}}
  - {{kind: open, name: why{n}, text: Waarom?}}
"""
PER_PAGE = 15
WORDS = [
    "de",
    "het",
    "een",
    "mijn",
    "huis",
    "werk",
    "geld",
    "buurt",
    "familie",
    "steun",
    "vaak",
    "soms",
    "weer",
    "bezig",
]


def definition(variables: int) -> str:
    """An instrument of about so many variables, of all kinds."""
    items = ", ".join(f"view{{n}}_{i}: Stelling {i}" for i in range(1, 6))
    return HEAD + "".join(
        PAGE.format(n=n, items=items.format(n=n), kind="date" if n % 5 == 1 else "number")
        for n in range(1, max(1, round(variables / PER_PAGE)) + 1)
    )


def answers(pages: int, chance: random.Random) -> dict[str, Any]:
    """What somebody might answer: one in twelve refuses a statement, one in five has no house of their own, two in
    three say something to an open question."""
    found: dict[str, Any] = {}
    for n in range(1, pages + 1):
        found[f"housed{n}"] = chance.choices(["yes", "no", "else"], [8, 1, 1])[0]
        if found[f"housed{n}"] == "else":
            found[f"housed{n}_namely"] = _words(2, chance)
        for i in range(1, 6):
            found[f"view{n}_{i}"] = chance.randint(1, 5) if chance.random() < 0.92 else {"missing": "refused"}
        found[f"worry{n}"] = chance.sample(["debt", "home", "work", "health"], chance.randint(1, 3))
        found[f"hours{n}"] = chance.randint(0, 60)
        day = datetime.date(1990, 1, 1) + datetime.timedelta(days=chance.randrange(12_000))
        found[f"since{n}"] = day.isoformat() if n % 5 == 1 else chance.randint(0, 40)
        if chance.random() < 0.67:
            found[f"why{n}"] = _words(chance.randint(5, 25), chance)
    return found


def _words(count: int, chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def fill(database: Database, responses: int, pages: int, *, trail: bool, interpreted: bool = False) -> None:
    """So many responses in two waves, with one change per answer. By bulk inserts, as only the reading is measured.

    `interpreted`: each has a segment, a second language, a code for one question in ten and an event on each page.
    """
    chance = random.Random(1)
    with database.writing() as session:
        made = {"made_at": NOW}
        session.execute(insert(Person), {"id": 1, "name": "bench", "code": "AAA-AAA", "password_hash": "", **made})
        session.execute(insert(Study), {"id": 1, "slug": "bench", "title": "Bench", **made})
        waves = [{"id": i + 1, "study_id": 1, "code": f"t{i}", "title": f"T{i}", "position": i} for i in range(2)]
        session.execute(insert(Wave), waves)
        for start in range(0, responses, 1000):
            numbers = range(start, min(start + 1000, responses))
            people = [
                {"id": i // 2 + 1, "study_id": 1, "code": f"P{i // 2:06}", "registered_at": NOW, "registered_by": 1}
                for i in numbers
                if i % 2 == 0
            ]
            session.execute(insert(Participant), people)
            documents = [answers(pages, chance) for _ in numbers]
            relay = [_relay(pages, chance) if interpreted else {} for _ in numbers]
            told = zip(numbers, documents, relay, strict=True)
            session.execute(insert(Response), [_response(i, document, codes) for i, document, codes in told])
            if interpreted:
                _interpret(session, numbers, pages, first=start == 0)
            if trail:
                visits = [_visit(i, n, interpreted=interpreted) for i in numbers for n in range(pages)]
                session.execute(insert(Visit), visits)
                session.execute(
                    insert(Change),
                    [
                        change
                        for i, document in zip(numbers, documents, strict=True)
                        for change in _changes(i, document, pages)
                    ],
                )


def _relay(pages: int, chance: random.Random) -> dict[str, list[str]]:
    questions = [f"{name}{n}" for n in range(1, pages + 1) for name in ("housed", "views", "worry", "hours", "why")]
    return {question: ["difficulty", "repeated"] for question in questions if chance.random() < 0.1}


def _interpret(session: Session, numbers: range, pages: int, *, first: bool) -> None:
    """One segment for each response, and an event on each page; texts in two languages, once."""
    if first:
        texts = {f"why{n}/text": ["Waarom?", "nl", "draft"] for n in range(1, pages + 1)}
        kept = {"instrument": "bench", "instrument_version": 1, "document": dumps({"texts": texts}), "kept_at": NOW}
        session.execute(insert(TextSet), [{"sha256": one, "language": one, **kept} for one in ("nl", "ar")])
    segments = [
        {
            "response_id": i + 1, "number": 1, "at": NOW, "person_id": 1, "others": "[]", "promised": True,
            "interpreter": "professional" if i % 4 == 0 else "none", "mode": "phone" if i % 4 == 0 else None,
        }
        for i in numbers
    ]  # fmt: skip
    session.execute(insert(Segment), segments)
    about = {"at": NOW, "person_id": 1, "kind": "card", "segment": 1, "details": "{}"}
    session.execute(
        insert(Event), [about | {"response_id": i + 1, "page": f"page{n + 1}"} for i in numbers for n in range(pages)]
    )


def _response(i: int, document: dict[str, Any], relay: dict[str, list[str]]) -> dict[str, Any]:
    at = NOW + datetime.timedelta(minutes=i)
    return {
        "id": i + 1, "token": f"token-{i:014}", "study_id": 1, "wave_id": i % 2 + 1, "instrument": "bench",
        "instrument_version": 1, "participant_id": i // 2 + 1, "opened_by": 1, "language": "nl", "version": PAGE_SAVES,
        "document": dumps({"answers": document, "drafts": {}, "notes": {}, "relay": relay}),
        "started_at": at, "changed_at": at, "submitted_at": at, "submitted_by": 1,
    }  # fmt: skip


def _visit(i: int, n: int, *, interpreted: bool) -> dict[str, Any]:
    at = NOW + datetime.timedelta(minutes=i, seconds=n)
    return {
        "id": i * 1000 + n + 1, "response_id": i + 1, "version": n + 1, "kind": "page", "page": f"page{n + 1}",
        "person_id": 1, "at": at, "segment": 1 if interpreted else None, "layout": "both",
        "texts": "nl" if interpreted else None, "second_texts": "ar" if interpreted else None,
    }  # fmt: skip


def _changes(i: int, document: dict[str, Any], pages: int) -> Iterator[dict[str, Any]]:
    per_page = len(document) // pages + 1
    for k, (unit, value) in enumerate(document.items()):
        visit = k // per_page
        yield {
            "response_id": i + 1, "visit_id": i * 1000 + visit + 1, "version": visit + 1, "part": "answers",
            "unit": unit, "new": dumps(value),
        }  # fmt: skip


def _library(folder: Path) -> Library:
    return Library([Shelf(folder, folder / "translations")])


def _prepared(folder: Path, responses: int, variables: int, *, trail: bool, interpreted: bool) -> None:
    path = folder / "instruments" / "bench" / "v1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(definition(variables))
    database = Database(f"sqlite:///{folder / 'bench.sqlite'}")
    database.upgrade()
    fill(database, responses, max(1, round(variables / PER_PAGE)), trail=trail or interpreted, interpreted=interpreted)
    database.close()


def _export(folder: Path) -> dict[str, Any]:
    """The real function: seconds until it was written, and until it was read back too."""
    database = Database(f"sqlite:///{folder / 'bench.sqlite'}")
    library = _library(folder)
    written: list[float] = []
    kind = formats.FORMATS[".xlsx"]

    def noted(*given: Any) -> Any:
        done = kind.write(*given)
        written.append(time.perf_counter())
        return done

    formats.FORMATS[".xlsx"] = formats.Format(kind.title, kind.media_type, noted, kind.changed)
    start = time.perf_counter()
    made = formats.write(database, library, Selection(1), folder / "out.xlsx", now=NOW, by="bench")
    end = time.perf_counter()
    return {"written": written[0] - start, "read_back": end - start, "bytes": made.size, "rows": dict(made.rows)}


def _cells(folder: Path) -> Collected:
    with Database(f"sqlite:///{folder / 'bench.sqlite'}").reading() as session:
        return Collector(folder).collect(session, _library(folder), Selection(1), now=NOW, by="bench", language=None)


def _bare(folder: Path) -> dict[str, Any]:
    """A bare write-only loop of openpyxl over the same cells, which are made beforehand and not counted."""
    collected = _cells(folder)
    start = time.perf_counter()
    workbook = Workbook(write_only=True)
    cells = 0
    for table in collected.tables:
        sheet = workbook.create_sheet(table.name)
        sheet.append([field.name for field in table.fields])
        computed = any(field.computed for field in table.fields)
        for row in table.rows:
            sheet.append([valued(cell) for cell in row] if computed else row)
        cells += len(table.rows) * len(table.fields)
    workbook.save(folder / "bare.xlsx")
    return {"seconds": time.perf_counter() - start, "cells": cells, "bytes": (folder / "bare.xlsx").stat().st_size}


_PARTS: dict[str, Callable[[Path], dict[str, Any]]] = {"export": _export, "bare": _bare}


def _apart(part: str, folder: Path) -> dict[str, Any]:
    """One measurement in a process of its own, so that its peak memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.exporting", "--part", part, "--folder", str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _peak_mb() -> int:
    """The most memory that this process held. Not ru_maxrss where it can be helped: that begins with the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(responses: int, variables: int = 150, *, trail: bool = False, interpreted: bool = False) -> dict[str, Any]:
    """Seconds, cells a second and peak memory (MB) of the export and of the bare loop, and how many times quicker."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepared(folder, responses, variables, trail=trail, interpreted=interpreted)
        export, bare = _apart("export", folder), _apart("bare", folder)
    return {
        "responses": responses,
        "cells": bare["cells"],
        "written_seconds": round(export["written"], 2),
        "written_and_read_back_seconds": round(export["read_back"], 2),
        "bare_seconds": round(bare["seconds"], 2),
        "times_quicker_written": round(bare["seconds"] / export["written"], 1),
        "times_quicker_written_and_read_back": round(bare["seconds"] / export["read_back"], 1),
        "cells_per_second_written": round(bare["cells"] / export["written"]),
        "bare_cells_per_second": round(bare["cells"] / bare["seconds"]),
        "peak_mb": export["peak_mb"],
        "bare_peak_mb": bare["peak_mb"],
        "megabytes": round(export["bytes"] / 1e6, 1),
        "bare_megabytes": round(bare["bytes"] / 1e6, 1),
    }


def main() -> None:
    """Print the measurements as lines of text, or those of one part as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("responses", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("--variables", type=int, default=150)
    parser.add_argument("--trail", action="store_true", help="with a change per answer")
    parser.add_argument("--interpreted", action="store_true", help="with a change per answer and with interpreters")
    parser.add_argument("--part", choices=sorted(_PARTS))
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.part:
        found = _PARTS[given.part](given.folder)
        found["peak_mb"] = _peak_mb()
        print(json.dumps(found))
        return
    report(given.responses, given.variables, trail=given.trail, interpreted=given.interpreted)


def report(
    sizes: Sequence[int] = (1000, 10_000), variables: int = 150, *, trail: bool = False, interpreted: bool = False
) -> None:
    """Print the measurements of exports of so many responses."""
    for responses in sizes:
        for name, value in measure(responses, variables, trail=trail, interpreted=interpreted).items():
            print(f"  {name:40} {value:>14,}")


if __name__ == "__main__":
    main()
