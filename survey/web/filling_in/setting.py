"""Before the first page, and whenever it changes: which languages stand on the page, and who is there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice

from survey.answers.company import Company
from survey.answers.flow import next_page
from survey.forms.interpreting import SettingForm
from survey.storage import participants, responses, segments
from survey.storage.responses import Languages
from survey.web.access import me
from survey.web.filling_in.sitting import Sitting, sitting
from survey.web.filling_in.subject import subject_of
from survey.web.server import server

blueprint = Blueprint("setting", __name__, url_prefix="/response/<token>")


@blueprint.get("/welcome")
def welcome(token: str) -> Any:
    """What this is for, in which languages it is shown, and who is there."""
    with server().reading() as reading:
        here = sitting(reading, token)
        return _shown(reading, here, _form(reading, here))


@blueprint.post("/welcome")
def begin(token: str) -> Any:
    """Keep languages and company, and go to the page; with a mistake, show what was filled in."""
    here = server()
    with here.database.writing() as writing:
        now_here = sitting(writing, token, for_writing=True)
        form = _form(writing, now_here, request.form)
        if not form.validate():
            return _shown(writing, now_here, form), 422
        record = responses.change_languages(writing, now_here.record, _languages(now_here, form), me().id, here.now())
        # Nothing is written down any more of whoever took the consent back.
        kept = record.locked_at is None and record.second_language is not None
        if record.participant_id is not None and kept:
            participants.speaks(writing, record.participant_id, record.second_language)
        if now_here.instrument.about == "participant" and not now_here.submitted:
            segments.begin_segment(writing, record, form.company(), me().id, here.now())
    first = next_page(now_here.flow, None)
    page = now_here.record.page or (first.page if first else None)
    if page is None or now_here.submitted:
        return redirect(url_for("interview.resume", token=token))
    return redirect(url_for("interview.page", token=token, name=page, _anchor=request.form.get("at") or None))


def _languages(here: Sitting, form: SettingForm) -> Languages:
    second = form.second_language.data
    if second in ("", None, form.language.data):
        return Languages(form.language.data, None)
    layout = here.record.layout if second == here.record.second_language else "both"
    return Languages(form.language.data, second, layout)


def _form(session: Session, here: Sitting, sent: Any = None) -> SettingForm:
    """The form as it was sent, or filled with how things stand; before the first segment with how it was last time."""
    record = here.record
    company = segments.current(session, record)
    if company is None and record.participant_id is not None:
        last = segments.last_company(session, record.participant_id, server().now())
        company = _as_last_time(last) if last else None
    values: dict[str, Any] = {"language": record.language, "second_language": record.second_language or ""}
    form = SettingForm(sent, data=values | (vars(company) if company else {}))
    if here.instrument.about != "participant":
        for name in ("interpreter", "mode", "same", "others", "code", "promised"):
            delattr(form, name)
    library = server().library
    # What is shown now stays on offer, also where its translation fell behind.
    own = _with(library.languages(here.instrument), record.language)
    second = _with(library.participant_languages(here.instrument), record.second_language)
    form.language.choices = [SelectChoice(language) for language in own]
    form.second_language.choices = [SelectChoice(language) for language in ("", *second)]
    for field in (form.language, form.second_language):
        field.validators = [_offered]
    return form


def _with(languages: list[str], present: str | None) -> list[str]:
    return languages if present is None or present in languages else [*languages, present]


def _offered(form: Any, field: Any) -> None:
    if field.data not in [choice.value for choice in field.choices]:
        raise ValidationError(gettext("This language is not offered."))


def _as_last_time(last: Company) -> Company:
    """What can be expected: the same kind of interpreter. Whether it is the same one is asked anew."""
    return Company(last.interpreter, last.mode, None, (), None, False)


def _shown(session: Session, here: Sitting, form: SettingForm) -> str:
    library = server().library
    standings = {
        choice.value: library.texts(here.instrument, choice.value).standing
        for choice in form.second_language.choices
        if choice.value
    }
    return render_template(
        "interview/welcome.html",
        here=here,
        subject=subject_of(session, here.record),
        form=form,
        standings=standings,
        promise=here.all_texts,
        begun=here.record.version > 0,
    )
