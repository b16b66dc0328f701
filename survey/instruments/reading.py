"""A definition file becomes an Instrument, or all its problems at once with file, line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from survey.instruments import checks
from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.explaining import MOST_MISTAKES, explained
from survey.instruments.kinds import KINDS
from survey.instruments.kinds.question import Check, Choice
from survey.instruments.kinds.scale import Item
from survey.instruments.marked import Marked, NotYaml, marked
from survey.instruments.model import Instrument, Interpreter, Page, Score

SIZE_LIMIT = 1_000_000


def read(path: Path) -> Instrument:
    """The instrument in a file. Raises InstrumentError with every problem found, and OSError."""
    return read_text(file_bytes(path), str(path))


def file_bytes(path: Path) -> bytes:
    """What stands in a definition file. Raises InstrumentError where it is too large, and OSError."""
    if path.stat().st_size > SIZE_LIMIT:
        raise InstrumentError([Problem(str(path), 1, 1, f"the file is larger than {SIZE_LIMIT:,} bytes; split it")])
    return path.read_bytes()


def sha256(path: Path) -> str:
    """The fingerprint that holds a published version fast, the same with either kind of line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read_text(source: str | bytes, file: str = "<text>") -> Instrument:
    """The instrument in a YAML text. Raises InstrumentError with every problem found."""
    found_in_text = marked_file(source, file, "instrument: my-name")
    try:
        instrument = Instrument.model_validate(found_in_text.value)
    except ValidationError as error:
        found = _mistakes(error)
        found += _beyond(found_in_text.value, [place for place, _ in found])
    else:
        found = list(checks.findings(instrument))
        if not found:
            return instrument
    raise InstrumentError({Problem(file, *found_in_text.place(place), what) for place, what in found})


def _mistakes(error: ValidationError) -> list[checks.Finding]:
    parts = error.errors()[:MOST_MISTAKES]
    places = [tuple(part["loc"]) for part in parts]
    return [
        (_in_file(place), explained(part, _in_file(place), _settings(place[:-1]), list(KINDS)))
        for place, part in zip(places, parts, strict=True)
        # A list of which every member is unreadable is not also too short.
        if part["type"] != "too_short" or not any(other[: len(place)] == place and other != place for other in places)
    ]


def marked_file(source: str | bytes, file: str, beginning: str) -> Marked:
    """The mapping in a definition file, with its places. `beginning` is how such a file begins.

    Raises InstrumentError where it is no such file.
    """
    try:
        found = marked(source.decode("utf-8-sig") if isinstance(source, bytes) else source)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InstrumentError([Problem(file, line, 1, "this is not UTF-8; save the file as UTF-8")]) from None
    except NotYaml as error:
        raise InstrumentError(Problem(file, *place, what) for place, what in error.mistakes) from None
    if not isinstance(found.value, dict):
        raise InstrumentError([Problem(file, 1, 1, f"the file is empty or no mapping; begin with '{beginning}'")])
    return found


def _beyond(plain: Any, places: list[tuple[str | int, ...]]) -> list[checks.Finding]:
    """What the rules across questions find in the rest, once what cannot be read is left out: questions, and what is
    said about interpreters."""
    broken: set[tuple[int, int]] = set()
    head = dict(plain)
    for place in places:
        match place:
            case ("pages", int(i), "questions", int(j), *_):
                broken.add((i, j))
            case ("interpreter", *_):
                head.pop("interpreter", None)
            case _:
                return []
    names: set[str] = set()
    moved: dict[tuple[int, int], int] = {}
    pages = []
    for i, page in enumerate(plain["pages"]):
        kept: list[Any] = []
        for j, question in enumerate(page["questions"]):
            if (i, j) in broken:
                names |= _names_in(question)
            else:
                moved[i, len(kept)] = j
                kept.append(question)
        if not kept:
            return []
        pages.append({**page, "questions": kept})
    try:
        rest = Instrument.model_validate({**head, "pages": pages})
    except ValidationError:
        return []
    found: list[checks.Finding] = []
    for place, what in checks.findings(rest, frozenset(names)):
        match place:
            case ("pages", int(i), "questions", int(j), *more):
                found.append((("pages", i, "questions", moved[i, j], *more), what))
            case _:
                found.append((place, what))
    return found


def _names_in(question: Any) -> set[str]:
    if not isinstance(question, Mapping):
        return set()
    items = question.get("items")
    name = str(question.get("name"))
    return {name, f"{name}_namely"} | ({str(item) for item in items} if isinstance(items, Mapping) else set())


def _in_file(place: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """A place without the kind and the sort of list by which pydantic tells a question's settings apart."""
    match place:
        case ("pages", page, "questions", question, _, "choices", _, *rest):
            return ("pages", page, "questions", question, "choices", *rest)
        case ("pages", page, "questions", question, _, *rest):
            return ("pages", page, "questions", question, *rest)
    return place


def _settings(place: tuple[str | int, ...]) -> list[str]:
    """What can be set at a place of an instrument."""
    model: type[BaseModel] = Instrument
    match place:
        case ("pages", _, "questions", _, _, "check"):
            model = Check
        case ("pages", _, "questions", _, _, "choices", _, _) | ("lists", _, _):
            model = Choice
        case ("pages", _, "questions", _, _, "items", _):
            model = Item
        case ("pages", _, "questions", _, str(kind)):
            model = KINDS[kind]
        case ("pages", _):
            model = Page
        case ("scores", _):
            model = Score
        case ("interpreter",):
            model = Interpreter
    return sorted(model.model_fields)
