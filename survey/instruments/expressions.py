"""Conditions: a closed subset of Python's syntax under Kleene's logic, evaluated here and, as JSON, in the browser.

`housed == 'no' and age >= 18`, `'debt' in worries`, `answered(income)`, `count(worries) > 2`, `hours * 4 <= 160`.
A name without an answer is None, and what depends on None is None (unknown), unless the other side of
an `and` or `or` already decides. `web/static/conditions.js` gives the same results; one table of cases tests both.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Tree = list[Any]
"""A condition as JSON: ["and", tree, ...], ["==", tree, tree], ["name", "age"], ["value", 18] ..."""

Scope = Mapping[str, Any]

FUNCTIONS = ("answered", "count")
_COMPARISONS: dict[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_ARITHMETIC: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
DEPTH_LIMIT = 40
LENGTH_LIMIT = 2000
NUMBER_LIMIT = 2**53
"""Beyond it a browser's numbers are no longer exact."""

_TOO_DEEP = f"the condition is nested more than {DEPTH_LIMIT} deep; split it over several questions"


class ExpressionError(ValueError):
    """A condition that cannot be read; the message says what to write instead."""


@dataclass(frozen=True)
class Expression:
    """A condition that was read: its source, the names it uses, and its tree."""

    source: str
    names: frozenset[str]
    tree: Tree
    compared: tuple[tuple[str, Any], ...]
    """(name, constant) for each direct comparison, so that checks can find a misspelt code."""
    _run: Callable[[Scope], Any]

    def __hash__(self) -> int:
        return hash(self.source)

    def evaluate(self, scope: Scope) -> Any:
        """The condition's value for these answers: True, False or None (unknown)."""
        return self._run(scope)


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """Read a condition. Raises ExpressionError."""
    if len(source) > LENGTH_LIMIT:
        raise ExpressionError(f"the condition is longer than {LENGTH_LIMIT} signs; split it over several questions")
    try:
        body = ast.parse(source.strip(), mode="eval").body
        tree = _tree(body, 0)
    except ExpressionError:
        raise
    except (MemoryError, RecursionError):
        raise ExpressionError(_TOO_DEEP) from None
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "it holds signs that are no text"
        raise ExpressionError(f"the condition '{source}' cannot be read ({reason}); write it like: age >= 18") from None
    names: set[str] = set()
    compared: list[tuple[str, Any]] = []
    _collect(tree, names, compared)
    return Expression(source, frozenset(names), tree, tuple(compared), _compile(tree))


def _tree(node: ast.expr, depth: int) -> Tree:
    if depth > DEPTH_LIMIT:
        raise ExpressionError(_TOO_DEEP)
    match node:
        case ast.BoolOp():
            return [
                "and" if isinstance(node.op, ast.And) else "or",
                *(_tree(value, depth + 1) for value in node.values),
            ]
        case ast.UnaryOp(op=ast.Not()):
            return ["not", _tree(node.operand, depth + 1)]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(
            number, bool
        ):
            return ["value", -number]
        case ast.Compare():
            sides = [_tree(side, depth + 1) for side in (node.left, *node.comparators)]
            if any(type(op) not in _COMPARISONS for op in node.ops):
                raise ExpressionError("'is' is not known here; write == or answered(name)")
            pairs = [[_COMPARISONS[type(op)], sides[i], sides[i + 1]] for i, op in enumerate(node.ops)]
            return pairs[0] if len(pairs) == 1 else ["and", *pairs]
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            return [_ARITHMETIC[type(node.op)], _tree(node.left, depth + 1), _tree(node.right, depth + 1)]
        case ast.Call(func=ast.Name(id=function), args=[ast.Name(id=name)], keywords=[]) if function in FUNCTIONS:
            return [function, ["name", name]]
        case ast.Name(id=name):
            return ["name", name]
        case ast.Constant(value=int() | float() as number) if abs(number) > NUMBER_LIMIT:
            raise ExpressionError(
                f"the number {str(number)[:20]} is too large; conditions reckon up to {NUMBER_LIMIT:,}"
            )
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return ["value", value]
        case ast.List() | ast.Tuple():
            parts = [_tree(part, depth + 1) for part in node.elts]
            if any(part[0] != "value" or isinstance(part[1], list) for part in parts):
                raise ExpressionError("a list in a condition holds only texts and numbers, like ['rent', 'own']")
            return ["value", [part[1] for part in parts]]
    written = ast.unparse(node)
    raise ExpressionError(
        f"'{written}' is not known in a condition; use names, texts, numbers, == != < <= > >= in, and or not, + - * /, "
        + ", ".join(f"{function}(name)" for function in FUNCTIONS)
    )


def _collect(tree: Tree, names: set[str], compared: list[tuple[str, Any]]) -> None:
    operator, *parts = tree
    if operator == "name":
        names.add(parts[0])
    elif operator != "value":
        if operator in ("==", "!=", "in", "not in") and {parts[0][0], parts[1][0]} == {"name", "value"}:
            name, value = (part[1] for part in sorted(parts, key=lambda part: str(part[0])))
            compared.extend((name, one) for one in (value if isinstance(value, list) else [value]))
        for part in parts:
            _collect(part, names, compared)


def _compile(tree: Tree) -> Callable[[Scope], Any]:
    operator, *parts = tree
    if operator == "value":
        constant = parts[0]
        return lambda scope: constant
    if operator == "name":
        name = parts[0]
        return lambda scope: scope.get(name)
    runs = [_compile(part) for part in parts]
    if operator == "and":
        return lambda scope: _kleene((run(scope) for run in runs), decisive=False)
    if operator == "or":
        return lambda scope: _kleene((run(scope) for run in runs), decisive=True)
    if operator == "not":
        return lambda scope: None if (value := _truth(runs[0](scope))) is None else not value
    if operator == "answered":
        return lambda scope: runs[0](scope) is not None
    if operator == "count":
        return lambda scope: len(value) if isinstance(value := runs[0](scope), (list, dict)) else None
    apply = _OPERATORS[operator]

    def run(scope: Scope) -> Any:
        left, right = runs[0](scope), runs[1](scope)
        return None if left is None or right is None else apply(left, right)

    return run


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _kleene(values: Any, decisive: bool) -> bool | None:
    result: bool | None = not decisive
    for value in values:
        truth = _truth(value)
        if truth is decisive:
            return decisive
        if truth is None:
            result = None
    return result


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same(left: Any, right: Any) -> bool:
    # Most conditions compare texts, and a text is the same as nothing but a text.
    if type(left) is str:
        return bool(left == right)
    if _number(left) and _number(right):
        return bool(left == right)
    return type(left) is type(right) and not isinstance(left, (list, dict)) and bool(left == right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | None]:
    def run(left: Any, right: Any) -> bool | None:
        comparable = (_number(left) and _number(right)) or (isinstance(left, str) and isinstance(right, str))
        return compare(left, right) if comparable else None

    return run


def _arithmetic(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def run(left: Any, right: Any) -> Any:
        if not (_number(left) and _number(right)):
            return None
        try:
            result = compute(float(left), float(right))
        except (ZeroDivisionError, OverflowError):
            return None
        return result if math.isfinite(result) else None

    return run


def _within(value: Any, container: Any) -> bool | None:
    if type(value) is str and isinstance(container, (list, dict)):
        return value in container
    return any(_same(value, one) for one in container) if isinstance(container, (list, dict)) else None


def _not_within(value: Any, container: Any) -> bool | None:
    found = _within(value, container)
    return None if found is None else not found


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": _same,
    "!=": lambda left, right: not _same(left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "in": _within,
    "not in": _not_within,
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "/": _arithmetic(lambda left, right: left / right),
}
