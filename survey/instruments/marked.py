"""YAML text becomes plain values that know their places: every key and entry with its line and column.

Read from libyaml's events, without recursion, under YAML 1.2's rules for what looks like a number: codes such as `yes`,
`no` and `on` stay texts. Aliases are refused, since a few lines of them can stand for billions of entries, and so is a
key that stands twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

DEPTH_LIMIT = 20
PARTS_LIMIT = 40_000

_WHOLE = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Mapping[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TEXT_TAG = "tag:yaml.org,2002:str"
_HELP = "; check the indentation, quotes and colons here"

Place = tuple[int, int]
"""Line and column, both from 1."""


class NotYaml(Exception):
    """A text that is no YAML, or that has what a definition must not have: `mistakes` are places with what is wrong."""

    def __init__(self, mistakes: list[tuple[Place, str]]) -> None:
        self.mistakes = mistakes
        super().__init__(mistakes)


@dataclass
class Marked:
    """A value with the places of its parts: `parts` has for each key or position its place and what stands there."""

    value: Any
    parts: dict[Any, tuple[Place, Marked]] = field(default_factory=dict)

    def place(self, path: tuple[str | int, ...]) -> Place:
        """The place of a path; of the nearest part around it that stands in the text."""
        here, found = self, (1, 1)
        for step in path:
            key = step if step in here.parts else next((key for key in here.parts if str(key) == str(step)), None)
            if key in here.parts:
                found, here = here.parts[key]
        return found


@dataclass
class _Open:
    """A mapping or list of which the end was not reached yet; of a mapping, the key whose value comes next."""

    marked: Marked
    key: Any = None
    key_place: Place | None = None


def marked(source: str) -> Marked:
    """The value in a YAML text, None for an empty one. Raises NotYaml with all mistakes that can be told at once."""
    mistakes: list[tuple[Place, str]] = []
    root: Marked | None = None
    around: list[_Open] = []
    parts = 0
    for event in _events(source):
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.AliasEvent):
            what = f"'*{event.anchor}' stands for lines elsewhere; write them out, or put shared options under 'lists'"
            raise NotYaml([(place, what)])
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise NotYaml([(place, f"a second document begins here; keep one instrument a file{_HELP}")])
        if isinstance(event, yaml.CollectionEndEvent):
            around.pop()
        elif isinstance(event, yaml.NodeEvent):
            parts += 1
            if parts > PARTS_LIMIT:
                raise NotYaml([(place, f"there are more than {PARTS_LIMIT:,} words and values; split the file")])
            node = _node(event, place)
            if around:
                _put(around[-1], node, place, mistakes)
            else:
                root = node
            if not isinstance(event, yaml.ScalarEvent):
                around.append(_Open(node))
                if len(around) > DEPTH_LIMIT:
                    raise NotYaml([(place, "this is nested too deep; an instrument has pages with questions")])
    if mistakes:
        raise NotYaml(mistakes)
    return root or Marked(None)


def _events(source: str) -> Any:
    try:
        yield from yaml.parse(source, Loader=yaml.CBaseLoader)
    except yaml.reader.ReaderError as error:
        before = source[: error.position]
        place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        sign = f"U+{ord(source[error.position]):04X}" if error.position < len(source) else "at the end"
        raise NotYaml([(place, f"the sign {sign} cannot stand in a file like this; take it out")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = error.problem or error.context or "this is not YAML"
        line = "".join(source.splitlines()[mark.line : mark.line + 1]) if mark else ""
        if mark and line[mark.column : mark.column + 1] == "\t":
            what = "a tab stands here, and only spaces can indent"
        raise NotYaml([(place, f"{what}{_HELP}")]) from None


def _node(event: Any, place: Place) -> Marked:
    if isinstance(event, yaml.MappingStartEvent):
        return Marked({})
    if isinstance(event, yaml.SequenceStartEvent):
        return Marked([])
    if event.tag not in (None, "!", _TEXT_TAG):
        raise NotYaml([(place, f"the tag '{event.tag}' has no meaning here; take it away")])
    return Marked(_plain(event.value) if event.implicit[0] and event.tag is None else event.value)


def _plain(text: str) -> Any:
    """What a text without quotes stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text) and len(text) < 20:
        return int(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float(text) if _DECIMAL.fullmatch(text) else text


def _put(parent: _Open, node: Marked, place: Place, mistakes: list[tuple[Place, str]]) -> None:
    value, parts = parent.marked.value, parent.marked.parts
    if isinstance(value, list):
        parts[len(value)] = (place, node)
        value.append(node.value)
    elif parent.key_place is None:
        if isinstance(node.value, (dict, list)):
            raise NotYaml([(place, f"a key is a word or a number{_HELP}")])
        parent.key, parent.key_place = node.value, place
        if node.value in parts and type(next(key for key in value if key == node.value)) is type(node.value):
            first = parts[node.value][0][0]
            mistakes.append((place, f"'{node.value}' stands in line {first} already; take one of the two away"))
    else:
        value[parent.key] = node.value
        parts[parent.key] = (parent.key_place, node)
        parent.key_place = None
