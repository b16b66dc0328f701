"""The translator's round trip: every text with what there is of it, and what would change when a file comes back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from survey.instruments.catalogues import STATUSES, Catalogue, Sources, Translation

OUTDATED = "outdated"
"""What stands as the status of a text of which the source changed: who looked at it chooses another."""

FIELDS = ("words", "draft_1", "draft_2", "status", "comment")
"""What a translator can change of a text."""

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Row:
    """One text to translate into one language, and what there is of it.

    `where` is the page and question it belongs to, `staff_only` whether no participant ever sees it. `previous` is the
    source of which `words` are the translation, where that is not the present one any more.
    """

    context: str
    source: str
    where: str = ""
    staff_only: bool = False
    there: Translation | None = None

    @property
    def words(self) -> str:
        """The translation: the adjudicated text of two drafts."""
        return self.there.words if self.there else ""

    @property
    def draft_1(self) -> str:
        """One independent draft."""
        return self.there.draft_1 if self.there else ""

    @property
    def draft_2(self) -> str:
        """The other independent draft."""
        return self.there.draft_2 if self.there else ""

    @property
    def comment(self) -> str:
        """A translator's comment."""
        return self.there.comment if self.there else ""

    @property
    def previous(self) -> str:
        """The source that was translated, where it changed since."""
        return self.there.previous if self.there and self.there.outdated else ""

    @property
    def by(self) -> str:
        """Who gave it its status: a person's code."""
        return self.there.by if self.there else ""

    @property
    def on(self) -> str:
        """When it got its status: an ISO date."""
        return self.there.on if self.there else ""

    @property
    def outdated(self) -> bool:
        """Whether the source changed since it was translated."""
        return self.there is not None and self.there.outdated and bool(self.there.words)

    @property
    def status(self) -> str:
        """ "" for a text without translation, "outdated", or the status of the translation."""
        if not self.words:
            return ""
        return OUTDATED if self.outdated or self.there is None else self.there.status

    @property
    def open(self) -> bool:
        """Whether a translator has to do something before the text can be shown."""
        return self.status in ("", OUTDATED)

    @property
    def base(self) -> str:
        """A short fingerprint of what a translator can change, by which a later change of it is noticed."""
        return base_of(self.source, {field: getattr(self, field) for field in FIELDS})


def base_of(source: str, values: Mapping[str, str]) -> str:
    """The fingerprint of a text with these values of FIELDS: 12 hexadecimal digits."""
    content = [tidy(source), *(tidy(values[field]) for field in FIELDS)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()[:12]


def rows(texts: Sources, catalogue: Catalogue, where: Mapping[str, str], staff_only: Iterable[str] = ()) -> list[Row]:
    """The texts in order, each once. `where` and `staff_only` are by context."""
    hidden = frozenset(staff_only)
    return [
        Row(context, source, where.get(context, ""), context in hidden, catalogue.get((context, source)))
        for context, source in dict.fromkeys(texts)
    ]


def tidy(text: str) -> str:
    """A text as it is compared and kept: no white space around it, line feeds only, no tabs."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()


@dataclass(frozen=True)
class Fault:
    """Why something cannot be taken: a code, with figures for its wording."""

    code: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Edited:
    """A text as it would be kept. `source` is what the words translate: the earlier source while they stay outdated.

    `back_to_draft`: its words changed and its status did not, so what was said about the old words no longer holds.
    """

    row: Row
    source: str
    words: str
    draft_1: str
    draft_2: str
    status: str
    comment: str
    back_to_draft: bool = False

    @property
    def outdated(self) -> bool:
        """Whether it stays a translation of earlier words."""
        return self.source != self.row.source

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """Each field that changes: its name, how it was and how it would be."""
        now = {field: getattr(self, field) for field in FIELDS}
        now["status"] = OUTDATED if self.outdated else self.status if self.words else ""
        return [
            (field, getattr(self.row, field), now[field]) for field in FIELDS if getattr(self.row, field) != now[field]
        ]


def settle(row: Row, wished: Mapping[str, str]) -> Edited | list[Fault]:
    """What becomes of a text with these wished values of FIELDS (those that are left out stay), or why it cannot be.

    Words that change without another status become a draft. A status that is chosen says that the words hold for the
    present source. Faults: "control_characters", "unknown_status", "status_without_words", "placeholders".
    """
    now = {field: getattr(row, field) for field in FIELDS}
    new = {field: tidy(wished.get(field, now[field])) for field in FIELDS}
    given = new["status"].lower()
    faults = list(_faults(row, new, given))
    if faults:
        return faults
    changed = new["words"] != now["words"]
    chosen = given in STATUSES and given != row.status
    was = row.there.status if row.there else "draft"
    stays_outdated = row.outdated and not changed and not chosen
    if chosen:
        status = given
    else:
        again = changed or (given == OUTDATED and not row.outdated)
        status = "draft" if again or not new["words"] else was
    source = row.previous if stays_outdated else row.source
    back = changed and not chosen and was != "draft" and bool(row.words)
    return Edited(row, source, new["words"], new["draft_1"], new["draft_2"], status, new["comment"], back)


def _faults(row: Row, new: Mapping[str, str], given: str) -> Iterator[Fault]:
    for field in FIELDS:
        if found := _CONTROL.search(new[field]):
            yield Fault("control_characters", {"field": field, "sign": f"U+{ord(found[0]):04X}"})
    if given not in ("", OUTDATED, *STATUSES):
        yield Fault("unknown_status", {"status": new["status"]})
    elif given in STATUSES[1:] and given != row.status and not new["words"]:
        yield Fault("status_without_words", {"status": given})
    asked, there = (frozenset(_PLACEHOLDER.findall(text)) for text in (row.source, new["words"]))
    if new["words"] and asked != there:
        yield Fault("placeholders", {"missing": sorted(asked - there), "extra": sorted(there - asked)})


@dataclass(frozen=True)
class Returned:
    """One row of a file that came back: its number there, and its fields; None for a field that the file has not.

    `unreadable` names a field in which there is no text, such as one with a formula.
    """

    number: int
    context: str
    source: str
    words: str | None = None
    draft_1: str | None = None
    draft_2: str | None = None
    status: str | None = None
    comment: str | None = None
    base: str = ""
    unreadable: str = ""


@dataclass(frozen=True)
class Change:
    """What one row would change. `meanwhile`: the text was changed here too since the file was written."""

    number: int
    edited: Edited
    meanwhile: bool


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be taken, and why."""

    number: int
    context: str
    fault: Fault


@dataclass(frozen=True)
class Compared:
    """What a file that came back would change, in its order, and what stands in the way."""

    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]


def compare(present: Iterable[Row], returned: Iterable[Returned]) -> Compared:
    """Compare what came back with what is there. What is empty in the file changes nothing.

    Faults beside those of `settle`: "unreadable", "unknown_text", "other_source", "twice". A row that nobody touched
    since it was written is passed over, whatever happened to its text here.
    """
    there: dict[str, dict[str, Row]] = {}
    for row in present:
        there.setdefault(row.context, {})[tidy(row.source)] = row
    changes: list[Change] = []
    refusals: list[Refusal] = []
    seen: dict[tuple[str, str], int] = {}
    for one in returned:
        found = _found(there, one, seen)
        if isinstance(found, Fault):
            refusals.append(Refusal(one.number, one.context, found))
        elif found is not None:
            given = {field: text for field in FIELDS if (text := getattr(one, field)) and tidy(text)}
            edited = settle(found, given)
            if isinstance(edited, list):
                refusals.extend(Refusal(one.number, one.context, fault) for fault in edited)
            elif edited.differences:
                changes.append(Change(one.number, edited, bool(one.base) and one.base != found.base))
    return Compared(tuple(changes), tuple(refusals))


def _found(
    there: Mapping[str, Mapping[str, Row]], one: Returned, seen: dict[tuple[str, str], int]
) -> Row | Fault | None:
    """The text that a row is about; None for a row that was not touched."""
    if one.unreadable:
        return Fault("unreadable", {"field": one.unreadable})
    key = (one.context, tidy(one.source))
    if key in seen:
        return Fault("twice", {"first": seen[key]})
    seen[key] = one.number
    if one.base and one.base == base_of(one.source, {field: getattr(one, field) or "" for field in FIELDS}):
        return None
    if one.context not in there:
        return Fault("unknown_text", {})
    if key[1] not in there[one.context]:
        return Fault("other_source", {"source": list(there[one.context].values())[-1].source})
    return there[one.context][key[1]]
