"""A project for qualitative analysis: in the order of the standard, the same when made anew, and read back."""

from __future__ import annotations

import datetime
import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from coded_talk import NOW, STORY, Talk
from sqlalchemy import make_url

from exports import qdpx
from exports.comparing import Differs
from exports.formats import FORMATS, Written, write
from survey.instruments.library import Library, shelves
from survey.measures.coding import wording_of
from survey.storage import coding
from survey.storage.database import Database
from survey.storage.reading import Selection

LIBRARY = Library(shelves())
ORDER: dict[str, tuple[str, ...]] = {
    "Project": ("Users", "CodeBook", "Variables", "Cases", "Sources", "Description"),
    "Users": ("User",),
    "User": (),
    "CodeBook": ("Codes",),
    "Codes": ("Code",),
    "Code": ("Description", "Code"),
    "Variables": ("Variable",),
    "Variable": (),
    "Cases": ("Case",),
    "Case": ("SourceRef",),
    "SourceRef": (),
    "Sources": ("TextSource",),
    "TextSource": ("PlainTextSelection", "VariableValue"),
    "PlainTextSelection": ("Description", "Coding"),
    "Coding": ("CodeRef",),
    "CodeRef": (),
    "VariableValue": ("VariableRef", "TextValue"),
    "VariableRef": (),
    "TextValue": (),
    "Description": (),
}
"""Element -> the elements in it, in the order of the standard (REFI-QDA 1.5, of those that are used here)."""
NEEDED = {
    "Project": {"name"},
    "User": {"guid"},
    "Code": {"guid", "name", "isCodable"},
    "Variable": {"guid", "name", "typeOfVariable"},
    "Case": {"guid"},
    "TextSource": {"guid", "plainTextPath"},
    "PlainTextSelection": {"guid", "startPosition", "endPosition"},
    "Coding": {"guid"},
    "CodeRef": {"targetGUID"},
    "SourceRef": {"targetGUID"},
    "VariableRef": {"targetGUID"},
}


def local(element: ElementTree.Element) -> str:
    namespace, _, name = element.tag.rpartition("}")
    assert namespace == "{urn:QDA-XML:project:1.0"
    return name


def check(element: ElementTree.Element) -> None:
    """The element has what the standard needs of it, and nothing out of order."""
    name = local(element)
    assert NEEDED.get(name, set()) <= set(element.keys())
    places = [ORDER[name].index(local(child)) for child in element]
    assert places == sorted(places)
    for child in element:
        check(child)


class Coded:
    """A talk that rik and olga coded, and files of it."""

    def __init__(self, database: Database, folder: Path, words: str = STORY) -> None:
        self.database, self.folder = database, folder
        with database.writing() as session:
            talk = self.talk = Talk(session)
            spot = talk.spot
            if words != STORY:
                talk.correct(words)
                spot = spot._replace(wording=wording_of(words))
            coding.add_code(session, talk.study, None, "Wachten", "Iets duurt\x0b lang", talk.rik, NOW)
            talk.give(talk.rik, "taking_part", "wachten", spot=spot, first=0, beyond=25)
            talk.give(talk.olga, "mattering", spot=spot, first=26, beyond=len(words))
            talk.finish(talk.rik, spot)
            talk.finish(talk.olga, spot)

    def written(self, name: str = "coded.qdpx", by: str = "command line") -> Written:
        chosen = Selection(self.talk.study)
        return write(self.database, LIBRARY, chosen, self.folder / name, now=NOW, by=by, language="en")

    def project(self) -> tuple[ElementTree.Element, dict[str, str]]:
        with ZipFile(self.written().path) as whole:
            texts = {name: whole.read(name).decode() for name in whole.namelist() if name != "project.qde"}
            return ElementTree.fromstring(whole.read("project.qde")), texts


@pytest.fixture
def database(tmp_path: Path, with_tables: Callable[[str], str]) -> Iterator[Database]:
    """SQLite: nothing about this file depends on the database."""
    shutil.copy(str(make_url(with_tables("sqlite")).database), tmp_path / "coded.sqlite")
    with closing(Database(f"sqlite:///{tmp_path / 'coded.sqlite'}")) as opened:
        yield opened


@pytest.fixture
def coded(database: Database, tmp_path: Path) -> Coded:
    return Coded(database, tmp_path)


Q = {"q": "urn:QDA-XML:project:1.0"}


def test_project_is_ordered_as_the_standard_wants_it(coded: Coded) -> None:
    root, texts = coded.project()
    check(root)
    guids = [one.get("guid") for one in root.iter() if one.get("guid")]
    assert len(set(guids)) == len(guids)
    targets = {one.get("targetGUID") for one in root.iter() if one.get("targetGUID")}
    assert targets <= set(guids)
    (source,) = root.iterfind("q:Sources/q:TextSource", Q)
    assert source.get("plainTextPath", "").replace("internal://", "sources/") in texts


def test_passages_have_their_words_code_and_coder(coded: Coded) -> None:
    root, (*_, text) = (found := coded.project())[0], found[1].values()
    codes = {one.get("guid"): one.get("name") for one in root.iter("{urn:QDA-XML:project:1.0}Code")}
    users = {one.get("guid"): one.get("name") for one in root.iter("{urn:QDA-XML:project:1.0}User")}
    people = coded.talk.planned.codes
    passages = [
        (
            text[int(one.get("startPosition", "")) : int(one.get("endPosition", ""))],
            codes[one.find("q:Coding/q:CodeRef", Q).get("targetGUID")],  # type: ignore[union-attr]
            users[one.get("creatingUser")],
        )
        for one in root.iterfind(".//q:PlainTextSelection", Q)
    ]
    assert sorted(passages) == [
        ("Daar rekenen ze op mij.", "Mattering", people["olga"]),
        ("Ik ga naar het buurthuis.", "Taking part", people["rik"]),
        ("Ik ga naar het buurthuis.", "Wachten", people["rik"]),
    ]


def test_unknown_asker_gets_no_more_than_anybody_may_see(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        talk = Talk(session)
        talk.give(talk.rik, "taking_part", first=0, beyond=25)
    chosen, passages = Selection(talk.study), {}
    for by in ("somebody else", talk.planned.codes["rik"], "command line"):
        path = tmp_path / f"{len(passages)}.qdpx"
        write(database, LIBRARY, chosen, path, now=NOW, by=by, language="en")
        with ZipFile(path) as whole:
            passages[by] = whole.read("project.qde").count(b"<PlainTextSelection ")
    assert list(passages.values()) == [0, 1, 1]


def test_project_made_anew_is_the_same(coded: Coded) -> None:
    assert coded.written("one.qdpx").sha256 == coded.written("two.qdpx").sha256


def test_signs_that_no_file_can_hold_are_replaced_and_told(database: Database, tmp_path: Path) -> None:
    words = "🙂 Ik ga\x00 naar buiten <nu> & later. ]]> Ja."
    coded = Coded(database, tmp_path, words)
    written = coded.written()
    assert [(one.table, one.what[:23]) for one in written.losses.listed] == [
        ("sources", "signs that no text file"),
        ("codes", written.losses.listed[1].what[:23]),
    ]
    root, texts = coded.project()
    check(root)
    assert words.replace("\x00", "\ufffd") in next(iter(texts.values()))


def test_file_that_was_changed_is_found_out(coded: Coded, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = qdpx.write

    def spoilt(collected: Any, file: Any) -> Any:
        found = whole(collected, file)
        made = io.BytesIO()
        with ZipFile(file) as before, ZipFile(made, "w") as after:
            for name in before.namelist():
                after.writestr(name, before.read(name).replace(b'startPosition="', b'startPosition="1'))
        file.seek(0)
        file.truncate()
        file.write(made.getvalue())
        return found

    monkeypatch.setattr("exports.formats.FORMATS", {".qdpx": replace(FORMATS[".qdpx"], write=spoilt)})
    with pytest.raises(Differs, match="passage"):
        coded.written()
    assert not (coded.folder / "coded.qdpx").exists()


def test_study_without_open_answers_makes_a_project_with_its_codes(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        talk = Talk(session)
    chosen = Selection(talk.study, instruments=("client-interview",))
    path = tmp_path / "empty.qdpx"
    write(database, LIBRARY, chosen, path, now=NOW + datetime.timedelta(days=1), by="command line")
    with ZipFile(path) as whole:
        assert whole.namelist() == ["project.qde"]
        check(ElementTree.fromstring(whole.read("project.qde")))
