"""Who is there during an interview: an interpreter or none, in the room or from afar, and who else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

InterpreterType = Literal["none", "professional", "relative", "peer", "minor"]
Mode = Literal["in_person", "phone", "video"]
Same = Literal["first", "yes", "no", "unknown"]
INTERPRETERS: tuple[InterpreterType, ...] = get_args(InterpreterType)
MODES: tuple[Mode, ...] = get_args(Mode)
SAME: tuple[Same, ...] = get_args(Same)
OTHERS = ("partner", "children", "family", "friend", "worker", "other")
"""Who else can be there."""


@dataclass(frozen=True)
class Company:
    """Who is there. Without an interpreter the parts about one are empty.

    `same`: whether it is the interpreter of the last time. `code` names an interpreter without their name. `promised`:
    the declaration of confidentiality was read out.
    """

    interpreter: InterpreterType
    mode: Mode | None = None
    same: Same | None = None
    others: tuple[str, ...] = ()
    code: str | None = None
    promised: bool = False
