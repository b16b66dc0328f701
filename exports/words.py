"""The few words that an export says itself: answer states, yes and no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.answers.missing import CODES, State


@dataclass(frozen=True)
class Words:
    """The words in one language; `yes` and `no` stand for the 1 and 0 of an option, `why` for a missing code."""

    states: Mapping[State, str]
    yes: str
    no: str
    why: str

    def bracketed(self, state: State) -> str:
        """A missing value as it stands among answers in words, like "[refused]"."""
        return f"[{self.states[state]}]"

    def legend(self, states: tuple[State, ...]) -> str:
        """Codes with their words, like "0 = answered; -99 = refused"."""
        return "; ".join(f"{CODES[state]} = {self.states[state]}" for state in states)


ENGLISH = Words(
    states={
        State.ANSWERED: "answered",
        State.REFUSED: "refused",
        State.DONT_KNOW: "don't know",
        State.NOT_APPLICABLE: "not applicable",
        State.NOT_ASKED: "not asked",
        State.NOT_REACHED: "not reached",
        State.TECHNICAL: "lost for a technical reason",
    },
    yes="yes",
    no="no",
    why="why there is no answer",
)

DUTCH = Words(
    states={
        State.ANSWERED: "beantwoord",
        State.REFUSED: "wil niet antwoorden",
        State.DONT_KNOW: "weet niet",
        State.NOT_APPLICABLE: "niet van toepassing",
        State.NOT_ASKED: "niet gevraagd",
        State.NOT_REACHED: "niet bereikt",
        State.TECHNICAL: "verloren door een technische oorzaak",
    },
    yes="ja",
    no="nee",
    why="waarom er geen antwoord is",
)

WORDS: dict[str, Words] = {"en": ENGLISH, "nl": DUTCH}


def words(language: str) -> Words:
    """The words in a language; English where it has none."""
    return WORDS.get(language.split("-")[0], ENGLISH)
