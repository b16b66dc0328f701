"""What a workbook's cell can hold: rules for text, numbers and dates, and what is done where an answer breaks them."""

from __future__ import annotations

import datetime
import math
import re
from functools import lru_cache

from exports.tables import Cell

TEXT_LIMIT = 32_767
"""The longest text in a cell, in UTF-16 code units, as Excel counts."""

REPLACEMENT = "\ufffd"
EXACT_UP_TO = 2**53
"""Whole numbers beyond this are not exact in a sheet, which knows doubles only."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold."""

_TIME = re.compile(r"T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)")
_FIRST_DATE = datetime.date(1900, 3, 1)
"""Excel believes in a 29 February 1900; from the next day on its day numbers are right."""
_DAY_ZERO = datetime.date(1899, 12, 30)


def fitting(value: Cell) -> tuple[Cell, str | None]:
    """What of a value a cell can hold, and what had to be changed for it (None: nothing). An empty text is no cell."""
    if isinstance(value, str):
        if len(value) < TEXT_LIMIT // 2 and (value.isprintable() or not _ILLEGAL.search(value)):
            return value or None, None
        return _text(value)
    if isinstance(value, int) and abs(value) > EXACT_UP_TO:
        return str(value), "the number is too large to be exact in a sheet and stands as text"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value), "this is no number that a sheet knows and stands as text"
    return value, None


def for_xml(words: str) -> str:
    """Words of a definition as XML can hold them, however long."""
    return _ILLEGAL.sub(REPLACEMENT, words)


def _text(value: str) -> tuple[str, str | None]:
    value, replaced = _ILLEGAL.subn(REPLACEMENT, value)
    said = [f"signs that no workbook can hold, replaced by {REPLACEMENT}: {replaced}"] if replaced else []
    units = value.encode("utf-16-le")
    if len(units) > 2 * TEXT_LIMIT:
        # A sign of two units is not cut in half.
        value = units[: 2 * TEXT_LIMIT].decode("utf-16-le", errors="ignore")
        said.append(f"cut after {TEXT_LIMIT:,} of {len(units) // 2:,} signs, the most that a cell holds")
    return value, "; ".join(said) or None


@lru_cache(maxsize=1 << 14)
def day_number(text: str) -> int | None:
    """Excel's number of an ISO date; None where it is no whole date, or one before Excel's calendar."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return (day - _DAY_ZERO).days if day >= _FIRST_DATE and len(text) == 10 else None


def time_number(text: str) -> float | None:
    """Excel's number of an ISO date and time like 2023-04-01T14:03:00; None as in `day_number`."""
    time = _TIME.fullmatch(text, 10)
    day = day_number(text[:10]) if time else None
    if time is None or day is None:
        return None
    hour, minute, second = time.groups()
    return day + (int(hour) * 3600 + int(minute) * 60 + int(second)) / 86_400
