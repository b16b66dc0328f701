"""A whole study goes with its migrations and comes back empty; participants, answers and their trail stay."""

from __future__ import annotations

import datetime
from typing import Any

from planned_study import PlannedStudy, krachtwerk, plan_study
from sqlalchemy import Engine, func, select, text

from survey.planning import due
from survey.storage import consents, observing, participants, people, reading, responses
from survey.storage.database import Database
from survey.storage.reading import Selection
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.tables import Base, Participant, Response, Task

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
AFTER_0002 = {
    "allocation", "coded_answer", "coded_passage", "consensus", "consent", "contact_attempt", "download", "identity",
    "meeting", "meeting_observer", "personal_link", "query", "query_remark", "quote", "response_lock",
    "status_change", "step_time", "study_code", "study_protocol", "task", "team",
    "audit_head", "receipt", "journal_key", "totp", "passkey", "recovery_code", "oidc_identity",
}  # fmt: skip


def filled_in(session: Any, place: PlannedStudy) -> None:
    """A participant who agreed and rated the coach alone, one who was only asked, and two meetings of one observer."""
    ilse, olga, north = place.people["ilse"], place.people["olga"], place.teams["north"]
    protocol = krachtwerk().protocol
    participant, _ = (participants.register(session, place.study, ilse, NOW, team_id=north) for _ in range(2))
    agreed = consents.Agreed(protocol.newest_consent, "nl", ["interviews"], "signed", True)
    consents.give(session, participant, protocol, agreed, ilse, NOW)
    alone = Opening(
        place.study, place.waves["t1"], "hope-behaviour", 1, ilse, "nl", participant_id=participant.id, mode="link",
        team_id=north,
    )  # fmt: skip
    write(session, alone, {("answers", "ho_wish"): 4}, None)
    ask = protocol.ask("team-meeting", "t1")
    assert ask is not None
    for day in (3, 10):
        held_on = datetime.date(2025, 3, day)
        planned = due.of_meeting(protocol, ask, "t1", held_on)
        meeting = observing.add_meeting(session, place.study, north, planned, held_on, [olga], olga, NOW)
        seen = Opening(
            place.study, place.waves["t1"], "team-meeting", 1, olga, "nl", person_id=olga, team_id=north,
            meeting_id=meeting.id,
        )  # fmt: skip
        write(session, seen, {("answers", "cases_discussed"): day}, olga)
    both = {"coach": frozenset(place.teams.values())}
    people.set_scopes(session, place.people["coen"], place.study, both)


def write(session: Any, opening: Opening, values: dict[Any, Any], by: int | None) -> None:
    record = responses.response(session, responses.open_response(session, opening, NOW), for_writing=True)
    assert record is not None
    responses.save(session, record, Saving("page", None, by, 0, values), NOW)


def rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_study_goes_down_and_comes_up_with_its_answers(database: Database) -> None:
    with database.writing() as session:
        place = plan_study(session, NOW)
        filled_in(session, place)
    database.downgrade("0002")
    kept = rows(database.engine, "SELECT document FROM response ORDER BY id")
    assert [("ho_wish" in document, '"cases_discussed":3' in document) for (document,) in kept] == [
        (True, False),
        (False, True),
    ]
    assert rows(database.engine, "SELECT person_id FROM visit WHERE person_id IS NULL") == []
    assert len(rows(database.engine, "SELECT * FROM membership WHERE role = 'coach'")) == 2
    database.upgrade()
    if database.sqlite:
        assert rows(database.engine, "PRAGMA foreign_key_check") == []
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Task)) == 0
        assert sorted(session.scalars(select(Participant.status))) == ["active", "approached"]
        assert set(session.scalars(select(Response.mode))) == {"signed_in"}
        for one in session.scalars(select(Response)):
            record = responses.response(session, one.token)
            assert record is not None
            assert responses.replay(session, one.id) == record.document
        assert len(list(reading.trail(session, Selection(place.study)))) == 2


def test_everything_that_came_with_the_study_is_known_to_this_test(database: Database) -> None:
    database.downgrade("0002")
    old = {name for (name,) in _names(database)}
    assert set(Base.metadata.tables) - old == AFTER_0002
    database.upgrade()


def _names(database: Database) -> list[Any]:
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'table'"
    return rows(database.engine, sqlite if database.sqlite else "SELECT tablename FROM pg_tables")
