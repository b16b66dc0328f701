"""Responses: opened once, saved with a trail, never overwritten in silence, handed in once."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from small_study import START, Place, a, at, conflict, trail, visits
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, NoResultFound

from survey.instruments.reading import read_text
from survey.instruments.texts import Texts
from survey.storage.events import events
from survey.storage.record import Record, Saving
from survey.storage.responses import (
    Languages,
    ReasonNeeded,
    change_languages,
    keep_texts,
    open_response,
    replay,
    response,
    save,
    submit,
)
from survey.storage.tables import Response, TextSet, Visit


def handed_in(place: Place, token: str, minute: int = 5, person: int | None = None, **values: Any) -> Record:
    with place.database.writing() as session:
        found = response(session, token, for_writing=True)
        assert found is not None
        given = {a(unit): value for unit, value in values.items()}
        return submit(session, found, Saving("submit", None, person or place.ilse, found.version, given), at(minute))


# --- Opening ------------------------------------------------------------------------------------------------------


def test_new_response_is_empty(place: Place) -> None:
    opening = place.opening(second_language="en")
    with place.database.writing() as session:
        token = open_response(session, opening, START)
    found = place.record(token)
    assert (found.answers, found.drafts, found.notes, found.version, found.page) == ({}, {}, {}, 0, None)
    assert (found.started_at, found.changed_at, found.submitted_at, found.submitted_by) == (START, START, None, None)
    assert {name: getattr(found, name) for name in vars(opening)} == vars(opening)


def test_opening_twice_gives_one_response(place: Place) -> None:
    opening = place.opening()
    tokens = []
    for minute in (0, 1):
        with place.database.writing() as session:
            tokens.append(open_response(session, opening, at(minute)))
    with place.database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Response))
    assert (len(set(tokens)), count, place.record(tokens[0]).started_at) == (1, 1, START)


def test_opening_twice_in_one_transaction_gives_one_response(place: Place) -> None:
    opening = place.opening()
    with place.database.writing() as session:
        tokens = {open_response(session, opening, START) for _ in range(3)}
    assert len(tokens) == 1


def test_other_wave_instrument_participant_or_person_is_another_response(place: Place) -> None:
    one = place.participant()
    tokens = [
        place.open(participant_id=one),
        place.open(participant_id=one, wave_id=place.waves[1]),
        place.open(participant_id=one, instrument="coach-fidelity"),
        place.open(),
        place.open(person_id=place.ilse),
        place.open(person_id=place.coen),
    ]
    assert len(set(tokens)) == 6


def test_newer_version_of_an_instrument_goes_on_with_the_response_that_is_there(place: Place) -> None:
    one = place.participant()
    first = place.open(participant_id=one)
    assert place.open(participant_id=one, instrument_version=2) == first
    assert place.record(first).instrument_version == 1


@pytest.mark.parametrize("subject", [{}, {"both": True}])
def test_response_is_of_one_participant_or_one_person(place: Place, subject: dict[str, bool]) -> None:
    one = {"participant_id": place.participant(), "person_id": place.ilse} if subject else {}
    row = Response(
        token="x", study_id=place.study, wave_id=place.waves[0], instrument="i", instrument_version=1,
        opened_by=place.ilse, language="nl", version=0, document="{}", started_at=START, changed_at=START, **one,
    )  # fmt: skip
    with pytest.raises(IntegrityError), place.database.writing() as session:
        session.add(row)


def test_response_of_a_wave_that_is_not_there_is_refused(place: Place) -> None:
    with pytest.raises(NoResultFound):
        place.open(wave_id=99)


def test_unknown_token_finds_nothing(place: Place) -> None:
    with place.database.writing() as session:
        assert (response(session, "none"), response(session, "none", for_writing=True)) == (None, None)


# --- Saving -------------------------------------------------------------------------------------------------------


def test_save_writes_document_visit_and_changes(place: Place) -> None:
    token = place.open()
    values = {
        a("age"): 40,
        a("home"): {"missing": "refused"},
        ("drafts", "rent"): {"": ["x"]},
        ("notes", "age"): "Tired",
    }
    saved = place.save(token, values, page="home", tab="t1", kind="autosave")
    assert saved == place.record(token)
    assert saved.document == {
        "answers": {"age": 40, "home": {"missing": "refused"}},
        "drafts": {"rent": {"": ["x"]}},
        "notes": {"age": "Tired"},
        "relay": {},
    }
    assert (saved.version, saved.page, saved.changed_at, saved.started_at) == (1, "home", at(1), START)
    assert visits(place, token) == [(1, "autosave", "home", "t1")]
    assert trail(place, token) == [
        (1, "answers", "age", None, "40", None),
        (1, "answers", "home", None, '{"missing":"refused"}', None),
        (1, "drafts", "rent", None, '{"":["x"]}', None),
        (1, "notes", "age", None, '"Tired"', None),
    ]


VALUES = [
    0,
    -1,
    7.5,
    "",
    'it\'s "so" \\ é 😀 \u202e',
    "a\0b",
    "<b>",
    "=1+1",
    ["b", 2],
    {"home": 60, "work": 40},
    [],
    "x" * 9000,
]


def test_every_value_comes_back_as_it_was_saved(place: Place) -> None:
    token = place.open()
    answers = {f"q{i}": value for i, value in enumerate(VALUES)}
    place.save(token, {a(unit): value for unit, value in answers.items()})
    with place.database.reading() as session:
        replayed = replay(session, place.record(token).id)
    assert (place.record(token).answers, replayed["answers"]) == (answers, answers)


def test_taking_an_answer_away_stays_in_the_trail(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40})
    saved = place.save(token, {a("age"): None})
    assert (saved.answers, trail(place, token)) == (
        {},
        [(1, "answers", "age", None, "40", None), (2, "answers", "age", "40", None, None)],
    )


def test_only_what_changes_is_in_the_trail(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40, a("kids"): 2})
    place.save(token, {a("age"): 40, a("kids"): 3, a("rent"): None})
    assert trail(place, token)[2:] == [(2, "answers", "kids", "2", "3", None)]


def test_autosave_without_a_change_writes_nothing(place: Place) -> None:
    token = place.open()
    before = place.save(token, {a("age"): 40})
    assert place.save(token, {a("age"): 40}, minute=9, kind="autosave") == before == place.record(token)
    assert len(visits(place, token)) == 1


def test_page_that_was_sent_without_a_change_is_a_visit(place: Place) -> None:
    token = place.open()
    saved = place.save(token, {}, page="two")
    assert (saved.version, saved.page, visits(place, token), trail(place, token)) == (
        1,
        "two",
        [(1, "page", "two", None)],
        [],
    )


def test_what_a_failing_transaction_wrote_is_gone(place: Place) -> None:
    token = place.open()
    with pytest.raises(ZeroDivisionError), place.database.writing() as session:
        found = response(session, token, for_writing=True)
        assert found is not None
        from_here = Saving("page", "one", place.ilse, 0, {a("age"): 40})
        assert save(session, found, from_here, at(1)).version == 1
        raise ZeroDivisionError
    assert (place.record(token).version, trail(place, token), visits(place, token)) == (0, [], [])


def test_record_that_another_save_overtook_is_refused(place: Place) -> None:
    token = place.open()
    stale = place.record(token)
    place.save(token, {a("age"): 40})
    with pytest.raises(RuntimeError), place.database.writing() as session:
        save(session, stale, Saving("page", "one", place.ilse, 0, {a("kids"): 1}), at(2))
    assert place.record(token).answers == {"age": 40}


# --- Handing in, and corrections ----------------------------------------------------------------------------------


def test_five_clicks_on_submit_make_one_submission(place: Place) -> None:
    token = place.open()
    place.save(token, {a("age"): 40})
    for minute in range(5, 10):
        handed_in(place, token, minute, person=place.coen if minute > 5 else place.ilse, age=41)
    found = place.record(token)
    assert (found.submitted_at, found.submitted_by, found.version, found.answers) == (at(5), place.ilse, 2, {"age": 41})
    assert [kind for _, kind, _, _ in visits(place, token)] == ["page", "submit"]


def test_change_after_submission_needs_a_reason(place: Place) -> None:
    token = place.open()
    handed_in(place, token, age=40)
    with pytest.raises(ReasonNeeded):
        place.save(token, {a("age"): 41}, kind="correction")
    with pytest.raises(ReasonNeeded):
        place.save(token, {a("age"): 41}, kind="correction", reason="")
    assert (place.record(token).answers, len(visits(place, token))) == ({"age": 40}, 1)


def test_correction_keeps_old_and_new_value_person_time_and_reason(place: Place) -> None:
    token = place.open()
    handed_in(place, token, age=40)
    saved = place.save(token, {a("age"): 41}, minute=60, kind="correction", reason="Typed wrong", person_id=place.coen)
    assert (saved.answers, saved.submitted_at, saved.changed_at) == ({"age": 41}, at(5), at(60))
    assert trail(place, token)[1:] == [(2, "answers", "age", "40", "41", "Typed wrong")]
    with place.database.reading() as session:
        assert session.execute(select(Visit.person_id, Visit.at).order_by(Visit.id.desc())).first() == (
            place.coen,
            at(60),
        )


def test_looking_at_a_submitted_page_writes_nothing(place: Place) -> None:
    token = place.open()
    before = handed_in(place, token, age=40)
    assert place.save(token, {a("age"): 40}, kind="correction", page="two") == before
    assert len(visits(place, token)) == 1


def test_conflict_after_submission_is_told_before_a_reason_is_asked(place: Place) -> None:
    token = place.open()
    base = handed_in(place, token, age=40).version
    place.save(token, {a("age"): 41}, kind="correction", reason="Typed wrong", tab="theirs")
    assert len(conflict(place, token, {a("age"): 42}, kind="correction", tab="mine", base_version=base)) == 1


# --- What was on the screen ---------------------------------------------------------------------------------------

SMALL = read_text("""
instrument: small
version: 1
language: nl
title: Klein
about: person
role: coach
purpose: Proef
pages: [{page: een, title: Een, questions: [{kind: note, name: a, text: Dag}]}]
""")


def test_texts_are_kept_once(place: Place) -> None:
    texts = Texts(SMALL, "nl", {})
    for minute in range(3):
        with place.database.writing() as session:
            assert keep_texts(session, texts, at(minute)) == texts.sha256
    with place.database.reading() as session:
        rows = session.execute(select(TextSet.sha256, TextSet.language, TextSet.document, TextSet.kept_at)).all()
    assert [tuple(row) for row in rows] == [(texts.sha256, "nl", texts.document, START)]
    assert json.loads(rows[0].document)["texts"]["a/text"] == ["Dag", "nl", "source"]


def test_visit_points_to_the_texts_that_it_showed(place: Place) -> None:
    token = place.open()
    with place.database.writing() as session:
        first, second = (keep_texts(session, Texts(SMALL, language, {}), START) for language in ("nl", "en"))
    place.save(token, {a("a"): 1}, texts=first, second_texts=second)
    with place.database.reading() as session:
        assert session.execute(select(Visit.texts, Visit.second_texts)).one() == (first, second)


def test_visit_that_shows_texts_which_were_never_kept_is_refused(place: Place) -> None:
    token = place.open()
    with pytest.raises(IntegrityError):
        place.save(token, {a("a"): 1}, texts="0" * 64)


def test_languages_change_without_touching_answers(place: Place) -> None:
    token = place.open()
    before = place.save(token, {a("age"): 40})
    with place.database.writing() as session:
        after = change_languages(session, before, Languages("en", "ar", "participant"), place.ilse, START)
        assert change_languages(session, after, Languages("en", "ar", "participant"), place.ilse, START) == after
    found = place.record(token)
    assert (found.language, found.second_language, found.answers, found.version) == ("en", "ar", {"age": 40}, 1)
    assert found == after


def test_every_switch_of_languages_is_an_event_with_its_time(place: Place) -> None:
    token = place.open()
    later = START + datetime.timedelta(minutes=5)
    with place.database.writing() as session:
        once = change_languages(session, place.record(token), Languages("nl", "ar"), place.ilse, START)
        change_languages(session, once, Languages("nl", "ar", "staff"), place.ilse, later)
    with place.database.reading() as session:
        happened = events(session, once.id)
    assert [(one.at, one.kind, one.details["after"]) for one in happened] == [
        (START, "languages", {"language": "nl", "second_language": "ar", "layout": "both"}),
        (later, "languages", {"language": "nl", "second_language": "ar", "layout": "staff"}),
    ]
