"""What two invented observers write of one team meeting: they mostly agree, and never differ by more than one point."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from random import Random
from typing import Any

from survey.demo.distributions import dealt
from survey.demo.voice import Silence, Voice
from survey.demo.words import OBSERVER_WORDS
from survey.instruments.kinds.scale import Scale
from survey.instruments.model import Instrument

SEEN = {5: 0.52, 4: 0.42, 3: 0.06}
"""How far steps were followed: well, on the whole."""

LOW = {"look_back": 2, "steps_when": 3, "ideas_neighbourhood": 3}
"""Where it was less."""

DIFFER = 0.28
"""The part of the items on which the second observer is one point away."""

NEVER = Silence(0, 0, 0, 0)


def observer_facts(instrument: Instrument, count: int, day: datetime.date, random: Random) -> list[dict[str, Any]]:
    """For each observer what was seen on this day."""
    meeting: dict[str, Any] = {
        "session_date": day.isoformat(),
        "session_start": "9.30",
        "session_length": 100,
        "session_rhythm": "weekly",
        "cases_discussed": 1,
        "observed_percent": 100,
        "present_coaches": 5,
        "present_intake": 1,
        "present_leaders": 1,
        "present_trainers": 1,
        "present_others": 0,
        "team_size": 9,
        "team_present": 7,
        "participant_there": "no",
        "case_compass": "on_the_spot",
        "case_compass_words": "mixed",
        "case_compass_domains": 5,
        "ideas_count": 23,
        "chosen_by": "participant_later",
        "led_by": "trainer",
    }
    items = [name for name, unit in instrument.units.items() if isinstance(unit.question, Scale)]
    seen = dict(zip(items, dealt(random, len(items), SEEN), strict=True)) | {
        name: at for name, at in LOW.items() if name in items
    }
    return [meeting | seen, *(_another(instrument, meeting, seen, random) for _ in range(count - 1))]


def _another(
    instrument: Instrument, meeting: Mapping[str, Any], seen: Mapping[str, int], random: Random
) -> dict[str, Any]:
    differing = random.sample(list(seen), round(DIFFER * len(seen)))
    other: dict[str, Any] = dict(seen)
    for name in differing:
        codes = list(instrument.units[name].question.options)
        steps = [code for code in (seen[name] - 1, seen[name] + 1) if code in codes]
        other[name] = random.choice(steps) if steps else seen[name]
    return dict(meeting) | {"session_length": 105, "ideas_count": 21} | other


def observer_voice(facts: Mapping[str, Any], day: datetime.date, random: Random) -> Voice:
    """An observer on the day of the meeting."""
    silences = dict.fromkeys(facts, NEVER)
    return Voice(random, day, facts, OBSERVER_WORDS, silences=silences)
