"""Keeping a translator's recording of a text, or taking it away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext

from survey.storage.recordings import LIMIT, Sound, fingerprint, keep_recording, media_type, remove_recording
from survey.web.access import me
from survey.web.filling_in.sound import sound_address
from survey.web.server import server
from survey.web.translators.translating import row_of, translators_only

blueprint = Blueprint("recording", __name__)


@blueprint.post("/translations/<language>/recording/<path:context>")
def record(language: str, context: str) -> Any:
    """Keep a recording of the words of a text, or take it away. A script gets what to say or play as JSON."""
    translators_only()
    row = row_of(language, context)
    problem = "" if not row.open else gettext("There is no translation to record yet. Save one first.")
    if not problem and request.form.get("of") != fingerprint(row.words):
        problem = gettext("The words changed since this page was opened. Load it again, and record the new words.")
    if not problem and request.form.get("do") == "remove":
        return _removed(language, context, row.words)
    problem = problem or _kept(language, context, row.words)
    if request.accept_mimetypes.best == "application/json":
        told = {"problem": problem} if problem else {"address": sound_address(language, context, row.words)}
        return jsonify(told), 422 if problem else 200
    flash(problem or gettext("The recording is kept."))
    return _back(language, context)


def _kept(language: str, context: str, words: str) -> str:
    """Keep what was sent; back comes why it could not be kept, "" if it was."""
    here, sent = server(), request.files.get("sound")
    content = sent.stream.read(LIMIT + 1) if sent else b""
    if sent is None or not content:
        return gettext("There is no recording in it. Please try once more.")
    if len(content) > LIMIT:
        return gettext("This recording is larger than 1 MB. Make it shorter, or with a lower quality.")
    kind = media_type(sent.mimetype, content)
    if kind is None:
        return gettext("This is no sound that browsers can play. Use WebM, Ogg, MP4 (M4A), MP3 or WAV.")
    with here.database.writing() as writing:
        keep_recording(writing, language, context, words, Sound(kind, content), me().id, here.now())
    return ""


def _removed(language: str, context: str, words: str) -> Any:
    with server().database.writing() as writing:
        remove_recording(writing, language, context, words)
    flash(gettext("The recording is gone."))
    return _back(language, context)


def _back(language: str, context: str) -> Any:
    more: dict[str, Any] = {"show": request.form.get("show") or None, "q": request.form.get("q") or None}
    return redirect(url_for("translating.text", language=language, context=context, **more))
