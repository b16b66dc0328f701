"""One page of a response exactly as it stood on the screen at one save, from the texts that were kept then."""

from __future__ import annotations

from flask import abort, render_template
from flask_babel import gettext

from survey.forms.interpreting import COMPANY_UNKNOWN, company_words
from survey.storage.shown import AsShown
from survey.storage.tables import Study
from survey.web.filling_in.alone_words import AloneWording
from survey.web.filling_in.filling import Filling
from survey.web.filling_in.prepared import STANDING, Alone, Look, Slots, Wording, cut, drawing
from survey.web.filling_in.sitting import Sitting, instrument_of
from survey.web.filling_in.subject import Subject
from survey.web.research.event_words import in_words


def as_shown_page(study: Study, shown: AsShown, subject: Subject) -> str:
    """The page of that moment, inert, with what is known about it. 410 where its definition is not here any more."""
    record = shown.record
    instrument = instrument_of(record)
    page = instrument.page(shown.page) or abort(404)
    # Nobody of the staff is in a participant's visit: it was filled in alone, and nothing for staff stood there.
    alone = _alone(shown)
    words = AloneWording(shown.texts) if alone == "participant" else Wording(shown.texts, shown.second, record.layout)
    slots = Slots()
    interpreted = shown.company is not None and shown.company.interpreter != "none"
    html = render_template(
        "as_shown.html",
        study=study,
        shown=shown,
        subject=subject,
        **drawing(instrument, page, words, Look(record.layout, interpreted=interpreted, alone=alone), slots),
        standing=STANDING.get(shown.second.standing, gettext("approved")) if shown.second else "",
        layout=_layout(shown),
        company=company_words(shown.company) if shown.company else COMPANY_UNKNOWN,
        happened=[(one, in_words(one)) for one in shown.happened],
    )
    sitting = Sitting(record, instrument, shown.texts, shown.second)
    return cut(html, slots).filled(Filling(sitting, page, subject=subject, saved_at="").fillers())


def _alone(shown: AsShown) -> Alone:
    if shown.by is None:
        return "participant"
    return "coach" if shown.record.person_id is not None and shown.record.mode != "signed_in" else ""


def _layout(shown: AsShown) -> str:
    if shown.second is None:
        return gettext("one language")
    return {
        "both": gettext("both languages on the page"),
        "staff": gettext("only the first on the page"),
        "participant": gettext("only the second on the page"),
    }[shown.record.layout]
