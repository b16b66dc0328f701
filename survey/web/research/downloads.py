"""Downloads for researchers: what to choose, which small groups are in it, and a file that was read back before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template, request, send_file
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from exports.collecting import Unknown
from exports.formats import FORMATS, Written, write
from exports.small_cells import small_cells
from exports.xlsx import TooWide
from survey.storage import audit, reading, studies
from survey.storage import downloads as handed_out
from survey.storage.downloads import HandedOut, Which
from survey.storage.meetings import blind_in
from survey.storage.protocols import protocol_of
from survey.storage.reading import Selection
from survey.storage.tables import Download, Study
from survey.web import days
from survey.web.access import me, study_for
from survey.web.interface import LANGUAGES, interface_language
from survey.web.lists import asked
from survey.web.research.small_groups import in_words
from survey.web.server import server
from survey.web.titles import title_of

blueprint = Blueprint("downloads", __name__, url_prefix="/study/<slug>/download")

ROLE = "researcher"

MADE_AT_ONCE = 3
"""So many files does a process make at the same time: interviews must go on meanwhile."""

STATES = {"current": False, "superseded": True}

SUPERSEDED_WORDS = {
    "erased": lazy_gettext("Somebody was erased since. Remove this file, and make it anew."),
    "erased_kept": lazy_gettext(
        "Somebody was erased since, who let their answers stay. Make it anew: a new file has the same answers, and "
        "says less about this person."
    ),
}
"""Why a file is superseded, and what to do: by the codes of survey.storage.downloads.WHYS."""


@dataclass(frozen=True)
class Choice:
    """What was chosen for a file."""

    suffix: str
    language: str | None
    selection: Selection

    @property
    def args(self) -> list[tuple[str, str]]:
        """The same in an address."""
        chosen = self.selection
        found = [("format", self.suffix), ("language", self.language or "")]
        found += [("instrument", name) for name in chosen.instruments or ()]
        found += [("wave", code) for code in chosen.waves or ()]
        return found + ([("submitted_only", "1")] if chosen.submitted_only else [])


def _everything(session: Session, study: Study) -> Selection:
    """All that the asking researcher may take along: of the whole study, or of their teams.

    Who also observes does not get what the other observer wrote before both have handed in.
    """
    scope = me().scope(study.id, ROLE)
    teams = None if scope is None else tuple(sorted(scope))
    return Selection(study.id, teams=teams, but_meetings=blind_in(session, study.id, me().id))


def _choice(session: Session, study: Study) -> Choice:
    """What the address asks for. 400 where there is no such format here, language, instrument or wave."""
    given = request.args
    suffix, language = given.get("format", next(iter(FORMATS))), given.get("language") or None
    instruments, waves = tuple(given.getlist("instrument")), tuple(given.getlist("wave"))
    known = {wave.code for wave in studies.waves(session, study.id)}
    if suffix not in FORMATS or FORMATS[suffix].missing or language not in (None, *LANGUAGES) or set(waves) - known:
        abort(400)
    if set(instruments) - server().library.newest.keys():
        abort(400)
    only = "submitted_only" in given
    chosen = replace(
        _everything(session, study), instruments=instruments or None, waves=waves or None, submitted_only=only
    )
    return Choice(suffix, language, chosen)


@blueprint.get("/")
def downloads(slug: str) -> Any:
    """What there is to download, and what was downloaded before."""
    here = server()
    list_of = asked([*handed_out.SORTS], {"format": [*FORMATS], "state": [*STATES]}, descending=True)
    with here.reading() as session:
        study = study_for(session, slug, ROLE)
        everything = _everything(session, study)
        counts = reading.counts(session, everything)
        waves = studies.waves(session, study.id)
        which = Which(
            study.id,
            # Who works in some teams need not know what was taken out of others.
            None if everything.teams is None else me().id,
            list_of.filters["format"] or None,
            STATES.get(list_of.filters["state"]),
        )
        pages = list_of.pages(handed_out.count(session, which))
        files = handed_out.files(session, which, list_of.sort, list_of.descending, pages.size, pages.offset)
    return render_template(
        "downloads/downloads.html",
        study=study, tallies=_tallies(counts), waves=waves, titles={one: title_of(one) for one in here.library.newest},
        wave_titles={wave.code: wave.title for wave in waves}, formats=FORMATS, asked=list_of, pages=pages,
        files=[(one, by, _when(study, one), handed_out.chosen(one)) for one, by in files], whys=SUPERSEDED_WORDS,
    )  # fmt: skip


def _tallies(counts: list[reading.Count]) -> dict[tuple[str, str], tuple[int, int]]:
    """Instrument and wave -> how many responses were begun and handed in, over all versions."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for one in counts:
        begun, done = found.get((one.instrument, one.wave), (0, 0))
        found[one.instrument, one.wave] = (begun + one.responses, done + one.submitted)
    return found


def _when(study: Study, one: Download) -> str:
    return days.moment(one.at.astimezone(ZoneInfo(study.time_zone)))


@blueprint.get("/check")
def check(slug: str) -> Any:
    """Before the file: whose background in it is rare."""
    here = server()
    with here.reading() as session:
        study = study_for(session, slug, ROLE)
        choice = _choice(session, study)
        protocol = protocol_of(session, study.id)
        background = protocol.background if protocol else None
        cells = small_cells(session, here.library, background, choice.selection) if background else None
    groups = in_words(cells, here.library, background, interface_language()) if cells and background else None
    return render_template("downloads/check.html", study=study, choice=choice, groups=groups)


@blueprint.get("/file")
def file(slug: str) -> Response:
    """The file. It is written for this request, read back, handed over and removed."""
    here = server()
    with here.reading() as session:
        study = study_for(session, slug, ROLE)
        choice = _choice(session, study)
        before = handed_out.erased_count(session, study.id)
    now = here.now()
    folder = Path(tempfile.mkdtemp(prefix="krachtmeting-"))
    try:
        with _in_turn():
            written = _written(choice, folder / f"export{choice.suffix}")
        with here.database.writing() as writing:
            _note(writing, study, choice, written, before)
        content = written.path.open("rb")
    finally:
        # The open file stays readable after its name is gone; nothing of it is left on the server.
        shutil.rmtree(folder, ignore_errors=True)
    name = f"{study.slug}-{now:%Y%m%d-%H%M}{choice.suffix}"
    answer = send_file(content, mimetype=FORMATS[choice.suffix].media_type, as_attachment=True, download_name=name)
    answer.headers["X-Content-SHA256"] = written.sha256
    return answer


@contextmanager
def _in_turn() -> Iterator[None]:
    """Making a file takes long: one at a time for each person, and few at a time in all. 429 for more."""
    makers, mine = server().makers, me().code
    with makers.turn:
        if mine in makers.busy:
            abort(429, gettext("A file is being made for you already. Wait until it is there, and ask again."))
        if len(makers.busy) >= MADE_AT_ONCE:
            abort(429, gettext("Others are having files made just now. Wait a minute, and ask again."))
        makers.busy.add(mine)
    try:
        yield
    finally:
        with makers.turn:
            makers.busy.discard(mine)


def _written(choice: Choice, target: Path) -> Written:
    here, chosen, language = server(), choice.selection, choice.language
    try:
        return write(here.database, here.library, chosen, target, now=here.now(), by=me().code, language=language)
    except TooWide:
        abort(422, gettext("This is wider than an Excel sheet. Choose fewer instruments or moments, or CSV files."))
    except Unknown:
        abort(410, gettext("The definition of a questionnaire with answers is not on this server any more."))


def _note(writing: Session, study: Study, choice: Choice, written: Written, erased_before: int) -> None:
    chosen, now = choice.selection, server().now()
    made = HandedOut(choice.suffix, written.sha256, written.responses, written.losses.count)
    handed_out.note(writing, chosen, made, me().id, now, erased_before=erased_before)
    audit.note(
        writing,
        "downloaded",
        me().id,
        now,
        study=study.slug,
        format=choice.suffix,
        sha256=written.sha256,
        responses=written.responses,
        losses=written.losses.count,
        instruments=list(chosen.instruments or ()),
        waves=list(chosen.waves or ()),
        submitted_only=chosen.submitted_only,
    )
