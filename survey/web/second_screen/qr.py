"""An address as a QR code that a page can draw: one path, without a style of its own."""

from __future__ import annotations

from dataclasses import dataclass

import segno

BORDER = 4
"""Modules of white around it, as the standard asks for."""


@dataclass(frozen=True)
class Drawing:
    """An SVG path in modules, and how many modules the whole is wide and high."""

    size: int
    path: str


def drawing(words: str) -> Drawing:
    """The QR code of some words, with a quarter of it to spare for scratches and reflections."""
    code = segno.make(words, error="q", micro=False, boost_error=False)
    rows = list(code.matrix_iter(border=BORDER))
    runs = []
    for y, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return Drawing(len(rows), "".join(runs))
