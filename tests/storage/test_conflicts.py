"""Two tabs or two devices on one response: the second writer sees both versions; nothing is overwritten in silence."""

from __future__ import annotations

from small_study import Place, a, at, conflict, trail

from survey.storage.merging import Difference


def test_second_writer_sees_both_versions_and_who_wrote_the_other(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40}, minute=7, tab="theirs", person_id=place.coen)
    assert conflict(place, token, {a("age"): 41}, tab="mine", base_version=0) == [
        Difference(a("age"), 40, 41, "COE-333", at(7))
    ]


def test_conflict_in_one_answer_keeps_all_of_the_save_out(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40}, tab="theirs")
    found = conflict(place, token, {a("age"): 41, a("kids"): 2}, tab="mine", base_version=0)
    assert ([one.key for one in found], place.record(token).answers) == ([a("age")], {"age": 40})


def test_notes_and_drafts_conflict_like_answers(place: Place) -> None:
    token = place.open()
    place.save(token, {("notes", "age"): "Tired", ("drafts", "rent"): {"": ["x"]}}, tab="theirs")
    mine = {("notes", "age"): "Angry", ("drafts", "rent"): {"": ["y"]}}
    found = conflict(place, token, mine, tab="mine", base_version=0)
    assert [(one.key, one.theirs, one.mine) for one in found] == [
        (("notes", "age"), "Tired", "Angry"),
        (("drafts", "rent"), {"": ["x"]}, {"": ["y"]}),
    ]


def test_taking_away_what_another_changed_is_a_conflict(place: Place) -> None:
    token = place.open()
    base = place.save(token, {a("age"): 40}).version
    place.save(token, {a("age"): 41}, tab="theirs")
    found = conflict(place, token, {a("age"): None}, tab="mine", base_version=base)
    assert [(one.theirs, one.mine) for one in found] == [(41, None)]


def test_changing_what_another_took_away_is_a_conflict(place: Place) -> None:
    token = place.open()
    base = place.save(token, {a("age"): 40}).version
    place.save(token, {a("age"): None}, tab="theirs")
    found = conflict(place, token, {a("age"): 41}, tab="mine", base_version=base)
    assert [(one.theirs, one.mine) for one in found] == [(None, 41)]


def test_equal_answers_never_conflict(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40}, tab="theirs")
    saved = place.save(token, {a("age"): 40}, tab="mine", base_version=0)
    assert (saved.answers, len(trail(place, token))) == ({"age": 40}, 1)


def test_different_questions_merge(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40}, tab="theirs")
    assert place.save(token, {a("kids"): 2}, tab="mine", base_version=0).answers == {"age": 40, "kids": 2}


def test_answer_that_this_writer_did_not_touch_never_overwrites(place: Place) -> None:
    token = place.open()
    base = place.save(token, {a("age"): 40, a("kids"): 1}).version
    place.save(token, {a("age"): 41}, tab="theirs")
    saved = place.save(token, {a("age"): 40, a("kids"): 2}, tab="mine", base_version=base)
    assert saved.answers == {"age": 41, "kids": 2}


def test_page_that_was_empty_at_its_start_does_not_take_away_what_another_filled_in(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40}, tab="theirs")
    assert place.save(token, {a("age"): None, a("kids"): 2}, tab="mine", base_version=0).answers == {
        "age": 40,
        "kids": 2,
    }


def test_same_tab_never_conflicts_with_itself(place: Place) -> None:
    token = place.open()
    for age in (4, 40, None, 41):
        saved = place.save(token, {a("age"): age}, tab="mine", base_version=0)
    assert (saved.answers, saved.version) == ({"age": 41}, 4)


def test_same_tab_conflicts_with_another_that_came_between(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 4}, tab="mine", base_version=0)
    place.save(token, {a("age"): 50}, tab="theirs")
    found = conflict(place, token, {a("age"): 41}, tab="mine", base_version=0)
    assert [(one.theirs, one.mine) for one in found] == [(50, 41)]


def test_old_answer_of_a_tab_does_not_undo_the_other_that_came_after_it(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 4}, tab="mine", base_version=0)
    place.save(token, {a("age"): 50}, tab="theirs")
    assert place.save(token, {a("age"): 4, a("kids"): 1}, tab="mine", base_version=0).answers == {"age": 50, "kids": 1}


def test_page_without_a_name_conflicts_with_any_other(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40}, tab=None)
    found = [conflict(place, token, {a("age"): 41}, tab=tab, base_version=0)[0].theirs for tab in (None, "mine")]
    assert found == [40, 40]


def test_chosen_version_is_written_on_the_base_that_the_conflict_showed(place: Place) -> None:
    token = place.open()
    theirs = place.save(token, {a("age"): 40}, tab="theirs").version
    conflict(place, token, {a("age"): 41}, tab="mine", base_version=0)
    assert place.save(token, {a("age"): 41}, tab="mine", base_version=theirs).answers == {"age": 41}
