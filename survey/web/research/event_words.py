"""What happened during a response, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext

from survey.forms.interpreting import INTERPRETER_WORDS
from survey.storage.events import Happened


def _languages(details: dict[str, Any]) -> str:
    after = details["after"]
    names = " + ".join(language for language in (after["language"], after["second_language"]) if language)
    return gettext("languages switched: %(languages)s, shown: %(layout)s", languages=names, layout=after["layout"])


def _segment(details: dict[str, Any]) -> str:
    return gettext("who is there: %(who)s", who=str(INTERPRETER_WORDS[details["interpreter"]]))


WORDING: dict[str, Callable[[dict[str, Any]], str]] = {
    "languages": _languages,
    "segment": _segment,
    "paired": lambda details: gettext("the participant's own screen was paired"),
    "shown": lambda details: gettext("shown on the participant's own screen"),
    "blanked": lambda details: gettext("the participant's own screen was made empty"),
    "unblanked": lambda details: gettext("the participant's own screen came back"),
    "unpaired": lambda details: gettext("the participant's own screen was taken away"),
    "card": lambda details: gettext("show card opened"),
    "played": lambda details: gettext("read aloud"),
    "tapped": lambda details: gettext("tapped by the participant"),
    "confirmed": lambda details: gettext("what the participant tapped was taken over"),
    "declined": lambda details: gettext("what the participant tapped was not taken over"),
    "set_aside": lambda details: gettext("of two versions this one was not chosen: %(value)s", value=details["value"]),
}
"""Kind of event -> its wording, given its details."""


def in_words(one: Happened) -> str:
    """What happened, in the language of the request."""
    return WORDING[one.kind](one.details)
