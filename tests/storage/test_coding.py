"""Coding open answers on both databases: what is kept, what is refused, and what a correction does to it."""

from __future__ import annotations

from typing import Any

import pytest
from coded_talk import CLOSING, NOW, STORY, Talk
from sqlalchemy import func, select

from survey.instruments.code_books.collection import read_code_books
from survey.instruments.library import Library, shelves
from survey.measures.coding import wording_of
from survey.storage import coding, consents, people, quotes
from survey.storage.coding import Refused
from survey.storage.database import Database
from survey.storage.measured import Measures
from survey.storage.open_answers import earlier_words, open_answers_of, words_of
from survey.storage.tables import CodedPassage, Quote

LIBRARY = Library(shelves())
BOOK = read_code_books(shelves())["krachtwerk"]


@pytest.fixture
def talk(database: Database) -> Any:
    with database.writing() as session:
        yield Talk(session)


def refused(why: str, act: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(Refused) as caught:
        act(*given, **more)
    assert caught.value.why == why


def test_passage_gets_several_codes_and_the_same_one_only_once(talk: Talk) -> None:
    assert (talk.give(talk.rik, "taking_part", "belonging"), talk.give(talk.rik, "belonging", "mattering")) == (2, 1)
    assert {code for _, code in talk.seen(talk.rik)} == {"taking_part", "belonging", "mattering"}
    (memo,) = set(talk.session.scalars(select(CodedPassage.memo)))
    assert memo == "why"


def test_what_another_gave_is_not_read_before_two_are_done(talk: Talk) -> None:
    talk.give(talk.rik, "taking_part")
    talk.finish(talk.rik)
    talk.give(talk.olga, "mattering")
    assert (talk.seen(talk.olga), talk.seen(talk.iris), len(talk.seen(None))) == ([(talk.olga, "mattering")], [], 2)
    talk.finish(talk.olga)
    assert talk.seen(talk.iris) == talk.seen(talk.rik) == talk.seen(talk.olga)
    assert len(talk.seen(talk.iris)) == 2


def test_third_person_cannot_code_what_two_do(talk: Talk) -> None:
    talk.give(talk.rik, "taking_part")
    talk.finish(talk.olga)
    refused("taken", talk.give, talk.iris, "mattering")
    refused("taken", talk.finish, talk.iris)


def test_who_left_half_way_makes_room_when_the_account_is_closed(talk: Talk) -> None:
    talk.give(talk.rik, "taking_part")
    talk.finish(talk.olga)
    refused("taken", talk.give, talk.iris, "mattering")
    people.close_account(talk.session, talk.rik, NOW)
    talk.give(talk.iris, "mattering")
    talk.finish(talk.iris)
    assert {coder for coder, _ in talk.seen(talk.olga)} == {talk.rik, talk.iris}


def test_who_is_done_goes_on_only_until_a_second_is_done(talk: Talk) -> None:
    talk.give(talk.rik, "taking_part")
    talk.finish(talk.rik)
    refused("done", talk.give, talk.rik, "mattering")
    coding.reopen(talk.session, talk.record, talk.spot, talk.rik, NOW)
    talk.give(talk.rik, "mattering")
    talk.finish(talk.rik)
    talk.finish(talk.olga)
    refused("compared", coding.reopen, talk.session, talk.record, talk.spot, talk.rik, NOW)


def test_code_is_taken_away_by_who_gave_it_and_stays_on_record(talk: Talk) -> None:
    talk.give(talk.rik, "taking_part")
    number = talk.session.scalars(select(CodedPassage.id)).one()
    quotes.mark(talk.session, number, "Ik doe mee", True, talk.rik, NOW)
    take = (talk.session, talk.record, talk.spot, number)
    assert coding.take_away(*take, talk.olga, NOW) is False
    assert coding.take_away(*take, talk.rik, NOW) is True
    assert coding.take_away(*take, talk.rik, NOW) is False
    assert (talk.seen(talk.rik), quotes.marked(talk.session, talk.study)) == ([], {})
    assert talk.session.scalar(select(func.count()).select_from(CodedPassage)) == 1


def test_corrected_answer_leaves_its_codes_with_the_earlier_words(talk: Talk) -> None:
    talk.give(talk.rik, "taking_part")
    talk.finish(talk.rik)
    talk.correct("Ik ga soms naar het buurthuis.")
    refused("reworded", talk.give, talk.rik, "mattering")
    now = talk.spot._replace(wording=wording_of("Ik ga soms naar het buurthuis."))
    assert (talk.seen(talk.rik, now), talk.seen(talk.rik)) == ([], [(talk.rik, "taking_part")])
    assert coding.read(talk.session, talk.study, talk.rik).standing(now, talk.rik) == "todo"
    assert earlier_words(talk.session, talk.record.id, "take_story", {talk.spot.wording}) == {talk.spot.wording: STORY}
    assert talk.give(talk.rik, "mattering", spot=now, beyond=30) == 1


@pytest.mark.parametrize(
    ("stretches", "codes", "why"), [([], ["belonging"], "nothing_chosen"), ([(0, 5)], [], "no_code")]
)
def test_passage_and_code_are_both_needed(talk: Talk, stretches: Any, codes: Any, why: str) -> None:
    refused(why, coding.give, talk.session, talk.record, talk.spot, stretches, codes, "", talk.rik, NOW)


def test_code_is_added_with_a_memo_and_a_short_name_of_its_own(talk: Talk) -> None:
    def add(title: str, memo: str = "Why") -> str:
        return coding.add_code(talk.session, talk.study, BOOK, title, memo, talk.rik, NOW)

    assert [add("  Rust  & ruimte "), add("Rust ruimte"), add("3 keer"), add("安心")] == [
        "rust_ruimte", "rust_ruimte_2", "own_3_keer", "own",
    ]  # fmt: skip
    refused("no_memo", add, "Wachten", " ")
    refused("no_title", add, "  ")
    refused("known", add, "rust & RUIMTE")
    refused("known", add, "meedoen")
    assert coding.own_codes(talk.session, talk.study)[0].title == "Rust & ruimte"


def test_open_answers_are_those_on_the_path_of_what_was_handed_in(talk: Talk) -> None:
    measures = Measures()

    def read(**narrowed: Any) -> list[tuple[str, str, str]]:
        found = open_answers_of(talk.session, LIBRARY, measures, talk.study, CLOSING, **narrowed)
        return [(one.spot.unit, one.subject, one.wave) for one in found]

    mine = [("take_story", talk.participant.code, "end")]
    assert (read(), read(unit="take_story"), read(wave="t0"), read(unit="take_how")) == (mine, mine, [], [])
    assert read(teams=frozenset({talk.planned.teams["south"]})) == []
    assert words_of(talk.session, [talk.spot]) == {talk.spot: STORY}
    talk.correct("Anders.")
    (one,) = open_answers_of(talk.session, LIBRARY, measures, talk.study, CLOSING)
    assert (one.spot.wording, words_of(talk.session, [talk.spot])) == (wording_of("Anders."), {})


def test_quote_may_leave_only_when_looked_at_and_agreed_to(talk: Talk) -> None:
    talk.give(talk.rik, "taking_part")
    number = talk.session.scalars(select(CodedPassage.id)).one()
    with pytest.raises(quotes.NoWords):
        quotes.mark(talk.session, number, "  ", True, talk.rik, NOW)
    quotes.mark(talk.session, number, "Ik ga naar [een plek]", False, talk.rik, NOW)
    assert quotes.marked(talk.session, talk.study)[number].may_leave is False
    quotes.mark(talk.session, number, "Ik ga naar [een plek]", True, talk.rik, NOW)
    assert quotes.marked(talk.session, talk.study)[number].may_leave is True
    consents.withdraw(talk.session, talk.participant, talk.rik, NOW)
    assert quotes.marked(talk.session, talk.study)[number].may_leave is False
    quotes.unmark(talk.session, number, NOW)
    kept = talk.session.scalar(select(func.count()).select_from(Quote))
    assert (quotes.marked(talk.session, talk.study), kept) == ({}, 2)


def test_nobody_is_quoted_who_agreed_to_the_interviews_only(database: Database) -> None:
    with database.writing() as session:
        talk = Talk(session, purposes=("interviews",))
        assert quotes.agrees(session, talk.study, talk.participant.id) is False
        assert quotes.agrees(session, talk.study, None) is False


def test_codes_go_with_their_migration_and_the_answers_stay(database: Database) -> None:
    with database.writing() as session:
        talk = Talk(session)
        talk.give(talk.rik, "taking_part")
        talk.finish(talk.rik)
        quotes.mark(session, session.scalars(select(CodedPassage.id)).one(), "Ik", True, talk.rik, NOW)
        coding.add_code(session, talk.study, BOOK, "Wachten", "Iets duurt", talk.rik, NOW)
    database.downgrade("0004")
    database.upgrade()
    with database.reading() as session:
        assert coding.read(session, talk.study, None).spots() == []
        assert (quotes.marked(session, talk.study), coding.own_codes(session, talk.study)) == ({}, [])
        assert words_of(session, [talk.spot]) == {talk.spot: STORY}
