"""The tables that all instruments of an export share: who was there, what happened, and how it compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from exports import by_answer, events, interpreting, quality_sheet, segments, trail
from exports.about import About
from exports.instrument_tables import Chosen
from exports.interpreting_words import EMPTY, NOBODY, NOTES, in_language
from exports.interview import Interview
from exports.moments import Moments
from exports.page_counts import PageCounts
from exports.path import Found
from exports.tables import Field, Row, Spool, Table
from survey.storage.reading import EventRow, TrailRow


class SharedTables:
    """Quality, Interpreting, Long, Segments, Events and Trail while the responses come in.

    `spool` makes a place for rows; `language` is that of the words.
    """

    def __init__(
        self, chosen: Sequence[Chosen], about: About, moments: Moments, spool: Callable[[], Spool], language: str
    ) -> None:
        self._about = about
        self._moments = moments
        self._spool = spool
        self._language = language
        # Where there is one instrument, every row belongs to a row of its Data.
        self._parent = "data" if len(chosen) == 1 else None
        # Nobody asks coaches or observers who interprets for them.
        self._comparisons = {
            one.name: interpreting.Comparison(one.merged, one.texts) for one in chosen if one.about_participants
        }
        self._counts = {one.name: PageCounts(one.merged) for one in chosen}
        self._qualities = {one.name: quality_sheet.Quality(one.merged, one.texts, one.waves) for one in chosen}
        self._long, self._segments = spool(), spool()

    def add(self, interview: Interview, one: Chosen, found: Sequence[Found]) -> None:
        """Keep a response, of which `found` is as of `Path.found`."""
        record = interview.response.record
        counted = self._counts[record.instrument].of(record.instrument_version, found)
        if record.instrument in self._comparisons:
            self._comparisons[record.instrument].add(interview, counted)
        self._qualities[record.instrument].add(interview, counted, found)
        if interview.recorded:
            given = one.cells[record.instrument_version].path.given(found)
            instrument = one.merged.versions[record.instrument_version]
            self._long.extend(by_answer.rows(self._about, interview, instrument, given, self._moments))
            self._segments.extend(segments.rows(self._about, interview, instrument, given, self._moments))

    def quality(self) -> Table:
        """Quality."""
        rows = self._filled(row for one in self._qualities.values() for row in one.rows(self._language))
        above = in_language(quality_sheet.NOTES, self._language)
        empty = in_language(quality_sheet.EMPTY, self._language)
        return Table("Quality", "quality", quality_sheet.SAID, quality_sheet.FIELDS, rows, 4, above=above, empty=empty)

    def compared(self) -> Table:
        """Interpreting."""
        rows = self._filled(row for one in self._comparisons.values() for row in one.rows(self._language))
        above = in_language(NOTES, self._language)
        if not any(one.interpreted for one in self._comparisons.values()):
            above = (in_language(NOBODY, self._language), *above)
        said = "Pages with and without an interpreter: what stayed without an answer, and how long they took."
        return Table(
            "Interpreting", "interpreting", said, interpreting.FIELDS, rows, 3,
            above=above, empty=in_language(EMPTY, self._language), grey="few",
        )  # fmt: skip

    def by_answer(self) -> Table:
        """Long."""
        said = (
            "One row per answer of each response of which it is on record who was there, or which had a second "
            "language: the answer or the reason, and how it came about."
        )
        return self._of_responses("Long", said, by_answer.fields, self._long, by_answer.EMPTY, "unit")

    def segments(self) -> Table:
        """Segments."""
        said = "One row per segment: a stretch of an interview in the same company."
        return self._of_responses("Segments", said, segments.fields, self._segments, segments.EMPTY, "segment")

    def events(self, happened: Iterable[EventRow]) -> Table:
        """Events."""
        said = "What happened during responses beside their answers: languages switched, a card shown, a text played."
        rows = self._filled(events.rows(happened, self._moments, self._language))
        return self._of_responses("Events", said, events.fields, rows, events.EMPTY)

    def trail(self, changes: Iterable[TrailRow]) -> Table:
        """Trail."""
        said = (
            "Every change of every answer, draft and note, and of how questions were relayed, with the old and the "
            "new one, who made it and when."
        )
        return self._of_responses("Trail", said, trail.fields, self._filled(trail.rows(changes, self._moments)))

    def _filled(self, rows: Iterator[Row]) -> Spool:
        spool = self._spool()
        spool.extend(rows)
        return spool

    def _of_responses(
        self,
        name: str,
        said: str,
        fields: Callable[[str], tuple[Field, ...]],
        rows: Spool,
        empty: str = "",
        key: str = "",
    ) -> Table:
        """A table with several rows a response, which a response and `key` identify, where it is given."""
        made = fields(self._about.prefix)
        belongs = (made[0].name,) if self._parent else ()
        return Table(
            name, name.lower(), said, made, rows, 1, (made[0].name, key) if key else (), belongs, self._parent,
            empty=empty,
        )  # fmt: skip
