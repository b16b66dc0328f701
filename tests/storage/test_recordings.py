"""Texts read aloud: a recording belongs to exactly its words, and its bytes are what they are said to be."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from small_instruments import HEAD
from small_study import Place, at

from survey.instruments.catalogues import Translation, merge, sources
from survey.instruments.library import Library, Shelf
from survey.storage.recordings import Sound, audio, keep_recording, media_type, remove_recording, with_sound

CONTEXT = "small/home/text"
WEBM = b"\x1a\x45\xdf\xa3" + b"x" * 40
FIRST, SECOND = Sound("audio/webm", WEBM), Sound("audio/ogg", b"OggS rest")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "own"
    definition = folder / "instruments" / "small" / "v1.yaml"
    definition.parent.mkdir(parents=True)
    question = "{kind: text, name: home, text: Where?}"
    definition.write_text(f"{HEAD}pages:\n- page: one\n  title: One\n  questions:\n  - {question}\n")
    made = Library([Shelf(folder, folder / "translations")])
    path = made.catalogue_file("small", "ar")
    merge(path, sources(made.versions("small")), "ar")
    file = polib.pofile(str(path))
    for entry in file:
        entry.msgstr = f"A {entry.msgid}"
    file.save()
    for language in ("ar", "en"):
        sound = folder / "translations" / language / "audio" / f"{CONTEXT}.mp3"
        sound.parent.mkdir(parents=True)
        sound.write_bytes(f"ID3 {language}".encode())
    return made


def heard(place: Place, library: Library, words: str, language: str = "ar", context: str = CONTEXT) -> bytes | None:
    with place.database.reading() as session:
        found = audio(library, session, language, context, words)
        listed = with_sound(library, session, language, {context: words})
    assert listed == (frozenset({context}) if found else frozenset())
    return found.content if found else None


def keep(place: Place, words: str, sound: Sound, language: str = "ar") -> None:
    with place.database.writing() as session:
        keep_recording(session, language, CONTEXT, words, sound, place.ilse, at(1))


def test_file_is_heard_with_the_words_of_the_files_only(place: Place, library: Library) -> None:
    assert heard(place, library, "A Where?") == b"ID3 ar"
    assert heard(place, library, "B Where?") is None
    library.adopt({"ar": {(CONTEXT, "Where?"): Translation("B Where?", "draft", False)}})
    assert heard(place, library, "B Where?") is None
    assert heard(place, library, "Where?", "en") == b"ID3 en"


def test_recording_is_heard_with_exactly_its_words(place: Place, library: Library) -> None:
    keep(place, "B Where?", FIRST)
    assert heard(place, library, "B Where?") == WEBM
    assert heard(place, library, "B Where? ") is None
    assert heard(place, library, "B Where?", "tr") is None


def test_recording_goes_before_the_file_and_can_be_replaced_and_taken_away(place: Place, library: Library) -> None:
    keep(place, "A Where?", FIRST)
    keep(place, "A Where?", SECOND)
    with place.database.reading() as session:
        found = audio(library, session, "ar", CONTEXT, "A Where?")
    assert found == Sound("audio/ogg", b"OggS rest", "ILS-222", at(1))
    with place.database.writing() as session:
        remove_recording(session, "ar", CONTEXT, "A Where?")
    assert heard(place, library, "A Where?") == b"ID3 ar"


@pytest.mark.parametrize(
    "context", ["small/../../../secret", "small/none/text", "none/home/text", "controls/none", "", "small"]
)
def test_nothing_is_heard_but_texts(place: Place, library: Library, context: str) -> None:
    assert heard(place, library, "Where?", "en", context) is None


def test_files_are_counted_without_a_database(library: Library) -> None:
    assert with_sound(library, None, "ar", {CONTEXT: "A Where?", "small/title": "A"}) == {CONTEXT}


def test_many_texts_are_looked_up_at_once(place: Place, library: Library) -> None:
    keep(place, "B Where?", FIRST)
    many = {f"small/{number}": "x" for number in range(300)} | {CONTEXT: "B Where?"}
    with place.database.reading() as session:
        assert with_sound(library, session, "ar", many) == {CONTEXT}


@pytest.mark.parametrize(
    ("said", "content", "kept"),
    [
        ("audio/webm;codecs=opus", WEBM, "audio/webm"),
        ("audio/ogg", b"OggS\x00", "audio/ogg"),
        ("audio/mp4", b"\x00\x00\x00\x18ftypisom", "audio/mp4"),
        ("audio/x-m4a", b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        ("audio/mpeg", b"ID3\x03", "audio/mpeg"),
        ("audio/mp3", b"\xff\xfb\x90", "audio/mpeg"),
        ("audio/x-wav", b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        ("audio/wav", b"RIFF\x00\x00\x00\x00AVI ", None),
        ("audio/webm", b"<script>alert(1)</script>", None),
        ("text/html", b"<script>", None),
        ("audio/mpeg", b"", None),
        ("audio/mpeg", b"\xff", None),
        ("audio/svg+xml", b"<svg", None),
    ],
)
def test_type_is_taken_only_with_the_bytes_that_belong_to_it(said: str, content: bytes, kept: str | None) -> None:
    assert media_type(said, content) == kept
