"""What a server writes down while it runs holds nothing of or about a person, whatever goes wrong."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request
from planned_study import PlannedStudy
from small_interview import Desk
from sqlalchemy import text

from survey.storage import participants, sessions
from survey.web.running import logs


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that is logged from here on, as a server does it; afterwards logging is as it was."""
    root, hooks = logging.root, (sys.excepthook, threading.excepthook)
    before = (root.handlers, root.level)
    others = {
        one: (one.handlers, one.propagate, one.level)
        for one in root.manager.loggerDict.values()
        if isinstance(one, logging.Logger)
    }
    stream = io.StringIO()
    logs.begin(stream)
    yield stream
    root.handlers, level = before
    root.setLevel(level)
    for one, (handlers, propagate, its_level) in others.items():
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(its_level)
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(False)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_whole_interview_with_everything_that_can_go_wrong_leaves_no_word_of_anybody(
    app: Flask, house: Any, planned: PlannedStudy, sign_in: Any, send: Any, written: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    telling = [
        "Verklapadres", "Tellingstory", "Geheimnotitie", "Noor Verzonnen", "noor@example.org", "0612345678",
        "wrongsecretword", "nobodycalledso", "abcdefghijklmnopqrstuvwxyz234567", "secretmistake", "secretparameter",
        "TellingBrowser", "198.51.100.7", "querysecret", "VERKLAP", "secretwarning",
    ]  # fmt: skip
    browser = sign_in("ilse")
    browser.environ_base |= {"HTTP_USER_AGENT": "TellingBrowser/1", "REMOTE_ADDR": "198.51.100.7"}
    desk = Desk(house, browser)
    desk.begin()
    desk.save("home", "housed", q_housed="no", batch="a")
    desk.save("home", "where", q_where="Verklapadres", batch="b", after="a", n_where="Geheimnotitie")
    desk.send("home", q_age="not a number Verklapadres")
    desk.send("home", q_age="40")
    desk.send("last", q_years="3", q_story="Tellingstory")
    desk.hand_in()
    desk.save("last", "story", q_story="Tellingstory 2")

    server = app.extensions["krachtmeting"]
    app.extensions["krachtmeting"] = replace(server, settings=replace(server.settings, master_key=b"m" * 32))
    with server.database.writing() as session:
        noor = participants.register(
            session, planned.study, planned.people["ilse"], server.now(), team_id=planned.teams["north"]
        )
    identity = f"/study/planned/participants/{noor.code}/identity/"
    known = {"name": "Noor Verzonnen", "phone": "0612345678", "email": "noor@example.org"}
    send(browser, identity, identity, **known)
    send(browser, identity + "show", identity)

    stranger = app.test_client()
    send(stranger, "/sign-in", "/sign-in", name="ilse", password="wrongsecretword")
    send(stranger, "/sign-in", "/sign-in", name="nobodycalledso", password="wrongsecretword")
    stranger.get("/l/abcdefghijklmnopqrstuvwxyz234567")
    stranger.get("/nowhere/querysecret?q=querysecret")
    stranger.open("/", method="VERKLAP")
    stranger.post("/sign-in", data={"name": "nobodycalledso"})

    def mistaken() -> Any:
        warnings.warn("secretwarning", stacklevel=1)
        logging.getLogger("somebody.else").warning("secretmistake")
        logging.getLogger("somebody.else").warning("of %s", "secretmistake")
        raise ValueError(f"secretmistake {request.path} Noor Verzonnen")

    def failing() -> Any:
        with server.database.writing() as session:
            session.execute(text("SELECT :answer FROM nowhere"), {"answer": "secretparameter Verklapadres"})

    for view, status in ((mistaken, 500), (failing, 503)):
        monkeypatch.setitem(app.view_functions, "start.start", view)
        assert browser.get("/?q=querysecret").status_code == status

    said = written.getvalue()
    personal = [*telling, desk.token, desk.participant.code, noor.code, house.password, house.codes["ilse"]]
    assert [one for one in personal if one in said] == []
    found = lines(written)
    assert {one.get("rule") for one in found} >= {"/response/<token>/save", "/l/<secret>", "/sign-in", None}
    assert [one["error"] for one in found if one.get("where")] == [["ValueError"]]
    assert any(one.get("error") == "OperationalError" for one in found)
    assert any(one.get("message") == "of %s" for one in found)
    events = [{name: one.get(name) for name in ("event", "what", "factor")} for one in found if "event" in one]
    failed = {"event": "sign_in_failed", "what": "password", "factor": None}
    assert events == [{"event": "signed_in", "what": None, "factor": "password"}, failed, failed]


def test_each_request_has_one_line_with_what_an_operator_needs(app: Flask, written: io.StringIO) -> None:
    answer = app.test_client().get("/health")
    (line,) = lines(written)
    assert (line["rule"], line["method"], line["status"], line["level"]) == ("/health", "GET", 200, "info")
    assert (line["request"], line["ms"] >= 0) == (answer.headers["X-Request-Id"], True)
    assert set(line) == {"at", "level", "of", "request", "method", "rule", "status", "ms"}


def test_what_was_refused_is_told_with_a_mark_of_the_session_that_asked(
    app: Flask, sign_in: Any, send: Any, written: io.StringIO
) -> None:
    browser = sign_in("coen")
    with browser.session_transaction() as cookie:
        fingerprint = sessions.hashed(cookie["token"])
    asked = ("/", "/admin/", "/study/demo/participants/ZZ-222-2", "/nowhere")
    codes = [browser.get(address).status_code for address in asked]
    codes.append(browser.post("/account/language", data={"csrf_token": "forged"}).status_code)
    codes.append(app.test_client().get("/nowhere").status_code)
    told = [one for one in lines(written) if one["of"] == logs.REQUESTS][-6:]
    assert [one["status"] for one in told] == codes
    marks = {one["status"]: one.get("session") for one in told[:-1]}
    assert marks == {200: None, **dict.fromkeys(set(codes) - {200}, fingerprint[:12])}
    assert {403, 400} <= set(codes)
    # Of nobody there is nothing to tell, and the whole fingerprint is told of nobody.
    assert ("session" in told[-1], fingerprint in written.getvalue()) == (False, False)


def test_mistake_is_told_by_kind_and_place_with_those_that_it_came_from(written: io.StringIO) -> None:
    def inner() -> None:
        raise KeyError("secretmistake")

    try:
        try:
            inner()
        except KeyError as error:
            raise RuntimeError("secretmistake") from error
    except RuntimeError:
        logging.getLogger("krachtmeting").exception("could not do %s", "secretmistake")
    (line,) = lines(written)
    assert (line["error"], line["message"]) == (["RuntimeError", "KeyError"], "could not do %s")
    assert line["where"][-1].startswith("tests/web/test_logs.py:")
    assert "secretmistake" not in written.getvalue()


def test_thread_that_fails_is_told_in_the_same_way(written: io.StringIO) -> None:
    def fails() -> None:
        raise ValueError("secretmistake")

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    assert [(line["error"], "secretmistake" in json.dumps(line)) for line in lines(written)] == [
        (["ValueError"], False)
    ]


def test_loggers_that_others_set_up_write_in_the_same_way(written: io.StringIO) -> None:
    own = io.StringIO()
    logger = logging.getLogger("gunicorn.error")
    logger.handlers, logger.propagate = [logging.StreamHandler(own)], False
    logs.begin(written)
    logger.error("Error handling request %s", "/l/secretmistake")
    assert (own.getvalue(), lines(written)[-1]["message"]) == ("", "Error handling request %s")
