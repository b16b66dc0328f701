"""The accessibility statement that Dutch public bodies must publish: a page for everybody, signed in or not."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, current_app, render_template, url_for
from flask_babel import lazy_gettext

from survey.web.guests import guest
from survey.web.running.hosts import public_url
from survey.web.server import server
from survey.web.statement import Statement, read_statement

blueprint = Blueprint("accessibility", __name__)

TESTED_ON = datetime.date(2026, 11, 22)
"""When the tests of this version were last looked through by hand."""


@dataclass(frozen=True)
class Gap:
    """Something that is not as it should be, as the makers know it; `criterion` by its number, "" for none."""

    criterion: str
    what: Any
    cause: Any
    consequence: Any
    instead: Any
    remedy: Any


GAPS = (
    Gap(
        "",
        lazy_gettext("The files that researchers download, such as workbooks, were not researched for accessibility."),
        lazy_gettext("They are made for programs of statistics. Only what stands on the pages was tested."),
        lazy_gettext("Researchers who use a screen reader may find it hard to move about in a large workbook."),
        lazy_gettext("The same figures stand on the pages of the report, in tables with headings."),
        lazy_gettext("Research these files together with the pages."),
    ),
    Gap(
        "",
        lazy_gettext("A report that is saved as PDF from the browser was not researched."),
        lazy_gettext("The browser makes that file, not this server."),
        lazy_gettext("How well it can be read aloud differs from browser to browser."),
        lazy_gettext("The report as a page has all that stands on paper."),
        lazy_gettext("Research what common browsers make of it."),
    ),
    Gap(
        "3.1.2",
        lazy_gettext("In lists to choose a language from, its own name is not marked with its language."),
        lazy_gettext("Browsers allow no parts in another language within one option of such a list."),
        lazy_gettext("A screen reader may spell that name or leave it out."),
        lazy_gettext("The name in the language of the page always stands before it."),
        lazy_gettext("Use another kind of list as soon as browsers offer it."),
    ),
    Gap(
        "2.2.1",
        lazy_gettext(
            "A device that was handed over closes a participant's questions when nobody touched it for a while, "
            "without a warning before."
        ),
        lazy_gettext(
            "What somebody answered must not be seen by the next person. "
            "And nothing on the page may press a participant."
        ),
        lazy_gettext("Who needs a long pause must ask the interviewer to open the questions once more."),
        lazy_gettext("Every answer is kept, and one goes on where one was. A personal link has no such limit."),
        lazy_gettext("Ask people who answer slowly how long it should be. An administrator can lengthen it already."),
    ),
)  # fmt: skip


def set_up(app: Flask) -> None:
    """Read what the organisation filled in. Raises SettingsError where that cannot be meant."""
    app.extensions["krachtmeting_statement"] = read_statement(app.extensions["krachtmeting"].settings.statement)


@blueprint.get("/accessibility")
def statement() -> str:
    """How accessible this server is, who says so, and where to turn with a complaint."""
    said: Statement = current_app.extensions["krachtmeting_statement"]
    back = url_for("link.here") if guest() else url_for("start.start")
    status = said.status(server().now().date())
    return render_template(
        "accessibility.html",
        said=said, status=status, gaps=GAPS, tested_on=TESTED_ON, address=public_url(), back=back,
        alone=guest() is not None,
    )  # fmt: skip
