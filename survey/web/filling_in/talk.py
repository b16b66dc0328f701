"""A talk with a participant: a sitting that has a participant's side, with its words and its place on the path."""

from __future__ import annotations

from flask import abort
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.instruments.model import Page
from survey.instruments.texts import Texts
from survey.web.filling_in.sitting import Sitting, sitting


def talk(session: Session, token: str, *, for_writing: bool = False) -> Sitting:
    """The response of this token for who may fill it in: else 404. 410 where it is about one's own work."""
    here = sitting(session, token, for_writing=for_writing)
    if here.record.participant_id is None:
        abort(410, gettext("Only a talk with a participant has a screen or a show card for the participant."))
    return here


def participants_texts(here: Sitting) -> Texts:
    """The words in the participant's language: the second one, or the only one."""
    return here.second or here.texts


def page_with(here: Sitting, name: str) -> Page | None:
    """The page on which a unit stands, or a note of this name; None where there is neither."""
    if name in here.instrument.page_of:
        return here.instrument.page_of[name]
    for page in here.instrument.pages:
        if any(question.name == name and not question.units() for question in page.questions):
            return page
    return None
