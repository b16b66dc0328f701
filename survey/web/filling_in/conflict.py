"""Two versions of the same answer, from two tabs or devices: both are shown, and a person chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from survey.answers.document import OF_QUESTIONS, Key
from survey.answers.flow import reason
from survey.answers.taking import REASON_PART
from survey.forms.interpreting import RELAY_WORDS
from survey.forms.page_form import ANSWER, NOTE, RELAYED
from survey.instruments.kinds.question import Unit
from survey.instruments.model import Page
from survey.storage.merging import Conflict, Difference
from survey.web.filling_in.sitting import Sitting, filled_in
from survey.web.filling_in.subject import Subject
from survey.web.server import server

CHOSEN = "keep_"
"""Prefix of the input that says which version of a unit is kept: "theirs" or "mine"."""

_PREFIXES = {"notes": NOTE, "relay": RELAYED}

SEEN = "seen"
"""The input with the version of the response that the conflict page showed."""


@dataclass(frozen=True)
class Versions:
    """One question with both its versions, in words."""

    name: str
    label: str
    theirs: str
    mine: str
    by: str
    at: str


def chosen_and_rest(
    values: Mapping[Key, Any], formdata: MultiDict[str, str]
) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
    """What was sent, in two parts: the units whose version here was chosen on a conflict page, and all others.

    The units of which the other version was chosen are in neither. Only the chosen ones are based on what the conflict
    page showed: nobody looked at the others again since the page was opened.
    """
    choices = {name: choice for name, choice in formdata.items() if name.startswith(CHOSEN)}
    if not choices:
        return {}, values
    chosen = {key: value for key, value in values.items() if choices.get(choice_of(key)) == "mine"}
    return chosen, {key: value for key, value in values.items() if choice_of(key) not in choices}


def choice_of(key: Key) -> str:
    """The name of the input that chooses: an answer and a draft of one unit go together."""
    part, name = key
    return f"{CHOSEN}{_PREFIXES.get(part, ANSWER)}{name}"


def conflict_page(
    here: Sitting, page: Page, subject: Subject, conflict: Conflict, formdata: MultiDict[str, str]
) -> str:
    """Both versions side by side; everything that was sent travels along in the form, but for how long ago it was
    filled in: the choice is made now."""
    sent = [
        (name, value)
        for name, value in formdata.items(multi=True)
        if name not in ("csrf_token", "age", SEEN) and not name.startswith(CHOSEN)
    ]
    return render_template(
        "interview/conflict.html",
        here=here,
        page=page,
        subject=subject,
        versions=_both(here, subject, conflict),
        sent=sent,
        version=conflict.version,
        mine_at=_mine_at(subject, formdata),
    )


def _mine_at(subject: Subject, formdata: MultiDict[str, str]) -> str:
    """When the version of this device was filled in, where that was a while ago; "" for just now."""
    now = server().now()
    at = filled_in(formdata, now)
    return subject.filled_in(at, now) if at else ""


def both_versions(here: Sitting, subject: Subject, conflict: Conflict | None) -> list[dict[str, str]]:
    """Both versions of what two devices changed, in words, for a script: the fields of Versions."""
    return [vars(one) for one in _both(here, subject, conflict)] if conflict else []


def _both(here: Sitting, subject: Subject, conflict: Conflict) -> list[Versions]:
    versions: dict[str, Versions] = {}
    for difference in conflict.differences:
        one = _versions(here, subject, difference)
        before = versions.get(one.name)
        versions[one.name] = one if before is None else _together(before, one)
    return list(versions.values())


def _together(answer: Versions, draft: Versions) -> Versions:
    """An answer and a draft of the same unit as one pair: on each side stands the one that is there."""
    empty = gettext("(empty)")
    theirs = answer.theirs if answer.theirs != empty else draft.theirs
    mine = answer.mine if answer.mine != empty else draft.mine
    return Versions(answer.name, answer.label, theirs, mine, answer.by, answer.at)


def _versions(here: Sitting, subject: Subject, difference: Difference) -> Versions:
    label = label_of(here, difference.key)
    words = [in_words(here, difference.key, value) for value in (difference.theirs, difference.mine)]
    by = difference.by or gettext("the participant")
    return Versions(choice_of(difference.key), label, *words, by, subject.filled_in(difference.at, server().now()))


def label_of(here: Sitting, key: Key) -> str:
    """The question or row to which a part of the document belongs, in words."""
    label = here.texts[label_key(here, key)].words
    if key[0] == "notes":
        return gettext("Note: %(question)s", question=label)
    return gettext("How it was relayed: %(question)s", question=label) if key[0] == "relay" else label


def label_key(here: Sitting, key: Key) -> str:
    """The text key of the question or row to which a part of the document belongs."""
    part, name = key
    return f"{name}/text" if part in OF_QUESTIONS else here.instrument.units[name].key


def in_words(here: Sitting, key: Key, value: Any) -> str:
    """An answer, draft, note or the way of relaying as a person reads it."""
    part, name = key
    if value is None:
        return gettext("(empty)")
    if part == "notes":
        return str(value)
    if part == "relay":
        return ", ".join(str(RELAY_WORDS[code]) for code in value)
    if part == "drafts":
        return " ".join(
            reason_in_words(text) if part_typed == REASON_PART else text
            for part_typed, strings in value.items()
            for text in strings
        )
    return answer_in_words(here, here.instrument.units[name], value)


def answer_in_words(here: Sitting, unit: Unit, answer: Any) -> str:
    """An answer in the words of its options."""
    why = reason(answer)
    if why:
        return reason_in_words(why)
    if unit.role != "other" and unit.question.options:
        labels = dict(unit.question.labels())
        codes = answer if isinstance(answer, list) else [answer]
        return ", ".join(here.texts[labels[code]].words if labels.get(code) else str(code) for code in codes)
    if isinstance(answer, dict):
        return ", ".join(
            f"{here.texts[f'{unit.question.name}/parts/{part}'].words}: {share} %" for part, share in answer.items()
        )
    return str(answer)


def reason_in_words(why: str) -> str:
    """A missing reason as it stands on the page."""
    return {
        "refused": gettext("Prefers not to say"),
        "dont_know": gettext("Does not know"),
        "not_applicable": gettext("Does not apply"),
        "technical": gettext("Lost for a technical reason"),
    }[why]
