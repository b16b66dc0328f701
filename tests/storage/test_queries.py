"""A query is asked, answered and closed; every step stays, and who may answer sees it and nobody else."""

from __future__ import annotations

import pytest
from planned_study import PlannedStudy, plan_study
from small_study import START, at

from survey.storage import participants, queries, responses
from survey.storage.database import Database
from survey.storage.queries import NotNow, NoWords, Reach, Wanted
from survey.storage.record import Record
from survey.storage.responses import Opening


class Here:
    """A planned study with a response of a participant in the north, of one in the south, and of a coach."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.writing() as session:
            self.study: PlannedStudy = plan_study(session, START)
            self.tokens = {}
            for team in ("north", "south"):
                one = participants.register(
                    session, self.study.study, self.study.people["ilse"], START, team_id=self.study.teams[team]
                )
                self.tokens[team] = self._open(session, "client-interview", participant_id=one.id, team_id=one.team_id)
            north = self.study.teams["north"]
            coen = {"person_id": self.study.people["coen"], "team_id": north}
            self.tokens["coen"] = self._open(session, "coach-fidelity", **coen)
            self.tokens["led"] = self._open(session, "professional-interview", **coen)

    def _open(self, session: object, instrument: str, **whose: object) -> str:
        ids = self.study
        opening = Opening(ids.study, ids.waves["t0"], instrument, 1, ids.people["ilse"], "nl", **whose)
        return responses.open_response(session, opening, START)

    def record(self, name: str) -> Record:
        with self.database.reading() as session:
            found = responses.response(session, self.tokens[name])
        assert found is not None
        return found

    def ask(self, name: str, words: str = "Klopt dit?", minute: int = 1, unit: str = "age") -> int:
        with self.database.writing() as session:
            return queries.ask(session, self.record(name), unit, words, self.study.people["rik"], at(minute))

    def say(self, query: int, status: queries.Status, words: str = "", by: str = "ilse", minute: int = 2) -> None:
        with self.database.writing() as session:
            found = queries.query_with(session, self.study.study, query, for_writing=True)
            assert found is not None
            queries.remark(session, found, status, words, self.study.people[by], at(minute))

    def open_for(self, reach: Reach) -> list[str]:
        with self.database.reading() as session:
            rows, count = queries.open_queries_for(session, [reach])
        assert len(rows) == count
        return [row.words for row in rows]


@pytest.fixture
def here(database: Database) -> Here:
    return Here(database)


def test_every_step_of_a_query_stays_on_record(here: Here) -> None:
    query = here.ask("north")
    here.say(query, "answered", "Ja, nagevraagd.")
    here.say(query, "open", "En het jaar?", "rik", 3)
    here.say(query, "answered", "Dat ook.", minute=4)
    here.say(query, "closed", "", "rik", 5)
    rik, ilse = here.study.codes["rik"], here.study.codes["ilse"]
    with here.database.reading() as session:
        said = queries.remarks(session, [query])[query]
        row = queries.rows(session, Wanted(here.study.study), 5)[0]
        counts = queries.status_counts(session, here.study.study)
    assert [(one.status, one.words, one.by, one.at) for one in said] == [
        ("open", "Klopt dit?", rik, at(1)),
        ("answered", "Ja, nagevraagd.", ilse, at(2)),
        ("open", "En het jaar?", rik, at(3)),
        ("answered", "Dat ook.", ilse, at(4)),
        ("closed", "", rik, at(5)),
    ]
    assert (row.words, row.status, row.unit, row.asked_at, row.changed_at) == (
        "Klopt dit?",
        "closed",
        "age",
        at(1),
        at(5),
    )
    assert counts == {"open": 0, "answered": 0, "closed": 1}


def test_what_cannot_be_said_now_is_refused(here: Here) -> None:
    with pytest.raises(NoWords):
        here.ask("north", "  ")
    query = here.ask("north")
    with pytest.raises(NoWords):
        here.say(query, "answered", " ")
    with pytest.raises(NotNow):
        here.say(query, "open", "Nog eens", "rik")
    here.say(query, "closed", "", "rik")
    with pytest.raises(NotNow):
        here.say(query, "answered", "Te laat")


def test_button_pressed_twice_asks_once(here: Here) -> None:
    assert here.ask("north") == here.ask("north")
    assert here.ask("north", "Iets anders?") != here.ask("north", unit="gender")


def test_interviewer_sees_the_open_queries_of_the_own_teams(here: Here) -> None:
    for name in ("north", "south", "coen", "led"):
        here.ask(name, name)
    ids = here.study
    north, led = frozenset({ids.teams["north"]}), frozenset({"professional-interview"})
    assert here.open_for(Reach(ids.study, ids.people["ilse"], north)) == ["north"]
    assert here.open_for(Reach(ids.study, ids.people["ilse"], north, led)) == ["north", "led"]
    assert here.open_for(Reach(ids.study, ids.people["ilse"], None)) == ["north", "south"]
    assert here.open_for(Reach(ids.study, ids.people["ilse"])) == []


def test_coach_sees_the_queries_about_the_own_questionnaire_only(here: Here) -> None:
    for name in ("north", "coen"):
        here.ask(name, name)
    ids, own = here.study, frozenset({"coach-fidelity"})
    assert here.open_for(Reach(ids.study, ids.people["coen"], own=own)) == ["coen"]
    assert here.open_for(Reach(ids.study, ids.people["cora"], own=own)) == []


def test_list_is_narrowed_and_sorted_in_the_database(here: Here) -> None:
    first, second, third = here.ask("north", "een", 1), here.ask("south", "twee", 2), here.ask("coen", "drie", 3)
    here.say(first, "answered", "ja", minute=9)

    def found(teams: frozenset[int] | None = None, sort: str = "changed", **narrowed: str) -> list[int]:
        with here.database.reading() as session:
            wanted = Wanted(here.study.study, teams, narrowed=narrowed)
            rows = queries.rows(session, wanted, 10, sort=sort)
            assert queries.count(session, wanted) == len(rows)
        return [row.id for row in rows]

    assert found() == [first, third, second]
    assert found(sort="asked") == [third, second, first]
    assert (found(status="open"), found(instrument="coach-fidelity")) == ([third, second], [third])
    assert found(wave="t1") == []
    assert found(code=here.study.codes["coen"][:5].lower()) == [third]
    north, south = (frozenset({here.study.teams[team]}) for team in ("north", "south"))
    assert (found(north), found(south)) == ([first, third], [second])


def test_what_is_not_closed_stands_beside_the_question_with_its_last_words(here: Here) -> None:
    first, second = here.ask("north"), here.ask("north", "Weg ermee", unit="gender")
    here.say(first, "answered", "Ja")
    here.say(second, "closed", "", "rik")
    with here.database.reading() as session:
        found = queries.on_pages(session, here.record("north").id)
    assert [(one.unit, one.status, one.words) for one in found] == [("age", "answered", "Ja")]
