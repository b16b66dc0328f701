"""What translators write on the server: the newest edit of a text counts, and belongs to the words it translated."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from small_study import Place, at
from sqlalchemy.orm import Session

from survey.instruments.catalogues import Catalogue, Translation
from survey.instruments.round_trip import Edited, Row
from survey.storage.translations import COMMAND_LINE, adopted, edits, keep_edit, keep_edits, newest_edit, stamp

LIVE, HOME = "Waar woont u?", "Waar is uw thuis?"
CONTEXT = "small/home/text"


def edited(words: str, source: str = LIVE, status: str = "draft", **more: str) -> Edited:
    values = {"draft_1": "", "draft_2": "", "comment": ""} | more
    return Edited(Row(CONTEXT, source), source, words, status=status, **values)


def keep(place: Place, *made: Edited, language: str = "ar", minute: int = 1, by: int | None = -1) -> None:
    with place.database.writing() as session:
        for one in made:
            keep_edit(session, language, one, place.ilse if by == -1 else by, at(minute))


def found(place: Place, *sources: str) -> dict[str, Catalogue]:
    with place.database.reading() as session:
        return adopted(session, [(CONTEXT, source) for source in sources])


def test_edit_goes_with_who_and_when(place: Place) -> None:
    keep(place, edited("أين تسكن؟", draft_1="A", draft_2="B", comment="c"))
    there = Translation("أين تسكن؟", "draft", False, "", "ILS-222", "2025-03-03", "A", "B", "c")
    assert found(place, LIVE) == {"ar": {(CONTEXT, LIVE): there}}


def test_newest_edit_counts_and_all_stay_on_record(place: Place) -> None:
    keep(place, edited("een"), edited("twee"))
    with place.database.reading() as session:
        assert [(one.words, one.by) for one in edits(session, "ar", CONTEXT)] == [
            ("een", "ILS-222"),
            ("twee", "ILS-222"),
        ]
    assert found(place, LIVE)["ar"][CONTEXT, LIVE].words == "twee"


def test_languages_are_kept_apart(place: Place) -> None:
    keep(place, edited("een"))
    keep(place, edited("bir"), language="tr")
    assert {language: one[CONTEXT, LIVE].words for language, one in found(place, LIVE).items()} == {
        "ar": "een",
        "tr": "bir",
    }


def test_who_and_when_are_of_the_edit_that_gave_the_words_their_status(place: Place) -> None:
    keep(place, edited("een"), minute=1)
    keep(place, edited("een", status="reviewed"), minute=60 * 24, by=place.coen)
    keep(place, edited("een", status="reviewed", comment="mooi"), minute=60 * 48)
    there = found(place, LIVE)["ar"][CONTEXT, LIVE]
    assert (there.status, there.by, there.on, there.comment) == ("reviewed", "COE-333", "2025-03-04", "mooi")


def test_what_came_in_with_a_file_says_so(place: Place) -> None:
    keep(place, edited("een"), by=None)
    assert found(place, LIVE)["ar"][CONTEXT, LIVE].by == COMMAND_LINE


def test_edit_of_earlier_words_is_outdated_for_the_present_ones(place: Place) -> None:
    keep(place, edited("een", status="approved"))
    there = found(place, LIVE, HOME)["ar"]
    assert [(there[CONTEXT, source].outdated, there[CONTEXT, source].previous) for source in (LIVE, HOME)] == [
        (False, ""),
        (True, LIVE),
    ]
    assert found(place, HOME)["ar"][CONTEXT, HOME].previous == LIVE


def test_versions_with_other_words_each_keep_their_own_translation(place: Place) -> None:
    keep(place, edited("een"), edited("thuis", HOME), edited("een beter"))
    there = found(place, LIVE, HOME)["ar"]
    assert [there[CONTEXT, source].words for source in (LIVE, HOME)] == ["een beter", "thuis"]
    assert [one.outdated for one in there.values()] == [False, False]


def test_text_that_no_instrument_has_any_more_is_left_alone(place: Place) -> None:
    keep(place, edited("een"))
    with place.database.reading() as session:
        assert adopted(session, [("small/other/text", LIVE)]) == {}


def test_stamp_changes_with_every_edit(place: Place) -> None:
    def now() -> int:
        with place.database.reading() as session:
            return stamp(session)

    seen = [now()]
    for _ in range(2):
        keep(place, edited("een"))
        seen.append(now())
    assert (seen[0], len(set(seen))) == (0, 3)


def test_thousand_texts_are_kept_at_once(place: Place) -> None:
    many = [Edited(Row(f"small/{n}", "x"), "x", f"w{n}", "", "", "draft", "") for n in range(1000)]
    with place.database.writing() as session:
        keep_edits(session, "ar", many, None, at(1))
        keep_edits(session, "ar", [], None, at(1))
    with place.database.reading() as session:
        assert len(adopted(session, [(one.row.context, "x") for one in many])["ar"]) == stamp(session) == 1000


def test_second_translator_sees_what_the_first_one_wrote_at_the_same_moment(place: Place) -> None:
    looked, kept = threading.Event(), []

    def first() -> None:
        with place.database.writing() as session:
            kept.append(("first", newest_edit(session, "ar", CONTEXT, for_writing=True)))
            looked.set()
            keep_edit(session, "ar", edited("een"), place.ilse, at(1))

    def second() -> None:
        looked.wait(10)
        with place.database.writing() as session:
            kept.append(("second", newest_edit(session, "ar", CONTEXT, for_writing=True)))

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert kept == [("first", 0), ("second", 1)]


def test_long_and_nasty_words_come_back_as_they_are(place: Place) -> None:
    words = "=1+1 \u200f'; DROP TABLE person; -- " + "م" * 5000
    keep(place, edited(words))
    assert found(place, LIVE)["ar"][CONTEXT, LIVE].words == words


@pytest.mark.parametrize("part", ["language", "context"])
def test_newest_edit_is_of_one_text_in_one_language(place: Place, part: str) -> None:
    keep(place, edited("een"))

    def newest(session: Session, **which: Any) -> int:
        return newest_edit(session, which.get("language", "ar"), which.get("context", CONTEXT))

    with place.database.reading() as session:
        assert (newest(session), newest(session, **{part: "zz"})) == (1, 0)
