"""What a file could not hold as it was: every cell that had to be changed."""

from __future__ import annotations

from dataclasses import dataclass, field

LISTED_AT_MOST = 1000


@dataclass(frozen=True)
class Loss:
    """One changed cell: its sheet or file, its place there, and what was changed."""

    table: str
    cell: str
    what: str


@dataclass
class Losses:
    """All changed cells: `count` of them, of which the first LISTED_AT_MOST are `listed`."""

    count: int = 0
    listed: list[Loss] = field(default_factory=list)

    def add(self, table: str, cell: str, what: str) -> None:
        """Note a changed cell."""
        self.count += 1
        if len(self.listed) < LISTED_AT_MOST:
            self.listed.append(Loss(table, cell, what))
