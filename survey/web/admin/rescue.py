"""Emergency files: what a browser could not send, brought as a file; looked at first, and then saved by an admin.

The one place where an admin sees answers: somebody must see what is saved, and choose between two versions. Every look
is on record.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext, ngettext

from survey.storage.rescue import LARGEST, CannotOpenJournal, NotAFile, SealedJournal, read_file
from survey.storage.responses import Locked, ReasonNeeded
from survey.web.access import admins_only
from survey.web.admin.person_actions import noted
from survey.web.admin.rescue_page import Shown, looked, refusal_words, unopened_words
from survey.web.admin.rescuing import Loaded, Wishes, load
from survey.web.filling_in.sitting import KEPT_REASON
from survey.web.server import server

blueprint = Blueprint("rescue", __name__, url_prefix="/admin/emergency-file")


@blueprint.get("", endpoint="ask")
@admins_only
def ask() -> Any:
    """Where a file is chosen."""
    return render_template("admin/rescue.html")


@blueprint.post("", endpoint="look")
@admins_only
def look() -> Any:
    """What a file holds. Nothing is saved yet; the file goes along in the page, sealed as it is."""
    sent = request.files.get("file")
    content = sent.read(LARGEST + 1) if sent else b""
    if not content:
        problem = gettext("Choose the file that was made on the device.")
        return render_template("admin/rescue.html", problem=problem), 422
    return _page(content)


@blueprint.post("/save")
@admins_only
def save() -> Any:
    """Save one journal of a file that was looked at. A second time changes nothing."""
    content = request.form.get("content", "").encode()
    number = request.form.get("journal", "")
    try:
        journals = read_file(content)
    except NotAFile as why:
        return render_template("admin/rescue.html", problem=refusal_words(why)), 422
    if not number.isdecimal() or len(number) > 3 or int(number) >= len(journals):
        abort(400)
    said, code = _saved(int(number), journals[int(number)])
    return _page(content, said, code)


def _saved(number: int, journal: SealedJournal) -> tuple[str, int]:
    """What to say of saving a journal, and the code of the answer."""
    reason = request.form.get(f"reason-{number}", "").strip()[:KEPT_REASON]
    try:
        with server().database.writing() as writing:
            loaded = load(writing, journal, Wishes(_choices(number), _seen(number), reason))
            noted(writing, "loaded an emergency file", response=journal.token, **_figures(loaded, journal))
    except CannotOpenJournal as why:
        return unopened_words(why), 422
    except ReasonNeeded:
        return gettext("Nothing was saved yet. This was handed in before: write down why the answers change."), 422
    except Locked:
        return gettext("Nothing was saved. A researcher locked this response: ask a researcher to unlock it."), 423
    return _said(loaded), 200


def _choices(number: int) -> dict[str, str]:
    start = f"{number}-"
    return {name.removeprefix(start): value for name, value in request.form.items() if name.startswith(start)}


def _seen(number: int) -> int:
    written = request.form.get(f"seen-{number}", "")
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def _figures(loaded: Loaded, journal: SealedJournal) -> dict[str, Any]:
    """Codes and counts for the audit trail."""
    return {
        "person": "" if loaded.opened.alone else journal.owner,
        "batches": loaded.batches,
        "here_before": loaded.before,
        "not_opened": loaded.broken,
        "to_choose": len(loaded.open),
        "handed_in": loaded.hand_in == "done",
    }


def _said(loaded: Loaded) -> str:
    new = loaded.batches - loaded.before
    said = [ngettext("%(num)d part was saved.", "%(num)d parts were saved.", new)]
    if not new:
        said = [gettext("Everything was here already.")]
    if loaded.open:
        left = len(loaded.open)
        said.append(ngettext("For %(num)d question choose below which answer is right.",
                             "For %(num)d questions choose below which answer is right.", left))  # fmt: skip
    if loaded.hand_in == "done":
        said.append(gettext("It is handed in too."))
    return " ".join(said)


def _page(content: bytes, said: str = "", code: int = 200) -> Any:
    """What a file holds, as it stands now. That somebody looked is put on record first."""
    try:
        journals = read_file(content)
    except NotAFile as why:
        return render_template("admin/rescue.html", problem=refusal_words(why)), 422
    database = server().database
    shown = looked(database, journals)
    with database.writing() as writing:
        for one in shown:
            noted(writing, "looked into an emergency file", **_looked_at(one))
    text = content.decode("utf-8-sig")
    page = render_template("admin/rescue_file.html", journals=shown, content=text, said=said, failed=code != 200)
    return page, code


def _looked_at(one: Shown) -> dict[str, Any]:
    if one.problem or one.subject is None:
        return {"response": one.token, "opened": False}
    return {"response": one.token, "opened": True, "batches": one.batches, "here_before": one.before}
