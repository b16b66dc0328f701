"""When a reminder goes out."""

from __future__ import annotations

import datetime

import pytest

from survey.planning.reminders import reminder_due

SENT = datetime.date(2025, 3, 1)


@pytest.mark.parametrize(
    ("after", "reminded", "due"),
    [
        (0, None, False),
        (6, None, False),
        (7, None, True),
        (8, None, True),
        (7, 7, False),
        (13, 7, False),
        (14, 7, True),
        (14, 14, False),
        (30, None, True),
        (30, 30, False),
        (31, 30, False),
    ],
)
def test_each_day_of_the_protocol_brings_one_reminder_and_missed_ones_bring_one_together(
    after: int, reminded: int | None, due: bool
) -> None:
    last = None if reminded is None else SENT + datetime.timedelta(days=reminded)
    assert reminder_due(SENT, last, (7, 14), SENT + datetime.timedelta(days=after)) is due


def test_without_days_nobody_is_reminded() -> None:
    assert reminder_due(SENT, None, (), SENT + datetime.timedelta(days=100)) is False
