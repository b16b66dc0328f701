"""What was tried, how often, and what was found: a line of the table for each attack."""

from __future__ import annotations

from dataclasses import dataclass, field

SHOWN = 12


@dataclass
class Tried:
    """One kind of attack. `found` has a sentence for everything that should not be; `note` says what was left out."""

    what: str
    times: int = 0
    found: list[str] = field(default_factory=list)
    note: str = ""

    def wrong(self, *found: str) -> None:
        """Note what should not be, once."""
        self.found += [one for one in found if one not in self.found]


def table(all_tried: list[Tried]) -> str:
    """The table as text, and below it everything that was found."""
    width = max(len(one.what) for one in all_tried)
    lines = [f"{'what was tried':<{width}}  {'times':>7}  found"]
    for one in all_tried:
        found = f"{len(one.found)} FOUND" if one.found else "nothing"
        lines.append(f"{one.what:<{width}}  {one.times:>7}  {found}{f'   ({one.note})' if one.note else ''}")
    for one in all_tried:
        lines += [f"\n{one.what}:" if one.found else "", *(f"  {found}" for found in one.found[:SHOWN])]
        if len(one.found) > SHOWN:
            lines.append(f"  and {len(one.found) - SHOWN} more")
    return "\n".join(line for line in lines if line)
