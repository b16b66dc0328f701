"""Every kind of question: what is typed becomes an answer or a mistake, and an answer becomes inputs and cells."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_instruments import one_question, question

import survey
from survey.forms.messages import WORDING
from survey.instruments.errors import Invalid
from survey.instruments.kinds import KINDS
from survey.instruments.kinds.question import Raw, Unit
from survey.instruments.marked import marked
from survey.instruments.model import Instrument

SURVEY = Path(survey.__file__).parent
FOLDER = Path(__file__).parent / "cases"
FILES = {kind: FOLDER / f"{kind}.yaml" for kind in KINDS}
CASES = {kind: marked(path.read_text(encoding="utf-8")).value for kind, path in FILES.items() if path.is_file()}


def instrument_of(case: Any) -> Instrument:
    return one_question(case["question"])


def unit_of(case: Any, one: Any) -> Unit:
    units = instrument_of(case).units
    return units[one.get("unit") or next(iter(units))]


def raw_of(one: Any) -> Raw:
    raw = one["raw"]
    if isinstance(raw, dict):
        return {part: [typed] for part, typed in raw.items()}
    return {"": raw if isinstance(raw, list) else [raw]}


def flat(key: str) -> list[Any]:
    return [
        pytest.param(case, one, id=f"{kind}-{case['question'].split()[3]}-{one.get('raw', one.get('value'))}")
        for kind, cases in CASES.items()
        for case in cases
        for one in case[key]
    ]


def test_every_kind_has_cases() -> None:
    assert [kind for kind in KINDS if kind in CASES] == list(KINDS)


def test_every_kind_has_a_template() -> None:
    templates = sorted(path.stem for path in (SURVEY / "web" / "templates" / "questions").glob("*.html"))
    assert templates == sorted(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_kind_carries_its_own_name(kind: str) -> None:
    assert KINDS[kind].model_fields["kind"].annotation.__args__ == (kind,)


@pytest.mark.parametrize(("case", "one"), flat("parse"))
def test_typed_becomes_an_answer_or_a_mistake(case: Any, one: Any) -> None:
    unit = unit_of(case, one)
    found: Any
    try:
        found = unit.parse(raw_of(one))
    except Invalid as invalid:
        found = (invalid.code, invalid.figures)
    if "invalid" in one:
        assert found == (one["invalid"], one.get("figures", {}))
    else:
        assert (found, type(found)) == (one["value"], type(one["value"]))


@pytest.mark.parametrize(("case", "one"), flat("parse"))
def test_shown_answer_is_read_as_the_same_answer(case: Any, one: Any) -> None:
    unit, value = unit_of(case, one), one.get("value")
    assert unit.parse(unit.show(value)) == value


@pytest.mark.parametrize(
    "case", [case for cases in CASES.values() for case in cases], ids=lambda case: case["question"]
)
def test_columns_are_named_and_typed(case: Any) -> None:
    assert {column.name: column.type for column in instrument_of(case).columns} == case["columns"]


@pytest.mark.parametrize(("case", "one"), flat("cells"))
def test_answer_fills_one_cell_a_column(case: Any, one: Any) -> None:
    unit = unit_of(case, one)
    names = [column.name for column in unit.columns()]
    assert dict(zip(names, unit.cells(one["value"]), strict=True)) == one["cells"]


def test_wording_stands_for_every_mistake_that_is_raised() -> None:
    raised = {
        call.args[0].value
        for path in SURVEY.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Invalid" and call.args
        if isinstance(call.args[0], ast.Constant)
    }
    # The message of a failed check is the definition's own.
    assert sorted(raised - {"check.failed"}) == sorted(WORDING)


def test_every_mistake_of_a_kind_has_a_case() -> None:
    shown = {one["invalid"] for cases in CASES.values() for case in cases for one in case["parse"] if "invalid" in one}
    assert sorted(shown) == sorted(code for code in WORDING if not code.startswith("answer."))


def test_mistakes_are_equal_by_code_and_figures() -> None:
    one, same, other = Invalid("a", min=1), Invalid("a", min=1), Invalid("a", min=2)
    assert (one == same, one == other, len({one, same, other})) == (True, False, 2)


# --- Whatever is typed, what is shown of an answer is read as that answer ------------------------------------------

LINE = "kind: text\nname: q\ntext: Q\n"
OPEN = "kind: open\nname: q\ntext: Q\n"
NUMBERS = [f"kind: number\nname: q\ntext: Q\ndecimals: {decimals}\n" for decimals in range(7)]
DATES = [f"kind: date\nname: q\ntext: Q\nprecision: {precision}\n" for precision in ("day", "month", "year")]
DURATION = "kind: duration\nname: q\ntext: Q\n"
CHOICE = "kind: choice\nname: q\ntext: Q\nchoices: {yes: Y, 1: One, -3: Minus three, b: B}\n"
SEVERAL = "kind: several\nname: q\ntext: Q\nchoices: {yes: Y, 1: One, b: B, none: {text: None, exclusive: true}}\n"
SCALE = "kind: scale\nname: q\ntext: Q\nchoices: {0: No, 1: Yes}\nitems: {i: I}\n"
SHARE = "kind: share\nname: q\ntext: Q\nparts: {a: A, b: B, c: C}\n"

SIGNS = st.text(alphabet="0123456789.,-+ '٠٥٩۰۵%/:eE²½−–\u00a0\u066b\u066c", max_size=9)
TYPED = SIGNS | st.integers(0, 99).map(str) | st.text(max_size=6)


def parts(*names: str) -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries({}, optional={name: st.lists(TYPED, max_size=1) for name in names})


RAWS: dict[str, list[tuple[str, st.SearchStrategy[Raw]]]] = {
    "text": [(LINE, parts(""))],
    "open": [(OPEN, parts(""))],
    "number": [(lines, parts("")) for lines in NUMBERS],
    "date": [(lines, parts("day", "month", "year")) for lines in DATES],
    "duration": [(DURATION, parts("hours", "minutes"))],
    "choice": [(CHOICE, st.sampled_from(["yes", "1", "-3", "b", "", "x"]).map(lambda typed: {"": [typed]}))],
    "several": [(SEVERAL, st.lists(st.sampled_from(["yes", "1", "b", "none"])).map(lambda typed: {"": typed}))],
    "scale": [(SCALE, st.sampled_from(["0", "1", "", "2"]).map(lambda typed: {"": [typed]}))],
    "share": [
        (SHARE, parts("a", "b", "c")),
        (SHARE, st.integers(0, 100).map(lambda a: {"a": [str(a)], "b": [str(100 - a)]})),
    ],
}


def test_every_kind_that_is_answered_is_tried_with_random_input() -> None:
    assert [*RAWS, "note"] == list(KINDS)


@pytest.mark.parametrize(("lines", "raws"), [one for cases in RAWS.values() for one in cases])
def test_whatever_is_typed_is_an_answer_that_survives_showing_or_a_mistake(
    lines: str, raws: st.SearchStrategy[Raw]
) -> None:
    unit = question(lines).units()[0]

    @settings(max_examples=60, deadline=None)
    @given(raws)
    def holds(raw: Raw) -> None:
        try:
            value = unit.parse(raw)
        except Invalid as invalid:
            assert (invalid.code in WORDING, invalid.code) == (True, invalid.code)
        else:
            assert unit.parse(unit.show(value)) == value
            if value is not None:
                assert len(unit.cells(value)) == len(unit.columns())

    holds()


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 6))
def test_any_number_with_its_decimals_is_read_back(scaled: int, decimals: int) -> None:
    unit = question(NUMBERS[decimals]).units()[0]
    value = unit.parse({"": [f"{scaled / 10**decimals:.{decimals}f}".replace(".", ",")]})
    assert unit.parse(unit.show(value)) == value == round(scaled / 10**decimals, decimals)
