"""A whole interview without a network: what a browser keeps for it, the service worker, and one calm page."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from survey.instruments.controls import NAME
from survey.web.filling_in.offline_bundle import answers, pages, version
from survey.web.filling_in.sitting import sitting
from survey.web.filling_in.subject import subject_of
from survey.web.server import server

blueprint = Blueprint("offline", __name__)

FILES = (
    "alone.css", "alone.js", "autosave.js", "card.css", "card.js", "conditions.js", "cover.js", "delivery.js",
    "icon.svg", "interview.js", "journal.css", "journal.js", "krachtmeting.css", "list.css", "mistakes.js",
    "offline.css", "offline.js", "offline_calm.js", "offline_course.js", "offline_places.js", "offline_returned.js",
    "offline_worker.js", "pictograms.svg", "read_aloud.js", "screen_tools.css", "screen_tools.js", "session.js",
    "settling.js", "status.js", "staying.js", "tapping.js", "values.js",
)  # fmt: skip
"""What a page of an interview needs beside itself. The service worker keeps these, and nothing that anybody said."""

COMPRESSED_AT = 5


@blueprint.get("/response/<token>/offline")
def bundle(token: str) -> Response:
    """What a browser keeps, sealed, to go on without a network: the pages without any answer, and the answers so far.

    `have`: the version of the pages that the browser has; then only the answers come. Both are null once the response
    was handed in: nothing of it stays on a device.
    """
    with server().reading() as reading:
        here = sitting(reading, token)
        subject = subject_of(reading, here.record)
    if here.submitted or here.record.locked_at is not None:
        return _compressed({"version": "", "pages": None, "base": here.record.version, "answers": None})
    here.keep_texts()
    now = version(here, subject, files_version())
    wanted = request.args.get("have") != now
    found = {"version": now, "base": here.record.version, "answers": answers(here)}
    return _compressed(found | {"pages": pages(here, subject) if wanted else None})


def _compressed(found: dict[str, Any]) -> Response:
    """JSON, compressed where the browser takes that: pages in three layouts are long, and much alike."""
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    if "gzip" in request.accept_encodings:
        response.set_data(gzip.compress(body, COMPRESSED_AT))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@blueprint.get("/service-worker.js")
def service_worker() -> Response:
    """The service worker, with the names of the files that it keeps. It stands at the root: its reach is its folder."""
    folder = Path(current_app.static_folder or "")
    addresses = [f"{current_app.static_url_path}/{name}" for name in FILES]
    idle = int(server().settings.idle.total_seconds())
    head = f"const FILES = {json.dumps(addresses)}, VERSION = {json.dumps(files_version())}, IDLE = {idle};\n"
    script = (folder / "service_worker.js").read_text(encoding="utf-8")
    return Response(head + script, mimetype="text/javascript")


@blueprint.get("/offline")
def calm() -> str:
    """The one page that a browser shows while there is no network: with no answer and no name on it.

    Who fills in alone reads it too, so its first sentence is there in every language, for a script to show theirs.
    """
    library = server().library
    any_instrument = next(iter(library))
    spoken = [
        library.texts(any_instrument, language)["controls/kept_here"] for language in library.known_languages(NAME)
    ]
    return render_template("offline.html", spoken=spoken)


@cache
def files_version() -> str:
    """A fingerprint of the files that a browser keeps, so that it fetches new ones after an update."""
    folder = Path(__file__).parents[1] / "static"
    digest = hashlib.sha256()
    for name in (*FILES, "service_worker.js"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]
