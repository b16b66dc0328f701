"""The list of responses: narrowed and sorted in the database, alike on both."""

from __future__ import annotations

from typing import Any

import pytest
from small_study import Place, at
from sqlalchemy import update

from survey.storage import overview, protocols, queries, responses
from survey.storage.overview import Wanted
from survey.storage.record import Saving
from survey.storage.tables import Participant, Response


class Three:
    """A response that was handed in, one that is locked and asked about, and a coach's that is begun."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.tokens = {"done": place.open(), "locked": place.open(wave_id=place.waves[1])}
        self.tokens["coach"] = place.open(person_id=place.coen, instrument="coach-fidelity")
        with place.database.writing() as session:
            for minute, name in enumerate(("locked", "done")):
                record = responses.response(session, self.tokens[name], for_writing=True)
                assert record is not None
                responses.submit(session, record, Saving("submit", None, place.ilse, record.version), at(minute))
                session.execute(
                    update(Participant)
                    .where(Participant.id == record.participant_id)
                    .values(code=f"{'AB'[minute]}BC-222")
                )
                if name == "locked":
                    queries.ask(session, record, "age", "Klopt dit?", place.ilse, at(3))
                    session.execute(update(Response).where(Response.id == record.id).values(locked_at=at(3)))
            self.team = protocols.add_team(session, place.study, "north", "Noord", at(0)).id
            session.execute(update(Response).where(Response.token == self.tokens["coach"]).values(team_id=self.team))

    def found(self, sort: str = "begun", *, down: bool = True, teams: Any = None, **narrowed: str) -> list[str]:
        names = {token: name for name, token in self.tokens.items()}
        wanted = Wanted(self.place.study, teams, narrowed)
        with self.place.database.reading() as session:
            rows = overview.response_rows(session, wanted, 10, 0, sort, down)
            assert overview.response_count(session, wanted) == len(rows)
        return [names[row.token] for row in rows]


@pytest.fixture
def three(place: Place) -> Three:
    return Three(place)


def test_list_is_narrowed(three: Three) -> None:
    assert three.found() == ["coach", "locked", "done"]
    assert three.found(instrument="coach-fidelity") == ["coach"]
    assert three.found(wave="t1") == ["locked"]
    states = {state: three.found(state=state) for state in overview.STATES}
    assert states == {
        "handed_in": ["locked", "done"], "started": ["coach"], "locked": ["locked"], "queried": ["locked"]
    }  # fmt: skip
    north = frozenset({three.team})
    assert (three.found(code="bb"), three.found(code="coe", teams=north), three.found(code="_")) == (
        ["done"], ["coach"], []
    )  # fmt: skip
    assert (three.found(teams=north), three.found(teams=frozenset())) == (["coach"], [])


def test_list_is_sorted(three: Three) -> None:
    assert three.found("code", down=False) == ["locked", "done", "coach"]
    assert three.found("wave") == ["locked", "coach", "done"]
    assert three.found("instrument", down=False) == ["locked", "done", "coach"]
    assert three.found("handed_in") == ["done", "locked", "coach"]
    assert three.found("handed_in", down=False) == ["locked", "done", "coach"]


def test_row_tells_team_lock_and_queries(three: Three) -> None:
    with three.place.database.reading() as session:
        rows = overview.response_rows(session, Wanted(three.place.study), 10)
        assert overview.instruments(session, three.place.study) == ["client-interview", "coach-fidelity"]
    assert [(row.subject, row.team, row.locked_at, row.queries) for row in rows] == [
        ("COE-333", "Noord", None, 0),
        ("ABC-222", None, at(3), 1),
        ("BBC-222", None, None, 0),
    ]
