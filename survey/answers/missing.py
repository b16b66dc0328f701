"""The seven answer states and their codes."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Why a value stands there, or why none does.

    The six codes below zero form one range (-99 to -94), because a .sav file takes one range of missing values.
    """

    ANSWERED = "answered"
    REFUSED = "refused"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASKED = "not_asked"
    NOT_REACHED = "not_reached"
    TECHNICAL = "technical"


CODES: dict[State, int] = {
    State.ANSWERED: 0,
    State.REFUSED: -99,
    State.DONT_KNOW: -98,
    State.NOT_APPLICABLE: -97,
    State.NOT_ASKED: -96,
    State.NOT_REACHED: -95,
    State.TECHNICAL: -94,
}
