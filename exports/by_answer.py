"""The sheet Long: one row per answer, with how it came about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from exports.about import About, joined, key_fields
from exports.interview import Interview
from exports.moments import Moments
from exports.path import Found, Gap
from exports.tables import Cell, Field, Row
from survey.answers.missing import CODES, State
from survey.instruments.model import Instrument
from survey.instruments.texts import Words, lowest

EMPTY = "There are no rows: no response in this file has it on record who was there, or a second language."


def fields(prefix: str) -> tuple[Field, ...]:
    """The fields of Long."""
    return (
        *key_fields(prefix),
        Field("page", "string", "the page on which it is asked"),
        Field("question", "string", "the question"),
        Field("unit", "string", "the question itself, its item or its namely-line: what the answer belongs to"),
        Field(
            "value", "any", "the answer; several codes with + between them, shares like office=40+home=60; empty: none"
        ),
        Field("status", "integer", "0 answered, else the reason, as in Status", tuple(CODES.values())),
        Field("save", "integer", "the save at which it got this value: that of Trail"),
        Field("at", "string", "when that was, as ISO 8601 text with offset"),
        Field("time", "datetime", "when that was, as a date and local time"),
        Field("kind", "string", "the kind of that save, as in Trail: correction is after handing in"),
        Field("segment", "integer", "the segment of that save; empty: not recorded"),
        Field("interpreter", "string", "who interpreted then; empty: not recorded"),
        Field("mode", "string", "how the interpreter took part then"),
        Field("language", "string", "the first language then"),
        Field("second_language", "string", "the second language that stood on the page then; empty: none"),
        Field("layout", "string", "which of the two languages stood on the page then"),
        Field("translation", "string", "status of the question's words, and its item's, in the second language then"),
        Field("relay", "string", "codes of how the question was relayed, with + between them"),
        Field("tapped", "string", "yes: the participant tapped this answer and the interviewer took it over"),
    )


def rows(
    about: About, interview: Interview, instrument: Instrument, given: Mapping[str, Found], moments: Moments
) -> Iterator[Row]:
    """One row for each unit with an answer or a reason. `given`: as of `Path.given`."""
    saves = {save.version: save for save in interview.about.saves}
    key, relay = about.key(interview), interview.response.record.relay
    for name, answer in given.items():
        question = instrument.units[name].question.name
        version = interview.about.given.get(name)
        save = saves.get(version) if version is not None else None
        segment = interview.company.get(save.segment or 0) if save else None
        texts = interview.shown(save) if save else None
        gap = isinstance(answer, Gap)
        yield (
            *key,
            instrument.page_of[name].page,
            question,
            name,
            None if gap else as_cell(answer),
            CODES[answer.state if isinstance(answer, Gap) else State.ANSWERED],
            version,
            *moments.said(save.at if save else None),
            save.kind if save else None,
            segment.number if segment else None,
            segment.interpreter if segment else None,
            segment.mode if segment else None,
            save.language if save else None,
            texts.language if texts else None,
            save.layout if save and save.second_texts else None,
            _status(texts, question, instrument.units[name].key) if texts else None,
            joined(relay.get(question, ())),
            "yes" if interview.tapped(name) else None,
        )


def as_cell(answer: Any) -> Cell:
    """An answer in one cell: codes with "+" between them, parts like "office=40+home=60", else the value itself."""
    if isinstance(answer, tuple):
        return "+".join(f"{one[0]}={one[1]}" if isinstance(one, tuple) else str(one) for one in answer)
    return int(answer) if isinstance(answer, bool) else answer


def _status(texts: Words, question: str, key: str) -> str | None:
    there = [texts[one].status for one in (f"{question}/text", key) if one in texts]
    return lowest(there) if there else None
