"""A tab's own later word settles what others changed before it, and nothing that they change after it."""

from __future__ import annotations

from small_study import Place, a, conflict


def test_choice_between_two_versions_is_not_asked_again_by_the_page_that_was_open(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40}, tab="theirs")
    place.save(token, {a("age"): 41}, tab="mine", base_version=1)
    place.save(token, {a("age"): 42}, tab="mine", base_version=0)
    assert place.record(token).answers == {"age": 42}


def test_going_back_to_what_stood_there_first_counts_after_a_choice(place: Place) -> None:
    token = place.open()
    base = place.save(token, {a("age"): 39}).version
    place.save(token, {a("age"): 40}, tab="theirs", base_version=base)
    place.save(token, {a("age"): 41}, tab="mine", base_version=base + 1)
    place.save(token, {a("age"): 39}, tab="mine", base_version=base)
    assert place.record(token).answers == {"age": 39}


def test_what_others_change_after_ones_own_word_is_still_a_conflict(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40}, tab="mine", base_version=0)
    place.save(token, {a("age"): 41}, tab="theirs", base_version=1)
    found = conflict(place, token, {a("age"): 42}, tab="mine", base_version=0)
    assert [(one.theirs, one.mine) for one in found] == [(41, 42)]
