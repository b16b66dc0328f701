"""The two kinds of mistake: an author's (Problem, with its place), a respondent's (Invalid, a code with figures)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a definition file, where it stands, and what to do about it."""

    file: str
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}"


class InstrumentError(Exception):
    """All problems of one or more definition files at once, as `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Invalid(Exception):
    """What was typed cannot be an answer: a `code` such as "number.too_small" and the `figures` its message needs.

    The wording lives in `survey.forms.messages`, so that it can be said in every language.
    """

    def __init__(self, code: str, **figures: str | float) -> None:
        self.code = code
        self.figures = figures
        super().__init__(code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Invalid) and (self.code, self.figures) == (other.code, other.figures)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.figures.items()))))
