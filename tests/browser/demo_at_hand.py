"""The demo study on a server in this process, with everybody signed in: for tests that look at a great many pages."""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from running_server import PASSWORD
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.demo import make_demo
from survey.demo.staff import ADMIN, NAMES
from survey.storage.sealing import Sealer
from survey.web.app import create_app
from survey.web.settings import Settings

KEY = bytes(range(32))
PEOPLE = {"admin": ADMIN} | {role: names[0] for role, names in NAMES.items()}
"""Role -> who has it in the demo study."""


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(app: Flask) -> Iterator[tuple[Flask, str]]:
    """An app on a free port of this machine, and its address; its database is closed in the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    app.extensions["krachtmeting"].database.close()


class DemoAtHand:
    """A server over a small demo study. `client` asks without a browser, `context` with one, as the same person."""

    def __init__(self, folder: Path) -> None:
        address = f"sqlite:///{folder / 'demo.sqlite'}"
        self.app: Flask = create_app(Settings(address, "k" * 40, master_key=KEY))
        self.here = self.app.extensions["krachtmeting"]
        self.here.database.upgrade()
        passwords = dict.fromkeys([ADMIN, *(name for names in NAMES.values() for name in names)], PASSWORD)
        now = datetime.datetime.now(datetime.UTC)
        make_demo(
            self.here.database, self.here.library, participants=4, now=now, passwords=passwords, sealer=Sealer(KEY)
        )
        self._clients: dict[str, FlaskClient] = {}
        self._serving = ExitStack()
        _, self.url = self._serving.enter_context(serving(self.app))

    def stop(self) -> None:
        """End the server, and close the database."""
        self._serving.close()

    def client(self, name: str) -> FlaskClient:
        """Who asks without a browser: signed in under this name, or nobody for ""."""
        if name not in self._clients:
            client = self._clients[name] = self.app.test_client()
            if name:
                client.post("/sign-in", data={"csrf_token": signed(client), "name": name, "password": PASSWORD})
        return self._clients[name]

    def cookies(self, name: str) -> list[Any]:
        """The cookies of this person, for a browser."""
        cookie = self.client(name).get_cookie("krachtmeting")
        return [{"name": cookie.key, "value": cookie.value, "url": self.url}] if cookie else []

    def press(self, name: str, address: str, **fields: str) -> None:
        """Send a form as this person."""
        client = self.client(name)
        token = signed(client, "/account/") if name else signed(client)
        assert client.post(address, data={"csrf_token": token, **fields}).status_code in (200, 302)

    def kind(self, address: str) -> str:
        """Which view answers this address."""
        endpoint, _ = self.app.url_map.bind("localhost").match(urlsplit(address).path)
        return str(endpoint)


def signed(client: FlaskClient, page: str = "/sign-in") -> str:
    """The token of a form on a page."""
    return str(html.fromstring(client.get(page).data).xpath("//input[@name='csrf_token']/@value")[0])


def walked(demo: DemoAtHand, name: str) -> dict[str, str]:
    """View -> address of the first page of each kind that somebody reaches by links from the start page."""
    client, found, waiting = demo.client(name), {}, ["/"]
    seen: Counter[tuple[Any, ...]] = Counter()
    while waiting:
        address = waiting.pop(0)
        kind = (demo.kind(address), tuple(sorted(part for part, _ in parse_qsl(urlsplit(address).query))))
        if seen[kind] >= 2:
            continue
        seen[kind] += 1
        answer = client.get(address)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            found.setdefault(kind[0], address)
            links = html.fromstring(answer.data).xpath("//a[not(ancestor::*[@inert])]/@href")
            waiting += [link.split("#")[0] for link in links if link.startswith("/") and link.split("#")[0]]
        elif answer.location:
            waiting.append(urlsplit(answer.location).path)
    return found
