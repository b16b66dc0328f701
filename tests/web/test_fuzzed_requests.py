"""Forms and addresses with anything in them: each is answered quickly, and never with a mistake of the server's own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fuzzed import NASTY, fuzzed, quickly
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from small_interview import Desk
from test_refused import TABLE, Things, addressed, things

__all__ = ["things"]

PREFIXES = ("q_", "m_", "n_", "r_")
UNITS = ("housed", "where", "age", "rent_sum", "years", "worries", "worries_other", "story", "none", "")
NAMES = st.one_of(
    st.builds(lambda prefix, unit: prefix + unit, st.sampled_from(PREFIXES), st.sampled_from(UNITS)),
    st.sampled_from(
        ["units", "page", "base", "tab", "texts", "batch", "after", "age", "layout", "person", "go", "shown", "at",
         "reason", "theirs", "language", "second_language", "interpreter", "seen"]
    ),
    NASTY,
)  # fmt: skip
VALUES = st.one_of(NASTY, st.sampled_from([*UNITS, "home", "last", "yes", "refused", "housed age", "next", "hand-in"]))
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=12)
WAYS = ("save", "page/home", "page/last", "hand-in", "submit", "welcome", "journal-key", "screen/pair", "screen/show",
        "screen/confirm", "card/age", "card-opened", "played", "screen/blank")  # fmt: skip
PARAMETERS = (
    "page", "sort", "down", "q", "code", "team", "wave", "status", "instrument", "format", "language", "from", "to",
    "next", "show", "w", "coach", "n", "power", "sd",
)  # fmt: skip


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"))


def token_of(client: Any) -> str:
    """A token for this browser's forms."""
    return str(client.get("/session").json["csrf"])


@fuzzed(30)
@given(way=st.sampled_from(WAYS), fields=FIELDS)
def test_interview_takes_or_refuses_whatever_is_sent(desk: Desk, way: str, fields: list[tuple[str, str]]) -> None:
    sent: dict[str, list[str]] = {"csrf_token": [token_of(desk.client)]}
    for name, value in fields:
        sent.setdefault(_sendable(name), []).append(_sendable(value))
    with quickly():
        came = desk.client.post(desk.address(way), data=sent)
    assert came.status_code < 500, (way, fields)


def _sendable(text: str) -> str:
    """What a browser can put into a form: it has no halves of signs."""
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("name", ["ilse", "rik", "admin", "otto"])
@fuzzed(8)
@given(data=st.data())
def test_addresses_take_any_parameters(name: str, browser_of: Any, things: Things, data: st.DataObject) -> None:
    client = browser_of(name)
    rules = [rule for (method, rule), may in TABLE.items() if method == "GET" and name in may]
    rule = data.draw(st.sampled_from([one for one in rules if not one.endswith(("/file", "calendar.ics"))]))
    asked = data.draw(st.dictionaries(st.sampled_from(PARAMETERS), NASTY, max_size=5))
    parameters = {key: _sendable(value) for key, value in asked.items()}
    with quickly():
        came = client.get(addressed(rule, things, things.tokens["ilse"]).split("?")[0], query_string=parameters)
    assert came.status_code < 500, (rule, parameters)


@pytest.fixture
def browser_of(sign_in: Any) -> Any:
    known: dict[str, Any] = {}
    return lambda name: known.get(name) or known.setdefault(name, sign_in(name))


@pytest.mark.parametrize("name", ["ilse", "rik", "admin"])
@fuzzed(8)
@given(data=st.data())
def test_forms_take_or_refuse_anything_in_their_fields(
    name: str, browser_of: Any, things: Things, data: st.DataObject
) -> None:
    client = browser_of(name)
    rules = [rule for (method, rule), may in TABLE.items() if method == "POST" and name in may and _harmless(rule)]
    address = addressed(data.draw(st.sampled_from(rules)), things, things.tokens["ilse"])
    page = client.get(address)
    fields = html.fromstring(page.data).xpath("//main//*[@name]/@name") if page.status_code == 200 and page.data else []
    known = sorted({str(one) for one in fields if one != "csrf_token"}) or ["words", "code", "do", "status"]
    chosen = data.draw(st.lists(st.sampled_from(known), max_size=8))
    sent = {field: _sendable(data.draw(VALUES)) for field in chosen}
    with quickly():
        came = client.post(address, data={**sent, "csrf_token": token_of(client)})
    assert came.status_code < 500, (address, sent)


def _harmless(rule: str) -> bool:
    """Whether it neither ends sessions nor makes passwords or keys, which take their time on purpose."""
    return not re.search(r"sign-|/account|/people|session|kiosk|erasing|second|passkey|oidc|/l/", rule)


def test_request_with_very_many_fields_is_answered_quickly(desk: Desk) -> None:
    sent = {f"q_{number}": "x" for number in range(20_000)}
    sent |= {"csrf_token": token_of(desk.client), "units": "age " * 20_000}
    with quickly():
        assert desk.client.post(desk.address("save"), data=sent).status_code < 500
