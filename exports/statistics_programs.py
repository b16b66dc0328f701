"""What SPSS and Stata ask of a file: names, lengths of labels, dates as numbers, and how a value is missing."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from exports.coded import Coded
from exports.tables import Value
from survey.answers.missing import CODES

Stored = float | str | None
"""A cell in the file: a number, a text, or nothing. In Stata a letter from a to f is a reason among numbers."""

_ILLEGAL = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"
LETTERS = dict(zip(sorted(code for code in CODES.values() if code < 0), "abcdef", strict=True))
"""Code of Status -> the letter of Stata's missing value: -99 is .a, and -94 is .f."""


@dataclass(frozen=True)
class Limit:
    """The most that a text can be, in `unit`."""

    most: int
    unit: Literal["bytes", "signs"]

    def fit(self, text: str) -> tuple[str, str | None]:
        """What of a text there is room for, and what had to be changed for it (None: nothing)."""
        text, replaced = _ILLEGAL.subn(REPLACEMENT, text)
        said = [f"signs that the file cannot hold, replaced by {REPLACEMENT}: {replaced}"] if replaced else []
        whole = text.encode() if self.unit == "bytes" else text
        if len(whole) > self.most:
            # A sign of several bytes is not cut in half.
            text = whole[: self.most].decode(errors="ignore") if isinstance(whole, bytes) else whole[: self.most]
            said.append(f"cut after {self.most:,} of {len(whole):,} {self.unit}, the most that there is room for")
        return text, "; ".join(said) or None


@dataclass(frozen=True)
class Program:
    """A statistics program and its rules.

    `begin` is where its dates count from and `first` its first possible one; `day` and `second` are its units for dates
    and for moments. `formats` show kinds of variables as dates.
    """

    name: str
    suffix: str
    longest: int
    """The most letters of a name."""
    reserved: re.Pattern[str]
    file_label: Limit
    label: Limit
    words: Limit
    text: Limit
    begin: datetime.datetime
    first: datetime.datetime
    day: float
    second: float
    formats: Mapping[str, str]
    pads: bool
    """Whether spaces behind a text are lost, because texts are filled up with spaces."""
    letters: bool
    """Whether a missing value is a letter; else it is the code of Status itself, within a range that is declared."""

    def names(self, meant: Iterable[str]) -> list[str]:
        """Names as the program takes them: one that is a word of its own gets _v behind it, and one that is too long
        loses letters before its last part, which is the wave's code."""
        meant = list(meant)
        taken, found = set(meant), []
        for name in meant:
            fit = f"{name}_v" if self.reserved.fullmatch(name) else name
            number = 1
            while len(fit) > self.longest or (fit != name and fit in taken):
                begin, _, last = name.rpartition("_")
                last = f"_{last}" if number == 1 else f"_{number}_{last}"
                fit, number = begin[: self.longest - len(last)] + last, number + 1
            taken.add(fit)
            found.append(fit)
        return found

    def missing(self, state: int) -> Stored:
        """How a reason stands in a variable of numbers."""
        return LETTERS[state] if self.letters else float(state)

    def stored(self, coded: Coded, value: Value, state: Value) -> tuple[Stored, str | None]:
        """What stands in the file for a cell and its state (None: it has none), and what had to be changed for it."""
        if coded.kind == "reason":
            return (None if state is None else float(state) if state == 0 else self.missing(int(state))), None
        if coded.kind == "text":
            return self._text(value)
        if value is None:
            return (self.missing(int(state)) if coded.has_state and state else None), None
        if coded.kind == "number":
            return self._number(coded, value)
        return self._moment(coded, str(value))

    def _text(self, value: Value) -> tuple[str, str | None]:
        text, change = self.text.fit("" if value is None else str(value))
        if self.pads and text.endswith(" "):
            change = "; ".join([*([change] if change else []), "spaces behind it are lost"])
            text = text.rstrip(" ")
        return text, change

    def _number(self, coded: Coded, value: Value) -> tuple[Stored, str | None]:
        number = coded.numbers.get(value, value)
        if not isinstance(number, int | float) or not math.isfinite(number):
            return None, f"{number!r} is neither a number nor a code that the questionnaire has; it is left out"
        if isinstance(number, int) and number != float(number):
            return float(number), "the number is too large to be exact"
        return float(number), None

    def _moment(self, coded: Coded, text: str) -> tuple[Stored, str | None]:
        moment = datetime.datetime.fromisoformat(text)
        if moment < self.first:
            return None, f"{text} is before the calendar of {self.name}; it is left out"
        past = moment - self.begin
        return (past.days * self.day if coded.kind == "date" else past.total_seconds() * self.second), None


# What a command would take for a word of its own.
_SPSS_WORDS = re.compile("all|and|by|eq|ge|gt|le|lt|ne|not|or|to|with")
_STATA_WORDS = re.compile("byte|double|float|if|in|int|long|strL|str[0-9]+|using|with")

SPSS = Program(
    name="SPSS",
    suffix=".sav",
    longest=64,
    reserved=_SPSS_WORDS,
    file_label=Limit(64, "bytes"),
    label=Limit(256, "bytes"),
    words=Limit(120, "bytes"),
    text=Limit(32_767, "bytes"),
    begin=datetime.datetime(1582, 10, 14),  # noqa: DTZ001 (a wall-clock time)
    first=datetime.datetime(1582, 10, 15),  # noqa: DTZ001
    day=86_400.0,
    second=1.0,
    formats={"date": "SDATE10", "datetime": "DATETIME20"},
    pads=True,
    letters=False,
)
STATA = Program(
    name="Stata",
    suffix=".dta",
    # Stata takes 32. pyreadstat calls the words of codes by the variable's name and a number of up to four digits.
    longest=28,
    reserved=_STATA_WORDS,
    file_label=Limit(80, "signs"),
    label=Limit(80, "signs"),
    words=Limit(32_000, "bytes"),
    text=Limit(2_000_000_000, "bytes"),
    begin=datetime.datetime(1960, 1, 1),  # noqa: DTZ001
    first=datetime.datetime(100, 1, 1),  # noqa: DTZ001
    day=1.0,
    second=1000.0,
    formats={"date": "%td", "datetime": "%tc"},
    pads=False,
    letters=True,
)
