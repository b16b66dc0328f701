"""Drawing by lot: balanced in blocks, and the same again from the same seed."""

from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from survey.planning.randomisation import Place, places

ARMS = ("method", "usual")


def first_places(seed: int, stratum: str, arms: tuple[str, ...], blocks: tuple[int, ...], count: int) -> list[Place]:
    return list(islice(places(seed, stratum, arms, blocks), count))


@given(seed=st.integers(0, 2**62), count=st.integers(1, 200))
def test_arms_never_differ_by_more_than_half_the_largest_block(seed: int, count: int) -> None:
    counts = Counter(place.arm for place in first_places(seed, "north", ARMS, (4, 6), count))
    assert abs(counts["method"] - counts["usual"]) <= 3


@given(seed=st.integers(0, 2**62))
def test_every_whole_block_has_every_arm_equally_often(seed: int) -> None:
    found = first_places(seed, "", ("a", "b", "c"), (3, 6), 60)
    for block in range(1, found[-1].block):
        counts = Counter(place.arm for place in found if place.block == block)
        assert len(counts) == 3 and len(set(counts.values())) == 1


def test_places_and_blocks_are_numbered_without_a_gap() -> None:
    found = first_places(1, "", ARMS, (4, 6), 50)
    assert [place.position for place in found] == list(range(1, 51))
    assert all(after.block - before.block in (0, 1) for before, after in pairwise(found))


def test_list_of_a_seed_is_the_same_for_ever() -> None:
    drawn = "".join(place.arm[0] for place in first_places(2022, "north", ARMS, (4, 6), 24))
    assert drawn == "".join(place.arm[0] for place in first_places(2022, "north", ARMS, (4, 6), 200))[:24]
    assert drawn == "ummuummmuuuuummmmumumuuu"


def test_teams_have_lists_of_their_own() -> None:
    north, south = (first_places(7, team, ARMS, (4, 6), 100) for team in ("north", "south"))
    assert [place.arm for place in north] != [place.arm for place in south]
