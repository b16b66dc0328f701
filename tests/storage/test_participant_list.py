"""The list of participants: narrowed, sorted and cut in pages by the database."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

import pytest
from planned_study import PlannedStudy, plan_study
from sqlalchemy.orm import Session

from survey.storage import consents, course, participant_list, participants
from survey.storage.database import Database
from survey.storage.participant_list import Narrowed

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)


@dataclass
class Four:
    """A session, a planned study, and four participants called one to four here, each registered a day later."""

    session: Session
    study: PlannedStudy
    names: dict[str, str]

    def names_of(self, sort: str = "registered", descending: bool = True, page: int = 0, **narrowed: Any) -> list[str]:
        """Who stands in the list, at most three a page."""
        which = replace(Narrowed(self.study.study), **narrowed)
        found = participant_list.listed(self.session, which, sort, descending, 3, 3 * page)
        if not page and len(found) < 3:
            assert participant_list.count(self.session, which) == len(found)
        return [self.names[one.code] for one, _ in found]


@pytest.fixture
def four(database: Database) -> Any:
    with database.writing() as session:
        study, names = plan_study(session, NOW), {}
        about = (("one", "north", "ar"), ("two", "south", "nl"), ("three", "north", "nl"), ("four", "north", None))
        for day, (name, team, language) in enumerate(about):
            at = NOW + datetime.timedelta(days=day)
            interviewer = study.people["ilse" if day < 3 else "iris"]
            known = {"team_id": study.teams[team], "interviewer_id": interviewer}
            found = participants.register(session, study.study, interviewer, at, language, **known)
            names[found.code] = name
            if name == "three":
                course.set_status(session, found, "active", interviewer, at)
            if name == "four":
                consents.decline(session, found, "no_wish", interviewer, at)
        yield Four(session, study, names)


def test_newest_stands_first_and_pages_follow_each_other(four: Four) -> None:
    assert (four.names_of(), four.names_of(page=1)) == (["four", "three", "two"], ["one"])


SORTED = {
    "registered": (["one", "two", "three"], ["four", "three", "two"]),
    "team": (["four", "three", "one"], ["two", "four", "three"]),
    "status": (["two", "one", "three"], ["four", "three", "two"]),
    "language": (["one", "three", "two"], ["three", "two", "one"]),
    "next": (["one", "two", "three"], ["three", "two", "one"]),
}
"""Column -> the first three by it, and the other way round."""


def test_list_is_sorted_both_ways_and_what_has_nothing_to_sort_by_stands_last(four: Four) -> None:
    assert {sort: (four.names_of(sort, False), four.names_of(sort)) for sort in SORTED} == SORTED


def test_code_sorts_by_its_signs(four: Four) -> None:
    assert four.names_of("code", False) == [four.names[code] for code in sorted(four.names)][:3]


def test_list_is_narrowed_to_teams_within_reach_and_to_what_was_chosen(four: Four) -> None:
    code = next(iter(four.names))
    north, south = (frozenset({four.study.teams[team]}) for team in ("north", "south"))
    narrowed: list[dict[str, Any]] = [
        {"teams": south},
        {"teams": frozenset()},
        {"team": "south", "teams": north},
        {"status": "declined"},
        {"language": "nl"},
        {"code": code[:5]},
        {"code": "%"},
        {"interviewer_id": four.study.people["iris"]},
        {"language": "nl", "team": "north"},
    ]
    assert [four.names_of(**one) for one in narrowed] == [
        ["two"], [], [], ["four"], ["three", "two"], ["one"], [], ["four"], ["three"],
    ]  # fmt: skip


def test_next_is_the_open_task_that_is_due_first(four: Four) -> None:
    found = participant_list.listed(four.session, Narrowed(four.study.study), "code", False, 9, 0)
    following = participant_list.next_tasks(four.session, [one.id for one, _ in found])
    asked = {four.names[one.code]: following.get(one.id) for one, _ in found}
    assert {name: one and (one.wave, one.instrument, one.begun) for name, one in asked.items()} == {
        "one": ("t0", "client-interview", False),
        "two": ("t0", "client-interview", False),
        "three": ("t0", "client-interview", False),
        "four": None,
    }
