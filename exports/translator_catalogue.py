"""The .po catalogue that goes to a translator or developer and comes back; it can take the place of a shipped file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polib

from exports.packed import check_size
from exports.translator_sheet import SheetError, read_sheet, write_sheet
from exports.whole_file import whole_file
from survey.instruments.catalogues import catalogue_of, noted, noted_in
from survey.instruments.round_trip import OUTDATED, Returned, Row

SUFFIXES = (".xlsx", ".po")


def write_texts(target: Path, language: str, rows: Sequence[Row], kept: Path | None = None) -> None:
    """Write the texts as what the target's suffix says. Raises SheetError for any other.

    `kept`: a catalogue of which the texts that no version has any more go along, as in a merge; for a .po only.
    """
    match target.suffix.lower():
        case ".xlsx":
            write_sheet(target, language, rows)
        case ".po":
            write_catalogue(target, language, rows, kept)
        case other:
            raise SheetError(f"'{other}' is no format for translators; known are {', '.join(SUFFIXES)}")
    # It holds no answers, and others go on with it.
    target.chmod(0o644)


def read_texts(path: Path, language: str) -> list[Returned]:
    """The texts in a file that came back. Raises SheetError."""
    match path.suffix.lower():
        case ".xlsx":
            return read_sheet(path, language)
        case ".po":
            return read_texts_of_catalogue(path, language)
        case other:
            raise SheetError(f"'{other}' is no format for translators; known are {', '.join(SUFFIXES)}")


def write_catalogue(target: Path, language: str, rows: Sequence[Row], kept: Path | None = None) -> None:
    """Write the texts as a gettext catalogue, with statuses, drafts and comments as translator's comments."""
    made = catalogue_of(language)
    contexts = {row.context for row in rows}
    for row in rows:
        entry = polib.POEntry(msgctxt=row.context, msgid=row.source, msgstr=row.words)
        if row.there is not None:
            entry.tcomment = noted(row.there)
        if row.outdated:
            entry.flags, entry.previous_msgid = ["fuzzy"], row.previous or None
        made.append(entry)
    if kept is not None and kept.is_file():
        for entry in polib.pofile(str(kept)):
            if entry.msgstr and entry.msgctxt not in contexts:
                entry.obsolete = True
                made.append(entry)
    with whole_file(target) as file:
        file.write(str(made).encode())


def read_texts_of_catalogue(path: Path, language: str) -> list[Returned]:
    """The entries of a .po file, with their line as number. Raises SheetError."""
    try:
        check_size(path)
        catalogue = polib.pofile(str(path), encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SheetError(f"{path.name} cannot be read as a catalogue (.po): {error}") from None
    says = catalogue.metadata.get("Language", "").replace("_", "-")
    if says and says != language:
        raise SheetError(f"this catalogue is for the language '{says}', and not for '{language}'")
    return [_returned(entry) for entry in catalogue if not entry.obsolete]


def _returned(entry: polib.POEntry) -> Returned:
    found = noted_in(entry.tcomment)
    status = OUTDATED if entry.fuzzy else found.get("status", "draft" if entry.msgstr else "")
    drafts = {field: found.get(field, "") for field in ("draft_1", "draft_2", "comment")}
    return Returned(entry.linenum or 0, entry.msgctxt or "", entry.msgid, words=entry.msgstr, status=status, **drafts)
