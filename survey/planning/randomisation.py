"""Drawing an arm by lot, in blocks: the list is fixed by its seed, and can be made again years later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Place:
    """One place on a list, counted from 1, with its block and the arm that was drawn."""

    position: int
    block: int
    arm: str


def places(seed: int, stratum: str, arms: Sequence[str], blocks: Sequence[int]) -> Iterator[Place]:
    """The endless list of one stratum: permuted blocks of random size (Matts and Lachin 1988).

    Each block has every arm equally often. The same seed and stratum always give the same list: Python's generator
    (Mersenne Twister) seeded with SHA-256 of both, and `choice` and `shuffle` of Python 3.11 and later.
    """
    digest = hashlib.sha256(f"{seed}/{stratum}".encode()).digest()
    random = Random(int.from_bytes(digest, "big"))  # noqa: S311 - a list to be made again, kept from who registers  # nosec B311
    position = block = 0
    while True:
        block += 1
        size = random.choice(list(blocks))  # nosec B311
        drawn = list(arms) * (size // len(arms))
        random.shuffle(drawn)
        for arm in drawn:
            position += 1
            yield Place(position, block, arm)
