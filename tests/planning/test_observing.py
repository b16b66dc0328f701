"""How a meeting stands."""

from __future__ import annotations

import pytest

from survey.planning.observing import MEETING_STATES, MeetingState, meeting_state

CASES: list[tuple[int, int, int, bool, MeetingState]] = [
    (2, 0, 0, False, "planned"),
    (2, 0, 1, False, "observed"),
    (2, 1, 2, False, "waiting"),
    (2, 2, 2, False, "to_settle"),
    (2, 2, 2, True, "settled"),
    (1, 0, 2, False, "observed"),
    (1, 1, 2, False, "single"),
    (0, 0, 2, False, "nobody"),
]
"""Active, handed in, begun, settled -> how it stands."""


@pytest.mark.parametrize(("active", "handed_in", "begun", "settled", "meant"), CASES)
def test_meeting_stands_as_far_as_its_observers_are(
    active: int, handed_in: int, begun: int, settled: bool, meant: MeetingState
) -> None:
    assert meeting_state(active, handed_in, begun, settled=settled) == meant


def test_every_way_to_stand_occurs() -> None:
    assert {case[-1] for case in CASES} == set(MEETING_STATES)
