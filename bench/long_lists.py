"""The lists of a study with very many participants, against those of a small one: what a page of each costs."""

from __future__ import annotations

import datetime
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.instruments.library import SHIPPED
from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.reading import kept_protocol
from survey.storage import people, studies
from survey.storage.codes import ALPHABET, LENGTH, with_check
from survey.storage.database import Database
from survey.storage.protocols import add_study_with, teams
from survey.storage.tables import ContactAttempt, Participant, StatusChange, Task
from survey.web.app import create_app
from survey.web.settings import Settings

SMALL, LARGE = 100, 10_000
TIMES = 15
PASSWORD = "only for measuring"
NOW = datetime.datetime(2025, 9, 1, 9, 0, tzinfo=datetime.UTC)
LISTS = {
    "start page of an interviewer": "/",
    "participants": "/study/bench/participants/",
    "participants, by what comes next": "/study/bench/participants/?sort=next",
    "participants, last page": "/study/bench/participants/?page=100000",
    "work list": "/study/bench/work/?whose=teams",
    "work list, by code": "/study/bench/work/?whose=teams&sort=code",
    "personal links": "/study/bench/links/",
    "who is where": "/study/bench/progress/",
}
"""What is looked at -> its address."""


def report(folder: Path) -> None:
    """Print for each list the median time of a page in the large study, and its ratio to the small one."""
    small, large = (_of(folder, count) for count in (SMALL, LARGE))
    for name, address in LISTS.items():
        pairs = [(seconds(small, address), seconds(large, address)) for _ in range(TIMES)]
        of_small, of_large = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"  {name:<34} {of_large * 1000:6.0f} ms   {of_large / of_small:5.1f} times that of {SMALL}")


def seconds(client: FlaskClient, address: str) -> float:
    """How long a page takes, in seconds. Raises RuntimeError where it is refused."""
    began = time.perf_counter()
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return time.perf_counter() - began


def _of(folder: Path, count: int) -> FlaskClient:
    return signed_in(folder, str(count), lambda session, study, ilse: _fill(session, study, ilse, count))


def signed_in(folder: Path, name: str, fill: Callable[[Session, int, int], None]) -> FlaskClient:
    """Somebody who is interviewer and researcher in a study by protocol, called "bench", in a database of this name.

    `fill` puts into it what there is, with the ids of the study and of this person.
    """
    settings = Settings(f"sqlite:///{folder / f'{name}.sqlite'}", "bench" * 8)
    database = Database(settings.database_url)
    database.upgrade()
    source = (SHIPPED / "protocols" / "krachtwerk.yaml").read_text(encoding="utf-8")
    with database.writing() as session:
        begun = NOW - datetime.timedelta(days=300)
        study = add_study_with(session, "bench", FiledProtocol(kept_protocol(source), source), "nl", None, begun)
        ilse = people.add_person(session, "ilse", PASSWORD, begun)
        people.set_roles(session, ilse, study, ("interviewer", "researcher"))
        fill(session, study, ilse)
    database.close()
    client = create_app(settings, lambda: NOW).test_client()
    token = html.fromstring(client.get("/sign-in").data).xpath("//input[@name='csrf_token']/@value")[0]
    client.post("/sign-in", data={"csrf_token": token, "name": "ilse", "password": PASSWORD})
    return client


def codes() -> Iterator[str]:
    """Codes of participants, one after another."""
    number = 0
    while True:
        signs = [ALPHABET[number // len(ALPHABET) ** place % len(ALPHABET)] for place in range(LENGTH)]
        yield with_check("".join(signs))
        number += 1


def _fill(session: Session, study: int, ilse: int, count: int) -> None:
    """Participants in two teams who had the first interview, and have the second one and the rating before them."""
    team_ids = [team.id for team in teams(session, study)]
    waves = {wave.code: wave.id for wave in studies.waves(session, study)}
    today = NOW.date()
    registered = [NOW - datetime.timedelta(days=150 + number % 100) for number in range(count)]
    rows = [
        {
            "id": number + 1, "study_id": study, "code": code, "registered_at": at, "registered_by": ilse,
            "team_id": team_ids[number % len(team_ids)], "interviewer_id": ilse, "status": "active",
        }
        for number, (code, at) in enumerate(zip(codes(), registered, strict=False))
    ]  # fmt: skip
    session.execute(insert(Participant), rows)
    whose = [{"participant_id": row["id"], "person_id": ilse, "at": row["registered_at"]} for row in rows]
    session.execute(insert(StatusChange), [one | {"status": "active"} for one in whose])
    called = {"wave_id": waves["t0"], "how": "phone", "outcome": "appointment"}
    session.execute(insert(ContactAttempt), [one | called for one in whose])
    asks = (("t0", "client-interview", "interviewer"), ("t1", "client-interview", "interviewer"),
            ("t1", "hope-behaviour", "participant"))  # fmt: skip
    tasks = []
    for row, at in zip(rows, registered, strict=True):
        for wave, instrument, by in asks:
            due = at.date() + datetime.timedelta(days=14 if wave == "t0" else 200)
            window = {"opens_on": due - datetime.timedelta(days=14), "closes_on": due + datetime.timedelta(days=42)}
            done = NOW if wave == "t0" and due < today else None
            tasks.append(
                {
                    "study_id": study, "wave_id": waves[wave], "instrument": instrument, "by": by,
                    "participant_id": row["id"], "team_id": row["team_id"], "due_on": due, "done_at": done, **window,
                }
            )  # fmt: skip
    session.execute(insert(Task), tasks)
