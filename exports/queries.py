"""Researchers' queries about answers, one row for each thing that was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy.orm import Session

from exports.about import About, key_fields
from exports.moments import Moments
from exports.tables import Field, Row, Spool, Table
from survey.storage import reading
from survey.storage.queries import STATUSES
from survey.storage.reading import RemarkRow, Selection

SAID = (
    "One row for each thing that was said about a query: the question about an answer, what was answered, and how it "
    "was closed."
)


def tables(
    session: Session, selection: Selection, about: About, moments: Moments, spool: Callable[[], Spool]
) -> list[Table]:
    """Queries; none where nobody asked about any of these responses."""
    filled = spool()
    filled.extend(_rows(reading.remarks(session, selection), moments))
    if not len(filled):
        return []
    return [Table("Queries", "queries", SAID, fields(about.prefix), filled, 1, ("query", "step"))]


def fields(prefix: str) -> tuple[Field, ...]:
    """The fields of Queries."""
    return (
        *key_fields(prefix),
        Field("query", "integer", "the query's number on the server"),
        Field("unit", "string", "the question or item that it is about"),
        Field("step", "integer", "which thing said this is, counted from 1"),
        Field("status", "string", "how the query stands since", STATUSES),
        Field("at", "string", "when, as ISO 8601 text with offset"),
        Field("time", "datetime", "when, as a date and local time"),
        Field("by", "string", "the code of the person who said it"),
        Field("words", "string", "what was said; empty: closed without a word"),
    )


def _rows(remarks: Iterable[RemarkRow], moments: Moments) -> Iterator[Row]:
    query, step = None, 0
    for remark in remarks:
        step = step + 1 if remark.query == query else 1
        query = remark.query
        yield (
            remark.response, remark.instrument, remark.instrument_version, remark.wave, remark.subject, remark.query,
            remark.unit, step, remark.status, *moments.said(remark.at), remark.by, remark.words or None,
        )  # fmt: skip
