"""Figures of a team: from five ratings and two coaches up, in steps of five, and never of one rating."""

from __future__ import annotations

from survey.instruments.reading import read_text
from survey.measures.ratings import Rating, TeamFigure, team_figures

RATED = """
instrument: rated
version: 1
language: en
title: Rated
about: participant
role: participant
purpose: To try something out
missing: [refused]
lists: {often: {1: Never, 2: Sometimes, 3: Often, 4: Always, 5: More}}
pages:
  - page: one
    title: One
    questions:
      - kind: scale
        name: items
        text: How often?
        choices: often
        items: {a: First, b: Second, c: Third, d: Turned round}
scores:
  all: {title: All, items: [a, b, c, d], reversed: [d], least: 3}
"""
INSTRUMENT = read_text(RATED, "rated.yaml")
FULL = {"a": 5, "b": 4, "c": 3, "d": 1}


def ratings(*given: tuple[int | None, dict]) -> list[Rating]:
    return [Rating(coach, INSTRUMENT, answers) for coach, answers in given]


def shown(*given: tuple[int | None, dict]) -> TeamFigure:
    return team_figures(INSTRUMENT, ratings(*given))[0]


NOTHING = TeamFigure("all", None, 0, 1.0, 5.0)


def test_four_ratings_are_not_shown_and_five_are() -> None:
    four = [(1, FULL), (2, FULL), (1, FULL), (2, FULL)]
    assert shown(*four) == NOTHING
    assert shown(*four, (1, FULL)) == TeamFigure("all", 4.2, 5, 1.0, 5.0)


def test_ratings_of_one_coach_are_never_shown_however_many_they_are() -> None:
    assert shown(*[(1, FULL)] * 12) == NOTHING
    assert shown(*[(None, FULL)] * 11, (1, FULL)) == NOTHING


def test_one_more_rating_changes_nothing_until_there_are_five_more() -> None:
    five = [(1, FULL), (2, FULL), (1, FULL), (2, FULL), (1, FULL)]
    low = {"a": 1, "b": 1, "c": 1, "d": 5}
    four = [(2, low), (1, low), (2, low), (1, low)]
    assert [shown(*five, *more).mean for more in ([], four[:1], four, [*four, (2, low)])] == [4.2, 4.2, 4.2, 2.6]


def test_five_more_of_one_coach_change_nothing_until_there_is_one_of_another() -> None:
    five = [(1, FULL), (2, FULL), (1, FULL), (2, FULL), (1, FULL)]
    low = {"a": 1, "b": 1, "c": 1, "d": 5}
    # Else ten times the new figure less five times the old one would be what was said of the second coach.
    assert shown(*five, *[(2, low)] * 5) == shown(*five)
    assert shown(*five, *[(2, low)] * 5, (1, low)).ratings == 11


def test_ratings_with_too_few_items_do_not_count_towards_five() -> None:
    four = [(1, FULL), (2, FULL), (1, FULL), (2, FULL)]
    assert shown(*four, (1, {"a": 5})) == NOTHING
    refused = {"a": {"missing": "refused"}, "b": 5, "c": 5, "d": {"missing": "refused"}}
    assert shown(*four, (1, refused)) == NOTHING
