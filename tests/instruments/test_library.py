"""Shelves of definitions: shipped ones and an institute's own, side by side."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from survey.instruments.errors import InstrumentError
from survey.instruments.library import SHIPPED, Library, Shelf, definition_files, shelves
from survey.instruments.reading import read

TEXT = """
instrument: {name}
version: {version}
language: nl
title: Titel
about: person
role: coach
purpose: Doel
pages:
- {{page: een, title: Een, questions: [{{kind: text, name: a, text: Vraag {version}}}]}}
"""


def write(folder: Path, name: str, version: int = 1, at: str | None = None) -> Path:
    path = folder / "instruments" / (at or f"{name}/v{version}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(name=name, version=version), encoding="utf-8")
    return path


def translate(folder: Path, name: str, language: str, texts: dict[str, tuple[str, str]]) -> None:
    path = folder / "translations" / language / "LC_MESSAGES" / f"{name}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    for key, (source, words) in texts.items():
        catalogue.append(polib.POEntry(msgctxt=f"{name}/{key}", msgid=source, msgstr=words))
    catalogue.save(str(path))


WHOLE = {
    "title": ("Titel", "Title"),
    "purpose": ("Doel", "Purpose"),
    "pages/een/title": ("Een", "One"),
    "a/text": ("Vraag 1", "Question 1"),
}


def library(*folders: Path) -> Library:
    return Library([Shelf(folder, folder / "translations") for folder in folders])


def said(*folders: Path) -> list[str]:
    with pytest.raises(InstrumentError) as raised:
        library(*folders)
    return [str(problem) for problem in raised.value.problems]


def test_shipped_shelf_stands_before_an_institutes_own(tmp_path: Path) -> None:
    assert [shelf.definitions for shelf in shelves([tmp_path])] == [SHIPPED, tmp_path]


def test_own_instrument_works_exactly_as_a_shipped_one(tmp_path: Path) -> None:
    path = write(tmp_path, "own")
    translate(tmp_path, "own", "en", WHOLE)
    both = Library(shelves([tmp_path]))
    own = both.newest["own"]
    assert (own, both.files["own", 1]) == (read(path), path)
    assert both.languages(own) == ["nl", "en"]
    assert [both.texts(own, "en")[key].words for key in own.texts] == ["Title", "Purpose", "One", "Question 1"]
    assert sorted(both.newest) == sorted([*Library(shelves()).newest, "own"])


def test_language_that_is_half_translated_is_known_and_not_offered(tmp_path: Path) -> None:
    write(tmp_path, "own")
    translate(tmp_path, "own", "de", {"title": ("Titel", "Titel")})
    found = library(tmp_path)
    assert (found.languages(found.newest["own"]), found.known_languages("own")) == (["nl"], ["nl", "de"])


def test_all_versions_are_there_and_the_newest_is_known(tmp_path: Path) -> None:
    for version in (10, 2, 1):
        write(tmp_path, "own", version)
    found = library(tmp_path)
    assert [one.version for one in found.versions("own")] == [1, 2, 10]
    assert (found.newest["own"].version, found.instrument("own", 2).version) == (10, 2)
    assert (found.versions("other"), [one.version for one in found]) == ([], [1, 2, 10])
    with pytest.raises(KeyError):
        found.instrument("own", 3)


def test_texts_in_the_source_language_need_no_catalogue(tmp_path: Path) -> None:
    write(tmp_path, "own")
    found = library(tmp_path)
    texts = found.texts(found.newest["own"], "nl")
    assert {text.status for text in texts.values()} == {"source"}
    assert found.texts(found.newest["own"], "nl") is texts


def test_clash_of_ids_names_both_places(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", "own"), write(tmp_path / "other", "own", 2)
    assert said(tmp_path / "one", tmp_path / "other") == [
        f"{other}:1:1: 'own' stands in {one} as well; give one of them another id"
    ]


def test_clash_with_a_shipped_id_stops_the_start(tmp_path: Path) -> None:
    path = write(tmp_path, "client-interview", 2)
    with pytest.raises(InstrumentError) as raised:
        Library(shelves([tmp_path]))
    shipped = SHIPPED / "instruments" / "client-interview" / "v1.yaml"
    assert [str(problem) for problem in raised.value.problems] == [
        f"{path}:1:1: 'client-interview' stands in {shipped} as well; give one of them another id"
    ]


def test_clash_is_told_beside_a_wrong_file_name(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", "own", at="own/first.yaml"), write(tmp_path / "other", "own")
    assert said(tmp_path / "one", tmp_path / "other") == [
        f"{one}:1:1: this is 'own' version 1; keep it as own/v1.yaml",
        f"{other}:1:1: 'own' stands in {one} as well; give one of them another id",
    ]


def test_file_name_that_says_something_else_is_told(tmp_path: Path) -> None:
    folder, name = write(tmp_path, "own", at="owl/v1.yaml"), write(tmp_path, "own", 2, at="own/v3.yaml")
    assert said(tmp_path) == [
        f"{folder}:1:1: this is 'own' version 1; keep it as own/v1.yaml",
        f"{name}:1:1: this is 'own' version 2; keep it as own/v2.yaml",
    ]


def test_missing_folder_stops_the_start(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert said(gone) == [f"{gone}:1:1: there is no such folder; make it, or take it out of KRACHTMETING_DEFINITIONS"]


def test_folder_without_instruments_stops_the_start(tmp_path: Path) -> None:
    assert said(tmp_path) == [
        f"{tmp_path}:1:1: there is no folder 'instruments' in it; keep definitions as instruments/<id>/v1.yaml"
    ]


def test_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    paths = [write(tmp_path, "own"), write(tmp_path, "two")]
    for path in paths:
        path.write_text(path.read_text(encoding="utf-8").replace("title: Titel", "titel: Titel"), encoding="utf-8")
    assert said(tmp_path) == [
        line
        for path in paths
        for line in (
            f"{path}:1:1: 'title' is missing; add it",
            f"{path}:5:1: 'titel' is no setting here; did you mean 'title'?",
        )
    ]


def test_definition_files_come_in_order(tmp_path: Path) -> None:
    write(tmp_path, "b")
    write(tmp_path, "a", 2)
    write(tmp_path, "a", 1)
    names = [path.relative_to(tmp_path / "instruments").as_posix() for path in definition_files(tmp_path)]
    assert names == ["a/v1.yaml", "a/v2.yaml", "b/v1.yaml"]
