"""Signing in through an organisation: a real provider on a port, what it may lie about, and who is let in by it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import time
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from openid_provider import CLIENT, SECRET, Provider, running
from seeing import seen

from survey.storage import organisations, people, second_factors
from survey.web.settings import SettingsError, from_environment

START, BACK = "/sign-in/organisation", "/sign-in/organisation/back"


@pytest.fixture(scope="module")
def listening() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(listening: Provider, house: Any) -> Iterator[Provider]:
    """The provider, and our server with its settings. Ilse is linked to the one who signs in there."""
    listening.subject, listening.claims, listening.sign_with, listening.metadata = "ilse-at-work", {}, None, {}
    here = house.app.extensions["krachtmeting"]
    settings = dataclasses.replace(
        here.settings, oidc_issuer=listening.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET,
        oidc_acr="two-steps", second_factor=True, master_key=b"m" * 32,
    )  # fmt: skip
    house.app.extensions["krachtmeting"] = dataclasses.replace(here, settings=settings)
    with here.database.writing() as writing:
        organisations.link(writing, listening.issuer, "ilse-at-work", house.people["ilse"], here.now())
        organisations.link(writing, listening.issuer, "coen-at-work", house.people["coen"], here.now())
    yield listening
    house.app.extensions.pop("krachtmeting_oidc", None)
    house.app.extensions.pop("authlib.integrations.flask_client", None)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        return None


def answer_of(address: str) -> str:
    """Where the provider sends a browser that comes to this address."""
    try:
        urllib.request.build_opener(NoRedirect).open(address, timeout=10)
    except urllib.error.HTTPError as redirect:
        return str(redirect.headers["Location"])
    raise AssertionError("the provider sent nobody anywhere")


def come_back(visitor: FlaskClient, change: Any = None, start: str = START) -> Any:
    """Go to the organisation and back, as a browser does. `change` changes what comes back with it."""
    came = urlsplit(answer_of(visitor.get(start).location))
    assert came.path == BACK
    query = dict(parse_qsl(came.query))
    return visitor.get(f"{BACK}?{urlencode(change(query) if change else query)}")


def test_organisation_is_asked_with_state_nonce_and_pkce(provider: Provider, visitor: FlaskClient) -> None:
    address = visitor.get(START).location
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{provider.issuer}/authorize?")
    assert set(asked) == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
        "code_challenge_method",
    }  # fmt: skip
    assert (asked["scope"], asked["code_challenge_method"]) == ("openid", "S256")
    assert len(base64.urlsafe_b64decode(asked["code_challenge"] + "=")) == hashlib.sha256().digest_size


def test_linked_person_whose_work_needs_no_second_step_is_let_in(provider: Provider, visitor: FlaskClient) -> None:
    provider.subject = "coen-at-work"
    answer = come_back(visitor, start=f"{START}?next=/account/")
    assert (answer.status_code, answer.location) == (302, "/account/")
    assert seen(visitor.get("/account/"), "//dd")[0] == "coen"


@pytest.mark.parametrize(
    ("claims", "let_in"),
    [
        ({}, False), ({"amr": ["pwd"]}, False), ({"acr": "one-step"}, False),
        ({"amr": ["pwd", "mfa"]}, True), ({"acr": "two-steps"}, True),
    ],
)  # fmt: skip
def test_second_step_of_the_organisation_counts_only_when_it_says_so(
    claims: dict[str, Any], let_in: bool, provider: Provider, visitor: FlaskClient
) -> None:
    provider.claims = claims
    answer = come_back(visitor)
    assert answer.location == ("/" if let_in else "/sign-in/set-up?next=/")
    assert visitor.get("/account/").status_code == (200 if let_in else 302)


def test_own_second_step_is_asked_after_the_organisation(
    provider: Provider, visitor: FlaskClient, send: Any, house: Any, clock: Any
) -> None:
    here = house.app.extensions["krachtmeting"]
    with here.database.writing() as writing:
        person = people.person_by_id(writing, house.people["ilse"])
        second_factors.keep_app(writing, here.sealer, person, b"1" * 20, 0, clock.now)
    assert come_back(visitor).location == "/sign-in/code?next=/"
    code = second_factors._totp(b"1" * 20).generate(int(clock.now.timestamp())).decode()
    assert send(visitor, "/sign-in/code", "/sign-in/code", code=code).location == "/"


def test_unknown_subject_is_told_what_to_do_and_gets_no_account(
    provider: Provider, visitor: FlaskClient, house: Any
) -> None:
    provider.subject = "somebody-new"
    page = come_back(visitor)
    assert (page.status_code, seen(page, "//h1"), seen(page, "//p[@class='secret']")) == (
        422, ["Not linked yet"], ["somebody-new"],
    )  # fmt: skip
    assert visitor.get("/account/").status_code == 302


def test_closed_account_is_as_one_that_is_not_linked(provider: Provider, visitor: FlaskClient, house: Any) -> None:
    here = house.app.extensions["krachtmeting"]
    with here.database.writing() as writing:
        people.close_account(writing, house.people["ilse"], here.now())
    assert seen(come_back(visitor), "//h1") == ["Not linked yet"]


LIES: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another one"},
    "no nonce": {"nonce": None},
    "issuer": {"iss": "https://evil.example"},
    "audience": {"aud": "another-server"},
    "expired": {"exp": int(time.time()) - 600, "iat": int(time.time()) - 900},
    "subject": {"sub": None},
    "ways of signing in that are no list": {"amr": "mfa"},
    "not yet": {"iat": int(time.time()) + 9000, "exp": int(time.time()) + 9300},
}


@pytest.mark.parametrize("lie", LIES)
def test_token_that_is_not_what_was_asked_for_is_refused_in_words(
    lie: str, provider: Provider, visitor: FlaskClient
) -> None:
    provider.claims = {"amr": ["mfa"]} | LIES[lie]
    page = come_back(visitor)
    assert (page.status_code, seen(page, "//h1")) == (422, ["Not signed in"])
    assert visitor.get("/account/").status_code == 302


def test_token_that_somebody_else_signed_is_refused(provider: Provider, visitor: FlaskClient) -> None:
    provider.sign_with = RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)
    assert come_back(visitor).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        lambda query: query | {"state": "made-up"},
        lambda query: {"code": query["code"]},
        lambda query: query | {"code": "made-up"},
        lambda query: {"error": "access_denied", "state": query["state"]},
    ],
    ids=["other state", "no state", "other code", "stopped there"],
)
def test_answer_that_was_tampered_with_is_refused(change: Any, provider: Provider, visitor: FlaskClient) -> None:
    assert come_back(visitor, change).status_code == 422
    assert visitor.get("/account/").status_code == 302


def test_answer_is_no_use_in_another_browser_nor_twice(provider: Provider, visitor: FlaskClient, app: Flask) -> None:
    provider.subject = "coen-at-work"
    came = answer_of(visitor.get(START).location).removeprefix("http://localhost")
    other = app.test_client()
    other.get(START)
    assert [other.get(came).status_code, visitor.get(came).location, visitor.get(came).location] == [
        422, "/", "/sign-in",
    ]  # fmt: skip
    visitor.delete_cookie("krachtmeting")
    assert visitor.get(came).location == "/sign-in"


def test_provider_that_calls_itself_otherwise_or_is_away_is_no_way_in(
    provider: Provider, visitor: FlaskClient, house: Any
) -> None:
    provider.metadata = {"issuer": "https://evil.example"}
    assert seen(visitor.get(START), "//h1") == ["Not signed in"]
    house.app.extensions.pop("krachtmeting_oidc")
    here = house.app.extensions["krachtmeting"]
    settings = dataclasses.replace(here.settings, oidc_issuer="http://127.0.0.1:9")
    house.app.extensions["krachtmeting"] = dataclasses.replace(here, settings=settings)
    house.app.extensions.pop("authlib.integrations.flask_client", None)
    assert seen(visitor.get(START), "//h1") == ["Not signed in"]


def test_person_links_the_own_account_after_the_password_once_more(
    provider: Provider, visitor: FlaskClient, send: Any, house: Any, trail: Any
) -> None:
    provider.subject = "olga-at-work"
    send(visitor, "/sign-in", "/sign-in", name="olga", password=house.password)
    asked = send(visitor, "/account/organisation", do="link")
    assert seen(asked, "//h1") == ["Your password once more"]
    page = send(visitor, "/account/organisation", do="link", password_again=house.password)
    came = answer_of(seen(page, "//main//a/@href")[0]).removeprefix("http://localhost")
    assert visitor.get(came).location == "/account/"
    assert trail() == [("linked a sign-in", house.codes["olga"], {})]
    send(visitor, "/sign-out")
    assert come_back(visitor).location == "/"
    send(visitor, "/account/organisation", do="unlink", password_again=house.password)
    send(visitor, "/sign-out")
    assert come_back(visitor).status_code == 422


def test_link_that_somebody_else_began_goes_nowhere(
    provider: Provider, visitor: FlaskClient, send: Any, house: Any, trail: Any
) -> None:
    send(visitor, "/sign-in", "/sign-in", name="olga", password=house.password)
    page = send(visitor, "/account/organisation", do="link", password_again=house.password)
    came = answer_of(seen(page, "//main//a/@href")[0]).removeprefix("http://localhost")
    with visitor.session_transaction() as cookie:
        kept = dict(cookie)
    send(visitor, "/sign-out")
    with visitor.session_transaction() as cookie:
        cookie.update({name: value for name, value in kept.items() if name != "token"})
    assert visitor.get(came).location == "/sign-in"
    assert [one[0] for one in trail()] == ["signed out"]


def test_server_without_an_organisation_offers_none(visitor: FlaskClient) -> None:
    assert (visitor.get(START).location, "organisation" in visitor.get("/sign-in").text) == ("/sign-in?next=/", False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"KRACHTMETING_OIDC_ISSUER": "http://sso.example"}, "with https:"),
        ({"KRACHTMETING_OIDC_ISSUER": "sso.example"}, "KRACHTMETING_OIDC_ISSUER is no address"),
        ({"KRACHTMETING_OIDC_ISSUER": "https://sso.example"}, "is missing"),
    ],
)
def test_half_a_setting_stops_the_server_at_the_start(given: dict[str, str], said: str, tmp_path: Any) -> None:
    with pytest.raises(SettingsError, match=said):
        from_environment(given, tmp_path)
