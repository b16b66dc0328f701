"""How invented participants answer the client interview: their life as facts, and what is likely for the rest."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from random import Random
from typing import Any

from survey.demo.distributions import Draw, about, one_of, parts, some_of
from survey.demo.lives import YEAR, Life
from survey.demo.outcomes import Points, point, standing
from survey.demo.voice import Silence, Voice
from survey.demo.words import PARTICIPANT_WORDS
from survey.instruments.model import Instrument

CONTACT = {"daily": 0.22, "weekly": 0.36, "monthly": 0.16, "sometimes": 0.18, "lost": 0.08}

DRAWS: dict[str, Draw] = PARTICIPANT_WORDS | {
    "activities": some_of(
        {
            "paid_work": 0.12, "volunteering": 0.3, "education": 0.28, "caring": 0.4, "housework": 0.85,
            "leisure": 0.55, "rest": 0.4,
        },
        "none",
    ),
    "work_hours": about(12, 6, 2, 32, 0.5),
    "vol_hours": about(6, 3, 1, 20, 0.5),
    "study_kind": one_of({"dutch": 0.45, "diploma": 0.15, "job": 0.15, "computer": 0.15, "hobby": 0.07, "other": 0.03}),
    "care_hours": about(22, 14, 1, 90),
    "day_out": about(150, 110, 0, 600, 15),
    "leisure": some_of(
        {
            "outside": 0.45, "sport": 0.2, "making": 0.2, "cooking": 0.35, "music": 0.3, "reading": 0.2, "screen": 0.35,
            "people": 0.3, "faith": 0.2, "other": 0.05,
        },
        "none",
    ),
    "income": some_of(
        {"assistance": 0.93, "wage": 0.12, "benefit": 0.06, "partner": 0.03, "business": 0.02, "other": 0.03},
        "assistance",
    ),
    "get_by": one_of({1: 0.14, 2: 0.34, 3: 0.32, 4: 0.17, 5: 0.03}),
    "short_of": some_of(
        {
            "food": 0.3, "clothes": 0.45, "rent": 0.15, "energy": 0.35, "health": 0.3, "children": 0.25, "travel": 0.35,
            "phone": 0.15, "fun": 0.5, "other": 0.04,
        },
        "none",
    ),
    "money_help": one_of(
        {"no_need": 0.4, "wanted": 0.15, "family": 0.1, "volunteer": 0.08, "worker": 0.12, "guardian": 0.15}
    ),
    "debts_size": one_of(
        {"below_1000": 0.15, "from_1000": 0.3, "from_5000": 0.2, "from_10000": 0.2, "from_25000": 0.15}
    ),
    "debts_plan": one_of({"going": 0.4, "hard": 0.2, "arranging": 0.25, "none": 0.15}),
    "fam_contact": one_of(CONTACT),
    "fam_wish": one_of({"more": 0.4, "same": 0.52, "less": 0.08}),
    "fr_contact": one_of(CONTACT),
    "oth_who": some_of(
        {
            "neighbours": 0.6, "work": 0.25, "course": 0.25, "club": 0.25, "faith": 0.25, "peers": 0.15, "online": 0.2,
            "other": 0.03,
        },
        "neighbours",
    ),
    "joined": some_of(
        {
            "street": 0.2, "centre": 0.3, "club": 0.12, "faith": 0.25, "group": 0.12, "party": 0.35, "helping": 0.35,
            "other": 0.02,
        },
        "none",
    ),
    "involved": one_of({1: 0.2, 2: 0.35, 3: 0.3, 4: 0.13, 5: 0.02}),
    "mh_talk": one_of({"yes": 0.4, "sometimes": 0.35, "no": 0.17, "no_wish": 0.08}),
    "stress_from": some_of(
        {
            "money": 0.5, "home": 0.2, "health": 0.4, "children": 0.25, "family": 0.2, "work": 0.12, "authorities": 0.4,
            "waiting": 0.25, "past": 0.3, "other": 0.03,
        },
        "none",
    ),
    "care_used": some_of(
        {
            "doctor": 0.7, "specialist": 0.35, "mental": 0.3, "district": 0.3, "money": 0.25, "home": 0.15,
            "shelter": 0.03, "peers": 0.08, "legal": 0.12, "other": 0.05,
        },
        "none",
    ),
    "care_access": one_of({"all": 0.42, "part": 0.38, "no_help": 0.1, "no_need": 0.1}),
    "coach_length": about(60, 15, 20, 120, 5),
    "coach_place": parts({"office": 50, "home": 16, "area": 14, "phone": 16, "elsewhere": 4}),
    "coach_wish": one_of({"more": 0.3, "same": 0.64, "less": 0.06}),
    "talk_feel": one_of({1: 0.01, 2: 0.04, 3: 0.25, 4: 0.5, 5: 0.2}),
    "talk_heavy": one_of({"yes": 0.15, "no": 0.85}),
}  # fmt: skip

HARD_TO_TELL = Silence(refused=0.05, dont_know=0.06)
SELDOM = Silence(refused=0.003, dont_know=0.005, not_applicable=0.005, passed=0.001)
TENDER = Silence(refused=0.02, dont_know=0.012)

SILENCES: dict[str, Silence] = {
    "debts_size": HARD_TO_TELL,
    "debts_plan": HARD_TO_TELL,
    "income": TENDER,
    "get_by": TENDER,
    "fam_support": SELDOM,
    "mind_items": TENDER,
    "mh_talk": TENDER,
    "country_father": Silence(refused=0.01, dont_know=0.03),
    "school_years": Silence(refused=0.0, dont_know=0.03),
    "home_since": Silence(dont_know=0.04),
    "day_out": Silence(not_applicable=0.05),
    "barrier_items": Silence(not_applicable=0.05),
    "coach_place": Silence(dont_know=0.03, not_applicable=0.06),
}

FIRM = frozenset(
    {
        "age",
        "gender",
        "country_self",
        "household",
        "children",
        "children_home",
        "debts",
        "coach_met",
        "fam_contact",
        "fr_contact",
        "oth_who",
    }
)


def client_voice(
    instrument: Instrument,
    life: Life,
    points: Points,
    wave: int,
    day: datetime.date,
    earlier: Mapping[str, Any],
    random: Random,
) -> Voice:
    """A participant at the first (0) or second (1) wave; `earlier` are the answers that counted at the first."""
    facts = _facts(life, wave, day) | dict(points) | _in_line(instrument, points, random)
    return Voice(random, day, facts, DRAWS, earlier, SILENCES, FIRM)


def _facts(life: Life, wave: int, day: datetime.date) -> dict[str, Any]:
    moved = life.moved and wave == 1
    home_since = day - datetime.timedelta(days=70) if moved else life.home_since
    facts: dict[str, Any] = {
        "start_ok": "yes",
        "age": int((day - life.born).days / YEAR),
        "gender": life.gender,
        "country_self": life.country,
        "nl_since": str(life.nl_since) if life.nl_since else None,
        "country_mother": life.mother,
        "country_father": life.father,
        "school_years": life.school_years,
        "household": life.household,
        "housing": "rent" if moved else life.housing,
        "home_since": home_since.isoformat()[:7],
        "children": life.children,
        "children_home": life.children_home,
        "children_away": life.children - life.children_home,
        "debts": "yes" if life.debts else "no",
        "coach_met": "yes" if life.coach_since <= day else "no",
        "coach_often": life.coach_often,
        "coach_since": life.coach_since.isoformat()[:7],
    }
    if life.children_home:
        facts["care_who"] = ["child"]
    if life.country == "other":
        facts |= {f"country_{who}_namely": "Ghana" for who in ("self", "mother", "father")}
    # For those who have nobody of a kind, the questions on support from them are not asked.
    nobody: dict[str, dict[str, Any]] = {
        "family": {"fam_contact": "none"},
        "friends": {"fr_contact": "none"},
        "others": {"oth_who": ["none"]},
    }
    for who in sorted(life.without):
        facts |= nobody[who]
    return facts


def _in_line(instrument: Instrument, points: Points, random: Random) -> dict[str, Any]:
    """Single questions that go with a scale: the day with how one feels, the mark for grip with control."""
    mind, grip = standing(instrument, "mental_health", points), standing(instrument, "control", points)
    return {
        "mood_today": point(range(1, 6), random.gauss(mind + 0.08, 0.15)),
        "day_content": point(range(1, 6), random.gauss(mind + 0.05, 0.15)),
        "grip_grade": point(range(1, 11), random.gauss(grip + 0.03, 0.12)),
    }
