"""A fault that looking over the database finds: where, what is wrong, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is not as it should be. It names tables and numbers of rows, never an answer, name or code."""

    where: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. What to do: {self.do}."
