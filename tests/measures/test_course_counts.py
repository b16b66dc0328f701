"""Everybody stands in exactly one box at each level of the flow figure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from survey.measures.course_counts import Alike, levels
from survey.planning.statuses import LEFT, REASONS, STATUSES

LEAVING = [status for status in STATUSES if status in LEFT]
GROUPS = st.lists(
    st.builds(
        Alike,
        st.sampled_from(STATUSES),
        st.sampled_from([None, *REASONS]),
        st.sampled_from([None, "one", "two"]),
        st.booleans(),
        st.tuples(st.booleans(), st.booleans(), st.booleans()),
        st.integers(1, 50),
    )
)


def alike(status: str, count: int, done: str = "", reason: str | None = None, *, agreed: bool = True) -> Alike:
    return Alike(status, reason, None, agreed, tuple(wave in done for wave in "012"), count)


def test_study_of_thirty_five_adds_up_by_hand() -> None:
    consent, start, later, end = levels(
        [
            alike("approached", 2, agreed=False),
            alike("declined", 3, reason="no_time", agreed=False),
            alike("declined", 1, reason="no_wish", agreed=False),
            alike("active", 4),
            alike("dropped_out", 2, reason="moved"),
            alike("active", 5, "0"),
            alike("withdrawn", 1, "0"),
            alike("dropped_out", 3, "0", reason="unreachable"),
            alike("active", 4, "01"),
            alike("finished", 9, "012"),
            alike("active", 1, "2"),
        ],
        3,
        LEAVING,
    )
    assert (consent.came, consent.passed.total(), consent.waiting.total()) == (35, 29, 2)
    assert {key: tally.total() for key, tally in consent.left.items()} == {
        ("declined", "no_time"): 3,
        ("declined", "no_wish"): 1,
    }
    assert (start.came, start.passed.total(), start.skipped.total(), start.waiting.total()) == (29, 23, 1, 4)
    assert start.left_as("dropped_out").total() == 2
    assert (later.passed.total(), later.skipped.total(), later.waiting.total()) == (14, 1, 5)
    assert list(later.left) == [("dropped_out", "unreachable"), ("withdrawn", None)]
    assert (end.came, end.passed.total(), end.skipped.total(), end.waiting.total()) == (14, 10, 0, 4)


@given(GROUPS)
def test_everybody_is_in_exactly_one_box_at_each_level(groups: list[Alike]) -> None:
    found = levels(groups, 3, LEAVING)
    came = sum(one.count for one in groups)
    for level in found:
        assert level.came == came
        assert all(level.skipped[arm] <= level.passed[arm] for arm in (None, "one", "two"))
        came = level.passed.total()


@given(GROUPS)
def test_arms_add_up_to_the_whole(groups: list[Alike]) -> None:
    for arm in (None, "one", "two"):
        mine = levels([one for one in groups if one.arm == arm], 3, LEAVING)
        for whole, part in zip(levels(groups, 3, LEAVING), mine, strict=True):
            assert whole.passed[arm] == part.passed.total()
            assert whole.waiting[arm] == part.waiting.total()
            assert (
                sum(tally[arm] for tally in whole.left.values()) == part.came - whole.passed[arm] - whole.waiting[arm]
            )
