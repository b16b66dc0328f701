"""The tables of what was measured: Scores and Scales, filled while responses come in, and those made at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from exports import scale_summary, scores
from exports.about import About
from exports.instrument_tables import Chosen
from exports.interpreting_words import in_language
from exports.interview import Interview
from exports.path import Found
from exports.scale_summary import Over
from exports.tables import Spool, Table
from exports.xlsx import ROWS_AT_MOST


class MeasuredTables:
    """`spool` makes a place for rows; `language` is that of the words."""

    def __init__(self, chosen: Sequence[Chosen], about: About, spool: Callable[[], Spool], language: str) -> None:
        self._about = about
        self._spool = spool
        self._language = language
        self._parent = "data" if len(chosen) == 1 else None
        self._scores = {one.name: scores.Scores(one) for one in chosen}
        self._widest = max((one.widest for one in self._scores.values()), default=0)
        self._rows = spool()

    def add(self, interview: Interview, found: Sequence[Found]) -> None:
        """Keep a response, of which `found` is as of `Path.found`."""
        one = self._scores[interview.response.record.instrument]
        if one.widest:
            self._rows.extend(one.rows(self._about, interview, found, self._widest))

    def tables(self) -> Iterator[Table]:
        """Scores and Scales; none where no instrument has a scale."""
        if not self._widest:
            return
        fields = scores.fields(self._about.prefix, self._widest)
        belongs = (fields[0].name,) if self._parent else ()
        yield Table(
            "Scores", "scores", scores.SAID, fields, self._rows, 1, (fields[0].name, "score"), belongs, self._parent,
            empty=scores.EMPTY,
        )  # fmt: skip
        over = None
        # Beyond one sheet there is no one range to compute over.
        if 0 < len(self._rows) < ROWS_AT_MOST:
            column = scores.COLUMN
            over = Over(column["instrument"], column["score"], column["wave"], column["value"], len(self._rows) + 1)
        rows = self._spool()
        for one in self._scores.values():
            rows.extend(one.summary.rows(over))
        above = in_language(scale_summary.NOTES, self._language)
        yield Table(
            "Scales", "scales", scale_summary.SAID, scale_summary.FIELDS, rows, 4, ("instrument", "score", "wave"),
            above=above, empty=scores.EMPTY,
        )  # fmt: skip
