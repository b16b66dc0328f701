"""One response as it went: which company each page had, and how long it took."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from survey.answers.page_times import seconds_spent, summed
from survey.instruments.texts import Words
from survey.storage.circumstances import Stretch, Visited
from survey.storage.reading import Exported

NOBODY = "none"


class Interview:
    """What is known about a response beside its answers. Corrections come after it and are no part of it."""

    def __init__(self, response: Exported) -> None:
        self.response = response
        self.about = response.circumstances
        self.saves = [save for save in self.about.saves if save.kind != "correction"]
        self.spent = seconds_spent(response.record.started_at, [save.at for save in self.saves])

    @property
    def recorded(self) -> bool:
        """Whether it is on record who was there, or a second language was there."""
        return bool(self.about.segments) or any(save.second_texts for save in self.about.saves)

    @cached_property
    def company(self) -> dict[int, Stretch]:
        """Number -> segment."""
        return {segment.number: segment for segment in self.about.segments}

    @cached_property
    def used(self) -> list[Stretch]:
        """The segments in which something was saved, in order; where nothing was saved at all, every segment."""
        numbers = {save.segment for save in self.saves}
        return [one for one in self.about.segments if one.number in numbers or not self.saves]

    @cached_property
    def page_seconds(self) -> dict[str | None, float]:
        """Page -> seconds; None is the handing in."""
        return summed([save.page for save in self.saves], self.spent)

    @cached_property
    def segment_seconds(self) -> dict[int | None, float]:
        """Segment -> seconds; None is what was saved before the first segment."""
        return summed([save.segment for save in self.saves], self.spent)

    @cached_property
    def _page_segments(self) -> dict[str | None, set[int | None]]:
        found: dict[str | None, set[int | None]] = {}
        for save in self.saves:
            found.setdefault(save.page, set()).add(save.segment)
        return found

    @property
    def _last(self) -> int | None:
        return self.saves[-1].segment if self.saves else self.response.record.segment

    def groups_on(self, page: str) -> tuple[str, ...]:
        """How a page counts when pages with and without interpreter are compared: see `groups`.

        A page to which nobody came counts with those who were there at the last save.
        """
        numbers = self._page_segments.get(page) or {self._last}
        return groups(self.company[number].interpreter for number in numbers if number in self.company)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """How the whole response counts."""
        return groups(segment.interpreter for segment in self.used)

    def shown(self, save: Visited) -> Words | None:
        """The second texts that stood on the page at a save; None where there were none."""
        return self.about.texts.get(save.second_texts or "") if save.second_shown else None

    def tapped(self, unit: str) -> bool:
        """Whether the present answer is one that the participant tapped and the interviewer took over."""
        tapped = self.about.confirmed.get(unit)
        return tapped is not None and tapped == self.response.record.answers.get(unit)


def groups(interpreters: Iterable[str]) -> tuple[str, ...]:
    """The groups to which these kinds of interpreters belong: ("with", and each kind), "without" or "not_recorded"."""
    kinds = list(dict.fromkeys(interpreters))
    if not kinds:
        return ("not_recorded",)
    others = [kind for kind in kinds if kind != NOBODY]
    return ("with", *others) if others else ("without",)
