"""The words of a study's course: where a participant stands, why somebody leaves, how an attempt to reach them went."""

from __future__ import annotations

from typing import Literal, get_args

Status = Literal["approached", "active", "finished", "declined", "dropped_out", "withdrawn", "erased"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""Asked to take part; taking part; done with all that was asked; said no at the start; left later; took the consent
back; erased, so that only a stub is left."""

ASKED: frozenset[Status] = frozenset({"approached", "active"})
"""Of whom something is asked: also of who has yet to agree, since that happens where the first interview is."""

LEFT: frozenset[Status] = frozenset({"declined", "dropped_out", "withdrawn", "erased"})
"""Of whom nothing is asked any more, before all was done."""

Reason = Literal[
    "no_wish", "no_time", "too_heavy", "ill", "language", "moved", "trajectory_ended", "unreachable", "died", "other"
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Why somebody said no or left, as they or others told."""

Outcome = Literal["no_answer", "appointment", "call_back", "wrong_number", "moved", "refused", "ill", "message_left"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""How an attempt to reach somebody went."""

How = Literal["phone", "message", "letter", "visit"]
HOWS: tuple[How, ...] = get_args(How)
"""By which way somebody was reached."""
