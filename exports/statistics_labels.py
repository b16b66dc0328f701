"""What a file for SPSS or Stata says about its variables: names, labels, words of codes, levels and formats."""

from __future__ import annotations

from typing import NamedTuple

from exports.coded import Coded
from exports.statistics_frames import Frame
from exports.statistics_programs import Limit, Program, Stored


class Change(NamedTuple):
    """A name, label or word that had to be changed: its place, and what was changed."""

    cell: str
    what: str


class Labels:
    """What stands in a file about its variables, as far as the program has room for it."""

    def __init__(self, frame: Frame, program: Program) -> None:
        self._program = program
        self.changes: list[Change] = []
        """What had to be changed."""
        variables = frame.variables
        self.names = program.names([coded.name for coded in variables])
        """The variables' names, in order."""
        self.title = self._fit("the title of the file", frame.title, program.file_label)
        self.labels: list[str] = []
        self.words: dict[str, dict[Stored, str]] = {}
        """Name -> number, or letter of a missing value -> its words."""
        self.levels: dict[str, str] = {}
        self.formats: dict[str, str] = {}
        self.with_reasons = [name for name, coded in zip(self.names, variables, strict=True) if coded.reasons]
        """The names of the variables in which missing codes can stand."""
        for name, coded in zip(self.names, variables, strict=True):
            self._add(name, coded)

    def _add(self, name: str, coded: Coded) -> None:
        program = self._program
        if name != coded.name:
            long = len(coded.name) > program.longest
            why = f"there is room for {program.longest} letters" if long else f"{program.name} has that word itself"
            what = f"it is called {name} here, since {why}"
            self.changes.append(Change(coded.name, what))
        self.labels.append(self._fit(f"label of {name}", coded.title, program.label))
        words = {
            code: self._fit(f"words of {name} = {code:g}" if isinstance(code, float) else "", said, program.words)
            for code, said in meant_words(coded, program).items()
        }
        if words:
            self.words[name] = words
        self.levels[name] = coded.level
        if coded.kind in program.formats:
            self.formats[name] = program.formats[coded.kind]
        elif coded.kind != "text" and not program.letters:
            self.formats[name] = f"F{12 if coded.decimals else 8}.{coded.decimals}"

    def _fit(self, place: str, text: str, limit: Limit) -> str:
        fit, what = limit.fit(one_line(text))
        if what is not None:
            self.changes.append(Change(place, what))
        return fit.rstrip()


def one_line(text: str) -> str:
    """A label without line breaks, and one space between words."""
    return " ".join(text.split())


def meant_words(coded: Coded, program: Program) -> dict[Stored, str]:
    """Number, or letter of a missing value -> its words, in full."""
    found: dict[Stored, str] = {float(number): words for number, words in coded.words.items()}
    return found | {program.missing(code): words for code, words in coded.reasons.items()}
