"""The interview: one topic a page, a list of pages, a last page with what is open, and handing in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from survey.answers.document import Key
from survey.answers.flow import next_page, page_list, previous_page, progress, reachable_page
from survey.answers.taking import problems
from survey.forms.page_form import notes, relayed
from survey.instruments.errors import Invalid
from survey.instruments.model import Page
from survey.storage import responses, screens
from survey.storage.merging import Conflict
from survey.storage.record import LAYOUTS
from survey.storage.responses import Languages
from survey.web.access import me
from survey.web.filling_in.alone import AloneFilling, beginning, end_page, saved_alone
from survey.web.filling_in.conflict import SEEN, chosen_and_rest, conflict_page
from survey.web.filling_in.filling import Filling, visible
from survey.web.filling_in.last_time import last_time
from survey.web.filling_in.locked import locked_words, not_saved_words
from survey.web.filling_in.query_marks import marks
from survey.web.filling_in.set_aside import set_aside
from survey.web.filling_in.sitting import Sitting, sitting
from survey.web.filling_in.subject import Subject, subject_of
from survey.web.interface import interface_language
from survey.web.server import server

blueprint = Blueprint("interview", __name__, url_prefix="/response/<token>")


@blueprint.get("/")
def resume(token: str) -> Any:
    """Where the response stopped: on any device, on the same page."""
    with server().reading() as reading:
        here = sitting(reading, token)
    if here.submitted:
        return redirect(url_for("interview.end", token=token))
    page = here.record.page
    reachable = {standing.page.page for standing in page_list(here.flow) if standing.standing != "unreachable"}
    if page not in reachable:
        first = next_page(here.flow, None)
        page = first.page if first else None
    if page is None or not (here.record.page or here.alone):
        return redirect(_beginning(here))
    return redirect(url_for("interview.page", token=token, name=page))


def _beginning(here: Sitting) -> str:
    """The address of what comes before the first page."""
    return beginning() if here.alone else url_for("setting.welcome", token=here.record.token)


@blueprint.get("/page/<name>")
def page(token: str, name: str) -> Any:
    """One topic."""
    with server().reading() as reading:
        here = sitting(reading, token)
        subject = subject_of(reading, here.record)
    found = here.page(name)
    if not reachable_page(here.flow, found):
        return _away_from(here, found)
    here.keep_texts()
    checked = problems(here.flow, found, here.record.drafts) if request.args.get("look") else None
    stays = gettext("There is something new to ask on this page.") if request.args.get("new") else ""
    with server().reading() as reading:
        message = locked_words(reading, here.record, subject) or stays
    return shown(here, found, subject, problems=checked or _drafts_only(here, found), message=message)


def _away_from(here: Sitting, page: Page) -> Any:
    """A page that became unreachable: on to the next one that is not."""
    following = next_page(here.flow, page.page) or previous_page(here.flow, page.page)
    if following is None:
        return redirect(url_for("interview.end", token=here.record.token))
    return redirect(url_for("interview.page", token=here.record.token, name=following.page))


def _drafts_only(here: Sitting, page: Page) -> dict[str, Invalid]:
    """What was typed before and is no answer yet; nothing is said of questions that were not touched."""
    found = problems(here.flow, page, here.record.drafts)
    return {name: invalid for name, invalid in found.items() if name in here.record.drafts}


def shown(here: Sitting, page: Page, subject: Subject, **more: Any) -> str:
    """The page with its answers."""
    saved_at = subject.clock(here.record.changed_at) if here.record.version else ""
    filler = AloneFilling if here.alone else Filling
    beside = {"queried": marks(here, subject), "last_time": last_time(here, page, subject)}
    filling = filler(here, page, subject=subject, saved_at=saved_at, **beside, **more)
    return here.prepared(page, interpreted=subject.interpreted).filled(filling.fillers())


@blueprint.post("/page/<name>")
def send(token: str, name: str) -> Any:
    """A page as it was filled in: saved whatever it holds, then on to where the button leads."""
    with server().database.writing() as writing:
        here = sitting(writing, token, for_writing=True)
        found = here.page(name)
        # A script that comes back with what another device changed too sends only that of a page.
        units = set(request.form["units"].split()) if "units" in request.form else None
        values = sent_values(here, found, request.form, units)
        chosen, rest = chosen_and_rest(values, request.form)
        not_chosen = {key: value for key, value in values.items() if key not in chosen and key not in rest}
        try:
            after = here
            if chosen:
                after = here.saved(writing, "page", found, chosen, {**request.form, "base": request.form.get(SEEN, "")})
            if here.alone:
                after = saved_alone(after, writing, "page", found, rest, request.form)
            else:
                after = after.saved(writing, "page", found, rest, request.form)
            set_aside(writing, after, found, not_chosen)
            after = _switched(writing, after)
        except Conflict as conflict:
            return conflict_page(here, found, subject_of(writing, here.record), conflict, request.form), 409
        except responses.ReasonNeeded:
            why = gettext("This was handed in already. Say why the answer changes, and save again.")
            return _as_sent(here, found, subject_of(writing, here.record), values, why), 422
        except responses.Locked:
            subject = subject_of(writing, here.record)
            return _as_sent(here, found, subject, values, not_saved_words(writing, here.record, subject)), 423
    return _onwards(after, found)


def _switched(session: Session, here: Sitting) -> Sitting:
    """The sitting after the button for one language or both, if that was the one."""
    layout = request.form.get("go", "").removeprefix("show-")
    if layout not in LAYOUTS or here.record.second_language is None:
        return here
    languages = Languages(here.record.language, here.record.second_language, layout)
    return here.after(responses.change_languages(session, here.record, languages, me().id, server().now()))


def sent_values(
    here: Sitting, page: Page, formdata: MultiDict[str, str], units: set[str] | None = None
) -> Mapping[Key, Any]:
    """Answers, drafts and notes in what was sent, of these units and questions (None: of the whole page)."""
    if "reason" in formdata and not here.submitted:
        # Only a correction has a reason, and what may stand in an answer's place with it.
        formdata = MultiDict((name, value) for name, value in formdata.items(multi=True) if name != "reason")
    form = here.form(page, formdata)
    if here.alone:
        return form.values(units)
    return form.values(units) | notes(formdata, page, units) | relayed(formdata, page, units)


def _as_sent(here: Sitting, page: Page, subject: Subject, values: Mapping[Key, Any], why: str) -> str:
    """The page as it was sent, and why nothing of it was saved."""
    document = {part: dict(entries) for part, entries in here.record.document.items()}
    for (part, unit), value in values.items():
        document[part].pop(unit, None)
        if value is not None:
            document[part][unit] = value
    as_sent = here.after(type(here.record)(**(vars(here.record) | {"document": document})))
    return shown(as_sent, page, subject, message=why, reason_given=request.form.get("reason", ""))


def _onwards(here: Sitting, page: Page) -> Any:
    token, go = here.record.token, request.form.get("go", "stay")
    if go == "previous":
        before = previous_page(here.flow, page.page)
        if before is None:
            return redirect(_beginning(here))
        return redirect(url_for("interview.page", token=token, name=before.page))
    if go in ("pages", "end"):
        return redirect(url_for(f"interview.{go}", token=token))
    at = request.form.get("at") or None
    if go == "setting":
        return redirect(url_for("setting.welcome", token=token, at=at))
    if go.startswith("show-"):
        return redirect(url_for("interview.page", token=token, name=page.page, _anchor=at))
    if go == "pause":
        return redirect(url_for("link.paused") if here.alone else url_for("interview.paused", token=token))
    seen = set(request.form.get("shown", "").split())
    new = [question for name, question in visible(here.flow, page).items() if name not in seen]
    if new and go in ("next", "stay"):
        anchor = f"question-{new[0]}"
        return redirect(url_for("interview.page", token=token, name=page.page, new=1, _anchor=anchor))
    found = problems(here.flow, page, here.record.drafts)
    if go == "next" and found:
        with server().reading() as reading:
            subject = subject_of(reading, here.record)
        return shown(here, page, subject, problems=found, may_go_on=True), 422
    if go == "stay":
        return redirect(url_for("interview.page", token=token, name=page.page))
    following = next_page(here.flow, page.page)
    if following is None or here.submitted:
        return redirect(url_for("interview.end", token=token))
    return redirect(url_for("interview.page", token=token, name=following.page))


@blueprint.get("/pages")
def pages(token: str) -> Any:
    """The list of pages: what is done, open, and not to be reached for now."""
    with server().reading() as reading:
        here = sitting(reading, token)
        subject = subject_of(reading, here.record)
    standings = page_list(here.flow, here.record.drafts)
    how_far = progress(here.flow, here.record.drafts)
    return render_template("interview/pages.html", here=here, subject=subject, standings=standings, progress=how_far)


@blueprint.get("/paused")
def paused(token: str) -> Any:
    """A quiet page: everything is kept, and one can go on later, on any device."""
    with server().reading() as reading:
        here = sitting(reading, token)
        subject = subject_of(reading, here.record)
    if here.alone:
        return redirect(url_for("link.paused"))
    return render_template("interview/paused.html", here=here, subject=subject)


@blueprint.get("/end")
def end(token: str) -> Any:
    """The last page: what is still open, and handing in."""
    with server().reading() as reading:
        here = sitting(reading, token)
        return _end(reading, here)


def _end(session: Session, here: Sitting, *, refused: bool = False) -> str:
    subject = subject_of(session, here.record)
    wrong = hindrances(here)
    told = {name for _, name, _ in wrong}
    left = [(page, name) for page in here.instrument.pages for name in here.flow.open_units(page) if name not in told]
    if here.alone:
        return end_page(here, wrong, left)
    return render_template(
        "interview/end.html",
        here=here,
        subject=subject,
        left=left,
        wrong=wrong,
        refused=refused,
        locked=locked_words(session, here.record, subject),
        interface=interface_language(),
    )


def hindrances(here: Sitting) -> list[tuple[Page, str, str]]:
    """What must be settled before handing in, over all pages: an earlier answer may have changed since. Page, unit, and
    what is said of it."""
    return [
        (page, name, here.message(invalid))
        for page in here.instrument.pages
        for name, invalid in problems(here.flow, page, here.record.drafts).items()
    ]


@blueprint.post("/submit")
def submit(token: str) -> Any:
    """Hand in. Any number of clicks hands in once."""
    with server().database.writing() as writing:
        here = sitting(writing, token, for_writing=True)
        if not here.submitted and here.record.locked_at is not None:
            return _end(writing, here), 423
        if not here.submitted and hindrances(here):
            return _end(writing, here, refused=True), 422
        handed_in(writing, here)
    return redirect(url_for("interview.end", token=token))


def handed_in(writing: Session, here: Sitting) -> Sitting:
    """The sitting after handing in; a participant's screen ends with it."""
    after = here.handed_in(writing)
    pairing = screens.of_response(writing, here.record.id)
    if pairing is not None:
        screens.end(writing, pairing, None, server().now())
    return after
