"""What stands beside a question when a researcher asks about its answer: for staff who may fill it in, signed in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, url_for
from flask_babel import gettext
from markupsafe import Markup

from survey.storage import queries
from survey.storage.queries import OnPage
from survey.web.filling_in.sitting import Sitting
from survey.web.filling_in.subject import Subject
from survey.web.server import server


def marks(here: Sitting, subject: Subject) -> Mapping[str, str]:
    """Question name -> what researchers ask about it, as markup. Who fills in alone sees nothing of it."""
    if not subject.queried or here.record.mode != "signed_in" or g.get("guest") is not None:
        return {}
    with server().reading() as reading:
        found = queries.on_pages(reading, here.record.id)
    marked: dict[str, Markup] = {}
    for query in found:
        unit = here.instrument.units.get(query.unit)
        if unit is not None:
            name = unit.question.name
            about = "" if unit.name == name else here.texts[unit.key].words
            marked[name] = marked.get(name, Markup("")) + _mark(query, about, subject)
    return marked


def _mark(query: OnPage, about: str, subject: Subject) -> Markup:
    asks = query.status == "open"
    address = url_for("queries.one", slug=subject.study_slug, query=query.id)
    return Markup('<div class="interviewer query-mark" dir="ltr">{}{} <a href="{}">{}</a></div>').format(
        Markup("<strong>{}</strong> ").format(
            gettext("Researcher %(code)s asks:", code=query.by) if asks else gettext("You answered a researcher:")
        ),
        f"({about}) {query.words}" if about else query.words,
        address,
        gettext("Answer") if asks else gettext("Look"),
    )
