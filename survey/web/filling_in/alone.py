"""Filling in alone: what stands on the pages of who opened a link, or sits at a device that was handed over."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template, url_for
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from survey.answers.document import Key
from survey.answers.flow import reachable_page
from survey.instruments.model import Page
from survey.web.filling_in.alone_words import Told
from survey.web.filling_in.filling import Filling
from survey.web.filling_in.set_aside import set_aside
from survey.web.filling_in.sitting import Kind, Sitting, saved_but_conflicts
from survey.web.filling_in.sound import sounds
from survey.web.guests import guest
from survey.web.server import server


def told(here: Sitting) -> Told:
    """The words beside the questions."""
    return Told(here.texts, here.alone)


class AloneFilling(Filling):
    """The fillers of a page that somebody fills in alone: nothing of staff, no code, nothing that presses."""

    def fillers(self) -> Mapping[str, Callable[..., str]]:
        return {**super().fillers(), "sounds": self.sounds, "idle": self.idle}

    def saved(self) -> str:
        return str(told(self.sitting)("saved", time=self.saved_at)) if self.saved_at else ""

    def position(self) -> str:
        reachable = [page.page for page in self.sitting.instrument.pages if reachable_page(self.flow, page)]
        if self.page.page not in reachable:
            return ""
        number = reachable.index(self.page.page) + 1
        return str(told(self.sitting)("page_of", number=number, count=len(reachable)))

    def summary(self) -> str:
        if not self.problems:
            return ""
        rows = Markup("").join(
            Markup('<li><a href="#unit-{}">{}</a></li>').format(unit, self._label(unit)) for unit in self.problems
        )
        return Markup('<section class="summary" tabindex="-1" id="summary"><h2>{}</h2><ul>{}</ul></section>').format(
            told(self.sitting)("look_again"), rows
        )

    def message(self) -> str:
        return ""

    def go_on(self) -> str:
        if not self.may_go_on:
            return ""
        return Markup('<button class="button quiet" name="go" value="on">{}</button>').format(
            told(self.sitting)("later")
        )

    def sounds(self) -> str:
        """Text key -> address of its recording, as JSON in an attribute, for what stands on the page."""
        here = self.sitting
        names = {question.name for question in self.page.questions} | {unit.name for unit in self.page.units()}
        lists = {question.choices_key for question in self.page.questions if question.options}
        keys = [
            key
            for key in here.instrument.texts
            if key.startswith(f"pages/{self.page.page}/")
            or key.split("/", 1)[0] in names
            or key.rsplit("/", 1)[0] in lists
        ]
        with server().reading() as reading:
            return str(escape(json.dumps(sounds(server().library, reading, here.texts, keys))))

    def idle(self) -> str:
        """After how many seconds without a sign of life a device at hand goes back to a calm page; "" for a link."""
        visitor = guest()
        return str(int(server().settings.idle.total_seconds())) if visitor and visitor.kiosk else ""


def saved_alone(
    here: Sitting, session: Session, kind: Kind, page: Page, values: Mapping[Key, Any], sent: Mapping[str, str]
) -> Sitting:
    """The sitting after saving. Where another device of the same person changed the same, the last word counts: that is
    what was filled in last, whenever it came.

    Both stay on record; a page with two versions to choose from would be one question too many. Raises what saving
    does, but for Conflict.
    """
    after, conflict = saved_but_conflicts(here, session, kind, page, values, sent)
    if conflict is None:
        return after
    now = server().now()
    at = here.filled_in(sent) or now
    set_aside(session, after, page, {one.key: one.mine for one in conflict.differences if one.at > at})
    mine = {one.key: one.mine for one in conflict.differences if one.at <= at}
    newest = {**sent, "base": str(after.record.version)}
    return after.saved(session, kind, page, mine, newest)


def end_page(here: Sitting, wrong: list[tuple[Page, str, str]], left: list[tuple[Page, str]]) -> str:
    """The last page: what needs another look, what is open, and handing in. `wrong`: page, unit and what is said of it;
    `left`: page and unit."""
    reachable = [page for page in here.instrument.pages if reachable_page(here.flow, page)]
    back = reachable[-1].page if reachable else None
    return render_template("alone/end.html", here=here, told=told(here), wrong=wrong, left=left, back=back)


def beginning() -> str:
    """The address of the calm page from which one goes on."""
    return url_for("link.here")
