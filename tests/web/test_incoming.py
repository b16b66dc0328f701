"""What strangers write into requests: names of other servers, numbers beyond all rows, signs that no text has."""

from __future__ import annotations

import dataclasses
import logging
import re
from typing import Any

import pytest
from flask import Flask
from own_screen import Talk
from small_interview import Desk

PUBLIC = "https://survey.example"


@pytest.fixture
def named(house: Any) -> Flask:
    """A server that knows its own name."""
    here = house.app.extensions["krachtmeting"]
    settings = dataclasses.replace(here.settings, public_url=PUBLIC)
    house.app.extensions["krachtmeting"] = dataclasses.replace(here, settings=settings)
    app: Flask = house.app
    return app


@pytest.mark.parametrize("host", ["survey.example", "SURVEY.example:443", "localhost:8000", "127.0.0.1", "[::1]:80"])
def test_server_answers_by_its_own_names(host: str, named: Flask) -> None:
    assert named.test_client().get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "survey.example.evil.example", "evil.example:443", "survey.example@evil.example", "0.0.0.0"],
)
def test_name_of_another_server_is_refused_and_stands_nowhere(host: str, named: Flask) -> None:
    client = named.test_client()
    for address in ("/sign-in", "/study/demo/links", "/static/icon.svg", "/l/abc", "/nowhere"):
        came = client.get(address, headers={"Host": host})
        assert (came.status_code, b"evil" in came.data, came.location) == (400, False, None), address
    # Who looks whether the server is there asks by number.
    assert client.get("/health", headers={"Host": host}).status_code != 400


def test_code_for_a_screen_leads_to_the_server_by_its_own_name(house: Any, named: Flask, sign_in: Any) -> None:
    talk = Talk(house, sign_in("ilse"))
    shown = talk.post("screen/pair").text
    assert (f"{PUBLIC}/screen/join" in shown, "localhost" in shown) == (True, False)


@pytest.mark.parametrize("host", [".", "..", "a..b", f"{'x' * 70}.example"])
def test_what_is_no_name_at_all_is_refused_in_bare_words(host: str, app: Flask) -> None:
    came = app.test_client().get("/sign-in", headers={"Host": host})
    assert (came.status_code, came.text) == (400, "400 Bad Request\n")
    assert came.headers["Content-Security-Policy"]


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999", "9" * 400])
def test_number_that_no_row_has_is_not_there(number: str, admin: Any, sign_in: Any) -> None:
    ilse = sign_in("ilse")
    for address in (
        "/study/demo/work/{}",
        "/study/demo/links/{}",
        "/study/demo/links/{}/kiosk",
        "/study/demo/queries/{}",
    ):
        assert ilse.get(address.format(number)).status_code == 404
    assert admin.get(f"/admin/people/{number}").status_code == 404


def test_sign_that_no_text_has_is_left_out_and_the_rest_is_saved(house: Any, sign_in: Any) -> None:
    desk = Desk(house, sign_in("ilse"))
    saved = desk.save("last", "story", q_story="a\x00b")
    assert (saved.status_code, desk.answers) == (200, {"story": "ab"})
    assert desk.client.get("/study/demo/participants/?q=a%00b").status_code == 200
    assert [desk.client.get(path).status_code for path in ("/study/a%00b/participants/", "/%00")] == [404, 404]
    nobody = house.app.test_client()
    token = re.search(r'csrf_token" value="([^"]+)"', nobody.get("/sign-in").text)
    assert token is not None
    sent = {"csrf_token": token[1], "name": "a\x00b", "password": "c\x00d"}
    assert nobody.post("/sign-in", data=sent).status_code == 422


def test_page_of_an_error_is_kept_by_no_cache_even_where_styles_are(sign_in: Any) -> None:
    client = sign_in("ilse")
    kept = [client.get(path).headers["Cache-Control"] for path in ("/static/krachtmeting.css", "/static/none.css")]
    assert kept == ["public, max-age=3600", "no-store"]


def test_what_a_stranger_writes_makes_no_line_of_its_own_in_the_log(app: Flask, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        app.test_client().get("/%0d%0a2025-01-01%20forged?next=%0d%0aforged", headers={"User-Agent": "a\tforged"})
    assert [record.getMessage() for record in caplog.records if "\nforged" in record.getMessage()] == []
