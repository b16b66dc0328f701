"""The admin's page of all personal links: how each stands, and taking one back. What was answered is not here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from survey.storage import studies
from survey.storage.link_overview import SORTS, STATES, Wanted, link_count, link_rows, revoke_link
from survey.web.access import admins_only
from survey.web.admin.person_actions import noted
from survey.web.lists import Asked, asked
from survey.web.server import server

blueprint = Blueprint("admin_links", __name__, url_prefix="/admin/links")

LINKS_A_PAGE = 50

STATE_WORDS = dict(
    zip(
        STATES,
        (
            lazy_gettext("made, not opened yet"),
            lazy_gettext("opened"),
            lazy_gettext("done"),
            lazy_gettext("expired"),
            lazy_gettext("revoked"),
        ),
        strict=True,
    )
)


@blueprint.get("", endpoint="links")
@admins_only
def all_links() -> Any:
    """Links of all studies, the newest first."""
    now = server().now()
    with server().reading() as reading:
        known = studies.studies(reading)
        slugs = {study.slug: study.id for study in known}
        narrowed = _asked(slugs)
        filters = narrowed.filters
        wanted = Wanted(slugs.get(filters["study"]), filters["state"], filters["code"])
        pages = narrowed.pages(link_count(reading, wanted, now), LINKS_A_PAGE)
        rows = link_rows(
            reading, wanted, now, pages.size, pages.offset, sort=narrowed.sort, descending=narrowed.descending
        )
    return render_template(
        "admin/links.html",
        links=rows,
        asked=narrowed,
        pages=pages,
        studies=[(study.slug, study.title) for study in known],
        state_words=STATE_WORDS,
    )


def _asked(slugs: Collection[str] | None) -> Asked:
    return asked(SORTS, {"code": None, "study": slugs, "state": STATES}, descending=True)


@blueprint.post("")
@admins_only
def revoke() -> Any:
    """Take one link back, at once."""
    link = request.form.get("link", "")
    if not link.isdecimal() or len(link) > 9:
        abort(400)
    with server().database.writing() as writing:
        done = revoke_link(writing, int(link), server().now())
        if done is not None:
            noted(
                writing,
                "revoked a personal link",
                study=done.study,
                whose=done.whose,
                instrument=done.instrument,
                wave=done.wave,
            )
    flash(gettext("The link opens nothing any more.") if done else gettext("This link did not work any more already."))
    return redirect(url_for("admin_links.links", **_asked(None).args(page=request.args.get("page"))))
