"""Every link on every page leads somewhere, for everybody in the demo study, on both databases."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from survey.demo import make_demo
from survey.demo.staff import ADMIN, NAMES
from survey.instruments.library import Library
from survey.storage.database import Database
from survey.storage.sealing import Sealer
from survey.web.app import create_app
from survey.web.settings import Settings

NOW = datetime.datetime(2025, 3, 3, 9, 30, tzinfo=datetime.UTC)
KEY = bytes(range(32))
PASSWORD = "seven quiet herons"
ROLES = {"admin": ADMIN} | {role: names[0] for role, names in NAMES.items()}
OF_ONE_KIND = 2
"""So many pages of one kind are looked at: the second participant's is like the first one's."""


@pytest.fixture
def app(database: Database, library: Library) -> Flask:
    passwords = dict.fromkeys([ADMIN, *(name for names in NAMES.values() for name in names)], PASSWORD)
    make_demo(database, library, participants=4, now=NOW, passwords=passwords, sealer=Sealer(KEY))
    address = database.url.render_as_string(hide_password=False)
    return create_app(Settings(address, "x" * 40, master_key=KEY), lambda: NOW)


def signed_in(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    token = html.fromstring(client.get("/sign-in").data).xpath("//input[@name='csrf_token']/@value")[0]
    client.post("/sign-in", data={"csrf_token": token, "name": name, "password": PASSWORD})
    return client


def kind_of(app: Flask, address: str) -> tuple[Any, ...]:
    """What sort of page it is: its view, what is asked of it by which names, and the order of a list."""
    parts = urlsplit(address)
    asked = parse_qsl(parts.query)
    endpoint, _ = app.url_map.bind("localhost").match(parts.path)
    return (endpoint, tuple(name for name, _ in asked), dict(asked).get("sort"))


def walked(app: Flask, client: FlaskClient) -> dict[str, int]:
    """Address -> status of all pages that can be reached by links, a few of each kind."""
    found: dict[str, int] = {}
    kinds: Counter[tuple[Any, ...]] = Counter()
    waiting = ["/"]
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(app, address)
        if address in found or kinds[kind] >= OF_ONE_KIND:
            continue
        kinds[kind] += 1
        answer = client.get(address)
        found[address] = answer.status_code
        if answer.mimetype == "text/html":
            # A page as it was shown is a picture of one: nothing on it can be pressed.
            links = html.fromstring(answer.data).xpath("//a[not(ancestor::*[@inert])]/@href")
            waiting += [link.split("#")[0] for link in links if link.startswith("/") and link.split("#")[0]]
        elif answer.location:
            waiting.append(answer.location)
    return found


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_every_link_leads_somewhere(app: Flask, database: Database) -> None:
    found = {role: walked(app, signed_in(app, name)) for role, name in ROLES.items()}
    lost = {role: {one: status for one, status in pages.items() if status >= 400} for role, pages in found.items()}
    assert {role: pages for role, pages in lost.items() if pages} == {}
    assert all(len(pages) > 2 for pages in found.values())
    assert sum(len(pages) for pages in found.values()) > 150
