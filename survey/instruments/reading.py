"""A definition file becomes an Instrument, or all its problems at once with file, line and column."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarfloat import ScalarFloat
from ruamel.yaml.scalarint import ScalarInt
from ruamel.yaml.scalarstring import ScalarString

from survey.instruments import checks
from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.kinds import KINDS
from survey.instruments.model import Instrument, Page, Score

SIZE_LIMIT = 1_000_000


def read(path: Path) -> Instrument:
    """The instrument in a file. Raises InstrumentError with every problem found, and OSError."""
    if path.stat().st_size > SIZE_LIMIT:
        raise InstrumentError([Problem(str(path), 1, 1, f"the file is larger than {SIZE_LIMIT:,} bytes; split the instrument")])
    return read_text(path.read_bytes(), str(path))


def sha256(path: Path) -> str:
    """The fingerprint that holds a published version fast, the same with either kind of line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def read_text(source: str | bytes, file: str = "<text>") -> Instrument:
    """The instrument in a YAML text. Raises InstrumentError with every problem found."""
    marked = _marked(source, file)
    plain = _plain(marked)
    try:
        instrument = Instrument.model_validate(plain)
    except ValidationError as error:
        found = _mistakes(error)
        found += _beyond(plain, [place for place, _ in found])
    else:
        found = list(checks.findings(instrument))
        if not found:
            return instrument
    raise InstrumentError({Problem(file, *_position(marked, place), what) for place, what in found})


def _mistakes(error: ValidationError) -> list[checks.Finding]:
    parts = error.errors()
    places = [tuple(part["loc"]) for part in parts]
    return [
        (place, _explained(part))
        for place, part in zip(places, parts, strict=True)
        # A list of which every member is unreadable is not also too short.
        if part["type"] != "too_short" or not any(other[: len(place)] == place and other != place for other in places)
    ]


def _marked(source: str | bytes, file: str) -> Any:
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        marked = yaml.load(text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InstrumentError([Problem(file, line, 1, "this is not UTF-8; save the file as UTF-8")]) from None
    except RecursionError:
        raise InstrumentError([Problem(file, 1, 1, "the file is nested too deep; an instrument has pages with questions")]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = str(error.problem or error.context or "this is not YAML").split("\n")[0]
        raise InstrumentError([Problem(file, line, column, f"{what}; check the indentation, quotes and colons here")]) from None
    except (YAMLError, ValueError) as error:
        raise InstrumentError([Problem(file, 1, 1, f"this is not YAML: {str(error).splitlines()[0]}")]) from None
    if not isinstance(marked, Mapping):
        raise InstrumentError([Problem(file, 1, 1, "the file is empty or no mapping; begin with 'instrument: my-name'")])
    return marked


def _plain(node: Any, depth: int = 0) -> Any:
    """The node without the reader's own classes."""
    if depth > 30:
        return None
    if isinstance(node, Mapping):
        return {_plain(key, depth + 1): _plain(value, depth + 1) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value, depth + 1) for value in node]
    for wrapped, simple in ((bool, bool), (ScalarInt, int), (ScalarFloat, float), (ScalarString, str)):
        if isinstance(node, wrapped):
            return simple(node)
    return node


def _beyond(plain: Any, places: list[tuple[str | int, ...]]) -> list[checks.Finding]:
    """What the rules across questions find in the rest, once the questions that cannot be read are left out."""
    broken: set[tuple[int, int]] = set()
    for place in places:
        match place:
            case ("pages", int(i), "questions", int(j), *_):
                broken.add((i, j))
            case _:
                return []
    names: set[str] = set()
    moved: dict[tuple[int, int], int] = {}
    pages = []
    for i, page in enumerate(plain["pages"]):
        kept = []
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
        rest = Instrument.model_validate({**plain, "pages": pages})
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


def _position(node: Any, place: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column, from 1, of a place; of the nearest part around it that stands in the file."""
    line, column = 0, 0
    for part in place:
        if isinstance(node, Mapping):
            key = next((key for key in node if key == part or str(key) == str(part)), None)
            if key is None:
                continue
            line, column = node.lc.key(key)  # type: ignore[attr-defined]
            node = node[key]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            line, column = node.lc.item(part)  # type: ignore[attr-defined]
            node = node[part]
    return line + 1, column + 1


def _settings(place: tuple[str | int, ...]) -> list[str]:
    kind = next((part for part in reversed(place) if part in KINDS), None)
    model: type[BaseModel] = Instrument
    if kind is not None:
        model = KINDS[str(kind)]
    elif place[:1] == ("pages",):
        model = Page
    elif place[:1] == ("scores",):
        model = Score
    return sorted(model.model_fields)


def _explained(error: Any) -> str:
    """What is wrong and what to do, for one of pydantic's errors."""
    place, kind, given = tuple(error["loc"]), error["type"], error.get("input")
    last = place[-1] if place else ""
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _settings(place[:-1])
        close = get_close_matches(str(last), known, n=1)
        return f"'{last}' is no setting here; " + (f"did you mean '{close[0]}'?" if close else "known are " + ", ".join(known))
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
        return f"{'.'.join(map(str, place[-1:]))!r} must be a text; write it out, in quotes where it looks like a number"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}; found {str(given)[:60]!r}"
