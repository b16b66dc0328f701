"""What another version of a protocol changes: waves, what is asked at them, teams, consent, the drawing, outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from survey.instruments.protocols.model import Protocol

Asked = tuple[str, str, str]
"""Wave, instrument, and of whom."""


@dataclass(frozen=True)
class Revision:
    """Codes of what came, went and changed. `otherwise`: asked still, but by others or on other days."""

    waves_added: tuple[str, ...]
    waves_removed: tuple[str, ...]
    added: tuple[Asked, ...]
    removed: tuple[Asked, ...]
    otherwise: tuple[Asked, ...]
    teams_added: tuple[str, ...]
    consent: bool
    drawing: bool
    outcomes: bool

    @property
    def nothing(self) -> bool:
        """Whether none of these changed; other words may have."""
        return not any(vars(self).values())


def revision(old: Protocol, new: Protocol) -> Revision:
    """What `new` changes of `old`, in the order in which it stands there."""
    before, after = _asked(old), _asked(new)
    return Revision(
        waves_added=tuple(code for code in new.waves if code not in old.waves),
        waves_removed=tuple(code for code in old.waves if code not in new.waves),
        added=tuple(one for one in after if one not in before),
        removed=tuple(one for one in before if one not in after),
        otherwise=tuple(one for one in after if one in before and after[one] != before[one]),
        teams_added=tuple(code for code in new.teams if code not in old.teams),
        consent=new.newest_consent != old.newest_consent,
        drawing=other_drawing(old, new),
        outcomes=new.outcomes != old.outcomes,
    )


def other_drawing(old: Protocol, new: Protocol) -> bool:
    """Whether arms would be drawn in another way: what was drawn already could not go on."""
    return (list(old.arms), old.randomisation) != (list(new.arms), new.randomisation)


def _asked(protocol: Protocol) -> dict[Asked, tuple[object, ...]]:
    return {
        (wave, ask.instrument, ask.of): (ask.by, ask.observers, timing.after, timing.due, timing.window)
        for ask in protocol.asks
        for wave in ask.waves
        for timing in [protocol.timing(ask, wave)]
    }
