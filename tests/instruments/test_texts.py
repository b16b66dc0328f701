"""The words of an instrument in a language: each with the language, direction and status that it really has."""

from __future__ import annotations

import hashlib
import json

from small_instruments import one_question

from survey.instruments.catalogues import Catalogue, Translation
from survey.instruments.texts import ShownText, Texts, direction

SMALL = one_question("kind: choice\nname: home\ntext: Where do you live?\nchoices: {rent: I rent, own: I own}\n")


def catalogue(**words: Translation) -> Catalogue:
    """A catalogue of these words by the last part of their key."""
    return {
        (f"small/{key}", source): words[name]
        for key, source in SMALL.texts.items()
        if (name := key.rsplit("/", 1)[-1]) in words
    }


def test_source_language_is_shown_as_it_stands() -> None:
    texts = Texts(SMALL, "en", {})
    assert texts["home/text"] == ShownText("Where do you live?", "en", "ltr", "source")
    assert (texts.complete, len(texts), list(texts)) == (True, 6, list(SMALL.texts))


def test_translation_is_shown_with_its_status_and_direction() -> None:
    texts = Texts(SMALL, "ar", catalogue(text=Translation("أين تسكن؟", "reviewed", False)))
    assert texts["home/text"] == ShownText("أين تسكن؟", "ar", "rtl", "reviewed")


def test_text_without_translation_is_shown_in_the_source_language_and_says_so() -> None:
    texts = Texts(SMALL, "ar", catalogue(rent=Translation("", "draft", False)))
    shown = {key: texts[key] for key in ("home/text", "home/choices/rent")}
    assert shown == {
        "home/text": ShownText("Where do you live?", "en", "ltr", "untranslated"),
        "home/choices/rent": ShownText("I rent", "en", "ltr", "untranslated"),
    }
    assert (texts.direction, texts.complete, texts["home/text"].translated) == ("rtl", False, False)


def test_outdated_translation_is_not_shown_and_says_so() -> None:
    texts = Texts(SMALL, "nl", catalogue(own=Translation("Ik koop", "approved", True)))
    assert texts["home/choices/own"] == ShownText("I own", "en", "ltr", "outdated")


def test_translation_of_other_words_is_not_shown() -> None:
    texts = Texts(
        SMALL, "nl", {("small/home/text", "Where did you live?"): Translation("Waar woonde u?", "draft", False)}
    )
    assert texts["home/text"].status == "untranslated"


def test_same_word_in_two_languages_counts_as_translated() -> None:
    assert (
        Texts(SMALL, "nl", catalogue(rent=Translation("I rent", "draft", False)))["home/choices/rent"].translated
        is True
    )


def test_complete_when_every_text_is_translated() -> None:
    every = {name.rsplit("/", 1)[-1]: Translation("x", "draft", False) for name in SMALL.texts}
    assert Texts(SMALL, "nl", catalogue(**every)).complete is True
    assert Texts(SMALL, "nl", catalogue(**every | {"own": Translation("x", "draft", True)})).complete is False


def test_direction_goes_by_the_language() -> None:
    languages = ["nl", "ar", "ar-SY", "fa", "ckb", "he", "ur", "ti", "so", "qrl", "arn", "en-AR"]
    assert [language for language in languages if direction(language) == "rtl"] == [
        "ar",
        "ar-SY",
        "fa",
        "ckb",
        "he",
        "ur",
        "qrl",
    ]


def test_fingerprint_is_that_of_all_words_with_their_statuses() -> None:
    texts = Texts(SMALL, "nl", catalogue(text=Translation("Waar woont u?", "draft", False)))
    assert json.loads(texts.document) == {
        "instrument": "small",
        "version": 1,
        "language": "nl",
        "texts": {key: [shown.words, shown.language, shown.status] for key, shown in texts.items()},
    }
    assert texts.sha256 == hashlib.sha256(texts.document.encode()).hexdigest()


def test_fingerprint_stays_the_same_over_the_years() -> None:
    # Responses point to it: another way of writing the same texts would keep them twice.
    assert Texts(SMALL, "en", {}).sha256 == "63c6468fd051ab0af648f896f8c8d9da457ddaf64931a9f36f1548615bbfff6f"


def test_fingerprint_differs_by_words_language_and_status() -> None:
    made = [
        Texts(SMALL, "en", {}),
        Texts(SMALL, "nl", {}),
        Texts(SMALL, "nl", catalogue(own=Translation("Ik koop", "draft", False))),
        Texts(SMALL, "nl", catalogue(own=Translation("Ik koop", "approved", False))),
        Texts(SMALL, "nl", catalogue(own=Translation("Ik bezit", "approved", False))),
    ]
    assert len({texts.sha256 for texts in made}) == len(made)
