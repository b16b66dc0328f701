"""Gettext catalogues of instruments: reading them, and merging a changed source by context, never by similarity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import polib

from survey.instruments.model import Instrument

Status = Literal["draft", "reviewed", "pretested", "approved"]
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True)
class Translation:
    """One translated string: `outdated` where its source changed since."""

    words: str
    status: Status
    outdated: bool


Catalogue = Mapping[tuple[str, str], Translation]
"""(context, source words) -> translation. The context is "<instrument>/<text key>"."""


def read_catalogue(path: Path) -> Catalogue:
    """The translations in a .po file; empty where there is no file.

    A translator's comment "status: reviewed" gives the status; without one it is a draft.
    """
    if not path.is_file():
        return {}
    found: dict[tuple[str, str], Translation] = {}
    for entry in polib.pofile(str(path)):
        if not entry.obsolete and entry.msgctxt:
            found[entry.msgctxt, entry.msgid] = Translation(entry.msgstr, _status(entry), entry.fuzzy)
    return found


def _status(entry: polib.POEntry) -> Status:
    for written in entry.tcomment.splitlines():
        name, _, value = written.partition(":")
        if name.strip() == "status" and value.strip() in STATUSES:
            return value.strip()  # type: ignore[return-value]
    return "draft"


@dataclass(frozen=True)
class Merged:
    """What a merge did: contexts that are new, that became fuzzy because their source changed, and that are gone."""

    new: tuple[str, ...]
    fuzzy: tuple[str, ...]
    gone: tuple[str, ...]


def merge(path: Path, versions: list[Instrument], language: str) -> Merged:
    """Bring a catalogue up to date with all versions of an instrument, and write it.

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
    for instrument in versions:
        for key, source in instrument.texts.items():
            context = f"{instrument.instrument}/{key}"
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
