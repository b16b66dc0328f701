"""Prepared pages: what depends on instrument version and languages is rendered once; values are put in per request.

The template writes a slot wherever a value, note or error will stand. The rendered page is cut at its slots, and
each request joins the pieces with what its `Filling` says. Rendering costs milliseconds, joining microseconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, render_template
from flask_babel import gettext
from markupsafe import Markup, escape

from survey.instruments import expressions
from survey.instruments.kinds.question import Question, Unit
from survey.instruments.model import Instrument, Page, chosen
from survey.instruments.texts import ShownText, Texts

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
    """The words of a page in one or two languages, each in an element with its own `lang` and `dir`."""

    def __init__(self, texts: Texts, second: Texts | None, mark: str) -> None:
        self.texts = texts
        self.second = second
        self._mark = mark

    @property
    def bilingual(self) -> bool:
        """Whether each text is shown in two languages."""
        return self.second is not None

    def __call__(self, key: str) -> Markup:
        """The words of a text key, in both languages where there are two."""
        first = self._element(self.texts[key], "words")
        return first if self.second is None else first + " " + self._element(self.second[key], "words second")

    def staff(self, key: str) -> Markup:
        """The words for the interviewer only, in the first language."""
        return self._element(self.texts[key], "words")

    def plain(self, key: str) -> str:
        """The words in the first language, without markup: for the title of the window."""
        return self.texts[key].words

    def _element(self, text: ShownText, classes: str) -> Markup:
        mark = (
            Markup('<small class="untranslated">{}</small>').format(self._mark) if not text.translated else Markup("")
        )
        words = Markup("<br>").join(escape(text.words).splitlines())
        return Markup('<span class="{}" lang="{}" dir="{}">{}{}</span>').format(
            classes, text.language, text.direction, words, mark
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


def prepare(instrument: Instrument, page: Page, texts: Texts, second: Texts | None, corrects: bool) -> Prepared:
    """The page of an instrument in one or two languages, cut at its slots, with controls in the request's language.

    `corrects`: the page as it is after submission, where a change needs a reason.
    """
    slots = Slots()
    words = Wording(texts, second, gettext("not translated: translate aloud"))
    html = render_template(
        "interview/page.html",
        instrument=instrument,
        page=page,
        questions=[asked(question) for question in page.questions],
        words=words,
        slot=slots,
        corrects=corrects,
        ltr_scales=instrument.scale_order == "left_to_right",
    )
    return cut(html, slots)
