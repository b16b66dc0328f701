"""The server as people run it: a process of its own over a database of its own, which a test can end as it likes."""

from __future__ import annotations

import datetime
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from survey.storage import participants, people, reading, responses, studies
from survey.storage.database import Database
from survey.storage.record import Record
from survey.storage.responses import Opening
from survey.storage.tables import Response, SignInSession, Visit, Wave

PASSWORD = "seven quiet herons"
ROLES = {
    "ilse": "interviewer",
    "ina": "interviewer",
    "coen": "coach",
    "olga": "observer",
    "rik": "researcher",
    "tara": "translator",
}
STARTS_WITHIN = 60


class RunningServer:
    """A server on a free port. `database` reads and writes what the server does, from outside."""

    def __init__(self, folder: Path, own: Path) -> None:
        self.folder, self.own = folder, own
        self.signed_in: dict[str, Any] = {}
        """The cookies of a browser in which somebody signed in, by name."""
        self.database = Database(f"sqlite:///{folder / 'browser.sqlite'}")
        self.database.upgrade()
        self._people_and_study()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def _people_and_study(self) -> None:
        now = datetime.datetime.now(datetime.UTC)
        with self.database.writing() as session:
            self.study = studies.add_study(session, "demo", "The demo study", [("t0", "Start"), ("t1", "Later")], now)
            self.people = {
                name: people.add_person(session, name, PASSWORD, now, admin=name == "admin", language="en")
                for name in ("admin", *ROLES)
            }
            for name, role in ROLES.items():
                people.set_roles(session, self.people[name], self.study, frozenset({role}))

    def start(self) -> None:
        """Start the process, and wait until it answers."""
        environment = {
            "KRACHTMETING_DATABASE_URL": str(self.database.url),
            "KRACHTMETING_DEFINITIONS": str(self.own),
            "KRACHTMETING_SECRET_KEY": "k" * 40,
            "KRACHTMETING_SECOND_FACTOR": "0",
            "PORT": str(self.port),
        }
        command = [sys.executable, "-m", "survey.commands", "serve"]
        root = Path(__file__).parents[2]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=os.environ | environment | {"PYTHONPATH": str(root)}, cwd=self.folder, stderr=log
            )
        end = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=2).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError((self.folder / "server.log").read_text()) from None
                time.sleep(0.1)

    def kill(self) -> None:
        """kill -9: no time to finish anything."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End the process, and close the database."""
        self.process.terminate()
        self.process.wait()
        self.database.close()

    def new_response(self, instrument: str, second: str | None = None, by: str = "ilse") -> str:
        """The token of a fresh response: of a new participant, at the first wave."""
        now = datetime.datetime.now(datetime.UTC)
        with self.database.writing() as session:
            wave = session.scalars(select(Wave.id).where(Wave.study_id == self.study).order_by(Wave.position)).first()
            participant = participants.register(session, self.study, self.people[by], now)
            opening = Opening(self.study, wave or 0, instrument, 1, self.people[by], "nl", second, participant.id)
            return responses.open_response(session, opening, now)

    def record(self, token: str) -> Record:
        """A response as the database has it."""
        with self.database.reading() as session:
            found = responses.response(session, token)
        assert found is not None
        return found

    def kept(self, token: str, unit: str) -> Any:
        """An answer as the database has it; else the draft."""
        record = self.record(token)
        return record.answers.get(unit, record.drafts.get(unit))

    def trail(self, token: str) -> list[Any]:
        """Every change of a response, in order."""
        with self.database.reading() as session:
            return list(reading.response_trail(session, self.study, token))

    def visits(self, token: str, kind: str) -> int:
        """How many saves of one kind a response had."""
        with self.database.reading() as session:
            query = select(func.count(Visit.id)).join(Response, Visit.response_id == Response.id)
            return session.scalar(query.where(Response.token == token, Visit.kind == kind)) or 0

    def responses_in_study(self) -> list[Response]:
        """All responses."""
        with self.database.reading() as session:
            return list(session.scalars(select(Response).where(Response.study_id == self.study)))

    def last_seen(self, name: str, **ago: float) -> None:
        """Make it so long ago that this person was seen, in all their browsers; the next test signs in again."""
        self.signed_in.pop(name, None)
        moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(**ago)
        mine = SignInSession.person_id == self.people[name]
        # Twice: what a page asked for a moment ago may count as a sign of life after the first time.
        for pause in (0.3, 0):
            with self.database.writing() as session:
                session.execute(update(SignInSession).where(mine).values(seen_at=moment))
            time.sleep(pause)
