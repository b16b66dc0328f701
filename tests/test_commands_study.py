"""The commands for beginning: a study by its protocol, people with roles in teams; refused with what to write."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from survey.commands import main
from survey.storage import audit, people, protocols, second_factors, studies
from survey.storage.database import Database
from survey.storage.tables import Person, Task


class Desk:
    """A server's folder with an empty database, and its commands."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        address = f"sqlite:///{folder / 'desk.sqlite'}"
        monkeypatch.chdir(folder)
        monkeypatch.setenv("KRACHTMETING_DATABASE_URL", address)
        monkeypatch.setenv("KRACHTMETING_SECRET_KEY", "k" * 40)
        self.database = Database(address)
        self.database.upgrade()

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    def add_person(self, name: str, *words: str) -> Result:
        return self.run("person", "add", name, "--password", "a long password", *words)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    made = Desk(tmp_path, monkeypatch)
    with closing(made.database):
        yield made


def test_study_is_made_by_its_protocol_with_waves_teams_and_a_line_in_the_trail(desk: Desk) -> None:
    made = desk.run("study", "add", "nijmegen", "--protocol", "krachtwerk", "--language", "en")
    assert (made.exit_code, made.output) == (
        0,
        "The study nijmegen is there, with waves t0, t1, end and teams north, south.\n",
    )
    with desk.database.reading() as session:
        found = studies.study_with(session, "nijmegen")
        assert found is not None
        assert (found.title, [wave.title for wave in studies.waves(session, found.id)]) == (
            "Krachtwerk in practice",
            ["Start", "After six months", "End of the trajectory"],
        )
        ((entry, _),) = audit.newest(session, 9)
    assert (entry.action, json.loads(entry.details)) == (
        "added a study",
        {"by": "command line", "study": "nijmegen", "protocol": "krachtwerk", "version": 2},
    )


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["Nijmegen", "--protocol", "krachtwerk"], "a study's short name has small letters, digits and dashes"),
        (["nijmegen", "--protocol", "kracht"], "there is no protocol 'kracht'; there are: krachtwerk"),
        (
            ["nijmegen", "--protocol", "krachtwerk", "--time-zone", "Europe/Nimwegen"],
            "there is no time zone 'Europe/Nimwegen'; write one such as Europe/Amsterdam",
        ),
    ],
)
def test_study_that_cannot_be_is_refused_with_what_to_write(desk: Desk, words: list[str], problem: str) -> None:
    refused = desk.run("study", "add", *words)
    assert (refused.exit_code, refused.output) == (1, f"Error: {problem}\n")


def test_person_gets_roles_in_teams_and_the_tasks_that_follow(desk: Desk) -> None:
    desk.run("study", "add", "nijmegen", "--protocol", "krachtwerk")
    assert desk.add_person("coen", "--study", "nijmegen", "--role", "coach", "--team", "south").exit_code == 0
    with desk.database.reading() as session:
        study = studies.study_with(session, "nijmegen")
        assert study is not None
        south = protocols.team_with(session, study.id, "south")
        coen = session.scalars(select(Person)).one()
        assert south is not None
        assert people.scopes(session, coen.id) == {study.id: {"coach": frozenset({south.id})}}
        tasks = session.scalars(select(Task.instrument).where(Task.person_id == coen.id))
        assert sorted(tasks) == ["coach-fidelity", "coach-fidelity", "professional-interview"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--role", "coach"], "name the study of these roles with --study; there are: nijmegen"),
        (
            ["--study", "nijmegen", "--role", "coach", "--team", "west"],
            "there is no team 'west' in nijmegen; there are: north, south",
        ),
        (
            ["--study", "nijmegen", "--role", "researcher", "--team", "north"],
            "a researcher works for a whole study; leave --team out",
        ),
        (["--study", "nijmegen", "--team", "north"], "say with --role what the person does in these teams"),
    ],
)
def test_roles_that_cannot_be_make_nobody(desk: Desk, words: list[str], problem: str) -> None:
    desk.run("study", "add", "nijmegen", "--protocol", "krachtwerk")
    refused = desk.add_person("coen", *words)
    assert (refused.exit_code, refused.output) == (1, f"Error: {problem}\n")
    with desk.database.reading() as session:
        assert session.scalars(select(Person)).all() == []


def test_person_gets_no_password_that_is_soon_guessed(desk: Desk) -> None:
    said = [desk.run("person", "add", "coen", "--password", password) for password in ("welkomcoen12", "qwertyuiop12")]
    assert [(one.exit_code, one.output) for one in said] == [
        (1, "Error: this password is made of the name or of well-known words; take others\n"),
        (1, "Error: this password is soon guessed; take a few words that do not belong together\n"),
    ]


def test_second_factor_of_the_last_admin_is_taken_away_on_record(desk: Desk) -> None:
    desk.add_person("anna", "--admin")
    with desk.database.writing() as session:
        anna = session.scalars(select(Person)).one()
        second_factors.new_recovery_codes(session, anna.id, anna.made_at)
    said = [desk.run("person", "reset-second-factor", name) for name in ("Anna", "anna", "nobody")]
    assert [(one.exit_code, one.output) for one in said] == [
        (0, "anna signs in with the password now.\n"),
        (0, "anna had no second factor.\n"),
        (1, "Error: there is no person called 'nobody'\n"),
    ]
    with desk.database.reading() as session:
        actions = [(entry.action, json.loads(entry.details)) for entry, _ in audit.newest(session, 9)]
    assert actions[0] == ("reset a second factor", {"by": "command line", "person": anna.code})
