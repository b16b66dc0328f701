"""Studies with their waves and participants, and the lists of their responses."""

from __future__ import annotations

import datetime

import pytest
from small_study import START, Place

from survey.storage import audit, overview, participants, placed, studies
from survey.storage.codes import tidy
from survey.storage.placed import Placed


def test_study_keeps_its_waves_in_order(place: Place) -> None:
    with place.database.writing() as session:
        other = studies.add_study(session, "other", "Another", [("b", "Second"), ("a", "First")], START, "Asia/Kabul")
        found = studies.study_with(session, "other")
        assert found is not None
        assert (found.id, found.title, found.time_zone, found.made_at) == (other, "Another", "Asia/Kabul", START)
        waves = [(wave.code, wave.title, wave.position) for wave in studies.waves(session, other)]
    assert waves == [("b", "Second", 0), ("a", "First", 1)]


def test_studies_come_by_title(place: Place) -> None:
    with place.database.writing() as session:
        studies.add_study(session, "aaa", "A study", [("t0", "Start")], START)
        assert [study.slug for study in studies.studies(session)] == ["aaa", "demo"]
        assert studies.study_with(session, "none") is None


@pytest.mark.parametrize(
    ("slug", "waves", "why"),
    [
        ("Demo", [("t0", "S")], "a study's short name has small letters, digits and dashes"),
        ("1st", [("t0", "S")], "a study's short name has small letters, digits and dashes"),
        ("a b", [("t0", "S")], "a study's short name has small letters, digits and dashes"),
        ("a\n", [("t0", "S")], "a study's short name has small letters, digits and dashes"),
        ("x" * 41, [("t0", "S")], "a study's short name has small letters, digits and dashes"),
        ("demo", [("t0", "S")], "there is a study called demo already"),
        ("new", [], "each wave has a code of its own, of one to three letters and digits, such as t0"),
        (
            "new",
            [("t0", "S"), ("t0", "L")],
            "each wave has a code of its own, of one to three letters and digits, such as t0",
        ),
        ("new", [("T0", "S")], "each wave has a code of its own, of one to three letters and digits, such as t0"),
        ("new", [("0t", "S")], "each wave has a code of its own, of one to three letters and digits, such as t0"),
        ("new", [("wave", "S")], "each wave has a code of its own, of one to three letters and digits, such as t0"),
    ],
)
def test_study_that_would_not_work_is_refused(place: Place, slug: str, waves: list[tuple[str, str]], why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"), place.database.writing() as session:
        studies.add_study(session, slug, "Title", waves, START)


def test_participant_gets_a_sound_code_and_is_found_by_it(place: Place) -> None:
    with place.database.writing() as session:
        made = participants.register(session, place.study, place.ilse, START, "ar")
        assert (tidy(made.code), made.language, made.registered_by, made.registered_at) == (
            made.code,
            "ar",
            place.ilse,
            START,
        )
        found = participants.participant_with(session, place.study, made.code)
        assert found is not None
        assert found.id == made.id
        assert participants.participant_with(session, place.study + 1, made.code) is None


def test_participants_are_counted_by_the_beginning_of_their_code(place: Place) -> None:
    with place.database.writing() as session:
        codes = [participants.register(session, place.study, place.ilse, START).code for _ in range(5)]
        counts = [participants.participant_count(session, place.study, code) for code in ("", codes[0], "%", "_", "0")]
    assert counts == [5, 1, 0, 0, 0]


def test_responses_are_found_by_participant_and_by_person(place: Place) -> None:
    one, other = place.participant(), place.participant()
    tokens = [place.open(participant_id=one), place.open(participant_id=other)]
    own = place.open(person_id=place.coen, instrument="coach-fidelity")
    with place.database.reading() as session:
        assert [found.token for found in participants.responses_of(session, [one])] == tokens[:1]
        assert sorted(found.token for found in participants.responses_of(session, [one, other])) == sorted(tokens)
        assert participants.responses_of(session, []) == []
        assert [found.token for found in studies.responses_by(session, place.coen, place.study)] == [own]
        assert studies.responses_by(session, place.ilse, place.study) == []


def test_response_is_placed_in_its_wave_and_study(place: Place) -> None:
    token = place.open(person_id=place.coen)
    with place.database.reading() as session:
        found = placed.placed(session, place.record(token).id)
    assert found == Placed("COE-333", "Start", "The demo study", "demo", "Europe/Amsterdam", None, None, False)


def test_responses_are_listed_newest_first_without_their_answers(place: Place) -> None:
    tokens = [place.open(), place.open(person_id=place.coen, wave_id=place.waves[1]), place.open()]
    place.save(tokens[1], {("answers", "age"): 40})
    with place.database.reading() as session:
        wanted = overview.Wanted(place.study)
        rows = overview.response_rows(session, wanted, 10)
        page = overview.response_rows(session, wanted, 1, 1)
        assert ([row.token for row in rows], overview.response_count(session, wanted)) == (tokens[::-1], 3)
    one = rows[1]
    assert (one.subject, one.wave, one.version, one.started_at, one.submitted_at) == (
        "COE-333",
        "Later",
        1,
        START,
        None,
    )
    assert page == [one]


def test_actions_are_on_record_newest_first(place: Place) -> None:
    with place.database.writing() as session:
        audit.note(session, "sign-in", None, START, tries=2)
        audit.note(session, "export", place.coen, START + datetime.timedelta(minutes=1), study="demo", rows=3)
    with place.database.reading() as session:
        found = [(entry.action, code, entry.details, entry.at) for entry, code in audit.newest(session, 10)]
        assert (audit.count(session), len(audit.newest(session, 1, 1))) == (2, 1)
    assert found == [
        ("export", "COE-333", '{"rows":3,"study":"demo"}', START + datetime.timedelta(minutes=1)),
        ("sign-in", None, '{"tries":2}', START),
    ]


def test_button_pressed_five_times_makes_one_participant(place: Place) -> None:
    with place.database.writing() as session:
        made = {participants.register(session, place.study, place.ilse, START, click="one").code for _ in range(5)}
        another = participants.register(session, place.study, place.ilse, START, click="two").code
    assert (len(made), another in made) == (1, False)
