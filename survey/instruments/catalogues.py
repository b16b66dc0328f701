"""Gettext catalogues of instruments: reading them, and merging a changed source by context, never by similarity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
"""What stands in a translator's comment of a .po entry, one a line as "status: reviewed" -> the field it fills."""


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
    noted: dict[str, Any] = {}
    for line in entry.tcomment.splitlines():
        name, _, value = line.partition(":")
        if name.strip() in NOTED and value.strip():
            noted[NOTED[name.strip()]] = value.strip()
    if noted.get("status") not in STATUSES:
        noted["status"] = "draft"
    return Translation(entry.msgstr, outdated=entry.fuzzy, previous=entry.previous_msgid or "", **noted)


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
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {"Language": language, "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8"}
    fresh.metadata["Content-Transfer-Encoding"] = "8bit"
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
