"""How an observed meeting stands, by how far its observers are, and why an observer could not go on."""

from __future__ import annotations

from typing import Literal, get_args

MeetingState = Literal["planned", "observed", "waiting", "to_settle", "settled", "single", "nobody"]
MEETING_STATES: tuple[MeetingState, ...] = get_args(MeetingState)
"""Nothing begun; begun; one handed in and another not yet; all handed in, and differences to settle; settled; one
record that stands alone; every observer fell out."""

FallingOut = Literal["ill", "called_away", "not_let_in", "other"]
"""Why an observer could not go on: ill; called away; the team did not want an observer; something else."""


def meeting_state(active: int, handed_in: int, begun: int, *, settled: bool) -> MeetingState:
    """How a meeting stands. `active`: observers who did not fall out; `handed_in`: those of them who handed in;
    `begun`: how many of all began anything."""
    if active == 0:
        return "nobody"
    if handed_in == active:
        if active == 1:
            return "single"
        return "settled" if settled else "to_settle"
    if handed_in:
        return "waiting"
    return "observed" if begun else "planned"
