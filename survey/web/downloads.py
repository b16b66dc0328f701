"""Downloads for researchers: which responses, in which format, in a file that was read back before."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file
from flask_babel import gettext
from werkzeug.wrappers import Response

from exports.collecting import Unknown
from exports.formats import FORMATS, write
from exports.xlsx import TooWide
from survey.storage import audit, overview, studies
from survey.storage.reading import Selection
from survey.web.access import me, study_for
from survey.web.interface import LANGUAGES
from survey.web.server import server

blueprint = Blueprint("downloads", __name__, url_prefix="/study/<slug>/download")


@blueprint.get("/")
def downloads(slug: str) -> Any:
    """What there is to download."""
    with server().reading() as reading:
        study = study_for(reading, slug, "researcher")
        tallies = overview.tallies(reading, study.id)
        waves = studies.waves(reading, study.id)
    instruments = dict.fromkeys(tally.instrument for tally in tallies)
    return render_template(
        "downloads.html", study=study, tallies=tallies, waves=waves, instruments=instruments, formats=FORMATS
    )


@blueprint.get("/file")
def file(slug: str) -> Response:
    """The file. It is written for this request, read back, handed over and removed."""
    here = server()
    with here.reading() as reading:
        study = study_for(reading, slug, "researcher")
        waves = {wave.code for wave in studies.waves(reading, study.id)}
    asked = request.args
    suffix, language = asked.get("format", ""), asked.get("language") or None
    chosen = Selection(
        study.id,
        instruments=tuple(asked.getlist("instrument")) or None,
        waves=tuple(asked.getlist("wave")) or None,
        submitted_only="submitted_only" in asked,
    )
    known = here.library.newest.keys()
    if suffix not in FORMATS or language not in (None, *LANGUAGES) or set(chosen.waves or ()) - waves:
        abort(400)
    if set(chosen.instruments or ()) - known:
        abort(400)
    now = here.now()
    folder = Path(tempfile.mkdtemp(prefix="krachtmeting-"))
    try:
        target = folder / f"export{suffix}"
        try:
            written = write(here.database, here.library, chosen, target, now=now, by=me().code, language=language)
        except TooWide:
            abort(422, gettext("This is wider than an Excel sheet. Choose fewer instruments or moments, or CSV files."))
        except Unknown:
            abort(410, gettext("The definition of a questionnaire with answers is not on this server any more."))
        with here.database.writing() as writing:
            audit.note(
                writing,
                "downloaded",
                me().id,
                now,
                study=study.slug,
                format=suffix,
                sha256=written.sha256,
                responses=written.responses,
                losses=written.losses.count,
                instruments=list(chosen.instruments or ()),
                waves=list(chosen.waves or ()),
                submitted_only=chosen.submitted_only,
            )
        content = written.path.open("rb")
    finally:
        # The open file stays readable after its name is gone; nothing of it is left on the server.
        shutil.rmtree(folder, ignore_errors=True)
    name = f"{study.slug}-{now:%Y%m%d-%H%M}{suffix}"
    answer = send_file(content, mimetype=FORMATS[suffix].media_type, as_attachment=True, download_name=name)
    answer.headers["X-Content-SHA256"] = written.sha256
    return answer
