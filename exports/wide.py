"""One row per subject, or per observer and meeting, its waves side by side: the rows of Data, reshaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter

from exports.about import MEETING, SHARED, SUBJECT, WAVE
from exports.tables import Cell, Field, Row

NAME_LIMIT = 32
"""The longest name that Stata takes; SPSS takes 64 and R any."""


def per_wave(width: int) -> list[int]:
    """The positions in a row of Data (`width` cells) of what each wave has for itself."""
    return [i for i in range(width) if i not in SHARED and i != WAVE]


def fields(data: Sequence[Field], waves: Sequence[str]) -> tuple[Field, ...]:
    """The fields of Wide, made of those of Data: what a subject's responses share, then all others once per wave.

    A name gets the wave's code as suffix, as in trust_t0.
    """
    taken = {data[i].name for i in SHARED}
    found = [data[i] for i in SHARED]
    for wave in waves:
        for i in per_wave(len(data)):
            name = suffixed(data[i].name, wave, taken)
            taken.add(name)
            found.append(Field(name, data[i].type, f"{data[i].title} ({wave})", data[i].codes))
    return tuple(found)


def suffixed(name: str, wave: str, taken: Iterable[str] = ()) -> str:
    """A variable's name at a wave, of at most NAME_LIMIT letters and not among those that are `taken`."""
    suffix = "_" + re.sub(r"[^a-z0-9]+", "_", wave.lower())
    found, number = name[: NAME_LIMIT - len(suffix)] + suffix, 2
    while found in taken:
        ending = f"_{number}{suffix}"
        found, number = name[: NAME_LIMIT - len(ending)] + ending, number + 1
    return found


def rows(data: Iterable[Row], waves: Sequence[str], width: int) -> Iterator[Row]:
    """One row per subject out of the rows of Data (`width` cells each), which come subject by subject; of an observer
    one for each meeting.

    The cells of a wave that a subject has not had are empty.
    """
    of_wave, shared = itemgetter(*per_wave(width)), itemgetter(*SHARED)
    blank: Row = (None,) * len(per_wave(width))
    for _, responses in groupby(data, key=itemgetter(SUBJECT)):
        # Several meetings of one wave would overwrite each other otherwise.
        of_meeting: dict[Cell, dict[Cell, Row]] = {}
        begins: dict[Cell, Row] = {}
        for row in responses:
            begins.setdefault(row[MEETING], shared(row))
            of_meeting.setdefault(row[MEETING], {})[row[WAVE]] = of_wave(row)
        for meeting, found in of_meeting.items():
            yield (*begins[meeting], *chain.from_iterable(found.get(wave, blank) for wave in waves))
