"""The commands of translators' work: out, in with a look before, refused with row numbers, and how far all is."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import polib
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from small_instruments import HEAD

from survey.commands import main
from survey.instruments.library import Library, shelves
from survey.storage import audit
from survey.storage.database import Database
from survey.storage.translations import edits

DEFINITION = f"""{HEAD}pages:
- page: one
  title: One
  questions:
  - {{kind: text, name: home, text: Where?, interviewer: Wait}}
"""


class Desk:
    """A server's folder with one small instrument, and its commands."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.own = folder, folder / "own"
        definition = self.own / "instruments" / "small" / "v1.yaml"
        definition.parent.mkdir(parents=True)
        definition.write_text(DEFINITION)
        self.address = f"sqlite:///{folder / 'desk.sqlite'}"
        monkeypatch.chdir(folder)
        monkeypatch.setenv("KRACHTMETING_DATABASE_URL", self.address)
        monkeypatch.setenv("KRACHTMETING_DEFINITIONS", str(self.own))
        monkeypatch.setenv("KRACHTMETING_SECRET_KEY", "k" * 40)

    def run(self, *words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, ["translations", *words], input=typed)

    def migrate(self) -> None:
        with closing(Database(self.address)) as database:
            database.upgrade()

    def sheet(self, *more: str, name: str = "nl.xlsx") -> Any:
        assert self.run("export", name, "--instrument", "small", *more).exit_code == 0
        return load_workbook(self.folder / name)

    def write(self, words: dict[int, dict[int, str]], name: str = "nl.xlsx") -> None:
        """Export, fill in cells by row and column, and save."""
        workbook = self.sheet(name=name)
        for row, cells in words.items():
            for column, text in cells.items():
                workbook.worksheets[1].cell(row, column, text)
        workbook.save(self.folder / name)

    def kept(self, context: str = "small/home/text") -> list[tuple[str, str, str]]:
        with closing(Database(self.address)) as database, database.reading() as session:
            return [(one.words, one.status, one.by) for one in edits(session, "nl", context)]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path, monkeypatch)
    made.migrate()
    return made


def lines(result: Result) -> list[str]:
    return result.output.splitlines()


def test_export_import_and_export_again(desk: Desk) -> None:
    desk.write({5: {6: "Waar?", 7: "reviewed"}})
    done = desk.run("import", "nl.xlsx", "--yes")
    assert (lines(done), done.exit_code) == (
        [
            "row 5: small/home/text: translation '' -> 'Waar?'; status '' -> 'reviewed'",
            "Changed: 1. Servers that run show it within seconds.",
        ],
        0,
    )
    assert desk.kept() == [("Waar?", "reviewed", "command line")]
    texts = desk.sheet()["Texts (nl)"]
    assert [cell.value for cell in texts[5]][5:11] == ["Waar?", "reviewed", None, None, None, "command line"]
    with closing(Database(desk.address)) as database, database.reading() as session:
        ((entry, by),) = audit.newest(session, 9)
    assert (entry.action, by, entry.details) == (
        "imported translations",
        None,
        '{"by":"command line","language":"nl","texts":1}',
    )


def test_import_asks_before_it_writes(desk: Desk) -> None:
    desk.write({5: {6: "Waar?"}})
    no = desk.run("import", "nl.xlsx", typed="n\n")
    assert ("Keep this (changed texts: 1)? [y/N]: n" in no.output, no.exit_code, desk.kept()) == (True, 1, [])
    assert desk.run("import", "nl.xlsx", typed="y\n").exit_code == 0
    assert desk.kept() == [("Waar?", "draft", "command line")]


def test_nothing_is_imported_when_one_row_is_refused(desk: Desk) -> None:
    desk.write({4: {6: "Een"}, 5: {6: "Waar {x}?"}, 6: {6: "Wacht", 7: "perfect"}})
    done = desk.run("import", "nl.xlsx", "--yes")
    assert (done.exit_code, desk.kept(), desk.kept("small/pages/one/title")) == (1, [], [])
    assert lines(done) == [
        "row 4: small/pages/one/title: translation '' -> 'Een'; status '' -> 'draft'",
        "row 5: small/home/text: the translation is with {x}; keep what stands in braces as it is in the source",
        "row 6: small/home/interviewer: 'perfect' is no status; use draft, reviewed, pretested, approved",
        "Error: refused: 2; nothing was changed",
    ]


def test_file_without_news_says_so(desk: Desk) -> None:
    desk.sheet()
    assert lines(desk.run("import", "nl.xlsx")) == ["There is nothing new in it."]


def test_text_that_was_changed_here_too_says_so(desk: Desk) -> None:
    desk.write({5: {6: "Waar?"}})
    desk.run("import", "nl.xlsx", "--yes")
    desk.write({5: {6: "Waar dan?", 7: "approved"}})
    other = load_workbook(desk.folder / "nl.xlsx")
    other.worksheets[1]["F5"] = "Waarheen?"
    other.save(desk.folder / "late.xlsx")
    desk.run("import", "nl.xlsx", "--yes")
    done = desk.run("import", "late.xlsx", "--language", "nl", "--yes")
    assert "  changed here too since the file was written, by command line; that would be replaced" in lines(done)
    assert [words for words, *_ in desk.kept()] == ["Waar?", "Waar dan?", "Waarheen?"]


def test_catalogue_goes_out_and_comes_in(desk: Desk) -> None:
    assert desk.run("export", "small.po", "--instrument", "small", "--language", "nl").exit_code == 0
    file = polib.pofile(str(desk.folder / "small.po"))
    for entry in file:
        entry.msgstr = f"N {entry.msgid}"
    file.save()
    done = desk.run("import", "small.po", "--language", "nl", "--yes")
    assert (done.exit_code, lines(done)[0]) == (
        0,
        "line 9: small/title: translation '' -> 'N A small instrument'; status '' -> 'draft'",
    )
    shelf = desk.own / "translations" / "nl" / "LC_MESSAGES"
    shelf.mkdir(parents=True)
    desk.run("export", str(shelf / "small.po"), "--instrument", "small", "--language", "nl")
    shipped = Library(shelves([desk.own])).texts(Library(shelves([desk.own])).newest["small"], "nl")
    assert shipped["home/text"].words == "N Where?"


def status_of(desk: Desk, name: str, language: str) -> list[str]:
    """The cells of a line of the table."""
    (line,) = [one.split() for one in lines(desk.run("status")) if one.split()[:2] == [name, language]]
    return [cell for cell in line if cell != "%"]


def test_status_counts_files_and_database_together(desk: Desk) -> None:
    desk.write({row: {6: "x", 7: "approved" if row == 5 else "draft"} for row in (3, 4, 5)})
    desk.run("import", "nl.xlsx", "--yes")
    sound = desk.own / "translations" / "nl" / "audio" / "small" / "home" / "text.mp3"
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"ID3")
    heading = lines(desk.run("status"))[0].split()
    assert heading == [
        *("instrument", "language", "participants", "all", "fuzzy", "missing"),
        *("draft", "reviewed", "pretested", "approved", "recordings", "offered"),
    ]
    # An audio file belongs to the words of the files, and these words come from the database.
    assert status_of(desk, "small", "nl") == ["small", "nl", "75", "60", "0", "2", "2", "0", "0", "1", "0", "no"]


def test_status_works_without_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, monkeypatch)
    assert desk.run("merge", "small", "nl").exit_code == 0
    done = desk.run("status")
    assert (done.exit_code, (tmp_path / "desk.sqlite").exists()) == (0, False)
    assert "There is no database with tables of this version: these are the files alone." in done.output
    assert status_of(desk, "small", "nl")[:6] == ["small", "nl", "0", "0", "0", "5"]
    assert desk.run("export", "nl.xlsx").exit_code == 0


def test_import_needs_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, monkeypatch)
    desk.sheet()
    done = desk.run("import", "nl.xlsx")
    assert (done.exit_code, "run: krachtmeting migrate" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["export", "x.xlsx", "--language", "N!"], "'N!' is no language to translate into"),
        (["export", "ar.xlsx", "--instrument", "none"], "there is no instrument 'none'"),
        (["export", "en.xlsx", "--instrument", "small"], "'en' is no language to translate into: the texts are in it"),
        (["export", "nl.xlsx", "--instrument", "controls"], "'nl' is no language to translate into"),
        (["export", "ar.ods"], "'.ods' is no format for translators"),
        (["export", "none/ar.xlsx"], "No such file or directory"),
        (["merge", "none", "ar"], "there is no instrument 'none'"),
        (["merge", "small", "en"], "'en' is no language"),
        (["merge", "small", "../x"], "'../x' is no language"),
    ],
)
def test_what_cannot_be_is_told(desk: Desk, words: list[str], problem: str) -> None:
    done = desk.run(*words)
    assert (done.exit_code, problem in done.output) == (1, True), done.output


def test_controls_can_be_merged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.folder / "controls.po"
    monkeypatch.setattr(Library, "catalogue_file", lambda *_: path)
    assert lines(desk.run("merge", "controls", "xx"))[0].endswith(" fuzzy, 0 gone")
    assert polib.pofile(str(path))[0].msgctxt == "controls/refused"
