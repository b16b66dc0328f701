"""How invented coaches answer about their own work, and what two observers write of one team meeting.

Fidelity comes out as in the real study: caseload and action plan good, contact in the natural environment and strengths
compass low, the team meeting on the way: its steps followed well, but the compass made on the spot.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from survey.demo.distributions import Draw, about, one_of, parts, shares, some_of
from survey.demo.outcomes import Points
from survey.demo.voice import Silence, Voice
from survey.demo.words import COACH_WORDS

CASELOADS = (17, 20, 22, 24, 26, 29)
CASELOADS_LATER = (18, 20, 21, 24, 27, 28)
"""23 participants each, on average, at both waves."""

YEARS_EMPLOYED = (8, 12, 17, 21, 25, 31)
YEARS_COACHING = (2.0, 3.5, 4.5, 5.0, 6.0, 7.5)
AT_THE_OFFICE = (40, 45, 50, 50, 55, 65)
WITH_COMPASS = (0.25, 0.3, 0.35, 0.42, 0.46, 0.54)
WITH_PLAN = (0.78, 0.82, 0.86, 0.9, 0.93, 0.95)

COACH_DRAWS: dict[str, Draw] = COACH_WORDS | {
    "caseload_fit": one_of({"more": 0.1, "fits": 0.65, "fewer": 0.25}),
    "contact_length": about(60, 10, 45, 90, 5),
    "place_chooser": one_of({"participant": 0.2, "together": 0.35, "coach": 0.35, "employer": 0.1}),
    "place_barriers": some_of(
        {"travel": 0.5, "safety": 0.1, "rules": 0.3, "rooms": 0.4, "privacy": 0.4, "wish": 0.5}, "none"
    ),
    "compass_rhythm": one_of({"quarterly": 0.2, "half_yearly": 0.5, "less": 0.3}),
    "compass_author": parts({"participant": 5, "together": 65, "coach": 30}),
    "compass_domains": about(5, 1.5, 3, 9),
    "compass_barriers": some_of(
        {"time": 0.5, "complex": 0.7, "language": 0.7, "reading": 0.5, "file": 0.6, "skill": 0.2}, "none"
    ),
    "plan_rhythm": one_of({"each_talk": 0.4, "monthly": 0.6}),
    "plan_author": parts({"participant": 10, "together": 80, "coach": 10}, spread=8),
    "plan_barriers": some_of({"time": 0.4, "language": 0.3, "file": 0.5, "wish": 0.2, "other": 0.1}, "none"),
    "meeting_rhythm": one_of({"weekly": 1}),
    "meeting_length": about(105, 8, 90, 120, 5),
    "meeting_attended": about(9, 1.5, 5, 12),
    "meeting_cases": about(2, 0.7, 1, 4),
    "meeting_compass": about(0.3, 0.4, 0, 1),
    "meeting_in_order": one_of({4: 0.7, 5: 0.3}),
    "meeting_returned": one_of({3: 0.2, 4: 0.6, 5: 0.2}),
    "trained": one_of({"whole": 0.85, "partly": 0.15}),
    "trained_hours": about(30, 8, 12, 48, 6),
    "refreshers": about(3, 1, 1, 6),
    "trainer_rhythm": one_of({"fortnight": 0.3, "monthly": 0.7}),
    "trainer_form": some_of({"joined": 0.4, "talked": 0.8, "papers": 0.5, "practised": 0.2, "group": 0.7}, "talked"),
}

COACH_SILENCES = {"task_handover": Silence(not_applicable=0.3), "coaching_since": Silence(dont_know=0.0, passed=0.0)}
COACH_FIRM = frozenset(
    [
        "caseload",
        "caseload_hours",
        "coach_hours",
        "contact_frequency",
        "contact_place",
        "compass_updated",
        "compass_rhythm",
        "plan_updated",
        "plan_rhythm",
        "plan_own_goals",
        "plan_steps",
        "meeting_rhythm",
        "meeting_length",
    ]
)


def coach_facts(
    random: Random, count: int, points: Sequence[tuple[Points, Points]], days: tuple[datetime.date, datetime.date]
) -> list[list[dict[str, Any]]]:
    """For each coach the facts at the first and the second wave, on about these days."""
    rows = (YEARS_EMPLOYED, YEARS_COACHING, AT_THE_OFFICE, WITH_COMPASS, WITH_PLAN)
    orders = [random.sample(range(count), count) for _ in rows]
    found = []
    for i in range(count):
        employed, coaching, office, compass, plan = (
            row[order[i] % len(row)] for row, order in zip(rows, orders, strict=True)
        )
        hours = random.choice((24, 28, 32, 36))
        waves = []
        for wave, caseloads in enumerate((CASELOADS, CASELOADS_LATER)):
            caseload = caseloads[i % len(caseloads)]
            facts = _evidence(random, caseload, compass, plan) | dict(points[i][wave])
            away = random.randint(-1, 1) * 5
            facts |= {
                "coaching_since": (days[0] - datetime.timedelta(days=int(coaching * 365))).isoformat()[:7],
                "years_employed": employed,
                "coach_hours": hours,
                "caseload_hours": hours - random.choice((4, 6, 8)),
                "caseload_interpreter": round(caseload * random.uniform(0.1, 0.25)),
                "contact_frequency": _near({"weekly": 20, "fortnight": 20, "monthly": 27, "less": 33}, random),
                "contact_place": _place(office + away),
                "principle_surroundings": random.choice((2, 3, 3)),
                "trained_since": (days[0] - datetime.timedelta(days=500)).isoformat()[:7],
            }
            # Facts from `points` of single questions are less certain than what the table of draws says.
            waves.append({name: fact for name, fact in facts.items() if name not in COACH_DRAWS})
        found.append(waves)
    return found


def _evidence(random: Random, caseload: int, compass: float, plan: float) -> dict[str, Any]:
    """With how many participants each tool is used: the compass with fewer than half, the plan with most."""
    compasses, plans = round(caseload * compass), round(caseload * plan)
    steps = round(plans * random.uniform(0.75, 0.95))
    return {
        "caseload": caseload,
        "compass_with": compasses,
        "compass_updated": round(compasses * random.uniform(0.2, 0.4)),
        "plan_with": plans,
        "plan_updated": round(plans * random.uniform(0.75, 0.92)),
        "plan_own_goals": round(plans * random.uniform(0.75, 0.95)),
        "plan_steps": steps,
        "plan_who": round(steps * random.uniform(0.8, 1)),
        "plan_dates": round(steps * random.uniform(0.5, 0.8)),
    }


def _near(means: Mapping[str, float], random: Random) -> dict[str, int]:
    return shares({part: max(0.0, random.gauss(mean, 3)) for part, mean in means.items()})


def _place(office: float) -> dict[str, int]:
    elsewhere = {"home": 30, "neighbourhood": 18, "services": 12, "phone": 30, "video": 5, "elsewhere": 5}
    return shares({"office": office} | {part: share * (100 - office) / 100 for part, share in elsewhere.items()})


def coach_voice(facts: Mapping[str, Any], day: datetime.date, earlier: Mapping[str, Any], random: Random) -> Voice:
    """A coach on one day."""
    return Voice(random, day, facts, COACH_DRAWS, earlier, COACH_SILENCES, COACH_FIRM)
