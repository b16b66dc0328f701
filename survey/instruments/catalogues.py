"""Gettext catalogues of instruments: reading them, and merging a changed source by context, never by similarity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import polib

from survey.instruments.model import Instrument

Status = Literal["draft", "reviewed", "pretested", "approved"]
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True)
class Translation:
    """One translated string: `outdated` where its source changed since, with `previous` the source it was made of.

    `by` (a person's code) and `on` (an ISO date) say who gave it its status, and when. `draft_1` and `draft_2` are the
    two independent drafts, of which `words` is the adjudicated text.
    """

    words: str
    status: Status
    outdated: bool
    previous: str = ""
    by: str = ""
    on: str = ""
    draft_1: str = ""
    draft_2: str = ""
    comment: str = ""


Catalogue = Mapping[tuple[str, str], Translation]
"""(context, source words) -> translation. The context is "<instrument>/<text key>"."""

NOTED = {"status": "status", "by": "by", "on": "on", "draft 1": "draft_1", "draft 2": "draft_2", "comment": "comment"}
"""What stands in a translator's comment of a .po entry, one a line as "status: reviewed" -> the field it fills.

A line that begins with two spaces goes on with the one before it (at once, where that ends with a backslash), and "\\n"
is a line break. Other lines are a comment.
"""

_LINE = 90
"""Lines of comments stay shorter than the width at which files are wrapped, which would tear them."""


def read_catalogue(path: Path) -> Catalogue:
    """The translations in a .po file; empty where there is no file.

    A translator's comment "status: reviewed" gives the status; without one it is a draft.
    """
    if not path.is_file():
        return {}
    return {
        (entry.msgctxt, entry.msgid): _translation(entry)
        for entry in polib.pofile(str(path))
        if not entry.obsolete and entry.msgctxt
    }


def _translation(entry: polib.POEntry) -> Translation:
    fields = noted_in(entry.tcomment)
    if fields.get("status") not in STATUSES:
        fields["status"] = "draft"
    return Translation(entry.msgstr, outdated=entry.fuzzy, previous=entry.previous_msgid or "", **fields)


def noted_in(comment: str) -> dict[str, Any]:
    """The fields of a Translation in a translator's comment, as `noted` writes them."""
    found: dict[str, str] = {}
    free: list[str] = []
    latest = ""
    for line in comment.splitlines():
        name, _, value = line.partition(":")
        if line.startswith("  ") and latest:
            before = found[latest]
            found[latest] = before[:-1] + line[2:] if _torn(before) else f"{before} {line[2:]}"
        elif name.strip() in NOTED:
            latest = NOTED[name.strip()]
            found[latest] = value.strip()
        else:
            latest = ""
            free.append(line)
    found = {field: _unescaped(value) for field, value in found.items() if value}
    written = "\n".join(free).strip()
    return {"comment": written} | found if written else found


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)


def noted(translation: Translation) -> str:
    """A translation's status, drafts and comment as a translator's comment, from which they are read again."""
    lines: list[str] = []
    for name, field in NOTED.items():
        value = getattr(translation, field)
        if value and (field, value) != ("status", "draft"):
            escaped = value.replace("\\", "\\\\").replace("\n", "\\n")
            lines.append("\n  ".join(_lines(f"{name}: {escaped}")))
    return "\n".join(lines)


def _lines(text: str) -> Iterator[str]:
    """A text in short lines, cut at single spaces; a line that is cut elsewhere ends with a backslash."""
    while len(text) > _LINE:
        space = re.compile(r".*\S( )(?=\S)").match(text, 0, _LINE + 1)
        if space and space.start(1) > _LINE // 2:
            yield text[: space.start(1)]
            text = text[space.end(1) :]
        else:
            here = _LINE - _torn(text[:_LINE])
            yield text[:here] + "\\"
            text = text[here:]
    yield text


def _torn(line: str) -> bool:
    """Whether a line ends with a backslash of its own: one that no other backslash makes an ordinary one."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


@dataclass(frozen=True)
class Merged:
    """What a merge did: contexts that are new, that became fuzzy because their source changed, and that are gone."""

    new: tuple[str, ...]
    fuzzy: tuple[str, ...]
    gone: tuple[str, ...]


Sources = Sequence[tuple[str, str]]
"""Context and source words of every text to translate, in order."""


def sources(versions: Sequence[Instrument]) -> Sources:
    """What there is to translate in all versions of an instrument."""
    return [(f"{one.instrument}/{key}", source) for one in versions for key, source in one.texts.items()]


def catalogue_of(language: str) -> polib.POFile:
    """An empty catalogue."""
    made = polib.POFile(wrapwidth=110)
    made.metadata = {"Language": language, "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8"}
    made.metadata["Content-Transfer-Encoding"] = "8bit"
    return made


def merge(path: Path, texts: Sources, language: str) -> Merged:
    """Bring a catalogue up to date with what there is to translate, and write it.

    Words that changed under the same context keep the old translation as fuzzy, with the previous source beside it.
    """
    old = polib.pofile(str(path)) if path.is_file() else polib.POFile()
    exact = {(entry.msgctxt, entry.msgid): entry for entry in old if not entry.obsolete}
    asleep = {(entry.msgctxt, entry.msgid): entry for entry in old if entry.obsolete}
    by_context: dict[str, polib.POEntry] = {
        entry.msgctxt: entry for entry in old if entry.msgstr and not entry.obsolete
    }
    fresh = catalogue_of(language)
    seen: set[tuple[str, str]] = set()
    new, fuzzy = [], []
    for context, source in texts:
        if (context, source) in seen:
            continue
        seen.add((context, source))
        entry = exact.get((context, source)) or asleep.get((context, source))
        if entry is not None:
            entry.obsolete = False
        else:
            entry = polib.POEntry(msgctxt=context, msgid=source)
            before = by_context.get(context)
            if before is not None:
                # A translation that was outdated already belongs to the source before that.
                entry.previous_msgid = before.previous_msgid if before.fuzzy else before.msgid
                entry.msgstr, entry.flags = before.msgstr, ["fuzzy"]
                fuzzy.append(context)
            else:
                new.append(context)
        fresh.append(entry)
    gone = [context for context, source in exact if (context, source) not in seen]
    contexts = {context for context, _ in seen}
    for entry in old:
        # What is gone keeps its translation, marked as obsolete: it may come back in a later version.
        if entry.msgstr and entry.msgctxt not in contexts:
            entry.obsolete = True
            fresh.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    return Merged(tuple(new), tuple(fuzzy), tuple(gone))
