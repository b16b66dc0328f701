"""What happened during interviews beside their answers, one row each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from exports import labels
from exports.about import key_fields
from exports.moments import Moments
from exports.tables import Field, Row
from survey.storage.reading import EventRow

PARTICIPANT, BY_ITSELF = "participant", "by itself"
EMPTY = "There are no events: during no response in this file anything was noted beside its answers."
SHORT = 12
"""So much of a fingerprint is enough to tell two apart."""


def fields(prefix: str) -> tuple[Field, ...]:
    """The fields of Events."""
    return (
        *key_fields(prefix),
        Field("at", "string", "when, as ISO 8601 text with offset"),
        Field("time", "datetime", "when, as a date and local time"),
        Field("segment", "integer", "the number of the segment in which it happened"),
        Field("kind", "string", "what happened, as a code"),
        Field("label", "string", "what happened, in words"),
        Field("by", "string", "the code of the person who did it; participant; or by itself"),
        Field("page", "string", "the page at which the interview was"),
        Field("unit", "string", "the question or item"),
        Field("details", "string", "what is known about it, in words"),
    )


def rows(events: Iterable[EventRow], moments: Moments, language: str) -> Iterator[Row]:
    """One row an event, in the order given. `language`: that of the labels."""
    for event in events:
        details = json.loads(event.details)
        yield (
            event.response,
            event.instrument,
            event.instrument_version,
            event.wave,
            event.subject,
            *moments.said(event.at),
            event.segment,
            event.kind,
            labels.label(labels.EVENT, event.kind, language),
            event.by or (BY_ITSELF if _by_itself(event.kind, details) else PARTICIPANT),
            event.page,
            event.unit,
            in_words(event.kind, details, language),
        )


def _by_itself(kind: str, details: dict[str, Any]) -> bool:
    """Whether nobody did it: a pairing ends with the handing in, or after its time."""
    return kind == "unpaired" and details.get("why") not in (None, "ended")


def in_words(kind: str, details: dict[str, Any], language: str) -> str | None:
    """Details as a line of words, like "nl + ar, both -> nl + ar, participant"; None where there are none."""
    if kind == "languages" and details.keys() >= {"before", "after"}:
        return f"{_languages(details['before'])} -> {_languages(details['after'])}"
    if kind == "segment" and "interpreter" in details:
        return labels.label(labels.INTERPRETER, str(details["interpreter"]), language)
    return "; ".join(f"{name}: {_said(name, value)}" for name, value in details.items()) or None


def _languages(set_as: dict[str, Any]) -> str:
    second = set_as.get("second_language")
    return f"{set_as.get('language')} + {second}, {set_as.get('layout')}" if second else str(set_as.get("language"))


def _said(name: str, value: Any) -> str:
    if name == "texts":
        return str(value)[:SHORT]
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
