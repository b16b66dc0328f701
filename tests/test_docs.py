"""The documentation says all that there is, and nothing that is not: names, commands, settings, examples and links."""

from __future__ import annotations

import datetime
import keyword
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import get_args

import click
import polib
import pytest
import yaml

from exports import about, xlsx
from exports.collecting import Collector
from exports.formats import FORMATS
from exports.translator_sheet import COLUMNS
from survey.answers.missing import CODES
from survey.commands import main
from survey.instruments import expressions
from survey.instruments.catalogues import STATUSES
from survey.instruments.checks import RESERVED
from survey.instruments.code_books.model import Code, CodeBook, Group
from survey.instruments.code_books.reading import read_code_book_text
from survey.instruments.controls import CONTROLS
from survey.instruments.kinds import KINDS
from survey.instruments.kinds.question import Check, Choice, Pictograms, Reason
from survey.instruments.kinds.scale import Item
from survey.instruments.library import Library, shelves
from survey.instruments.model import Instrument, Interpreter, Page, Score
from survey.instruments.protocols.model import (
    Ask,
    Background,
    ConsentText,
    Protocol,
    Purpose,
    Randomisation,
    Timing,
    Wave,
)
from survey.instruments.protocols.reading import read_protocol_text
from survey.instruments.reading import read_text
from survey.storage import people, studies
from survey.storage.database import Database
from survey.storage.reading import Selection
from survey.web.settings import backup_key, from_environment, old_master_key

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("README.md"), *ROOT.glob("CHANGELOG.md"), *ROOT.glob("docs/*.md")])
AUTHORS, INTERVIEWERS, RESEARCHERS, OPERATORS, TRANSLATORS, PROTOCOLS = (
    ROOT / "docs" / f"{name}.md"
    for name in ("authors", "interviewers", "researchers", "operators", "translators", "protocols")
)
CODING = ROOT / "docs" / "coding.md"
NOW = datetime.datetime(2023, 4, 1, 12, 0, tzinfo=datetime.UTC)
HEAD = """\
instrument: example
version: 1
language: en
title: An example
about: participant
role: interviewer
purpose: To try something out
pages:
- page: one
  title: One
  questions:
"""
OWN_HOSTS = {"127.0.0.1", "localhost", "krachtmeting"}  # The last is the name of nginx's group of nodes.


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def everything() -> str:
    return "\n".join(text(path) for path in DOCS)


def named(path: Path) -> frozenset[str]:
    """What stands in backticks in a document, fences left out."""
    return frozenset(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text(path), flags=re.DOTALL)))


def fences(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text(path), flags=re.DOTALL | re.MULTILINE)


# --- Everything appears ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_heading_and_an_example(kind: str) -> None:
    assert f"\n### `{kind}`" in text(AUTHORS)
    assert any(f"- kind: {kind}\n" in block for block in fences(AUTHORS, "yaml"))


@pytest.mark.parametrize("model", [*KINDS.values(), Instrument, Interpreter, Page, Choice, Item, Check, Score])
def test_every_setting_of_a_definition_is_explained(model: type) -> None:
    assert set(model.model_fields) - named(AUTHORS) == set()


@pytest.mark.parametrize("model", [Protocol, Wave, Ask, ConsentText, Purpose, Randomisation, Background, Timing])
def test_every_setting_of_a_protocol_is_explained(model: type) -> None:
    written = named(PROTOCOLS) | set(re.findall(r"\b\w+(?=: )", " ".join(named(PROTOCOLS))))
    assert set(model.model_fields) - written - {"words"} == set()


def test_code_book_in_the_docs_is_sound_and_every_setting_is_explained() -> None:
    (whole,) = re.findall(r"^```yaml code_book\n(.*?)^```$", text(CODING), flags=re.DOTALL | re.MULTILINE)
    assert read_code_book_text(whole, "docs").code_book == "my-book"
    assert {name for model in (CodeBook, Group, Code) for name in model.model_fields} - named(CODING) == set()


def test_protocol_in_the_docs_is_sound() -> None:
    (whole,) = re.findall(r"^```yaml protocol\n(.*?)^```$", text(PROTOCOLS), flags=re.DOTALL | re.MULTILINE)
    assert read_protocol_text(whole, "docs", Library(shelves()).newest).protocol == "my-study"


@pytest.mark.parametrize(
    "words",
    [
        get_args(Reason),
        get_args(Pictograms),
        get_args(Interpreter.model_fields["suits"].annotation),
        STATUSES,
        [f"{name}(name)" for name in expressions.FUNCTIONS],
    ],
    ids=["reasons", "pictograms", "suits", "statuses", "functions"],
)
def test_every_word_that_an_author_can_choose_is_explained(words: list[str]) -> None:
    assert set(words) - named(AUTHORS) == set()


def test_every_reserved_name_is_listed_but_for_those_of_python() -> None:
    assert RESERVED - named(AUTHORS) - frozenset(keyword.kwlist) == frozenset()


def commands(group: click.Group, before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


@pytest.mark.parametrize("command", list(commands(main, "krachtmeting")))
def test_every_command_is_listed_for_operators(command: str) -> None:
    assert f"| `{command}` |" in text(OPERATORS)


class Asked(Mapping[str, str]):
    """An empty environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def settings(folder: Path) -> set[str]:
    asked = Asked()
    from_environment(asked, folder)
    old_master_key(asked)
    backup_key(asked)
    return asked.names


def test_every_setting_of_the_server_is_in_the_operators_table(tmp_path: Path) -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", text(OPERATORS), flags=re.MULTILINE)
    assert set(listed) == settings(tmp_path)


def test_every_variable_of_ours_that_is_named_exists(tmp_path: Path) -> None:
    assert set(re.findall(r"KRACHTMETING_[A-Z_]+", everything())) - settings(tmp_path) == set()


def test_every_role_and_every_status_of_a_translation_is_explained() -> None:
    first_cells = " ".join(re.findall(r"^\| ([^|]+) \|", text(OPERATORS), flags=re.MULTILINE))
    assert set(people.ROLES) - set(re.findall(r"\w+", first_cells)) == set()
    assert [one for one in STATUSES if f"| `{one}` |" not in text(TRANSLATORS)] == []


def test_every_column_of_a_translators_sheet_is_explained() -> None:
    assert {column.heading for column in COLUMNS} - named(TRANSLATORS) == set()


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_explained_to_researchers(suffix: str) -> None:
    assert f"`{suffix}`" in text(RESEARCHERS)


def test_every_make_target_is_listed_for_operators_and_no_other() -> None:
    targets = re.findall(r"^\.PHONY: (.+)$", text(ROOT / "Makefile"), flags=re.MULTILINE)
    listed = re.findall(r"^\| `make ([a-z-]+)` \|", text(OPERATORS), flags=re.MULTILINE)
    assert set(listed) == {name for line in targets for name in line.split()}


def test_every_sheet_of_a_real_export_is_explained_in_order(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'docs.sqlite'}")) as database:
        database.upgrade()
        with database.writing() as session:
            people.add_person(session, "somebody", "a long password", NOW)
            study = studies.add_study(session, "docs", "Docs", [("t0", "Start")], NOW)
        chosen = Selection(study, instruments=("client-interview",))
        with database.reading() as session, closing(Collector(tmp_path)) as collector:
            made = collector.collect(session, Library(shelves()), chosen, now=NOW, by="a test", language=None)
            sheets = [xlsx.README, *(part.sheet.name for part in xlsx.parts(made.tables))]
    assert re.findall(r"^\| `([A-Z]\w+)` \|", text(RESEARCHERS), flags=re.MULTILINE) == sheets


@pytest.mark.parametrize("code", list(CODES.values()))
def test_every_code_of_an_answer_state_is_explained_to_researchers(code: int) -> None:
    assert f"\n| {code} | " in text(RESEARCHERS)


@pytest.mark.parametrize("name", about.NAMES)
def test_every_column_before_the_variables_is_explained_to_researchers(name: str) -> None:
    assert about.PREFIX + name in named(RESEARCHERS)


# --- Examples work --------------------------------------------------------------------------------------------------


def examples() -> list[tuple[Path, str]]:
    return [(path, block) for path in DOCS for block in fences(path, "yaml")]


def test_there_are_examples_of_whole_instruments_and_of_questions() -> None:
    assert {block.startswith("instrument:") for _, block in examples()} == {True, False}


@pytest.mark.parametrize(("path", "block"), examples())
def test_every_example_in_yaml_is_valid(path: Path, block: str) -> None:
    whole = block if block.startswith("instrument:") else HEAD + indent(block, "  ")
    read = read_text(whole, path.name)
    assert sum(len(page.questions) for page in read.pages) == block.count("kind: ")


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"note"}))
def test_the_variables_that_a_kind_gives_are_those_it_says(kind: str) -> None:
    section = re.split(r"^### ", text(AUTHORS), flags=re.MULTILINE)
    (mine,) = (one for one in section if one.startswith(f"`{kind}`"))
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", mine, flags=re.DOTALL | re.MULTILINE)
    said = re.findall(r"`([a-z0-9_]+)`", re.split(r"```|\n## ", mine)[2])
    made = [column.name for column in read_text(HEAD + indent(block, "  ")).columns]
    assert set(made) - set(said) == set()


def command_lines() -> list[tuple[str, str]]:
    """Each line that calls our command, in a fence or indented, with the name of its document."""
    pattern = re.compile(r"^(?:    (?:\$ )?)?(?:\.venv/bin/)?krachtmeting (.+)$", flags=re.MULTILINE)
    return [(path.name, line) for path in DOCS for line in pattern.findall(text(path))]


def test_there_are_command_lines_in_the_docs() -> None:
    assert {name for name, _ in command_lines()} >= {"authors.md", "operators.md", "researchers.md"}


@pytest.mark.parametrize(("document", "line"), command_lines())
def test_every_command_line_in_the_docs_is_understood(document: str, line: str) -> None:
    words = shlex.split(line.split(" > ")[0], comments=True)
    command: click.Command = main
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_parser(click.Context(command)).parse_args(words)


def wordings() -> list[re.Pattern[str]]:
    """The Dutch words of the interface and of what participants see, each with room for what is filled in."""
    catalogue = polib.pofile(str(ROOT / "translations" / "nl" / "LC_MESSAGES" / "messages.po"))
    words = [word for entry in catalogue for word in (entry.msgstr, *entry.msgstr_plural.values()) if word]
    words += CONTROLS.values()
    parts = [re.split(r"%\(\w+\)[sd]", word.replace("%%", "%")) for word in words]
    return [re.compile("[^ ]+".join(re.escape(part) for part in one)) for one in parts]


def test_words_quoted_for_interviewers_are_those_on_the_screen() -> None:
    known = wordings()
    quoted = [" ".join(words.split()) for words in re.findall(r"‘(.+?)’(?!\w)", text(INTERVIEWERS), flags=re.DOTALL)]
    assert len(quoted) > 30
    assert [words for words in quoted if not any(one.fullmatch(words) for one in known)] == []


def test_words_quoted_for_translators_are_those_on_the_screen() -> None:
    places = [path for end in ("*.py", "*.html") for path in (ROOT / "survey").rglob(end)]
    known = {words for path in places for words in re.findall(r'(?:_|gettext)\("([^"]+)', text(path))}
    quoted = {" ".join(words.split()) for words in re.findall(r"“(.+?)”", text(TRANSLATORS), flags=re.DOTALL)}
    assert len(quoted) > 15
    assert quoted - known == set()


# --- Links lead somewhere -------------------------------------------------------------------------------------------


def links() -> list[tuple[Path, str]]:
    found = [(path, link) for path in DOCS for link in re.findall(r"\]\(([^)\s]+)\)", text(path))]
    return [(path, link) for path, link in found if "://" not in link]


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text(path), flags=re.DOTALL), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("path", "link"), links())
def test_every_relative_link_leads_to_a_file_and_a_heading_in_it(path: Path, link: str) -> None:
    name, _, anchor = link.partition("#")
    target = path.parent / name if name else path
    assert target.is_file()
    assert not anchor or anchor in anchors(target)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_documents_lead_to_no_host_but_ones_own(path: Path) -> None:
    hosts = set(re.findall(r"https?://([^/:;\s)`\"']+)", text(path)))
    assert hosts - OWN_HOSTS == set()


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_table_of_a_document_has_rows_of_one_width(path: Path) -> None:
    rows = [line for line in text(path).splitlines() if line.startswith("|")]
    assert [line for line in rows if not line.endswith("|")] == []


def test_the_language_server_example_names_the_schema_that_the_command_prints() -> None:
    (made,) = re.findall(r"krachtmeting schema > (\S+)", text(AUTHORS))
    assert f"$schema=/srv/my-definitions/{made}" in text(AUTHORS)


def test_the_instrument_in_the_readme_is_the_one_in_the_example_folder() -> None:
    shown = [yaml.safe_load(block) for path, block in examples() if path.name == "README.md"]
    kept = yaml.safe_load(text(ROOT / "docs" / "example" / "instruments" / "good-days" / "v1.yaml"))
    assert shown == [kept]
