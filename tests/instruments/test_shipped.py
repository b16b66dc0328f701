"""The shipped instruments: complete in both languages, of the size that was asked for, and frozen once published."""

from __future__ import annotations

import random
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from survey.answers.flow import flow
from survey.instruments.catalogues import Merged, merge, sources
from survey.instruments.expressions import Tree
from survey.instruments.kinds.number import Number
from survey.instruments.kinds.open import Open
from survey.instruments.kinds.question import Unit
from survey.instruments.library import SHIPPED, TRANSLATIONS, Library, definition_files, shelves
from survey.instruments.marked import marked
from survey.instruments.model import Instrument
from survey.instruments.reading import sha256
from survey.instruments.texts import for_participants

PUBLISHED = marked((Path(__file__).parent / "published.yaml").read_text(encoding="utf-8")).value
NAMES = [
    "client-interview",
    "closing-interview",
    "coach-fidelity",
    "hope-behaviour",
    "professional-interview",
    "team-meeting",
]


@cache
def library() -> Library:
    return Library(shelves())


def answerable(instrument: Instrument) -> list[Unit]:
    return [unit for unit in instrument.units.values() if unit.role != "other"]


def test_six_instruments_are_shipped() -> None:
    assert sorted(library().newest) == NAMES


@pytest.mark.parametrize("path", definition_files(SHIPPED), ids=lambda path: f"{path.parent.name} {path.stem}")
def test_published_version_is_frozen(path: Path) -> None:
    name = path.relative_to(SHIPPED / "instruments").as_posix()
    assert {name: sha256(path)} == {name: PUBLISHED.get(name)}, (
        f"a changed text is a new version: put {name} back as it was, and write the change in the next version. "
        "Only a version that nobody has ever used may change; then its new fingerprint belongs in published.yaml."
    )


def test_no_published_version_has_gone() -> None:
    there = [path.relative_to(SHIPPED / "instruments").as_posix() for path in definition_files(SHIPPED)]
    assert there == sorted(PUBLISHED)


@pytest.mark.parametrize("name", NAMES)
def test_instrument_is_complete_in_dutch_and_english(name: str) -> None:
    instrument = library().newest[name]
    open_texts = [key for key, text in library().texts(instrument, "en").items() if not text.translated]
    assert (instrument.language, library().languages(instrument), open_texts) == ("nl", ["nl", "en"], [])


@pytest.mark.parametrize("name", NAMES)
def test_catalogue_is_up_to_date(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.po"
    shutil.copy(TRANSLATIONS / "en" / "LC_MESSAGES" / f"{name}.po", path)
    before = path.read_text(encoding="utf-8")
    assert merge(path, sources(library().versions(name)), "en") == Merged((), (), ())
    assert path.read_text(encoding="utf-8") == before


def test_client_interview_has_the_size_that_was_asked_for() -> None:
    instrument = library().newest["client-interview"]
    questions, pages = len(answerable(instrument)), len(instrument.pages)
    assert (90 <= questions <= 120, 11 <= pages <= 14, questions, pages) == (True, True, questions, pages)


def test_client_interview_has_the_scores_that_were_asked_for() -> None:
    assert list(library().newest["client-interview"].scores) == [
        "family_support",
        "friend_support",
        "other_support",
        "belonging",
        "mental_health",
        "stress",
        "control",
        "needs",
        "barriers",
    ]


def test_who_fills_in_what_about_whom() -> None:
    assert {one.instrument: (one.role, one.about) for one in library()} == {
        "client-interview": ("interviewer", "participant"),
        "closing-interview": ("interviewer", "participant"),
        "coach-fidelity": ("coach", "person"),
        "hope-behaviour": ("participant", "participant"),
        "professional-interview": ("interviewer", "person"),
        "team-meeting": ("observer", "person"),
    }


# --- The closing interview ------------------------------------------------------------------------------------------

CONDITIONS = {"taking_part": "take", "belonging": "belong", "mattering": "matter", "being_yourself": "self"}
"""Page of each of the four conditions of a good life -> what the names on it begin with."""
ELEMENTS = ["relation", "tailoring", "strengths", "recovery", "practical"]


def test_closing_interview_has_the_size_that_was_asked_for_and_mostly_open_questions() -> None:
    instrument = library().newest["closing-interview"]
    questions, pages = answerable(instrument), len(instrument.pages)
    opens = [unit.name for unit in questions if unit.question.kind == "open"]
    sizes = (len(questions), pages, len(opens))
    assert (35 <= sizes[0] <= 50, 9 <= pages <= 11, len(opens) > sizes[0] / 2, sizes) == (True, True, True, sizes)


@pytest.mark.parametrize("name", ["closing-interview", "professional-interview"])
def test_every_open_question_of_an_open_interview_has_probes(name: str) -> None:
    questions = library().newest[name].questions.values()
    assert [one.name for one in questions if isinstance(one, Open) and not one.probes] == []


@pytest.mark.parametrize(("page", "name"), CONDITIONS.items())
def test_closing_interview_asks_of_each_condition_what_changed_and_whether_through_the_coaching(
    page: str, name: str
) -> None:
    instrument = library().newest["closing-interview"]
    found = instrument.page(page)
    assert found is not None
    assert [(one.name, one.kind, one.choices_key, list(one.options)) for one in found.questions] == [
        (f"{name}_change", "choice", "choices/change", ["more", "same", "less"]),
        (f"{name}_story", "open", f"{name}_story/choices", []),
        (f"{name}_through", "choice", "choices/through", ["no", "partly", "mostly", "other"]),
        (f"{name}_how", "open", f"{name}_how/choices", []),
    ]


@pytest.mark.parametrize("name", CONDITIONS.values())
@pytest.mark.parametrize(("change", "asked"), [("more", True), ("less", True), ("same", False), (None, False)])
def test_cause_is_asked_only_of_what_changed(name: str, change: str | None, asked: bool) -> None:
    path = flow(library().newest["closing-interview"], {f"{name}_change": change} if change else {})
    about = [f"{name}_change", f"{name}_story", f"{name}_through", f"{name}_how"]
    assert [one for one in about if one in path.asked] == (about if asked else about[:2])


def test_closing_interview_asks_through_which_of_the_five_elements_and_for_an_example() -> None:
    instrument = library().newest["closing-interview"]
    question = instrument.questions["elements"]
    example = [
        "elements_example" in flow(instrument, {"elements": chosen} if chosen else {}).asked
        for chosen in (ELEMENTS, ["other"], ["none"], None)
    ]
    assert (question.kind, [code for code, one in question.options.items() if not (one.other or one.exclusive)]) == (
        "several",
        ELEMENTS,
    )
    assert example == [True, True, False, False]


def test_grade_is_a_whole_number_from_1_to_10() -> None:
    grade = library().newest["closing-interview"].questions["grade"]
    assert isinstance(grade, Number)
    assert (grade.min, grade.max, grade.decimals) == (1, 10, 0)


def test_closing_interview_takes_caution_with_an_interpreter_and_the_others_suit_one() -> None:
    assert {name: one.interpreter.suits for name, one in library().newest.items()} == {
        "client-interview": "yes",
        "closing-interview": "caution",
        "coach-fidelity": "yes",
        "hope-behaviour": "yes",
        "professional-interview": "yes",
        "team-meeting": "yes",
    }


@pytest.mark.parametrize("language", ["nl", "en"])
def test_why_it_takes_caution_is_there_for_staff_and_never_shown_to_participants(language: str) -> None:
    instrument = library().newest["closing-interview"]
    why = library().texts(instrument, language)["interpreter/why"]
    assert (why.language, len(why.words) > 100, for_participants("interpreter/why")) == (language, True, False)


# --- Every question can be asked, and every condition can fail -----------------------------------------------------


def constants(tree: Tree) -> list[Any]:
    if tree[0] == "value":
        return tree[1] if isinstance(tree[1], list) else [tree[1]]
    return [one for part in tree[1:] if isinstance(part, list) for one in constants(part)]


def candidates(instrument: Instrument, unit: Unit) -> list[Any]:
    """Values worth trying for a unit: its options, and numbers around those that conditions look at."""
    question = unit.question
    if unit.role == "other" or question.kind in ("text", "open"):
        return ["words", None]
    if question.kind == "several":
        return [[code] for code in question.options] + [list(question.options)[:3], None]
    if question.options:
        return [*question.options, None]
    if question.kind == "share":
        return [{part: 100 if part == whole else 0 for part in question.parts} for whole in question.parts]  # type: ignore[attr-defined]
    if question.kind == "date":
        return ["2020-01-01", "2020-01", "2020", None]
    gates = [gate for page in instrument.pages for step in page.steps for gate in (page.gate, step.gate) if gate]
    numbers = {one for gate in gates for one in constants(gate.tree) if isinstance(one, int)} | {0, 1}
    return [one + change for one in sorted(numbers) for change in (-1, 0, 1) if one + change >= 0] + [None]


@pytest.mark.parametrize("name", NAMES)
def test_every_question_can_be_asked_and_every_condition_can_fail(name: str) -> None:
    instrument = library().newest[name]
    chance = random.Random(1)
    pools = {unit: candidates(instrument, one) for unit, one in instrument.units.items()}
    asked: set[str] = set()
    not_asked: set[str] = set()
    for _ in range(300):
        path = flow(
            instrument, {unit: value for unit, pool in pools.items() if (value := chance.choice(pool)) is not None}
        )
        asked |= set(path.asked)
        not_asked |= set(instrument.units) - set(path.asked)
    conditional = {
        unit.name
        for page in instrument.pages
        for step in page.steps
        for unit, gate in step.units
        if page.when or step.question.when or gate
    }
    assert (set(instrument.units) - asked, sorted(not_asked)) == (set(), sorted(conditional))
