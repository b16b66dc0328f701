"""Responses and their trail as exports read them: chosen, in a fixed order, and streamed."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from small_study import START, Place
from sqlalchemy import event, select

from survey.answers.company import Company
from survey.instruments.reading import read_text
from survey.instruments.texts import Texts
from survey.storage import reading, studies
from survey.storage.circumstances import Circumstances, Stretch
from survey.storage.events import note_event
from survey.storage.reading import Count, Selection, TrailRow
from survey.storage.record import Layout, Saving
from survey.storage.responses import Languages, change_languages, keep_texts, response, submit
from survey.storage.segments import begin_segment
from survey.storage.tables import Participant, Response


@pytest.fixture
def tokens(place: Place) -> dict[str, str]:
    """Responses of participants BBB and AAA and of a coach, by short name."""
    people = {}
    with place.database.writing() as session:
        for code in ("BBB", "AAA"):
            row = Participant(study_id=place.study, code=code, registered_at=START, registered_by=place.ilse)
            session.add(row)
            session.flush()
            people[code] = row.id
    first, second = place.waves
    return {
        "coach": place.open(instrument="coach-fidelity", person_id=place.coen, opened_by=place.coen),
        "b1": place.open(participant_id=people["BBB"], wave_id=second, instrument_version=2),
        "b0": place.open(participant_id=people["BBB"], wave_id=first),
        "a0": place.open(participant_id=people["AAA"], wave_id=first, opened_by=place.coen),
    }


def submitted(place: Place, token: str) -> None:
    with place.database.writing() as session:
        record = response(session, token, for_writing=True)
        assert record is not None
        submit(session, record, Saving("submit", None, place.ilse, record.version), START)


def chosen(place: Place, tokens: dict[str, str], **selection: Any) -> list[str]:
    names = {token: name for name, token in tokens.items()}
    with place.database.reading() as session:
        return [names[one.record.token] for one in reading.exported(session, Selection(place.study, **selection))]


def test_responses_come_by_instrument_subject_and_wave(place: Place, tokens: dict[str, str]) -> None:
    assert chosen(place, tokens) == ["a0", "b0", "b1", "coach"]


def test_selection_narrows(place: Place, tokens: dict[str, str]) -> None:
    submitted(place, tokens["b0"])
    assert {
        "instrument": chosen(place, tokens, instruments=("coach-fidelity",)),
        "no instrument": chosen(place, tokens, instruments=()),
        "wave": chosen(place, tokens, waves=("t1",)),
        "both": chosen(place, tokens, instruments=("client-interview",), waves=("t0",)),
        "submitted": chosen(place, tokens, submitted_only=True),
        "one": chosen(place, tokens, response=tokens["a0"]),
    } == {
        "instrument": ["coach"],
        "no instrument": [],
        "wave": ["b1"],
        "both": ["a0", "b0"],
        "submitted": ["b0"],
        "one": ["a0"],
    }


def test_other_studies_stay_out(place: Place, tokens: dict[str, str]) -> None:
    with place.database.writing() as session:
        other = studies.add_study(session, "other", "Another", [("t0", "Start")], START)
        assert list(reading.exported(session, Selection(other))) == []
        assert list(reading.trail(session, Selection(other))) == []
        assert reading.counts(session, Selection(other)) == []
        assert reading.response_trail(session, other, tokens["a0"]) == []


def test_response_is_told_with_its_wave_subject_and_who_opened_it(place: Place, tokens: dict[str, str]) -> None:
    saved = place.save(tokens["a0"], {("answers", "age"): 40})
    with place.database.reading() as session:
        found = {one.record.token: one for one in reading.exported(session, Selection(place.study))}
    one, coach = found[tokens["a0"]], found[tokens["coach"]]
    assert (one.record, one.wave, one.subject, one.opened_by) == (saved, "t0", "AAA", "COE-333")
    assert (coach.wave, coach.subject, coach.opened_by) == ("t0", "COE-333", "COE-333")


def test_responses_are_counted_by_instrument_wave_and_version(place: Place, tokens: dict[str, str]) -> None:
    submitted(place, tokens["b0"])
    with place.database.reading() as session:
        assert reading.counts(session, Selection(place.study)) == [
            Count("client-interview", 1, "t0", 2, 1),
            Count("client-interview", 2, "t1", 1, 0),
            Count("coach-fidelity", 1, "t0", 1, 0),
        ]
        assert [one.instrument for one in reading.counts(session, Selection(place.study, waves=("t1",)))] == [
            "client-interview"
        ]


SMALL = read_text(
    "{instrument: small, version: 1, language: nl, title: T, about: person, role: coach, purpose: P, "
    "pages: [{page: een, title: E, questions: [{kind: note, name: a, text: A}]}]}"
)


REFUSED = '{"missing":"refused"}'


def test_trail_tells_every_change_in_order(place: Place, tokens: dict[str, str]) -> None:
    with place.database.writing() as session:
        nl, en = (keep_texts(session, Texts(SMALL, language, {}), START) for language in ("nl", "en"))
    place.save(tokens["b0"], {("answers", "age"): 40, ("notes", "age"): "Tired"}, minute=1, texts=nl, second_texts=en)
    place.save(tokens["a0"], {("answers", "home"): {"missing": "refused"}}, minute=2, kind="autosave", page="two")
    submitted(place, tokens["b0"])
    place.save(tokens["b0"], {("answers", "age"): None}, 9, kind="correction", reason="Wrong", person_id=place.coen)

    def row(subject: str, version: int, minute: int, by: str, kind: str, page: str, *rest: Any) -> TrailRow:
        token = tokens[f"{subject[0].lower()}0"]
        moment = START + datetime.timedelta(minutes=minute)
        return TrailRow(token, "client-interview", 1, "t0", subject, version, moment, by, kind, page, *rest)

    told = [
        row("AAA", 1, 2, "ILS-222", "autosave", "two", "answers", "home", None, REFUSED, None, None, None),
        row("BBB", 1, 1, "ILS-222", "page", "one", "answers", "age", None, "40", None, "nl", "en"),
        row("BBB", 1, 1, "ILS-222", "page", "one", "notes", "age", None, '"Tired"', None, "nl", "en"),
        row("BBB", 3, 9, "COE-333", "correction", "one", "answers", "age", "40", None, "Wrong", None, None),
    ]
    with place.database.reading() as session:
        found = list(reading.trail(session, Selection(place.study)))
        alone = reading.response_trail(session, place.study, tokens["a0"])
    assert (found, alone) == (told, told[:1])


def happenings(place: Place, tokens: dict[str, str]) -> None:
    """Two companies at b0, a tap that was taken over and two texts that were played; nothing at the others."""
    with place.database.writing() as session:
        nl, ar = (keep_texts(session, Texts(SMALL, language, {}), START) for language in ("nl", "ar"))
    place.save(tokens["b0"], {("answers", "age"): 40, ("answers", "kids"): 2}, minute=1, texts=nl)
    for at, company in ((2, Company("none", others=("partner",))), (4, Company("peer", "video", "first", code="E-1"))):
        with place.database.writing() as session:
            record = response(session, tokens["b0"], for_writing=True)
            assert record is not None
            begin_segment(session, record, company, place.coen, START + datetime.timedelta(minutes=at))
        place.save(tokens["b0"], {("answers", "age"): 40 + at}, minute=at + 1, texts=nl, second_texts=ar, page="two")
    with place.database.writing() as session:
        record = response(session, tokens["b0"])
        assert record is not None
        note_event(session, record, "confirmed", place.ilse, START, unit="age", page="two", tapped=44)
        note_event(session, record, "played", None, START, keys=["age/text", "age/hint"])


def test_response_is_told_with_how_it_came_about(place: Place, tokens: dict[str, str]) -> None:
    happenings(place, tokens)
    with place.database.reading() as session:
        found = {one.record.token: one.circumstances for one in reading.exported(session, Selection(place.study))}
    assert replace(found[tokens["a0"]], texts={}) == Circumstances()
    about = found[tokens["b0"]]
    assert [(save.version, save.page, save.segment, save.layout, save.language) for save in about.saves] == [
        (1, "one", None, "both", "nl"),
        (2, "two", 1, "both", "nl"),
        (3, "two", 2, "both", "nl"),
    ]
    assert about.segments == (
        Stretch(1, START + datetime.timedelta(minutes=2), "COE-333", "none", None, None, ("partner",), None, False),
        Stretch(2, START + datetime.timedelta(minutes=4), "COE-333", "peer", "video", "first", (), "E-1", False),
    )
    assert (about.given, about.confirmed, about.played) == ({"age": 3, "kids": 1}, {"age": 44}, 2)
    (texts,) = about.texts.values()
    assert (texts.language, texts.standing) == ("ar", "untranslated")
    assert [save.second_shown for save in about.saves] == [False, True, True]


def test_events_are_told_in_order_with_their_response(place: Place, tokens: dict[str, str]) -> None:
    happenings(place, tokens)
    with place.database.reading() as session:
        found = list(reading.events(session, Selection(place.study)))
        assert list(reading.events(session, Selection(place.study, waves=("t1",)))) == []
    assert [(event.kind, event.segment, event.by, event.unit, event.subject) for event in found] == [
        ("segment", 1, "COE-333", None, "BBB"),
        ("segment", 2, "COE-333", None, "BBB"),
        ("confirmed", 2, "ILS-222", "age", "BBB"),
        ("played", 2, None, None, "BBB"),
    ]
    assert (found[3].response, found[3].details) == (tokens["b0"], '{"keys":["age/text","age/hint"]}')


def test_texts_that_stood_beside_each_other_are_in_the_trail_as_far_as_they_were_shown(
    place: Place, tokens: dict[str, str]
) -> None:
    with place.database.writing() as session:
        nl, ar = (keep_texts(session, Texts(SMALL, language, {}), START) for language in ("nl", "ar"))
    layouts: list[Layout] = ["both", "participant", "staff"]
    for minute, layout in enumerate(layouts, start=1):
        with place.database.writing() as session:
            record = response(session, tokens["a0"], for_writing=True)
            assert record is not None
            change_languages(session, record, Languages("nl", "ar", layout), place.ilse, START)
        place.save(tokens["a0"], {("answers", "age"): minute}, minute, texts=nl, second_texts=ar)
    with place.database.reading() as session:
        found = reading.response_trail(session, place.study, tokens["a0"])
    assert [(row.language, row.second_language) for row in found] == [("nl", "ar"), (None, "ar"), ("nl", None)]


def test_so_many_queries_as_there_are_batches_however_many_responses(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    with place.database.writing() as session:
        nl, ar = (keep_texts(session, Texts(SMALL, language, {}), START) for language in ("nl", "ar"))
    for responses in (3, 9):
        while len(place_tokens := all_tokens(place)) < responses:
            token = place.open()
            place.save(token, {("answers", "age"): len(place_tokens)}, texts=nl, second_texts=ar)
        with place.database.reading() as session:
            queries: list[str] = []
            listen = partial(_note_query, queries)
            event.listen(session.connection(), "before_cursor_execute", listen)
            assert len(list(reading.exported(session, Selection(place.study)))) == responses
            event.remove(session.connection(), "before_cursor_execute", listen)
        counted.append(len(queries))
    assert counted == [7, 7]


def all_tokens(place: Place) -> list[str]:
    with place.database.reading() as session:
        return list(session.scalars(select(Response.token)))


def _note_query(queries: list[str], connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
    queries.append(statement)


def test_more_responses_than_one_batch_all_come(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BATCH", 2)
    opened = [place.open() for _ in range(5)]
    for token in opened:
        place.save(token, {("answers", "age"): 1, ("answers", "kids"): 2})
    with place.database.reading() as session:
        found = [one.record.token for one in reading.exported(session, Selection(place.study))]
        trail = [one.response for one in reading.trail(session, Selection(place.study))]
    assert (sorted(found), sorted(trail)) == (sorted(opened), sorted(opened * 2))
