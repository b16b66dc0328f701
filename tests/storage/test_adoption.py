"""Adopting a newer version while a study runs, and the lists of people and links, in both databases."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study
from sqlalchemy import select

from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.reading import kept_protocol
from survey.planning.revision import revision
from survey.storage import link_overview, links, participants, people, protocols, studies, study_overview
from survey.storage.adoption import DrawnAlready, adopt_newer, replan_some
from survey.storage.course import plan_people
from survey.storage.database import Database
from survey.storage.people_list import SORTS, Wanted, people_found, people_found_count, scopes_of
from survey.storage.tables import Study, Task

NOW = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)


def version(number: int, *changes: tuple[str, str]) -> FiledProtocol:
    """The shipped protocol as a later version, with words of its file replaced by others."""
    source = krachtwerk().source
    for old, new in (("version: 2\ntitle", f"version: {number}\ntitle"), *changes):
        assert old in source
        source = source.replace(old, new, 1)
    return FiledProtocol(kept_protocol(source), source)


WITHOUT_END = ("waves: [end], by: interviewer}", "waves: [t1], by: interviewer}")
BY_LOT = (
    "arms:\n  krachtwerk:\n",
    "randomisation: {blocks: [2], within: study}\narms:\n  usual: {nl: Gewoon, en: Usual}\n  krachtwerk:\n",
)
COMPARED = ("  last: t1\n", "  last: t1\n  comparison: usual\n")


@pytest.fixture
def planned(database: Database) -> PlannedStudy:
    with database.writing() as session:
        return plan_study(session, NOW)


def test_newer_version_plans_everybody_anew_and_begins_a_list_of_arms(
    database: Database, planned: PlannedStudy
) -> None:
    with database.writing() as session:
        one, *_ = [participants.register(session, planned.study, planned.people["ilse"], NOW) for _ in range(3)]
        first = version(3, WITHOUT_END, BY_LOT, COMPARED)
        adopt_newer(session, planned.study, first, "nl", None, NOW)
        assert session.get_one(Study, planned.study).seed is not None
        after: int | None = 0
        turns = 0
        while after is not None:
            after = replan_some(session, planned.study, NOW, after=after, limit=2)
            turns += 1
        assert turns == 2
        with pytest.raises(ValueError, match="follows version 3 already"):
            adopt_newer(session, planned.study, first, "nl", None, NOW)
        protocols.draw_arm(session, one, first.protocol, NOW)
        other = version(4, (BY_LOT[0], BY_LOT[1].replace("[2]", "[4]")), COMPARED)
        with pytest.raises(DrawnAlready):
            adopt_newer(session, planned.study, other, "nl", None, NOW)
        adopt_newer(session, planned.study, version(5, BY_LOT, COMPARED), "nl", None, NOW)
        ((stratum, counts),) = study_overview.drawn_by_arm(session, planned.study).items()
        places = list(study_overview.drawn(session, planned.study))
    assert (stratum, sum(counts.values())) == ("", 1)
    assert [(place.position, place.participant, place.at) for place in places] == [(1, one.code, NOW)]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ((), {}),
        ((WITHOUT_END,), {"added": ("t1", "closing-interview"), "removed": ("end", "closing-interview")}),
        ((("due: 183", "due: 180"),), {"otherwise": ("t1", "client-interview")}),
        ((("    after: round_off\n", "    after: t1\n"),), {"otherwise": ("end", "closing-interview")}),
        ((BY_LOT, COMPARED), {"drawing": True, "outcomes": True}),
        ((("  - version: 1\n    words", "  - version: 2\n    words"),), {"consent": True}),
        ((("  south: {", "  east: {title: Oost}\n  south: {"),), {"teams_added": ("east",)}),
    ],
)
def test_revision_says_what_a_version_changes(changes: tuple[Any, ...], found: dict[str, Any]) -> None:
    told = revision(krachtwerk().protocol, version(3, *changes).protocol)
    expected = {
        name: [(*value, "participant")] if name in ("added", "removed") else value for name, value in found.items()
    }
    said = {name: value for name, value in vars(told).items() if value}
    if "otherwise" in said:
        assert (*expected.pop("otherwise"), "participant") in said.pop("otherwise")
    assert {name: list(value) if name in ("added", "removed") else value for name, value in said.items()} == expected
    assert told.nothing == (not found)


def test_people_are_found_by_role_study_and_state(database: Database, planned: PlannedStudy) -> None:
    with database.writing() as session:
        people.close_account(session, planned.people["cora"], NOW)
    with database.reading() as session:
        found = {
            wanted: [one.name for one in people_found(session, wanted, 20, sort="name")]
            for wanted in (
                Wanted(role="coach"),
                Wanted(role="coach", state="open"),
                Wanted(study_id=planned.study, state="closed"),
                Wanted(study_id=planned.study + 1),
                Wanted(state="no_role"),
                Wanted(words=planned.codes["rik"].lower()),
            )
        }
        assert list(found.values()) == [["coen", "cora"], ["coen"], ["cora"], [], ["admin"], ["rik"]]
        assert [people_found_count(session, wanted) for wanted in found] == [len(names) for names in found.values()]
        assert [len(people_found(session, Wanted(), 3, 1, sort=sort, descending=True)) for sort in SORTS] == [3] * 3
        assert scopes_of(session, [planned.people["tess"], planned.people["admin"]]) == {
            planned.people["tess"]: {planned.study: {"team_leader": frozenset({planned.teams["north"]})}}
        }


def test_links_are_narrowed_by_how_they_stand_and_one_is_taken_back(database: Database, planned: PlannedStudy) -> None:
    with database.writing() as session:
        plan_people(session, planned.study, NOW)
        asked = (Task.by == "coach", Task.person_id.is_not(None))
        tasks = list(session.scalars(select(Task.id).where(*asked).order_by(Task.id)))
        for task, days in zip(tasks[:3], (1, 42, 42), strict=True):
            links.make_link(session, task, "nl", None, NOW, datetime.timedelta(days=days))
        later = NOW + datetime.timedelta(days=2)
        rows = link_overview.link_rows(session, link_overview.Wanted(planned.study), later, 10)
        assert [row.state for row in rows] == ["expired", "sent", "sent"]
        assert link_overview.revoke_link(session, rows[0].id, later) is None
        taken = link_overview.revoke_link(session, rows[1].id, later)
        assert taken == link_overview.Revoked("planned", rows[1].whose, rows[1].instrument, rows[1].wave)
        counts = {
            state: link_overview.link_count(session, link_overview.Wanted(state=state), later)
            for state in link_overview.STATES
        }
        assert counts == {"sent": 1, "opened": 0, "done": 0, "expired": 1, "revoked": 1}
        assert studies.study_with(session, "planned") is not None
