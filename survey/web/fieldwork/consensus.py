"""Observers side by side: where they differ, item by item, and what they settle together."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext, ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from survey.answers.flow import reason
from survey.forms.meetings import SettlingForm, unit_form
from survey.forms.messages import message
from survey.instruments.kinds.question import Unit
from survey.measures.differences import Compared
from survey.storage import audit, consensus, step_times
from survey.storage.consensus import Comparison, Settled, SettledMeanwhile, Side
from survey.web.access import me
from survey.web.fieldwork.observed import Here, meeting_for, observed_by_me
from survey.web.filling_in.conflict import answer_in_words
from survey.web.filling_in.prepared import Asked, Look, Wording, drawing
from survey.web.filling_in.sitting import Sitting, instrument_of, sitting_of
from survey.web.server import server

blueprint = Blueprint("consensus", __name__, url_prefix="/study/<slug>/meetings/<meeting>/comparison")


@dataclass(frozen=True)
class Table:
    """The answers side by side as templates tell them. `may_settle`: the asking person is an observer, and not all is
    settled yet."""

    here: Here
    found: Comparison
    sittings: tuple[Sitting, ...]

    @property
    def may_settle(self) -> bool:
        return self.here.mine is not None and self.here.seen.state == "to_settle"

    def words_of(self, row: Compared) -> Sitting:
        """The sitting whose texts have this unit."""
        return next(one for one in self.sittings if row.unit.name in one.instrument.units)

    def label(self, row: Compared) -> str:
        """The words of a unit."""
        return str(self.words_of(row).texts[row.unit.key].words)

    def above(self, row: Compared) -> str:
        """The question of which a unit is a row or a namely-text; "" where it is the question itself."""
        own = row.unit.role == "question"
        return "" if own else str(self.words_of(row).texts[f"{row.unit.question.name}/text"].words)

    def answer(self, row: Compared, value: Any) -> str:
        """An answer in words."""
        return in_words(self.words_of(row), row.unit, value)

    def settled(self, row: Compared) -> Settled | None:
        """What counts for a unit."""
        return self.found.settled.get(row.unit.name)

    def settled_words(self, row: Compared, settled: Settled) -> str:
        """What was settled, in words."""
        if settled.value is None:
            return gettext("No common answer: both stay as they are.")
        return self.answer(row, settled.value)

    def corrected(self, row: Compared, side: Side) -> str | None:
        """What an observer's own record says now, where it was changed after both had handed in."""
        if row.unit.name not in side.corrected:
            return None
        return self.answer(row, side.corrected[row.unit.name])


def _table(session: Session, here: Here) -> Table | None:
    """None while the asking person may see nothing of it."""
    found = consensus.comparison(session, here.seen, instrument_of) if here.compared else None
    return Table(here, found, tuple(sitting_of(side.record) for side in found.sides)) if found else None


def in_words(here: Sitting, unit: Unit, answer: Any) -> str:
    """An answer or the state of none, as people read it."""
    why = reason(answer)
    if answer is None or why == "not_reached":
        return gettext("(empty)")
    if why == "not_asked":
        return gettext("Not asked")
    if why is None and unit.role != "other":
        match unit.question.kind:
            case "duration":
                return gettext("%(hours)d h %(minutes)d min", hours=answer // 60, minutes=answer % 60)
            case "number" if f"{unit.question.name}/unit" in here.texts:
                return f"{answer} {here.texts[f'{unit.question.name}/unit'].words}"
            case "date" if len(str(answer)) == 10:
                return str(format_date(datetime.date.fromisoformat(answer), "long"))
    return answer_in_words(here, unit, answer)


@blueprint.get("/")
def comparison(slug: str, meeting: str) -> Any:
    """Where the observers differ; a quiet page while somebody still has to hand in."""
    with server().reading() as session:
        here = meeting_for(session, slug, meeting)
        table = _table(session, here)
        if table is None:
            return render_template("meetings/waiting.html", here=here)
        times = {
            side.observer.person_id: step_times.seconds(
                step_times.times(session, here.meeting.id, side.observer.person_id)
            )
            for side in table.found.sides
        }
    return render_template("meetings/comparison.html", here=here, table=table, found=table.found, times=times)


@blueprint.get("/<item>")
def item(slug: str, meeting: str, item: str) -> Any:
    """One difference, with the question itself for an answer that neither gave."""
    with server().reading() as session:
        here = observed_by_me(session, slug, meeting)
        table = _table(session, here)
        if table is None or not table.may_settle:
            return _to_comparison(here)
        row = table.found.row(item) or abort(404)
        return _shown(table, row)


@blueprint.post("/<item>")
def settle(slug: str, meeting: str, item: str) -> Any:
    """Keep what was agreed on and why; with a mistake, show what was filled in."""
    with server().database.writing() as writing:
        here = observed_by_me(writing, slug, meeting, for_writing=True)
        table = _table(writing, here)
        if table is None or not table.may_settle:
            return _to_comparison(here)
        row = table.found.row(item) or abort(404)
        value, problems = _agreed(table, row)
        if problems:
            return _shown(table, row, problems=problems, typed=request.form), 422
        base, words = request.form.get("base", "0"), SettlingForm(request.form).words()
        try:
            consensus.settle(
                writing, here.meeting.id, item, value, words, me().id, server().now(),
                base=int(base) if base.isdecimal() and len(base) < 18 else 0,
            )  # fmt: skip
        except SettledMeanwhile:
            problems = {"choice": gettext("This was settled a moment ago by somebody else. Look at it, then choose.")}
            return _shown(table, row, problems=problems, typed=request.form), 409
        audit.note(writing, "settled a difference", me().id, server().now(), meeting=meeting, item=item)
        left = [one.unit.name for one in table.found.open if one.unit.name != item]
    return _to_comparison(here, f"item-{left[0]}" if left else "finish")


def _to_comparison(here: Here, anchor: str | None = None) -> Any:
    return redirect(url_for("consensus.comparison", **here.address, _anchor=anchor))


def _agreed(table: Table, row: Compared) -> tuple[Any, dict[str, str]]:
    """What was agreed on, and what is wrong with it: name of a part of the form -> a sentence."""
    form = SettlingForm(request.form)
    codes = {side.observer.code: said for side, said in zip(table.found.sides, row.said, strict=True)}
    form.offer(codes)
    taken = unit_form(row.unit)(request.form)[f"q_{row.unit.name}"].taken
    if form.choice.data is None and (taken.answer is not None or taken.draft is not None):
        form.choice.data = form.OTHER
    problems = {} if form.validate() else {name: str(errors[0]) for name, errors in form.errors.items()}
    if form.choice.data == form.OTHER:
        if taken.invalid is not None:
            problems["answer"] = message(taken.invalid)
        elif taken.answer is None:
            problems["answer"] = gettext("Please choose or fill in an answer here.")
        return taken.answer, problems
    said = codes.get(form.choice.data or "")
    return said.answer if said else None, problems


def _shown(
    table: Table, row: Compared, *, problems: Mapping[str, str] = {}, typed: MultiDict[str, str] | None = None
) -> str:
    sitting = table.words_of(row)
    slots = OneUnit(row.unit, typed, problems.get("answer", ""))
    page = sitting.instrument.page_of[row.unit.name]
    alone = None if row.unit.role == "other" else Asked(row.unit.question, (row.unit,), None)
    return render_template(
        "meetings/settle.html", here=table.here, table=table, found=table.found, row=row, problems=problems,
        typed=typed or {}, asked=alone,
        **drawing(sitting.instrument, page, Wording(sitting.texts), Look(), slots) | {"relay": {}},
    )  # fmt: skip


class OneUnit:
    """What stands in the inputs of a unit that is drawn alone: what was typed before, and what is wrong with it."""

    def __init__(self, unit: Unit, typed: MultiDict[str, str] | None, problem: str) -> None:
        self._name = unit.name
        self._typed = typed if typed is not None else MultiDict()
        self._problem = problem

    def __call__(self, filler: str, *subject: Any) -> str | Markup:
        """The text of a slot."""
        name = f"q_{self._name}"
        match filler, *subject:
            case "value", _, part:
                return self._typed.get(f"{name}.{part}" if part else name, "")
            case "checked", _, code:
                return " checked" if code in self._typed.getlist(name) else ""
            case "reason", _, why:
                chosen = self._typed.get(name) == f"!{why}" or self._typed.get(f"m_{self._name}") == why
                return " checked" if why and chosen else ""
            case "error", _:
                return self._problem
            case "invalid", _ if self._problem:
                return Markup(' aria-invalid="true"')
        return ""


@blueprint.post("/rounded-off")
def round_off(slug: str, meeting: str) -> Any:
    """The observers agree on everything."""
    with server().database.writing() as writing:
        here = observed_by_me(writing, slug, meeting, for_writing=True)
        table = _table(writing, here)
        if table is None or not table.may_settle:
            return _to_comparison(here)
        left = len(table.found.open)
        if left:
            flash(ngettext("%(num)d difference is still open.", "%(num)d differences are still open.", left))
            return _to_comparison(here, f"item-{table.found.open[0].unit.name}")
        consensus.round_off(writing, here.meeting.id, server().now())
        audit.note(writing, "rounded off a meeting", me().id, server().now(), meeting=meeting)
    return _to_comparison(here)


@blueprint.post("/opened-again")
def open_again(slug: str, meeting: str) -> Any:
    """There is something to settle after all."""
    with server().database.writing() as writing:
        here = observed_by_me(writing, slug, meeting, for_writing=True)
        if here.seen.state == "settled":
            consensus.open_again(writing, here.meeting.id)
            audit.note(writing, "opened a meeting again", me().id, server().now(), meeting=meeting)
    return _to_comparison(here)
