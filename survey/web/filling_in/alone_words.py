"""The words beside the questions for who fills in alone: a participant's controls, or the interface's for a coach."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from flask_babel import lazy_gettext
from markupsafe import Markup, escape

from survey.instruments.figures import digits
from survey.instruments.texts import ShownText, Words, direction
from survey.web.filling_in.prepared import Alone, Wording
from survey.web.interface import interface_language

COACH_WORDS: Mapping[str, object] = {
    "begin": lazy_gettext("Begin"),
    "go_on": lazy_gettext("Go on"),
    "next": lazy_gettext("Next"),
    "previous": lazy_gettext("Previous"),
    "pause": lazy_gettext("Pause"),
    "hand_in": lazy_gettext("Hand in"),
    "handed_in": lazy_gettext("Handed in. Thank you."),
    "kept": lazy_gettext("Everything is kept. You can go on later, with the same link."),
    "saving": lazy_gettext("saving …"),
    "saved": lazy_gettext("safe at {time}"),
    "unsaved": lazy_gettext("not saved yet"),
    "offline": lazy_gettext("not saved yet: no connection. Trying again by itself."),
    "kept_here": lazy_gettext("Working without a connection. Everything is kept on this device."),
    "page_of": lazy_gettext("Page {number} of {count}"),
    "together": lazy_gettext("Together: {sum} %%"),
    "look_again": lazy_gettext("Please look at this once more."),
    "later": lazy_gettext("Go on, look later"),
    "link_over": lazy_gettext("This link does not work (any more). Ask for a new one."),
    "give_back": lazy_gettext("Give the device back."),
    "last": lazy_gettext("That was the last question. Do you want to hand in your answers?"),
    "left_open": lazy_gettext("These questions have no answer yet. That is allowed."),
    "language": lazy_gettext("Language"),
    "went_wrong": lazy_gettext("That did not work. Please try once more."),
    "scan": lazy_gettext("Scan this code with your telephone, or type this address."),
    "read_aloud": lazy_gettext("Read aloud"),
    "stop_reading": lazy_gettext("Stop reading aloud"),
}
"""Name of a control -> what a coach reads in its place, in the language of the request."""


class Told:
    """The words of controls, for a participant in the language of `texts`, for a coach in that of the interface."""

    def __init__(self, texts: Words, alone: Alone) -> None:
        self._texts = texts
        self._coach = alone == "coach"
        self.language = interface_language() if self._coach else texts.language
        self.direction = direction(self.language)

    def text(self, name: str) -> ShownText:
        """The words of a control with their language."""
        if self._coach:
            return ShownText(str(COACH_WORDS[name]).replace("%%", "%"), self.language, "ltr", "source")
        return self._texts[f"controls/{name}"]

    def plain(self, name: str, **figures: str | int) -> str:
        """The words of a control as they stand in an attribute, with its figures in the language's digits."""
        words = self.text(name).words
        for figure, value in figures.items():
            shown = digits(self.language, value) if isinstance(value, int) else value
            words = words.replace(f"{{{figure}}}", shown)
        return words

    def __call__(self, name: str, **figures: str | int) -> Markup:
        """The words of a control as an element with their own language."""
        text = self.text(name)
        return Markup('<span lang="{}" dir="{}">{}</span>').format(
            text.language, text.direction, self.plain(name, **figures)
        )


class AloneWording(Wording):
    """The words of a page for a participant who fills in alone: all in one language, with nothing for staff in it."""

    def control(self, own: str, name: str) -> Markup:
        return self._element(f"controls/{name}", self.texts, "words")

    def said(self, own: str, name: str) -> str:
        return self.texts[f"controls/{name}"].words

    def _element(self, key: str, texts: Words, classes: str) -> Markup:
        text = texts[key]
        # What is tapped is not read aloud: after the answers, reasons would only be long.
        say = Markup(' data-say="{}"').format(key) if not key.startswith("controls/") else Markup("")
        words = Markup("<br>").join(escape(text.words).splitlines())
        return Markup('<span class="{}" lang="{}" dir="{}"{}>{}</span>').format(
            classes, text.language, text.direction, say, words
        )


def set_up(app: Flask) -> None:
    """Make these words known to the page that is filled in alone."""
    app.jinja_env.globals.update(told_on=Told)
