"""Lists that sort, filter and page on the server: what was asked in the address, kept in all its links."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

A_PAGE = 25


@dataclass(frozen=True)
class Pages:
    """A long list cut in pages: which one this is, counted from 1, and how many there are."""

    number: int
    last: int
    size: int
    count: int

    @property
    def offset(self) -> int:
        """How many entries stand on earlier pages."""
        return (self.number - 1) * self.size


@dataclass(frozen=True)
class Asked:
    """How a list is asked for: the column it is sorted by, and what it is narrowed to ("" for all)."""

    sort: str
    descending: bool
    filters: Mapping[str, str]

    @property
    def narrowed(self) -> bool:
        """Whether something is left out: an empty list then says so, instead of how to begin."""
        return any(self.filters.values())

    def pages(self, count: int, size: int = A_PAGE) -> Pages:
        """The page that is asked for, of so many entries; the nearest one that there is."""
        asked = request.args.get("page", "1")
        last = max(1, -(-count // size))
        number = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
        return Pages(min(max(1, number), last), last, size, count)

    def args(self, **other: Any) -> dict[str, Any]:
        """What stands in a link of this list, with something else in it."""
        kept: dict[str, Any] = {"sort": self.sort, "down": 1 if self.descending else None}
        return {name: value for name, value in {**kept, **self.filters, **other}.items() if value not in ("", None)}

    def sorted_by(self, column: str) -> dict[str, Any]:
        """What stands in the link of a column's head: sort by it, and the other way round when it is sorted so."""
        down = 1 if column == self.sort and not self.descending else None
        return self.args(sort=column, down=down)


def asked(
    sorts: Sequence[str],
    filters: Mapping[str, Collection[str] | None] = {},
    *,
    descending: bool = False,
) -> Asked:
    """What the address asks for. `sorts`: columns, the first one unless another is asked. `filters`: name -> what it
    can be, None for any words; anything else counts as not asked. `descending` is for when nothing was asked."""
    sort = request.args.get("sort", "")
    chosen = sort if sort in sorts else sorts[0]
    down = "down" in request.args if sort in sorts else descending
    found = {name: request.args.get(name, "").strip()[:100] for name in filters}
    narrowed = {
        name: value if (possible := filters[name]) is None or value in possible else "" for name, value in found.items()
    }
    return Asked(chosen, down, narrowed)
