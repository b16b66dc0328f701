"""Two shipped instruments: what participants fill in alone about their coach, and the talk with a professional."""

from __future__ import annotations

import pytest

from survey.answers.flow import flow, page_list
from survey.instruments.kinds.question import Unit
from survey.instruments.kinds.scale import Scale
from survey.instruments.library import Library, shelves
from survey.instruments.model import Instrument
from survey.instruments.texts import for_participants

LONGEST = 12
"""Words in a sentence at most, for who reads with difficulty."""


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(shelves())


@pytest.fixture
def hope(library: Library) -> Instrument:
    return library.newest["hope-behaviour"]


@pytest.fixture
def talk(library: Library) -> Instrument:
    return library.newest["professional-interview"]


def answerable(instrument: Instrument) -> list[Unit]:
    return [unit for unit in instrument.units.values() if unit.role != "other"]


# --- Participants about their coach ---------------------------------------------------------------------------------


def test_coach_is_rated_on_three_topics_of_five_items_each_with_five_points(hope: Instrument) -> None:
    parts = ["autonomy", "meaningful_goals", "finding_strengths"]
    items = [item for part in parts for item in hope.scores[part].items]
    scales = {unit.name: list(unit.question.options) for unit in answerable(hope) if unit.role == "item"}
    assert [len(hope.scores[part].items) for part in parts] == [5, 5, 5]
    assert scales == {item: [1, 2, 3, 4, 5] for item in items}
    assert (list(hope.scores), list(hope.scores["hope_behaviour"].items)) == ([*parts, "hope_behaviour"], items)
    assert {score.method for score in hope.scores.values()} == {"mean"}


def test_a_page_asks_three_things_at_most_and_every_point_has_its_word_and_picture(hope: Instrument) -> None:
    scales = [one for one in hope.questions.values() if isinstance(one, Scale)]
    assert max(len(list(page.units())) for page in hope.pages) == 3
    assert [(one.pictograms, all(point.text for point in one.options.values())) for one in scales] == [
        ("bars", True)
    ] * len(scales)


def test_sentences_for_who_reads_alone_are_short_in_dutch_and_english(library: Library, hope: Instrument) -> None:
    long = [
        sentence
        for language in ("nl", "en")
        for key, text in library.texts(hope, language).items()
        if for_participants(key) and not key.startswith("controls/")
        for sentence in text.words.replace("?", ".").replace(":", ".").split(".")
        if len(sentence.split()) > LONGEST
    ]
    assert long == []


def test_nothing_is_required_of_who_fills_in_alone_and_nothing_speaks_to_an_interviewer(hope: Instrument) -> None:
    assert [one.name for one in hope.questions.values() if one.required] == []
    assert [unit.name for unit in answerable(hope) if "refused" not in (unit.question.missing or ())] == []
    assert [key for key in hope.texts if not for_participants(key)] == [f"scores/{name}/title" for name in hope.scores]


def test_first_page_says_who_sees_the_answers_before_anything_is_asked(hope: Instrument) -> None:
    first, second = page_list(flow(hope, {}))[:2]
    assert (first.page.page, first.standing, first.asked, second.asked) == ("welcome", "done", 0, 3)
    assert {one.kind for one in first.page.questions} == {"note"}


# --- The talk with a professional -----------------------------------------------------------------------------------


def test_talk_has_the_size_that_was_asked_for_and_mostly_open_questions(talk: Instrument) -> None:
    questions, pages = answerable(talk), len(talk.pages)
    opens = [unit.name for unit in questions if unit.question.kind == "open"]
    sizes = (len(questions), pages, len(opens))
    assert (25 <= sizes[0] <= 30, 5 <= pages <= 7, len(opens) > sizes[0] * 2 / 3, sizes) == (True, True, True, sizes)


@pytest.mark.parametrize(
    ("job", "own"), [("coach", ["caseload_now"]), ("team_leader", ["leader_story"]), ("trainer", []), (None, [])]
)
def test_position_comes_first_and_decides_what_else_is_asked(talk: Instrument, job: str | None, own: list[str]) -> None:
    asked = flow(talk, {"job": job} if job else {}).asked
    assert (asked[0], [name for name in ("caseload_now", "leader_story") if name in asked]) == ("job", own)


def test_what_helps_and_what_hinders_can_be_laid_side_by_side(talk: Instrument) -> None:
    questions = talk.questions
    assert questions["helps_most"].options == questions["hinders_most"].options
    assert questions["helps_most"].choices_key == questions["hinders_most"].choices_key == "choices/conditions"


def test_working_elements_have_the_codes_of_the_closing_interview(library: Library, talk: Instrument) -> None:
    theirs = library.newest["closing-interview"].questions["elements"].options
    assert list(talk.questions["elements"].options) == [code for code, one in theirs.items() if not one.other]
