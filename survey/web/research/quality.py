"""For researchers: what is missing, how long it took, and which responses are worth a look. No answers stand here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import lazy_gettext

from survey.answers.missing import State
from survey.forms.interpreting import RELAY_WORDS
from survey.measures import speed, straight
from survey.measures.quality import MISSING
from survey.storage import quality as stored
from survey.storage import studies
from survey.storage.meetings import blind_in
from survey.storage.quality import Which
from survey.web.access import me, study_for
from survey.web.interface import interface_language
from survey.web.research.quality_page import asked_for, duration, instrument_of, percent, quality_page
from survey.web.server import server
from survey.web.titles import title_of

blueprint = Blueprint("quality", __name__, url_prefix="/study/<slug>/quality")

MOST_CODED = 15
"""So many questions with interpreters' codes are shown."""

REASON_WORDS = {
    State.REFUSED: lazy_gettext("Refused"),
    State.DONT_KNOW: lazy_gettext("Did not know"),
    State.NOT_APPLICABLE: lazy_gettext("Does not apply"),
    State.NOT_REACHED: lazy_gettext("Passed over"),
    State.TECHNICAL: lazy_gettext("Technical reason"),
}
"""The head of each reason's column."""

SAID: dict[str, Any] = {
    "duration": duration, "percent": percent, "reasons": MISSING, "reason_words": REASON_WORDS,
    "relay_words": RELAY_WORDS, "most_coded": MOST_CODED, "speed": speed, "straight": straight,
}  # fmt: skip
"""What the template says figures with."""


@blueprint.get("/")
def quality(slug: str) -> Any:
    """The figures of one instrument, at one moment or all, and its responses a page at a time."""
    here, language = server(), interface_language()
    with here.reading() as session:
        study = study_for(session, slug, "researcher")
        teams = me().scope(study.id, "researcher")
        sizes = stored.sizes(session, study.id, teams)
        if not sizes:
            return render_template("quality/empty.html", study=study)
        waves = {wave.code: wave.title for wave in studies.waves(session, study.id)}
        asked = asked_for(sizes, waves)
        instrument = instrument_of(asked, sizes)
        blind = blind_in(session, study.id, me().id)
        which = Which(study.id, instrument, asked.filters["wave"] or None, teams, blind)
        page = quality_page(
            instrument, asked, here.digests.looked(session, here.library, which), sizes, here.library, language
        )
    instruments = {one.instrument: title_of(one.instrument) for one in sizes}
    return render_template("quality/quality.html", study=study, page=page, waves=waves, instruments=instruments, **SAID)
