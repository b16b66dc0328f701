"""Catalogues: a changed source is merged by context, and an old translation never passes for a new one."""

from __future__ import annotations

from pathlib import Path

import polib
from small_instruments import instrument

from survey.instruments.catalogues import STATUSES, Merged, Translation, merge, read_catalogue, sources
from survey.instruments.model import Instrument

LIVE = "Where do you live?"


def version(text: str, *, more: str = "", number: int = 1) -> Instrument:
    made = instrument(f"""
        pages:
        - page: one
          title: One
          questions:
          - {{kind: text, name: home, text: "{text}"}}
          {more}
    """)
    return made.model_copy(update={"version": number})


def translated(path: Path, **words: str) -> polib.POFile:
    """The catalogue with these words filled in, by the last but one part of the context."""
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = words.get(entry.msgctxt.split("/")[-2], entry.msgstr)
    catalogue.save(str(path))
    return catalogue


def entries(path: Path, name: str = "home") -> list[tuple[str, str, bool, str | None]]:
    """Source, translation, fuzzy and previous source of the entries of one question."""
    return [
        (entry.msgid, entry.msgstr, entry.fuzzy, entry.previous_msgid)
        for entry in polib.pofile(str(path))
        if entry.msgctxt == f"small/{name}/text"
    ]


def test_new_catalogue_has_every_text_under_its_context(tmp_path: Path) -> None:
    path = tmp_path / "nl" / "LC_MESSAGES" / "small.po"
    contexts = ("small/title", "small/purpose", "small/pages/one/title", "small/home/text")
    assert merge(path, sources([version(LIVE)]), "nl") == Merged(contexts, (), ())
    made = polib.pofile(str(path))
    assert [(entry.msgctxt, entry.msgstr) for entry in made] == [(context, "") for context in contexts]
    assert (made.metadata["Language"], made.metadata["Content-Type"]) == ("nl", "text/plain; charset=UTF-8")


def test_merging_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE)]), "nl")
    translated(
        path,
        home="Waar woont u? Zeg het gerust in heel veel woorden, want deze regel moet lang genoeg zijn om te breken.",
    )
    merge(path, sources([version(LIVE)]), "nl")
    before = path.read_bytes()
    assert merge(path, sources([version(LIVE)]), "nl") == Merged((), (), ())
    assert path.read_bytes() == before


def test_reworded_text_becomes_fuzzy_with_the_previous_source(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE)]), "nl")
    translated(path, home="Waar woont u?")
    done = merge(path, sources([version("How do you live?")]), "nl")
    assert done == Merged((), ("small/home/text",), ("small/home/text",))
    assert entries(path) == [("How do you live?", "Waar woont u?", True, LIVE)]
    assert read_catalogue(path)["small/home/text", "How do you live?"] == Translation(
        "Waar woont u?", "draft", True, previous=LIVE
    )


def test_completely_different_words_under_the_same_context_become_fuzzy_too(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE)]), "nl")
    translated(path, home="Waar woont u?")
    merge(path, sources([version("Xyz")]), "nl")
    assert entries(path) == [("Xyz", "Waar woont u?", True, LIVE)]


def test_similar_words_under_another_context_stay_untranslated(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE)]), "nl")
    translated(path, home="Waar woont u?")
    done = merge(path, sources([version(LIVE, more='- {kind: text, name: work, text: "Where do you live!"}')]), "nl")
    assert (done.new, entries(path, "work")) == (("small/work/text",), [("Where do you live!", "", False, None)])


def test_same_words_under_two_contexts_are_translated_apart(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE, more=f'- {{kind: text, name: work, text: "{LIVE}"}}')]), "nl")
    translated(path, home="Waar woont u?", work="Waar leeft u?")
    found = read_catalogue(path)
    assert [found[f"small/{name}/text", LIVE].words for name in ("home", "work")] == ["Waar woont u?", "Waar leeft u?"]


def test_reworded_text_without_translation_is_simply_new(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE)]), "nl")
    assert merge(path, sources([version("How?")]), "nl").new == ("small/home/text",)
    assert entries(path) == [("How?", "", False, None)]


def test_text_reworded_twice_keeps_the_source_that_was_translated(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE)]), "nl")
    translated(path, home="Waar woont u?")
    merge(path, sources([version("How do you live?")]), "nl")
    merge(path, sources([version("In what home?")]), "nl")
    assert entries(path) == [("In what home?", "Waar woont u?", True, LIVE)]


def test_two_versions_keep_both_wordings(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE)]), "nl")
    translated(path, home="Waar woont u?")
    done = merge(path, sources([version(LIVE), version("How?", number=2)]), "nl")
    assert done == Merged((), ("small/home/text",), ())
    assert entries(path) == [(LIVE, "Waar woont u?", False, None), ("How?", "Waar woont u?", True, LIVE)]


def test_text_that_is_gone_leaves_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    merge(path, sources([version(LIVE, more="- {kind: text, name: work, text: Work}")]), "nl")
    assert merge(path, sources([version(LIVE)]), "nl").gone == ("small/work/text",)
    assert entries(path, "work") == []


def test_status_is_what_the_translator_wrote_else_draft(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    catalogue = polib.POFile()
    written = [f"status: {status}" for status in STATUSES] + [
        "",
        "status: perfect",
        "see mail\nstatus: pretested",
        "reviewed",
    ]
    for i, comment in enumerate(written):
        catalogue.append(polib.POEntry(msgctxt=f"small/{i}", msgid="x", msgstr="y", tcomment=comment))
    catalogue.save(str(path))
    assert [translation.status for translation in read_catalogue(path).values()] == [
        *STATUSES,
        "draft",
        "draft",
        "pretested",
        "draft",
    ]


def test_catalogue_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path / "none.po") == {}


def test_obsolete_entries_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "small.po"
    path.write_text('#~ msgctxt "small/home/text"\n#~ msgid "x"\n#~ msgstr "y"\n', encoding="utf-8")
    assert read_catalogue(path) == {}
