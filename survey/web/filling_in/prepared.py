"""Prepared pages: what depends on instrument version and languages is rendered once; values are put in per request.

The template writes a slot wherever a value, note or error will stand. The rendered page is cut at its slots, and
each request joins the pieces with what its `Filling` says. Rendering costs milliseconds, joining microseconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import Flask, render_template
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup, escape

from survey.forms.interpreting import RELAY_WORDS
from survey.instruments import expressions
from survey.instruments.figures import digits, percent_sign
from survey.instruments.kinds.question import Question, Unit
from survey.instruments.model import Instrument, Page, chosen
from survey.instruments.texts import Words
from survey.storage.record import Layout
from survey.web.interface import interface_language

_MARK = re.compile("\x02(\\d+)\x03")


@dataclass(frozen=True)
class Slot:
    """A place in a page: which filler fills it, and for what."""

    filler: str
    subject: tuple[Any, ...]


@dataclass(frozen=True)
class Prepared:
    """A page cut at its slots: `pieces` has one more than `slots`."""

    pieces: tuple[str, ...]
    slots: tuple[Slot, ...]

    def filled(self, fillers: Mapping[str, Callable[..., str]]) -> str:
        """The whole page. Fillers return markup: what they take from people they escape."""
        parts = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            parts.append(fillers[slot.filler](*slot.subject))
            parts.append(piece)
        return "".join(parts)


class Slots:
    """Collects slots while a template renders: `slot("value", "age", "")` leaves a mark in its place."""

    def __init__(self) -> None:
        self.found: list[Slot] = []

    def __call__(self, filler: str, *subject: Any) -> Markup:
        self.found.append(Slot(filler, subject))
        return Markup("\x02%d\x03") % (len(self.found) - 1)


def cut(page: str, slots: Slots) -> Prepared:
    """Cut a rendered page at the marks of its slots."""
    pieces = _MARK.split(page)
    return Prepared(tuple(pieces[0::2]), tuple(slots.found[int(number)] for number in pieces[1::2]))


class Wording:
    """The words of a page in one or two languages, each in an element with its own `lang` and `dir`.

    `texts` are in the language of who fills in, `second` in the participant's; `layout` says which of them are shown.
    `keyed`: each element also says which text it holds, for a preview that changes as a translator types.
    """

    def __init__(
        self, texts: Words, second: Words | None = None, layout: Layout = "both", *, keyed: bool = False
    ) -> None:
        self.texts = texts
        self.second = second if layout != "staff" else None
        self.first = texts if second is None or layout != "participant" else None
        self._keyed = keyed

    @property
    def bilingual(self) -> bool:
        """Whether each text is shown in two languages."""
        return self.first is not None and self.second is not None

    @property
    def language(self) -> str:
        """The language that stands first."""
        return (self.first or self.second or self.texts).language

    @property
    def direction(self) -> str:
        """The direction of the language that stands first."""
        return (self.first or self.second or self.texts).direction

    def __call__(self, key: str) -> Markup:
        """The words of a text key, in both languages where both are shown."""
        parts = [] if self.first is None else [self._element(key, self.first, "words")]
        if self.second is not None:
            parts.append(self._element(key, self.second, "words second"))
        return Markup(" ").join(parts)

    def staff(self, key: str) -> Markup:
        """The words for who fills in only, in their language, whatever the participant sees."""
        return self._element(key, self.texts, "words")

    def plain(self, key: str) -> str:
        """The words in the first language, without markup: for the title of the window."""
        return self.texts[key].words

    def control(self, own: str, name: str) -> Markup:
        """The words of a control: the interface's own, and beside them what the participant sees."""
        mine = Markup("")
        if self.first is not None:
            mine = Markup('<span class="words" lang="{}" dir="ltr">{}</span>').format(interface_language(), own)
        theirs, key = Markup(""), f"controls/{name}"
        # A text set of an earlier version has no controls in it.
        if self.second is not None and key in self.second:
            theirs = self._element(key, self.second, "words second")
        return mine + (" " if mine and theirs else "") + theirs

    def said(self, own: str, name: str) -> str:
        """The words of a control without markup, where they name something for a screen reader."""
        return own

    def figure(self, number: float) -> Markup:
        """A number in the digits of each language that is shown, once where they are the same."""
        shown = [texts.language for texts in (self.first, self.second) if texts is not None]
        written = dict.fromkeys(digits(language, number) for language in shown)
        return Markup(" ").join(Markup("<span>{}</span>").format(one) for one in written)

    @property
    def percent(self) -> str:
        """The percent sign of the language that stands first."""
        return percent_sign(self.language)

    def _element(self, key: str, texts: Words, classes: str) -> Markup:
        text = texts[key]
        mark = Markup("")
        if not text.translated:
            mark = Markup('<small class="untranslated" lang="{}" dir="ltr">{}</small>').format(
                interface_language(), gettext("not translated: translate aloud")
            )
        words = Markup("<br>").join(escape(text.words).splitlines())
        of = Markup(' data-text-key="{}"').format(key) if self._keyed else Markup("")
        return Markup('<span class="{}" lang="{}" dir="{}"{}>{}{}</span>').format(
            classes, text.language, text.direction, of, words, mark
        )


@dataclass(frozen=True)
class Asked:
    """What a template needs to draw one question: itself, its units, the words and the slots."""

    question: Question
    units: tuple[Unit, ...]
    namely: Unit | None


def asked(question: Question) -> Asked:
    """A question ready for its template."""
    units = question.units()
    return Asked(
        question,
        tuple(unit for unit in units if unit.role != "other"),
        next((unit for unit in units if unit.role == "other"), None),
    )


def condition(source: str) -> str:
    """A condition as JSON, for the script that shows and hides at once."""
    return json.dumps(expressions.parse(source).tree)


def namely_condition(question: Question) -> str:
    """When a namely-text is asked, as JSON: when its option is among those chosen."""
    return json.dumps(chosen(next(unit for unit in question.units() if unit.role == "other")).tree)


def set_up(app: Flask) -> None:
    """Make conditions known to the templates of questions."""
    app.jinja_env.globals.update(condition=condition, namely_condition=namely_condition)


Alone = Literal["", "participant", "coach"]
"""Who fills in without anybody beside them, if somebody does."""


@dataclass(frozen=True)
class Look:
    """What decides how a page looks, besides its words.

    `corrects`: as it is after submission, where a change needs a reason. `interpreted`: somebody interprets, so that
    each question has buttons for how it was relayed. `alone`: who fills in without anybody beside them, so that nothing
    for staff stands there.
    """

    layout: Layout = "both"
    corrects: bool = False
    interpreted: bool = False
    alone: Alone = ""


def drawing(
    instrument: Instrument, page: Page, words: Wording, look: Look, slot: Callable[..., Markup]
) -> dict[str, Any]:
    """What the templates of questions need to draw a page. `slot` leaves a place for what differs per request."""
    return {
        "instrument": instrument,
        "page": page,
        "questions": [asked(question) for question in page.questions],
        "words": words,
        "slot": slot,
        "look": look,
        "corrects": look.corrects,
        "relay": RELAY_WORDS if look.interpreted or words.second is not None else {},
        "ltr_scales": instrument.scale_order == "left_to_right",
    }


def prepare(
    instrument: Instrument,
    page: Page,
    words: Wording,
    look: Look,
    participant_language: str | None = None,
    fingerprints: str = "",
) -> Prepared:
    """The page of an instrument in one or two languages, cut at its slots, with controls in the request's language.

    `participant_language`: that of the second texts, whether they are shown or not. `fingerprints`: of both texts.
    """
    slots = Slots()
    html = render_template(
        "alone/page.html" if look.alone else "interview/page.html",
        **drawing(instrument, page, words, look, slots),
        participant_language=participant_language,
        fingerprints=fingerprints,
        standing=STANDING.get(words.second.standing) if words.second is not None else None,
    )
    return cut(html, slots)


STANDING = {
    "draft": lazy_gettext("draft, not reviewed by a second person yet"),
    "reviewed": lazy_gettext("reviewed, not tried out with readers yet"),
    "pretested": lazy_gettext("tried out with readers, not approved yet"),
    "untranslated": lazy_gettext("not complete: parts must be translated aloud"),
    "outdated": lazy_gettext("not up to date: parts must be translated aloud"),
}
"""The lowest status of a translation -> what the interviewer reads about it. An approved one needs no mark."""
