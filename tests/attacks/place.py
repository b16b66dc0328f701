"""What is attacked: a server of our own with the demo study, as people run it, and nginx before it."""

from __future__ import annotations

import datetime
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from survey.demo import make_demo
from survey.instruments.library import Library, shelves
from survey.storage import people, sessions, studies
from survey.storage.database import Database
from survey.storage.sealing import Sealer
from survey.storage.tables import Person, Study, Team
from survey.web.app import create_app
from survey.web.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SECRET, MASTER = "k" * 40, b"m" * 32
STARTS_WITHIN = 60
HOST = "survey.example"
"""The name under which the server is known to the world."""

NGINX = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log;
events {{ worker_connections 256; }}
http {{
  access_log {folder}/nginx-access.log;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  # Connections to the server are used again by other visitors: what smuggling needs, so that it shows.
  upstream server {{ server 127.0.0.1:{port}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{outside};
    client_max_body_size 3m;
    # What would end the session of a program that presses every button.
    location = /sign-out {{ return 404; }}
    location = /account/sessions {{ return 404; }}
    location = /account/password {{ return 404; }}
    location / {{
      proxy_pass http://server;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-Proto https;
    }}
  }}
}}
"""


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Place:
    """A running server. `app` is the same installation in this process, for looking and not for attacking."""

    folder: Path
    participants: int = 12
    address: str = ""
    """The database to attack; an SQLite file of its own where none is named."""
    port: int = field(default_factory=free_port)
    outside: int = field(default_factory=free_port)
    nginx: subprocess.Popen[bytes] | None = None
    app: Flask = field(init=False)
    database: Database = field(init=False)
    server: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.address = self.address or f"sqlite:///{self.folder / 'attacked.sqlite'}"
        self.database = Database(self.address)
        self.database.upgrade()
        now = datetime.datetime.now(datetime.UTC)
        library = Library(shelves())
        make_demo(self.database, library, participants=self.participants, now=now, sealer=Sealer(MASTER))
        self._strangers(now)
        settings = Settings(self.address, SECRET, port=self.port, master_key=MASTER, public_url=f"http://{HOST}")
        self.app = create_app(settings)

    def _strangers(self, now: datetime.datetime) -> None:
        """Somebody with every role in another study, and somebody with every role in one team of the demo."""
        with self.database.writing() as session:
            demo = session.scalars(select(Study.id).where(Study.slug == "demo")).one()
            self.team = session.scalars(select(Team.id).where(Team.study_id == demo).order_by(Team.id.desc())).first()
            other = studies.add_study(session, "stranger", "Strangers", [("t0", "Start")], now)
            names = {"stranger": (other, None), "neighbour": (demo, frozenset({self.team or 0}))}
            for name, (study, scope) in names.items():
                person = people.add_person(session, name, "seven quiet herons", now, language="en")
                people.set_scopes(session, person, study, dict.fromkeys(people.ROLES, scope))

    def start(self) -> None:
        """Start the server and, where it is installed, nginx; wait until they answer."""
        environment = {
            "KRACHTMETING_DATABASE_URL": self.address,
            "KRACHTMETING_SECRET_KEY": SECRET,
            "KRACHTMETING_MASTER_KEY": MASTER.hex(),
            "KRACHTMETING_PUBLIC_URL": f"http://{HOST}",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "survey.commands", "serve"],
                env=os.environ | environment, cwd=self.folder, stderr=log, stdout=log,
            )  # fmt: skip
        self._wait(self.port, self.server)
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        if not Path(program).is_file():
            return
        written = NGINX.format(folder=self.folder, port=self.port, outside=self.outside)
        (self.folder / "nginx.conf").write_text(written)
        command = [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", "stderr"]
        self.nginx = subprocess.Popen(
            [*command, "-g", "daemon off; master_process off;"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait(self.outside, self.nginx)

    def _wait(self, port: int, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                asked = urllib.request.Request(f"http://127.0.0.1:{port}/health", headers={"Host": HOST})
                urllib.request.urlopen(asked, timeout=2).close()
                return
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError((self.folder / "server.log").read_text()) from None
                time.sleep(0.1)

    def stop(self) -> None:
        """End both processes, by their own ids."""
        for process in (self.nginx, getattr(self, "server", None)):
            if process is not None:
                process.terminate()
                try:
                    process.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.database.close()

    def cookie(self, name: str) -> str:
        """The cookie of a browser in which this person has just signed in."""
        now = datetime.datetime.now(datetime.UTC)
        with self.database.writing() as session:
            person = session.scalars(select(Person.id).where(Person.name == name)).one()
            token = sessions.start_session(session, person, now, "attack", "totp")
        return self.signed({"token": token})

    def signed(self, content: dict[str, object]) -> str:
        """A cookie with this content, as the server would sign it."""
        made = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert made is not None
        return f"{self.app.config['SESSION_COOKIE_NAME']}={made.dumps(content)}"

    @property
    def processor(self) -> float:
        """So many seconds of a processor did the server use up to now."""
        parts = (Path("/proc") / str(self.server.pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> int:
        """The most memory that the server has had, in bytes."""
        with closing((Path("/proc") / str(self.server.pid) / "status").open()) as status:
            lines = dict(line.split(":", 1) for line in status)
        return int(lines["VmHWM"].split()[0]) * 1024

    @property
    def errors(self) -> list[str]:
        """What the server logged as a mistake of its own."""
        lines = (self.folder / "server.log").read_text(errors="replace").splitlines()
        return [line for line in lines if "Traceback" in line or '"level": "error"' in line]
