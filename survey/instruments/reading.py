"""A definition file becomes an Instrument, or all its problems at once with file, line and column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarfloat import ScalarFloat
from ruamel.yaml.scalarint import ScalarInt
from ruamel.yaml.scalarstring import ScalarString

from survey.instruments import checks
from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.kinds import KINDS
from survey.instruments.kinds.question import Check, Choice
from survey.instruments.kinds.scale import Item
from survey.instruments.model import Instrument, Page, Score

SIZE_LIMIT = 1_000_000
DEPTH_LIMIT = 20


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


class _Refused(MarkedYAMLError):
    """YAML that is well formed and yet cannot be an instrument."""


class _Composer(Composer):
    """Refuses aliases, a few lines of which can stand for billions of nodes, and nesting that would take minutes."""

    _nesting = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            what = f"'*{event.anchor}' stands for lines elsewhere; write them out, or put shared options under 'lists'"
            raise _Refused(None, None, what, event.start_mark)
        if self._nesting == DEPTH_LIMIT:
            what = "this is nested too deep; an instrument has pages with questions"
            raise _Refused(None, None, what, event.start_mark)
        self._nesting += 1
        node = super().compose_node(parent, index)
        self._nesting -= 1
        return node


def _marked(source: str | bytes, file: str) -> Any:
    yaml = YAML(typ="rt", pure=True)
    yaml.allow_duplicate_keys = False
    yaml.Composer = _Composer
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        marked = yaml.load(text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InstrumentError([Problem(file, line, 1, "this is not UTF-8; save the file as UTF-8")]) from None
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"the sign U+{ord(text[error.position]):04X} cannot stand in a file like this; take it out"
        raise InstrumentError([Problem(file, line, column, what)]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = str(error.problem or error.context or "this is not YAML").split("\n")[0]
        if not isinstance(error, _Refused):
            what += "; check the indentation, quotes and colons here"
        raise InstrumentError([Problem(file, line, column, what)]) from None
    except (YAMLError, ValueError) as error:
        raise InstrumentError([Problem(file, 1, 1, f"this is not YAML: {str(error).splitlines()[0]}")]) from None
    if not isinstance(marked, Mapping):
        raise InstrumentError(
            [Problem(file, 1, 1, "the file is empty or no mapping; begin with 'instrument: my-name'")]
        )
    return marked


def _plain(node: Any) -> Any:
    """The node without the reader's own classes."""
    if isinstance(node, Mapping):
        return {_plain_key(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    for wrapped, simple in ((bool, bool), (ScalarInt, int), (ScalarFloat, float), (ScalarString, str)):
        if isinstance(node, wrapped):
            return simple(node)
    return node


def _plain_key(key: Any) -> Any:
    return str(key) if isinstance(key, (Mapping, tuple)) else _plain(key)


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
    for part in _in_file(place):
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
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        return f"'{last}' needs lines such as 'key: value' of its own, and has {str(given)[:60]!r}"
    if kind == "tuple_type":
        return f"'{last}' must be a list, of lines that begin with a dash; found {str(given)[:60]!r}"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}; found {str(given)[:60]!r}"
