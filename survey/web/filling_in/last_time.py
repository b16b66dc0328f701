"""What was answered at an earlier wave, beside the questions whose definition allows it: for the interviewer only."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from markupsafe import Markup

from survey.answers.flow import value
from survey.instruments.kinds.question import Question
from survey.instruments.model import Page
from survey.storage.earlier import earlier_response
from survey.storage.record import Record
from survey.web.days import day
from survey.web.filling_in.conflict import answer_in_words
from survey.web.filling_in.sitting import Sitting
from survey.web.filling_in.subject import Subject
from survey.web.interface import interface_language
from survey.web.server import server

LONGEST = 300
"""So many signs of an answer at most: it is a reminder, and no second copy."""


def last_time(here: Sitting, page: Page, subject: Subject) -> Mapping[str, Markup]:
    """Unit name -> the quiet line about it, on a page that an interviewer fills in. Only answers that counted."""
    asked = [question for question in page.questions if question.earlier]
    if here.alone or not asked:
        return {}
    with server().reading() as session:
        found = earlier_response(session, here.record)
    if found is None or found.record.submitted_at is None:
        return {}
    before = _sitting(here, found.record)
    if before is None:
        return {}
    when = day(subject.local(found.record.submitted_at).date(), subject.local(server().now()).date())
    head = gettext("Last time (%(moment)s, %(day)s):", moment=found.wave_title, day=when)
    return {
        unit: Markup('<p class="last-time"><span lang="{}">{}</span> <span lang="{}">{}</span></p>').format(
            interface_language(), head, before.texts.language, words
        )
        for question in asked
        for unit, words in _answers(before, question).items()
    }


def _sitting(here: Sitting, record: Record) -> Sitting | None:
    """The earlier response in the words of its own version; None where that is not on this server any more."""
    library = server().library
    try:
        instrument = library.instrument(record.instrument, record.instrument_version)
    except KeyError:
        return None
    return Sitting(record, instrument, library.texts(instrument, here.record.language), None)


def _answers(before: Sitting, question: Question) -> dict[str, str]:
    """Unit name -> the answer in words, of a question's units; a namely-text goes with its option."""
    kept = before.flow.kept()
    found: dict[str, str] = {}
    for unit in question.units():
        then = before.instrument.units.get(unit.name)
        if then is None or value(kept.get(unit.name)) is None:
            continue
        words = answer_in_words(before, then, kept[unit.name])
        if unit.role == "other" and question.name in found:
            found[question.name] = f"{found[question.name]}: {words}"
        else:
            found[unit.name] = words
    return {name: words if len(words) <= LONGEST else f"{words[:LONGEST]} …" for name, words in found.items()}
