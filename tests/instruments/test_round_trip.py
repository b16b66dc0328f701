"""The round trip: what a translator gets, what changes when it comes back, and what is refused with its row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_instruments import HEAD, instrument

from survey.instruments.catalogues import STATUSES, Catalogue, Translation, merge, noted, read_catalogue, sources
from survey.instruments.library import Library, Shelf, shelves
from survey.instruments.places import places
from survey.instruments.round_trip import FIELDS, Edited, Fault, Returned, Row, compare, rows, settle
from survey.instruments.to_translate import names, rows_of, standing
from survey.instruments.what_changed import what_changed

HOME = Row("small/home/text", "Where do you live?", "One", False, Translation("Waar woont u?", "reviewed", False))
NEW = Row("small/work/text", "Do you work?")
OLD = Row("small/age/text", "How old?", there=Translation("Leeftijd?", "approved", True, previous="Your age?"))
TIMED = Row("controls/saved", "bewaard om {time}", there=Translation("saved at {time}", "draft", False))
PRESENT = [HOME, NEW, OLD, TIMED]


def back(row: Row, number: int = 2, **more: Any) -> Returned:
    """A row as it was written, with these fields changed by a translator."""
    values = {field: getattr(row, field) for field in FIELDS}
    return Returned(number, row.context, row.source, **({**values, "base": row.base} | more))


def changed(*returned: Returned) -> list[tuple[int, str, list[tuple[str, str, str]]]]:
    found = compare(PRESENT, returned)
    assert found.refusals == ()
    return [(one.number, one.edited.row.context, one.edited.differences) for one in found.changes]


def refused(*returned: Returned) -> list[tuple[int, str, dict[str, Any]]]:
    return [(one.number, one.fault.code, dict(one.fault.figures)) for one in compare(PRESENT, returned).refusals]


def test_row_says_what_there_is_of_a_text() -> None:
    assert [(row.status, row.words, row.previous, row.open) for row in PRESENT] == [
        ("reviewed", "Waar woont u?", "", False),
        ("", "", "", True),
        ("outdated", "Leeftijd?", "Your age?", True),
        ("draft", "saved at {time}", "", False),
    ]


def test_file_that_nobody_touched_changes_nothing() -> None:
    assert compare(PRESENT, [back(row, number) for number, row in enumerate(PRESENT, 2)]).changes == ()


def test_each_change_is_told_with_its_old_and_new_value() -> None:
    returned = [back(HOME, words="Waar leeft u?", status="approved"), back(NEW, 3, words="Werkt u?", comment="kort")]
    assert changed(*returned) == [
        (2, HOME.context, [("words", "Waar woont u?", "Waar leeft u?"), ("status", "reviewed", "approved")]),
        (3, NEW.context, [("words", "", "Werkt u?"), ("status", "", "draft"), ("comment", "", "kort")]),
    ]


@pytest.mark.parametrize("field", ["words", "draft_1", "draft_2", "status", "comment"])
@pytest.mark.parametrize("empty", ["", "  ", None])
def test_what_is_empty_in_the_file_changes_nothing(field: str, empty: str | None) -> None:
    kept = replace(HOME, there=Translation("Waar?", "reviewed", False, draft_1="A", draft_2="B", comment="c"))
    assert compare([kept], [back(kept, **{field: empty})]).changes == ()


def test_drafts_without_adjudicated_words_leave_the_words_alone() -> None:
    assert changed(back(HOME, words="", draft_1="Waar woont u", draft_2="Waar leeft u")) == [
        (2, HOME.context, [("draft_1", "", "Waar woont u"), ("draft_2", "", "Waar leeft u")])
    ]


@pytest.mark.parametrize("status", ["reviewed", "pretested", "approved"])
def test_other_words_with_the_same_status_are_a_draft_again(status: str) -> None:
    row = replace(HOME, there=Translation("Waar woont u?", status, False))  # type: ignore[arg-type]
    (change,) = compare([row], [back(row, words="Waar?")]).changes
    assert change.edited.differences == [("words", "Waar woont u?", "Waar?"), ("status", status, "draft")]
    assert change.edited.back_to_draft


def test_outdated_text_stays_so_until_somebody_says_that_it_holds() -> None:
    (change,) = compare(PRESENT, [back(OLD, draft_1="Hoe oud?")]).changes
    assert (change.edited.outdated, change.edited.source, change.edited.status) == (True, "Your age?", "approved")
    assert change.edited.differences == [("draft_1", "", "Hoe oud?")]


@pytest.mark.parametrize("status", STATUSES)
def test_choosing_a_status_says_that_the_old_words_hold(status: str) -> None:
    (change,) = compare(PRESENT, [back(OLD, status=status)]).changes
    assert (change.edited.outdated, change.edited.source) == (False, "How old?")
    assert change.edited.differences == [("status", "outdated", status)]


def test_other_words_for_an_outdated_text_are_a_draft_of_the_new_source() -> None:
    assert changed(back(OLD, words="Hoe oud bent u?")) == [
        (2, OLD.context, [("words", "Leeftijd?", "Hoe oud bent u?"), ("status", "outdated", "draft")])
    ]


def test_calling_a_good_text_outdated_makes_it_a_draft() -> None:
    assert changed(back(HOME, status="outdated")) == [(2, HOME.context, [("status", "reviewed", "draft")])]


@pytest.mark.parametrize(
    ("returned", "code", "figures"),
    [
        (back(HOME, words="x", base="").__class__(2, "small/none/text", "x", words="y"), "unknown_text", {}),
        (Returned(2, HOME.context, "Where?", words="Waar?"), "other_source", {"source": "Where do you live?"}),
        (back(TIMED, words="saved at {tijd}"), "placeholders", {"missing": ["{time}"], "extra": ["{tijd}"]}),
        (back(TIMED, words="saved"), "placeholders", {"missing": ["{time}"], "extra": []}),
        (back(HOME, words="Waar {x}?"), "placeholders", {"missing": [], "extra": ["{x}"]}),
        (back(HOME, status="perfect"), "unknown_status", {"status": "perfect"}),
        (back(NEW, status="approved"), "status_without_words", {"status": "approved"}),
        (back(HOME, words="Waar\x07?"), "control_characters", {"field": "words", "sign": "U+0007"}),
        (back(HOME, comment="\ud800"), "control_characters", {"field": "comment", "sign": "U+D800"}),
        (Returned(2, HOME.context, HOME.source, unreadable="words"), "unreadable", {"field": "words"}),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_row(returned: Returned, code: str, figures: dict[str, Any]) -> None:
    assert refused(returned) == [(2, code, figures)]


def test_text_that_stands_twice_is_refused_with_the_first_row() -> None:
    assert refused(back(HOME, 2), back(HOME, 9, words="Waar?")) == [(9, "twice", {"first": 2})]


def test_all_refusals_are_told_at_once() -> None:
    assert [row for row, *_ in refused(back(HOME, 2, status="x"), back(TIMED, 5, words="y"), back(NEW, 7))] == [2, 5]


def test_white_space_and_line_ends_of_a_spreadsheet_are_no_change() -> None:
    kept = replace(HOME, there=Translation("Waar\nwoont u?", "draft", False))
    assert compare([kept], [back(kept, words=" Waar\r\nwoont u? ", base="")]).changes == ()


def test_row_that_nobody_touched_does_not_undo_what_was_done_here_meanwhile() -> None:
    written = back(HOME)
    here = replace(HOME, there=Translation("Waar verblijft u?", "approved", False))
    assert compare([here], [written]) == compare([], [])


def test_untouched_row_of_an_older_source_is_passed_over() -> None:
    assert compare([replace(HOME, source="Where is home?")], [back(HOME)]) == compare([], [])


def test_text_that_was_changed_on_both_sides_says_so() -> None:
    here = replace(HOME, there=Translation("Waar verblijft u?", "approved", False))
    (change,) = compare([here], [back(HOME, words="Waar leeft u?")]).changes
    assert change.meanwhile
    assert [one.meanwhile for one in compare(PRESENT, [back(HOME, words="Waar leeft u?")]).changes] == [False]


def test_texts_of_two_versions_are_told_apart_by_their_source() -> None:
    newer = Row(HOME.context, "Where is home?")
    found = compare([HOME, newer], [back(HOME, words="Waar?"), back(newer, 3, words="Waar thuis?")])
    assert [(one.number, one.edited.source) for one in found.changes] == [
        (2, "Where do you live?"),
        (3, "Where is home?"),
    ]


def test_words_can_be_taken_away_where_they_are_given_whole() -> None:
    edited = settle(HOME, {"words": "", "status": "reviewed"})
    assert isinstance(edited, Edited)
    assert edited.differences == [("words", "Waar woont u?", ""), ("status", "reviewed", "")]


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=8)), st.sampled_from(PRESENT))
def test_what_is_settled_is_settled(wished: dict[str, str], row: Row) -> None:
    edited = settle(row, wished)
    if isinstance(edited, Edited) and not edited.outdated:
        there = Translation(edited.words, edited.status, False, "", "", "", edited.draft_1, edited.draft_2, edited.comment)  # type: ignore[arg-type]  # fmt: skip  # noqa: E501
        after = replace(row, there=there)
        again = settle(after, {field: getattr(after, field) for field in FIELDS})
        assert isinstance(again, Edited)
        assert again.differences == []
    else:
        assert isinstance(edited, Edited) or all(isinstance(one, Fault) for one in edited)


def test_what_changed_is_shown_word_by_word() -> None:
    assert what_changed("Where do you live?", "Where do you live now?") == [
        ("same", "Where do you "),
        ("gone", "live?"),
        ("new", "live now?"),
    ]
    assert what_changed("a", "a") == [("same", "a")]


PLACED = instrument("""
    lists: {often: {1: Never, 2: Always}}
    pages:
    - page: one
      title: One
      intro: Listen
      questions:
      - {kind: choice, name: home, text: Where?, interviewer: Wait, choices: {rent: I rent}}
      - {kind: scale, name: well, text: How?, choices: often, items: {well_a: By day}}
    - page: two
      title: Two
      questions:
      - {kind: scale, name: ill, text: How ill?, choices: often, items: {ill_a: At night}}
""")


def test_each_text_knows_its_page_and_question() -> None:
    found = {key: (place.page, place.words) for key, place in places(PLACED).items()}
    assert set(found) == set(PLACED.texts)
    assert {key: found[key] for key in ("title", "pages/one/intro", "home/choices/rent", "well/items/well_a")} == {
        "title": (None, "A small instrument"),
        "pages/one/intro": ("one", "One"),
        "home/choices/rent": ("one", "One › Where?"),
        "well/items/well_a": ("one", "One › How?"),
    }
    assert found["choices/often/1"] == ("one", "One › How? (× 2)")


def test_rows_stand_in_order_each_text_once() -> None:
    texts = [("a/x", "X"), ("a/y", "Y"), ("a/x", "X")]
    catalogue: Catalogue = {("a/y", "Y"): Translation("Z", "draft", False)}
    made = rows(texts, catalogue, {"a/x": "Here"}, ["a/y"])
    assert [(row.context, row.words, row.where, row.staff_only) for row in made] == [
        ("a/x", "", "Here", False),
        ("a/y", "Z", "", True),
    ]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "own"
    definition = folder / "instruments" / "small" / "v1.yaml"
    definition.parent.mkdir(parents=True)
    definition.write_text(
        HEAD
        + "pages:\n- page: one\n  title: One\n  questions:\n"
        + "  - {kind: text, name: home, text: Where?, interviewer: Wait}\n"
    )
    return Library([Shelf(folder, folder / "translations")])


def test_every_shipped_text_and_control_can_be_translated() -> None:
    shipped = Library(shelves())
    for name in names(shipped):
        made = rows_of(shipped, name, "xx")
        assert {row.status for row in made} == {""}
        assert all(row.where for row in made) or name == "controls"
    assert [row.context for row in rows_of(shipped, "controls", "xx")][:1] == ["controls/refused"]


def test_standing_counts_what_participants_see_apart(library: Library) -> None:
    words = {f"small/{key}": Translation("x", "reviewed", False) for key in ("title", "purpose", "home/text")}
    texts = dict(sources(library.versions("small")))
    library.adopt({"nl": {(context, texts[context]): one for context, one in words.items()}})
    found = standing(library, "small", "nl")
    assert (found.of, found.translated, found.percent) == (5, 3, 60)
    assert (found.for_participants, found.translated_for_participants, found.percent_for_participants) == (4, 3, 75)
    assert (found.missing, found.outdated, found.statuses["reviewed"], found.offered) == (2, 0, 3, False)


def test_adopted_words_of_an_earlier_source_do_not_go_before_a_file_that_is_up_to_date(library: Library) -> None:
    path = library.catalogue_file("small", "nl")
    merge(path, sources(library.versions("small")), "nl")
    file = polib.pofile(str(path))
    for entry in file:
        entry.msgstr = f"F {entry.msgid}"
    file.save()
    key = ("small/home/text", "Where?")
    library.adopt({"nl": {key: Translation("Oud", "approved", True, previous="Whence?")}})
    assert library.catalogue("small", "nl")[key].words == "F Where?"
    library.adopt({"nl": {key: Translation("Nieuw", "approved", False)}})
    assert library.catalogue("small", "nl")[key].words == "Nieuw"


@pytest.mark.parametrize(
    "comment",
    [
        "short",
        "two\nlines",
        "a \\ and \\n here",
        "long " * 60 + "end",
        "with-hyphen-" * 20,
        "ⵣ" * 400,
        "\\" * 300,
        "a  b   " * 50 + "c",
        "status: fine",
    ],
)
def test_what_is_noted_in_a_catalogue_is_read_again(comment: str, tmp_path: Path) -> None:
    there = Translation("W", "pretested", False, by="ABC-222", on="2025-03-03", draft_1="Een\ntwee", comment=comment)
    path = tmp_path / "x.po"
    file = polib.POFile(wrapwidth=110)
    file.append(polib.POEntry(msgctxt="a/b", msgid="x", msgstr="W", tcomment=noted(there)))
    file.save(str(path))
    assert read_catalogue(path)["a/b", "x"] == there


def test_other_lines_in_a_catalogue_are_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    path.write_text(
        'msgid ""\nmsgstr ""\n\n# see mail\n# status: reviewed\nmsgctxt "a/b"\nmsgid "x"\nmsgstr "y"\n',
        encoding="utf-8",
    )
    assert read_catalogue(path)["a/b", "x"] == Translation("y", "reviewed", False, comment="see mail")


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=400))
def test_any_comment_comes_back_from_a_catalogue(comment: str) -> None:
    comment = " ".join(comment.split(" ")).strip()
    file = polib.POFile(wrapwidth=110)
    file.metadata = {"Language": "nl"}
    file.append(polib.POEntry(msgctxt="a/b", msgid="x", msgstr="W", tcomment=noted(Translation("W", "draft", False, comment=comment))))  # fmt: skip  # noqa: E501
    (entry,) = polib.pofile(str(file))
    assert noted(Translation("W", "draft", False, comment=comment)) == entry.tcomment
