"""The trail: every change of every answer, draft and note, and of how questions were relayed, one row each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exports.about import PREFIX, key_fields
from exports.events import PARTICIPANT
from exports.moments import Moments
from exports.tables import Field, Row
from survey.storage.reading import TrailRow


def fields(prefix: str = PREFIX) -> tuple[Field, ...]:
    """The fields of Trail; what Data has too goes by the same name there."""
    return (
        *key_fields(prefix),
        Field("save", "integer", "which save of the response this was, counted from 1"),
        Field("at", "string", "when, as ISO 8601 text with offset"),
        Field("time", "datetime", "when, as a date and local time"),
        Field("by", "string", "the code of the person who made the change; participant: filled in alone"),
        Field("kind", "string", "page: sent as a whole; autosave; submit; correction: after submission"),
        Field("page", "string", "the page on which it was made"),
        Field(
            "part",
            "string",
            "answers; drafts: typed, and no answer yet; notes: the interviewer's; relay: codes of how the question was "
            "relayed between two languages",
        ),
        Field("unit", "string", "the question or item; for notes and relay the question"),
        Field("old", "string", "what stood there before, as JSON; empty: nothing"),
        Field("new", "string", "what stands there since, as JSON; empty: nothing"),
        Field("reason", "string", "why it was changed after submission"),
        Field("language", "string", "the language on the screen"),
        Field("second_language", "string", "the second language on the screen"),
    )


def rows(changes: Iterable[TrailRow], moments: Moments) -> Iterator[Row]:
    """One row per change, in the order given."""
    for change in changes:
        yield (
            change.response,
            change.instrument,
            change.instrument_version,
            change.wave,
            change.subject,
            change.version,
            *moments.said(change.at),
            change.by or PARTICIPANT,
            change.kind,
            change.page,
            change.part,
            change.unit,
            change.old,
            change.new,
            change.reason,
            change.language,
            change.second_language,
        )
