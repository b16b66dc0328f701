"""What exists and is not yours takes the same way through the database as what does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from test_other_team import addresses, north

from survey.storage.database import Database

__all__ = ["north"]
NOTHING = {
    "<code>": "ZZ-222-2",
    "<token>": "z" * 24,
    "<int:task_id>": "2000000",
    "<meeting>": "MEE-999",
    "<int:query>": "2000000",
}
MORE = 2
"""So many queries more may it take to see that something is another team's: each is a few hundredths of a millisecond,
where the time of an answer goes up and down by a hundred times that."""


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    ran: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        ran.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield ran
    event.remove(database.engine, "before_cursor_execute", note)


def plain(came: Any, address: str) -> str:
    """A page without the address that was asked for, and without what is signed anew each time."""
    return re.sub(r'value="[^"]{60,}"', "", came.text).replace(address, "")


@pytest.mark.parametrize("placeholder", NOTHING)
def test_what_is_not_yours_is_answered_as_what_is_not_there(
    placeholder: str, north: Mapping[str, str], sign_in: Any, database: Database
) -> None:
    otto = sign_in("otto")
    theirs = [address for method, address in addresses(north, of_objects=True) if method == "GET"]
    apart = {}
    for address in theirs:
        part = north[placeholder]
        if f"/{part}" not in address:
            continue
        nothing = address.replace(f"/{part}", f"/{NOTHING[placeholder]}")
        with counted(database) as ran_theirs:
            came_theirs = otto.get(address)
        with counted(database) as ran_nothing:
            came_nothing = otto.get(nothing)
        same = plain(came_theirs, address) == plain(came_nothing, nothing)
        if came_theirs.status_code != 404 or came_nothing.status_code != 404 or not same:
            apart[address] = (came_theirs.status_code, came_nothing.status_code)
        if len(ran_theirs) - len(ran_nothing) > MORE:
            apart[address] = (len(ran_theirs), len(ran_nothing))
    assert apart == {}
