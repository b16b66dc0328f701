"""The segments of interviews: one row for each stretch in the same company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from exports.about import About, joined, key_fields
from exports.interview import Interview
from exports.moments import Moments
from exports.path import Found, Gap
from exports.tables import Field, Row
from survey.answers.missing import State
from survey.instruments.model import Instrument

GIVEN = (State.REFUSED, State.DONT_KNOW, State.NOT_APPLICABLE, State.TECHNICAL)
"""Reasons that somebody gave. What was not reached belongs to no segment."""

EMPTY = "There are no segments: of no response in this file it was written down who was there."


def fields(prefix: str) -> tuple[Field, ...]:
    """The fields of Segments."""
    return (
        *key_fields(prefix),
        Field("segment", "integer", "its number within the response, counted from 1"),
        Field("began_at", "string", "when it began, as ISO 8601 text with offset"),
        Field("began", "datetime", "when it began, as a date and local time"),
        Field(
            "ended_at", "string", "when the next one began, or its last save; empty: nothing was saved in the last one"
        ),
        Field("ended", "datetime", "the same as a date and local time"),
        Field("by", "string", "the code of the person who wrote down who was there"),
        Field("interpreter", "string", "who interpreted: none, professional, relative, peer or minor"),
        Field("mode", "string", "how the interpreter took part: in_person, phone or video"),
        Field("same", "string", "whether it was the same interpreter as last time: yes, no, first or unknown"),
        Field("others", "string", "who else was there, with + between them"),
        Field("code", "string", "the interpreter's code"),
        Field("promised", "string", "whether the declaration of confidentiality was read out; empty: no interpreter"),
        Field("pages", "integer", "how many pages were saved in it"),
        Field("page_names", "string", "those pages, with + between them"),
        Field("answers", "integer", "how many questions have the answer that was given in it"),
        *(
            Field(reason.value, "integer", f"how many have the reason '{reason.value}' that was given in it")
            for reason in GIVEN
        ),
        Field("seconds", "integer", "seconds spent; a pause counts as ten minutes at most"),
    )


def rows(
    about: About, interview: Interview, instrument: Instrument, given: Mapping[str, Found], moments: Moments
) -> Iterator[Row]:
    """One row a segment. `given`: as of `Path.given`."""
    segments = interview.about.segments
    states = _states(interview, instrument, given) if segments else {}
    for i, segment in enumerate(segments):
        here = [save for save in interview.saves if save.segment == segment.number]
        pages = list(dict.fromkeys(save.page for save in here if save.page))
        following = segments[i + 1].at if i + 1 < len(segments) else here[-1].at if here else None
        counted = states.get(segment.number, Counter())
        yield (
            *about.key(interview),
            segment.number,
            *moments.said(segment.at),
            *moments.said(following),
            segment.by,
            segment.interpreter,
            segment.mode,
            segment.same,
            joined(segment.others),
            segment.code,
            None if segment.interpreter == "none" else "yes" if segment.promised else "no",
            len(pages),
            joined(pages),
            counted[State.ANSWERED],
            *(counted[reason] for reason in GIVEN),
            round(interview.segment_seconds.get(segment.number, 0.0)),
        )


def _states(
    interview: Interview, instrument: Instrument, given: Mapping[str, Found]
) -> dict[int | None, Counter[State]]:
    """Segment -> how many present answers and reasons were given in it; a namely-line is no question of its own."""
    segment_of = {save.version: save.segment for save in interview.about.saves}
    counted: dict[int | None, Counter[State]] = {}
    for name, answer in given.items():
        version = interview.about.given.get(name)
        if version is not None and instrument.units[name].role != "other":
            state = answer.state if isinstance(answer, Gap) else State.ANSWERED
            counted.setdefault(segment_of.get(version), Counter())[state] += 1
    return counted
