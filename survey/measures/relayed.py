"""How questions were relayed by interpreters: how often each code was given to each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey.answers.relay import RELAY

TROUBLE = RELAY[:5]
"""The codes of something that went otherwise than meant. The others say how the words came across, which is no trouble:
they would push the questions that deserve a look off the top of a list."""

Relayed = Mapping[str, tuple[str, ...]]
"""Question that was asked with an interpreter there -> its codes, () where none was given."""


@dataclass(frozen=True)
class QuestionRelayed:
    """One question over interpreted interviews: in how many it was `asked`, in how many of them at least one code of
    TROUBLE was given, and in how many each code of RELAY."""

    question: str
    asked: int
    troubled: int
    codes: Mapping[str, int]


def most_coded(relayed: Iterable[Relayed], questions: Iterable[str]) -> list[QuestionRelayed]:
    """Those of these questions with a code: the ones with trouble in most interviews first, then those with most codes,
    then in the order of `questions`. One mapping of `relayed` for each interpreted interview."""
    asked: Counter[str] = Counter()
    troubled: Counter[str] = Counter()
    codes: dict[str, Counter[str]] = {}
    for one in relayed:
        for question, given in one.items():
            asked[question] += 1
            if given:
                codes.setdefault(question, Counter()).update(given)
                troubled[question] += any(code in TROUBLE for code in given)
    found = [
        QuestionRelayed(question, asked[question], troubled[question], {code: codes[question][code] for code in RELAY})
        for question in questions
        if question in codes
    ]
    return sorted(found, key=lambda one: (-one.troubled, -sum(one.codes.values())))
