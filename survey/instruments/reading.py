"""A definition file becomes an Instrument, or all its problems at once with file, line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from survey.instruments import checks
from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.kinds import KINDS
from survey.instruments.kinds.question import Check, Choice
from survey.instruments.kinds.scale import Item
from survey.instruments.marked import Marked, NotYaml, marked
from survey.instruments.model import Instrument, Interpreter, Page, Score

SIZE_LIMIT = 1_000_000


def read(path: Path) -> Instrument:
    """The instrument in a file. Raises InstrumentError with every problem found, and OSError."""
    if path.stat().st_size > SIZE_LIMIT:
        raise InstrumentError(
            [Problem(str(path), 1, 1, f"the file is larger than {SIZE_LIMIT:,} bytes; split the instrument")]
        )
    return read_text(path.read_bytes(), str(path))


def sha256(path: Path) -> str:
    """The fingerprint that holds a published version fast, the same with either kind of line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read_text(source: str | bytes, file: str = "<text>") -> Instrument:
    """The instrument in a YAML text. Raises InstrumentError with every problem found."""
    found_in_text = _marked(source, file)
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
    parts = error.errors()
    places = [tuple(part["loc"]) for part in parts]
    return [
        (_in_file(place), _explained(part))
        for place, part in zip(places, parts, strict=True)
        # A list of which every member is unreadable is not also too short.
        if part["type"] != "too_short" or not any(other[: len(place)] == place and other != place for other in places)
    ]


def _marked(source: str | bytes, file: str) -> Marked:
    try:
        found = marked(source.decode("utf-8-sig") if isinstance(source, bytes) else source)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InstrumentError([Problem(file, line, 1, "this is not UTF-8; save the file as UTF-8")]) from None
    except NotYaml as error:
        raise InstrumentError(Problem(file, *place, what) for place, what in error.mistakes) from None
    if not isinstance(found.value, dict):
        raise InstrumentError(
            [Problem(file, 1, 1, "the file is empty or no mapping; begin with 'instrument: my-name'")]
        )
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


def _explained(error: Any) -> str:
    """What is wrong and what to do, for one of pydantic's errors."""
    place, kind, given = tuple(error["loc"]), error["type"], error.get("input")
    last = next((part for part in reversed(_in_file(place)) if part != "[key]"), "")
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _settings(place[:-1])
        close = get_close_matches(str(last), known, n=1)
        return f"'{last}' is no setting here; " + (
            f"did you mean '{close[0]}'?" if close else "known are " + ", ".join(known)
        )
    if kind == "missing":
        return f"'{last}' is missing; add it"
    if kind == "union_tag_not_found":
        return f"'kind' is missing; add one of {', '.join(KINDS)}"
    if kind == "union_tag_invalid":
        close = get_close_matches(str(context.get("tag")), list(KINDS), n=1)
        return f"'{context.get('tag')}' is no kind of question; " + (
            f"did you mean '{close[0]}'?" if close else f"kinds are {', '.join(KINDS)}"
        )
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind == "string_pattern_mismatch":
        return f"{given!r} cannot be a name or code; use small letters, digits and underscores, a letter first"
    if kind == "string_too_long":
        return f"{given!r} is too long; use at most {context.get('max_length')} letters"
    if kind == "literal_error":
        return f"{given!r} is not possible here; use {context.get('expected')}"
    if kind in ("string_type", "string_too_short"):
        return f"'{last}' must be a text; write it out, in quotes where it looks like a number"
    if kind == "invalid_key":
        return f"{given!r} is no setting; a setting is a word"
    if kind == "too_short":
        return f"'{last}' needs at least {context.get('min_length')}, and has {context.get('actual_length')}"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        subject = {"questions": "a question", "pages": "a page"}.get(str(place[-2:-1] and place[-2]), f"'{last}'")
        return f"{subject} needs lines such as 'key: value' of its own, and has {str(given)[:60]!r}"
    if kind == "tuple_type":
        return f"'{last}' must be a list, of lines that begin with a dash; found {str(given)[:60]!r}"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}; found {str(given)[:60]!r}"
