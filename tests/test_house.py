"""The house keeps its shape: imports go downwards, files stay small, and every file says what it is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter import cli

ROOT = Path(__file__).parents[1]
FILES = sorted(path for folder in ("survey", "exports") for path in (ROOT / folder).rglob("*.py"))
LINES = 350


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_import_contracts_are_kept(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = cli.lint_imports(config_filename="pyproject.toml", no_cache=True)
    said = capsys.readouterr().out
    assert done == cli.EXIT_STATUS_SUCCESS, said


def test_all_imports_stand_at_the_top() -> None:
    within = [
        f"{name(path)}:{line.lineno}"
        for path in FILES
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for line in ast.walk(function)
        if isinstance(line, (ast.Import, ast.ImportFrom))
    ]
    assert within == []


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    silent = [
        name(path)
        for path in FILES
        if "versions" not in path.parts
        and not (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
    ]
    assert silent == []


def test_no_file_outgrows_its_idea() -> None:
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path: count for path, count in lines.items() if count > LINES} == {}


def test_shipped_files_outside_the_code_stay_small_too() -> None:
    folders = [ROOT / "survey" / "web" / "templates", ROOT / "survey" / "web" / "static"]
    paths = [path for folder in folders for path in folder.rglob("*.*") if path.suffix in (".html", ".js", ".css")]
    lines = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {path: count for path, count in lines.items() if count > LINES} == {}


def test_no_template_trusts_words_as_markup() -> None:
    trusting = [
        f"{name(path)}:{number}"
        for path in sorted((ROOT / "survey" / "web" / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "|safe" in line.replace(" ", "") or "autoescapefalse" in line.replace(" ", "")
    ]
    assert trusting == []


MARKUP = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "DOMParser",
    "document.write",
    "createContextualFragment",
    "eval(",
)
DRAWN_BY_THE_SERVER = {"card.js": 2, "offline_course.js": 1, "screen.js": 2}
"""Where scripts put in markup as it is: pages and questions as the server drew them, with every value escaped."""


def test_scripts_put_in_text_as_text() -> None:
    there = {
        path.name: sum(path.read_text(encoding="utf-8").count(word) for word in MARKUP)
        for path in (ROOT / "survey" / "web" / "static").glob("*.js")
    }
    assert {name: count for name, count in there.items() if count} == DRAWN_BY_THE_SERVER


def test_no_server_shows_its_inside_to_a_visitor() -> None:
    showing = [
        f"{name(path)}:{line.value.lineno}"
        for path in [*FILES, ROOT / "wsgi.py"]
        for line in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(line, ast.keyword)
        and line.arg in ("debug", "use_debugger", "expose_tracebacks", "DEBUG")
        and not (isinstance(line.value, ast.Constant) and line.value.value is False)
    ]
    assert showing == []


def test_floors_below_the_pages_know_no_clock() -> None:
    asking = {"now", "today", "utcnow", "time", "monotonic", "perf_counter"}
    found = [
        f"{name(path)}:{call.lineno}"
        for path in FILES
        if path.parts[-2]
        in ("instruments", "kinds", "protocols", "answers", "planning", "measures", "storage", "tables")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in asking
    ]
    assert found == []


def test_nothing_is_caught_that_nobody_expected() -> None:
    caught = [
        f"{name(path)}:{handler.lineno}"
        for path in FILES
        for handler in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(handler, ast.ExceptHandler)
        and (
            handler.type is None
            or (isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException"))
        )
        and not any(isinstance(line, ast.Raise) for line in ast.walk(handler))
    ]
    assert caught == []
