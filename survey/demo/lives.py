"""Invented people: who they are and how they live, as a group in the proportions of the real study."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from survey.demo.distributions import centred, dealt, standings

YEAR = 365.25

GENDERS = {"woman": 0.65, "man": 0.33, "other": 0.02}
ORIGINS = {"netherlands": 0.43, "abroad": 0.455, "parents": 0.115}
"""Born here of parents born here; born abroad; born here with a parent born abroad."""

COUNTRIES = {
    "turkey": 0.16, "morocco": 0.16, "syria": 0.16, "suriname": 0.10, "eritrea": 0.10, "somalia": 0.06, "iran": 0.06,
    "curacao": 0.05, "iraq": 0.05, "poland": 0.04, "afghanistan": 0.04, "other": 0.06,
}  # fmt: skip
DUTCH_SPEAKING = ("suriname", "curacao")
EARLIER_ARRIVALS = ("turkey", "morocco", "suriname", "curacao")
HOUSINGS = {"rent": 0.84, "room": 0.05, "supported": 0.05, "staying": 0.03, "own": 0.03}

CHILDREN_AT_HOME = 0.43
DEBTS = 0.31
TWO_LANGUAGES = 8 / 35
MOVES = 0.06
MET_COACH = 0.92
COACH_OFTEN = {"weekly": 0.2, "fortnightly": 0.2, "monthly": 0.27, "rarely": 0.27, "not_yet": 0.06}
"""Two thirds at least monthly, a fifth weekly."""

WITHOUT = {"family": 0.03, "friends": 0.09, "others": 0.06}
MEAN_AGE, MEAN_SCHOOL_YEARS = 46.5, 9.0


@dataclass(frozen=True)
class Life:
    """What is so for one participant. Dates are those of the first interview's time; `moved` is between the two."""

    born: datetime.date
    gender: str
    country: str
    mother: str
    father: str
    nl_since: int | None
    two_languages: bool
    school_years: int
    household: str
    housing: str
    home_since: datetime.date
    moved: bool
    children: int
    children_home: int
    debts: bool
    coach_since: datetime.date
    coach_often: str
    without: frozenset[str]
    """Of "family", "friends" and "others", those whom this person does not have."""


def lives(random: Random, days: Sequence[datetime.date]) -> list[Life]:
    """One life for each of these days, on which its first interview is."""
    count = len(days)
    ages = [min(64.9, max(23.0, MEAN_AGE + 9.5 * score)) for score in standings(random, count)]
    genders = dealt(random, count, GENDERS)
    origins = dealt(random, count, ORIGINS)
    countries = iter(dealt(random, origins.count("abroad"), COUNTRIES))
    born_in = [next(countries) if origin == "abroad" else "netherlands" for origin in origins]
    speak_little_dutch = [i for i in range(count) if born_in[i] not in ("netherlands", *DUTCH_SPEAKING, "other")]
    interpreted = frozenset(speak_little_dutch[: round(TWO_LANGUAGES * count)])
    with_children = _with_children(random, ages, genders)
    households = _households(random, count, with_children)
    debts = dealt(random, count, {True: DEBTS, False: 1 - DEBTS})
    housings, moves = dealt(random, count, HOUSINGS), dealt(random, count, {True: MOVES, False: 1 - MOVES})
    often = dealt(random, count, COACH_OFTEN)
    school = _school_years(random, origins)
    nobody = {who: dealt(random, count, {True: share, False: 1 - share}) for who, share in WITHOUT.items()}
    found = []
    for i, day in enumerate(days):
        born = day - datetime.timedelta(days=int(ages[i] * YEAR))
        arrived = _arrived(random, born_in[i], born, i in interpreted) if born_in[i] != "netherlands" else None
        home = int(random.expovariate(1 / 2200)) + 120
        home_since = max(day - datetime.timedelta(days=home), datetime.date((arrived or born.year) + 1, 1, 1))
        children, at_home = _children(random, ages[i], i in with_children)
        met = random.random() < MET_COACH
        second_generation = origins[i] == "parents"
        found.append(
            Life(
                born=born,
                gender=genders[i],
                country=born_in[i],
                mother=random.choice(("netherlands", *EARLIER_ARRIVALS)) if second_generation else born_in[i],
                father=random.choice(EARLIER_ARRIVALS) if second_generation else born_in[i],
                nl_since=arrived,
                two_languages=i in interpreted,
                school_years=school[i],
                household=households[i],
                housing=housings[i],
                home_since=min(home_since, day),
                moved=moves[i],
                children=children,
                children_home=at_home,
                debts=debts[i],
                coach_since=day + datetime.timedelta(days=-random.randint(20, 150) if met else random.randint(10, 40)),
                coach_often=often[i],
                without=frozenset(who for who, lonely in nobody.items() if lonely[i]),
            )
        )
    return found


def _arrived(random: Random, country: str, born: datetime.date, lately: bool) -> int:
    first, last = (1975, 2004) if country in EARLIER_ARRIVALS and not lately else (2010, 2020)
    return max(born.year + 1, random.randint(first, last))


def _school_years(random: Random, origins: Sequence[str]) -> list[int]:
    """Years that were lost where schools were closed by war or poverty, for some."""
    raw = [
        MEAN_SCHOOL_YEARS + 3 * score - (1.2 if origin == "abroad" else 0)
        for score, origin in zip(standings(random, len(origins)), origins, strict=True)
    ]
    return [min(17, max(0, round(years))) for years in centred(raw, range(len(raw)), MEAN_SCHOOL_YEARS)]


def _with_children(random: Random, ages: Sequence[float], genders: Sequence[str]) -> frozenset[int]:
    """Those with children at home: likelier women, and between thirty and sixty."""
    scores = [
        random.random() + 0.3 * (gender == "woman") + 0.5 * (28 < age < 58)
        for age, gender in zip(ages, genders, strict=True)
    ]
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    return frozenset(order[: round(CHILDREN_AT_HOME * len(scores))])


def _households(random: Random, count: int, with_children: frozenset[int]) -> list[str]:
    """Nearly everyone lives without another adult."""
    parents = iter(dealt(random, len(with_children), {"kids": 0.93, "partner_kids": 0.07}))
    weights = {"alone": 0.86, "partner": 0.05, "family": 0.05, "shared": 0.03, "other": 0.01}
    others = iter(dealt(random, count - len(with_children), weights))
    return [next(parents) if i in with_children else next(others) for i in range(count)]


def _children(random: Random, age: float, at_home: bool) -> tuple[int, int]:
    """How many children there are in all, and at home."""
    here = random.choice((1, 1, 2, 2, 3)) if at_home else 0
    elsewhere = random.choice((0, 1, 2, 2, 3)) if age > 42 else random.choice((0, 0, 0, 1))
    return here + elsewhere, here
