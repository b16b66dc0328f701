"""How many participants got how far: the levels of the flow figure, in which everybody stands exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Tally = Counter[str | None]
"""Arm -> how many; None: without an arm, as before one is drawn."""


@dataclass(frozen=True)
class Alike:
    """So many participants who stand alike.

    `agreed`: they said yes at some time. `done` has for each wave, in order, whether it was done.
    """

    status: str
    reason: str | None
    arm: str | None
    agreed: bool
    done: tuple[bool, ...]
    count: int

    @property
    def reached(self) -> int:
        """The last level they passed: 0 for who did not agree, 1 for who did, and one more for each wave."""
        last = max((place for place, done in enumerate(self.done, start=2) if done), default=0)
        return last or int(self.agreed)


@dataclass(frozen=True)
class Level:
    """One step of the figure: who of those before it passed it, who left before it, and who is still on the way.

    `passed` is everybody who did it or a later one; `skipped` counts those among them who did only a later one. `left`
    has status and reason of who will not come any further. What passed, left and waits is everybody who came here.
    """

    passed: Tally = field(default_factory=Counter)
    skipped: Tally = field(default_factory=Counter)
    left: Mapping[tuple[str, str | None], Tally] = field(default_factory=dict)
    waiting: Tally = field(default_factory=Counter)

    @property
    def came(self) -> int:
        """Everybody who came as far as this step."""
        return self.passed.total() + self.waiting.total() + sum(tally.total() for tally in self.left.values())

    def left_as(self, status: str) -> Tally:
        """Who left with this status, for whatever reason."""
        found: Tally = Counter()
        for (one, _), tally in self.left.items():
            if one == status:
                found.update(tally)
        return found


def levels(groups: Iterable[Alike], waves: int, leaving: Sequence[str]) -> list[Level]:
    """The steps in order: agreeing to take part, then each wave. Everybody begins before the first one.

    `leaving` are the statuses of who will not come any further, in the order in which they are told.
    """
    everybody = list(groups)
    reached = ([one for one in everybody if one.reached >= number] for number in range(waves + 1))
    return [_level(came, number, leaving) for number, came in enumerate(reached, start=1)]


def _level(came: Sequence[Alike], number: int, leaving: Sequence[str]) -> Level:
    passed, skipped, waiting = Counter[str | None](), Counter[str | None](), Counter[str | None]()
    left: dict[tuple[str, str | None], Tally] = {}
    for one in came:
        if one.reached >= number:
            passed[one.arm] += one.count
            if not (one.agreed if number == 1 else one.done[number - 2]):
                skipped[one.arm] += one.count
        elif one.status in leaving:
            left.setdefault((one.status, one.reason), Counter())[one.arm] += one.count
        else:
            waiting[one.arm] += one.count
    told = sorted(left.items(), key=lambda one: (leaving.index(one[0][0]), -one[1].total(), one[0][1] or ""))
    return Level(passed, skipped, dict(told), waiting)
