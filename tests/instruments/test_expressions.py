"""Conditions: their values under Kleene's logic, the names they use, and what cannot be written in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.instruments.expressions import FUNCTIONS, ExpressionError, parse
from survey.instruments.marked import marked

CASES = marked((Path(__file__).parent / "cases" / "conditions.yaml").read_text(encoding="utf-8")).value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['source']}-{case['scope']}")
def test_condition_has_its_value(case: Any) -> None:
    value = parse(case["source"]).evaluate(case["scope"])
    assert (value, isinstance(value, bool)) == (case["expected"], isinstance(case["expected"], bool))


def test_table_and_trees_survive_being_sent_to_a_browser() -> None:
    sent = json.loads(json.dumps([[case, parse(case["source"]).tree] for case in CASES], allow_nan=False))
    assert sent == [[case, parse(case["source"]).tree] for case in CASES]


def test_table_shows_every_operator() -> None:
    def operators(tree: Any) -> set[str]:
        inner = [part for part in tree[1:] if tree[0] not in ("value", "name")]
        return {tree[0]}.union(*(operators(part) for part in inner))

    shown: set[str] = set().union(*(operators(parse(case["source"]).tree) for case in CASES))
    words = {"==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or", "not", "+", "-", "*", "/", "name", "value"}
    assert shown == words | set(FUNCTIONS)


def test_condition_knows_the_names_it_uses() -> None:
    expression = parse("18 <= age < 65 and ('debt' in worries or answered(income)) and count(kids) > 1")
    assert expression.names == frozenset({"age", "worries", "income", "kids"})


def test_condition_knows_the_constants_that_names_are_compared_with() -> None:
    expression = parse("a == 'x' and 'y' != b and 'z' in c and d in ['p', 'q'] and e + 1 == 3 and f < 4")
    assert expression.compared == (("a", "x"), ("b", "y"), ("c", "z"), ("d", "p"), ("d", "q"))


def test_condition_as_json_for_the_browser() -> None:
    assert parse("housed == 'no' and not age >= -18").tree == [
        "and",
        ["==", ["name", "housed"], ["value", "no"]],
        ["not", [">=", ["name", "age"], ["value", -18]]],
    ]


REFUSED = {
    "other function": "len(worries) > 1",
    "function of a text": "count('abc')",
    "function of a condition": "answered(a == 1)",
    "two arguments": "count(a, b)",
    "named argument": "count(name=a)",
    "starred argument": "count(*a)",
    "method": "'a'.join(b)",
    "attribute": "a.__class__",
    "subscript": "a[0] == 1",
    "lambda": "lambda: a",
    "is": "a is None",
    "is not": "a is not 3",
    "none": "a == None",
    "dots": "a == ...",
    "text with values": "f'{a}' == 'x'",
    "naming": "(a := 1) == 1",
    "choice": "a if b else c",
    "comprehension": "[x for x in a]",
    "mapping": "{'a': 1} == b",
    "set": "a in {1, 2}",
    "names in a list": "a in [b, c]",
    "lists in a list": "a in [[1]]",
    "starred list": "a in [*b]",
    "power": "a ** 2 > 4",
    "remainder": "a % 2 == 0",
    "whole division": "a // 2 == 1",
    "bits": "a & 1",
    "negative name": "-a > 1",
    "plus sign": "+1 == a",
    "twice negative": "--1 == a",
    "bytes": "a == b'x'",
    "imaginary": "a == 1j",
    "waiting": "await a",
    "yield": "(yield)",
    "single equals sign": "a = 1",
    "two statements": "a; b",
    "import": "import os",
    "nothing": "",
    "white space": "  ",
    "half": "a ==",
    "open bracket": "(a == 1",
    "null sign": "a == '\0'",
    "half a sign": "a == '\ud800'",
    "not a number in a browser": "a < 1e999",
    "too large for a browser": "a < 9007199254740993",
    "too large in a list": "a in [1e999]",
    "long": "a and " * 400 + "a",
    "deep": "not " * 45 + "a",
    "very deep": "-" * 1900 + "a",
    "deep chain": "a" + ".b" * 900,
    "deep brackets": "(" * 990 + "a" + ")" * 990,
    "deep arithmetic": "1+" * 900 + "a",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_a_message_and_nothing_else(source: str) -> None:
    with pytest.raises(ExpressionError):
        parse(source)


def test_message_says_what_to_write_instead() -> None:
    said = []
    for source in ("a ==", "a is 1", "a in [b]", "len(a) > 1", "not " * 45 + "a", "a < 1e999", " " * 3000):
        with pytest.raises(ExpressionError) as raised:
            parse(source)
        said.append(str(raised.value))
    assert said == [
        "the condition 'a ==' cannot be read (invalid syntax); write it like: age >= 18",
        "'is' is not known here; write == or answered(name)",
        "a list in a condition holds only texts and numbers, like ['rent', 'own']",
        "'len(a)' is not known in a condition; use names, texts, numbers, == != < <= > >= in, and or not, + - * /, "
        "answered(name), count(name)",
        "the condition is nested more than 40 deep; split it over several questions",
        "the number inf is too large; conditions reckon up to 9,007,199,254,740,992",
        "the condition is longer than 2000 signs; split it over several questions",
    ]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40) | st.text(alphabet="ab01 ()[]'\"<>=!+-*/.,:notindr", max_size=40))
def test_any_text_is_a_condition_or_refused(source: str) -> None:
    try:
        expression = parse(source)
    except ExpressionError:
        return
    value = expression.evaluate(dict.fromkeys(expression.names, 1))
    assert json.loads(json.dumps([expression.tree, value], allow_nan=False)) == [expression.tree, value]


BOOLEANS = st.sampled_from([True, False, None])


@given(a=BOOLEANS, b=BOOLEANS)
def test_de_morgan_holds_for_what_is_unknown_too(a: bool | None, b: bool | None) -> None:
    scope = {"a": a, "b": b}
    assert parse("not (a and b)").evaluate(scope) is parse("not a or not b").evaluate(scope)
    assert parse("not (a or b)").evaluate(scope) is parse("not a and not b").evaluate(scope)
