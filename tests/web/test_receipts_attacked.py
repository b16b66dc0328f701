"""What a browser may send that none of ours would: receipts keep meaning what they say."""

from __future__ import annotations

from typing import Any

import pytest
from small_interview import Desk
from sqlalchemy import select

from survey.storage.tables import Visit


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"))


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 400])
def test_batch_that_comes_again_with_a_base_that_is_no_version_is_refused(desk: Desk, base: str) -> None:
    shown = desk.get("page/home")
    desk.save("home", "age", shown=shown, q_age="40", batch="a")
    again = desk.save("home", "age", shown=shown, q_age="40", batch="a", base=base)
    assert again.status_code == 400


def test_nothing_was_filled_in_before_the_response_was_opened(desk: Desk) -> None:
    begun = desk.record.started_at
    desk.later(minutes=5)
    desk.save("home", "age", q_age="40", batch="a", age=str(3 * 24 * 3600 * 1000))
    with desk.server.database.reading() as session:
        assert session.scalars(select(Visit.at).where(Visit.response_id == desk.record.id)).one() == begun
