"""The pages of a response as a browser keeps them for when there is no network, and its answers as inputs hold them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from flask_babel import gettext

from survey.answers.flow import reason
from survey.answers.taking import REASON_PART
from survey.instruments import expressions
from survey.instruments.errors import Invalid
from survey.instruments.figures import digits
from survey.instruments.kinds.question import Raw, Unit
from survey.instruments.model import Page
from survey.instruments.texts import ShownText
from survey.storage.record import LAYOUTS, Record
from survey.web.filling_in.alone import AloneFilling
from survey.web.filling_in.alone_words import Told
from survey.web.filling_in.filling import Filling
from survey.web.filling_in.last_time import last_time
from survey.web.filling_in.offline_mistakes import possible
from survey.web.filling_in.sitting import Sitting
from survey.web.filling_in.subject import Subject
from survey.web.interface import interface_language

AMONG_OPTIONS = ("choice", "scale")
"""Kinds whose reasons for no answer stand among the options, in one group of radio buttons."""


def version(here: Sitting, subject: Subject, files: str) -> str:
    """What the pages depend on, as a short fingerprint: other words, another interpreter or an update make new ones."""
    parts = [here.instrument.instrument, here.instrument.version, *here.fingerprints, interface_language(), here.alone]
    parts += [subject.interpreted, subject.interpreter, subject.mode, here.record.segment, files]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def answers(here: Sitting) -> dict[str, list[list[str]]]:
    """Unit or question name -> the names and values of the inputs that hold something for it."""
    record, found = here.record, dict[str, list[list[str]]]()
    for name, unit in here.instrument.units.items():
        if name in record.drafts:
            draft = record.drafts[name]
            found[name] = _inputs(unit, draft, "".join(draft.get(REASON_PART, ())))
        elif name in record.answers:
            why = reason(record.answers[name]) or ""
            found[name] = _inputs(unit, {} if why else unit.show(record.answers[name]), why)
    for name, words in record.notes.items():
        found.setdefault(name, []).append([f"n_{name}", words])
    for name, codes in record.relay.items():
        found.setdefault(name, []).extend([f"r_{name}", code] for code in codes)
    return found


def _inputs(unit: Unit, raw: Raw, why: str) -> list[list[str]]:
    if why and unit.question.kind in AMONG_OPTIONS:
        return [[f"q_{unit.name}", f"!{why}"]]
    beside = [[f"m_{unit.name}", why]] if why else []
    return beside + [
        [f"q_{unit.name}.{part}" if part else f"q_{unit.name}", value]
        for part, values in raw.items()
        if part != REASON_PART
        for value in values
    ]


def pages(here: Sitting, subject: Subject) -> dict[str, Any]:
    """Every page in every layout, without answers, with what decides which of them come and what is said of answers."""
    record = here.record
    layouts = LAYOUTS if record.second_language else (record.layout,)
    return {
        "alone": here.alone,
        "layout": record.layout,
        "pages": [
            {
                "page": page.page,
                "when": page.gate.tree if page.gate else None,
                "titles": [_shown(texts[f"pages/{page.page}/title"]) for texts in here.all_texts],
                "html": {layout: _html(here, page, subject, layout) for layout in layouts},
            }
            for page in here.instrument.pages
        ],
        "units": {name: _unit(here, unit) for name, unit in here.instrument.units.items()},
        "checks": {
            name: expressions.parse(question.check.that).tree
            for name, question in here.instrument.questions.items()
            if question.check is not None
        },
        "words": _words(here),
    }


def _html(here: Sitting, page: Page, subject: Subject, layout: Any) -> str:
    """A page of this response as if nothing had been said yet, and without a token that would grow old."""
    nothing: dict[str, Any] = {part: {} for part in here.record.document}
    empty: Record = replace(here.record, layout=layout, document=nothing)
    sitting = here.after(empty)
    filler = AloneFilling if here.alone else Filling
    filling = filler(sitting, page, subject=subject, saved_at="", last_time=last_time(here, page, subject))
    return sitting.prepared(page, interpreted=subject.interpreted).filled({**filling.fillers(), "csrf": str})


def _shown(text: ShownText) -> dict[str, str]:
    return {"words": text.words, "lang": text.language, "dir": text.direction}


def _unit(here: Sitting, unit: Unit) -> dict[str, Any]:
    """What is said of a unit: its own words, and those of every mistake that can be made there."""
    required = unit.question.required and unit.role != "other"
    checked = [Invalid("check.failed", question=unit.question.name)] if unit.question.check is not None else []
    return {
        "label": _shown(here.texts[unit.key]),
        "other": unit.role == "other",
        "required": ("answer.required" if unit.missing else "answer.only") if required else "",
        "mistakes": {invalid.code: here.message(invalid) for invalid in [*possible(unit), *checked]},
    }


def _words(here: Sitting) -> dict[str, Any]:
    """What stands around the questions while there is no network."""
    if here.alone:
        return _words_alone(Told(here.texts, here.alone))
    return {
        "lang": interface_language(),
        "dir": "ltr",
        "digits": "0123456789",
        "position": gettext("Page %(number)s of %(count)s", number="{number}", count="{count}"),
        "look_one": gettext("1 question needs another look"),
        "look_more": gettext("{count} questions need another look"),
        "later": gettext("Go on, look later"),
        "offline": gettext("Working without a connection. Everything is kept on this device."),
        "needs_server": gettext("This needs a connection. You can go on with the questions."),
        "company": gettext("Languages and who interprets can be changed again once there is a connection."),
        "all_pages": gettext("All pages"),
        "answered": gettext("{answered} of {asked} questions have an answer."),
        "progress": gettext("Progress"),
        "done": gettext("done"),
        "open": gettext("open"),
        "started": gettext("{answered} of {asked}"),
        "unreachable": gettext("not needed for now"),
        "to_end": gettext("Round off and hand in"),
        "end": gettext("Round off"),
        "wrong_one": gettext("1 question needs another look before handing in"),
        "wrong_more": gettext("{count} questions need another look before handing in"),
        "left_one": gettext("1 question has no answer yet. That is allowed: you can also leave it open."),
        "left_more": gettext("{count} questions have no answer yet. That is allowed: you can also leave them open."),
        "all_answered": gettext("Every question has an answer."),
        "previous": gettext("Previous"),
        "pause": gettext("Pause"),
        "hand_in": gettext("Hand in"),
        "hand_in_later": gettext("What you hand in now is sent by itself as soon as there is a connection."),
        "paused": gettext("Paused"),
        "paused_words": gettext(
            "Everything is kept on this device. You can go on here, on the page where you stopped."
        ),
        "go_on": gettext("Go on"),
        "handed_in": gettext("Handed in on this device"),
        "handed_in_words": gettext(
            "It is sent as soon as there is a connection. Until then, leave this page open or come back to it. "
            "The answers cannot be read on this device any more."
        ),
        "arrived": gettext("Handed in. Thank you."),
        "arrived_words": gettext("Everything has arrived."),
        "to_start": gettext("Back to the start page"),
        "returned": gettext("Not everything could be taken over"),
        "returned_words": gettext("Look at each of these. Nothing is lost: all of it is kept until you have."),
        "mine": gettext("Here: {words}"),
        "theirs": gettext("On the other device ({by}, {at}): {words}"),
        "look_at_both": gettext("Look at both"),
        "look": gettext("Look"),
        "locked": gettext("not saved: a researcher locked this"),
        "refused": gettext("not saved: the server could not take this"),
        "nothing": gettext("no answer"),
    }


def _words_alone(told: Told) -> dict[str, Any]:
    """The same for who fills in alone: each sentence is one of the controls, in the language of the page."""
    same = ["look_again", "later", "last", "left_open", "previous", "pause", "hand_in", "kept", "go_on", "handed_in"]
    words = {name: told.plain(name) for name in same}
    return words | {
        "lang": told.language,
        "dir": told.direction,
        "digits": "".join(digits(told.language, number) for number in range(10)),
        "position": told.plain("page_of"),
        "look_one": words["look_again"],
        "look_more": words["look_again"],
        "offline": "",
        "end": words["last"],
        "wrong_one": words["look_again"],
        "wrong_more": words["look_again"],
        "left_one": words["left_open"],
        "left_more": words["left_open"],
        "all_answered": "",
        "hand_in_later": "",
        "paused": words["pause"],
        "paused_words": words["kept"],
        "needs_server": told.plain("kept_here"),
        "handed_in_words": told.plain("kept_here"),
        "arrived": words["handed_in"],
        "arrived_words": "",
        "to_start": "",
        "returned": words["look_again"],
        "returned_words": "",
        "look": words["go_on"],
        "locked": told.plain("went_wrong"),
        "refused": told.plain("went_wrong"),
    }
