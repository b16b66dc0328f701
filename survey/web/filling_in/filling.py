"""What stands in the slots of a prepared page: answers, notes, errors, and what is hidden."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from flask import url_for
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from survey.answers.flow import Flow, progress, reachable_page, reason
from survey.answers.taking import REASON_PART
from survey.forms.interpreting import interpreter_words
from survey.instruments import expressions
from survey.instruments.errors import Invalid
from survey.instruments.kinds.question import Raw
from survey.instruments.kinds.scale import Scale
from survey.instruments.model import Page
from survey.web.access import me
from survey.web.filling_in.sitting import Sitting
from survey.web.filling_in.subject import Subject

Shown = tuple[Raw, str]
"""What one unit's inputs hold: the strings by part, and the missing reason."""

NOTHING: Shown = ({}, "")


class Filling:
    """The fillers of one page for one response.

    `problems` are shown beside their questions and in a summary on top. `typed` are inputs as they were sent, where
    they must be shown again instead of what is stored.
    """

    def __init__(
        self,
        sitting: Sitting,
        page: Page,
        *,
        subject: Subject,
        saved_at: str,
        problems: Mapping[str, Invalid] | None = None,
        message: str = "",
        reason_given: str = "",
        may_go_on: bool = False,
        queried: Mapping[str, str] = {},
        last_time: Mapping[str, str] = {},
    ) -> None:
        self.sitting = sitting
        self.page = page
        self.flow = sitting.flow
        self.placed = subject
        self.saved_at = saved_at
        self.problems = problems or {}
        self.message_text = message
        self.reason_given = reason_given
        self.may_go_on = may_go_on
        self._queried = queried
        self._last_time = last_time
        self._addresses: dict[str, str] = {}
        self._units = sitting.instrument.units
        self._shown = {unit.name: self._shown_in(unit.name) for unit in page.units()}

    def fillers(self) -> Mapping[str, Callable[..., str]]:
        """Filler name -> what fills its slots."""
        return {
            name: getattr(self, name)
            for name in (
                [
                    "csrf",
                    "address",
                    "base",
                    "shown",
                    "person",
                    "subject",
                    "company",
                    "paired",
                    "relayed",
                    "saved",
                    "progress",
                    "position",
                    "summary",
                    "message",
                    "value",
                    "checked",
                    "reason",
                    "error",
                    "invalid",
                    "hidden",
                    "hidden_unit",
                    "note",
                    "note_open",
                    "queried",
                    "last_time",
                    "earlier",
                    "correction",
                    "go_on",
                ]
            )
        }

    def _shown_in(self, unit: str) -> Shown:
        record = self.sitting.record
        if unit in record.drafts:
            draft = record.drafts[unit]
            return draft, "".join(draft.get(REASON_PART, ()))
        answer = record.answers.get(unit)
        if answer is None:
            return NOTHING
        why = reason(answer)
        return ({}, why) if why else (self._units[unit].show(answer), "")

    def value(self, unit: str, part: str) -> str:
        """The text of an input."""
        strings = self._shown[unit][0].get(part)
        return str(escape(strings[0])) if strings else ""

    def checked(self, unit: str, code: str) -> str:
        """Whether an option is chosen."""
        return " checked" if code in self._shown[unit][0].get("", ()) else ""

    def reason(self, unit: str, why: str) -> str:
        """Whether a missing reason is chosen; "" means none."""
        return " checked" if self._shown[unit][1] == why and (why or not self._shown[unit][0]) else ""

    def error(self, unit: str) -> str:
        """The sentence beside a unit that needs another look."""
        invalid = self.problems.get(unit)
        return str(escape(self.sitting.message(invalid))) if invalid else ""

    def invalid(self, unit: str) -> str:
        """The mark on a unit's inputs that they need another look."""
        return ' aria-invalid="true"' if unit in self.problems else ""

    def hidden(self, question: str) -> str:
        """Whether a question is not asked for now."""
        return "" if question in self.flow.relevant else " hidden"

    def hidden_unit(self, unit: str) -> str:
        """Whether a row or a namely-text is not asked for now."""
        return "" if unit in self.flow.on_path else " hidden"

    def note(self, question: str) -> str:
        """The interviewer's note."""
        return str(escape(self.sitting.record.notes.get(question, "")))

    def note_open(self, question: str) -> str:
        """Whether the note stands open: where there is one."""
        return " open" if self.sitting.record.notes.get(question) else ""

    def queried(self, question: str) -> str:
        """What researchers ask about a question, as markup: for who fills in, and signed in."""
        return self._queried.get(question, "")

    def last_time(self, unit: str) -> str:
        """What was answered at an earlier wave, as markup: where the definition lets the interviewer see it."""
        return self._last_time.get(unit, "")

    def csrf(self) -> str:
        """The token that proves that the form is ours."""
        return generate_csrf()

    def address(self, endpoint: str) -> str:
        """An address of this response. A page asks for the same few many times."""
        if endpoint not in self._addresses:
            self._addresses[endpoint] = url_for(endpoint, token=self.sitting.record.token)
        return self._addresses[endpoint]

    def base(self) -> str:
        """The version of the response that this page shows."""
        return str(self.sitting.record.version)

    def shown(self) -> str:
        """What is visible now, so that what becomes relevant is noticed without a script."""
        return " ".join(visible(self.flow, self.page))

    def person(self) -> str:
        """The code of who is signed in: what stands on the page is not saved under another person's name."""
        return str(escape(me().code))

    def subject(self) -> str:
        """Whose response this is."""
        return str(escape(self.placed.code))

    def company(self) -> str:
        """Who interprets now, as the way to change it."""
        if self.placed.interpreter is None:
            return str(escape(gettext("Who is there?")))
        return str(escape(interpreter_words(self.placed.interpreter, self.placed.mode)))

    def paired(self) -> str:
        """Whether there is, or was, something for the participant to tap on, so that the page asks what was tapped."""
        return "1" if self.placed.tapping else ""

    def relayed(self, question: str, code: str) -> str:
        """Whether a code of how a question was relayed is there."""
        return " checked" if code in self.sitting.record.relay.get(question, ()) else ""

    def saved(self) -> str:
        """Since when everything is saved."""
        if not self.saved_at:
            return str(escape(gettext("nothing filled in yet")))
        return str(escape(gettext("safe at %(time)s", time=self.saved_at)))

    def progress(self) -> str:
        """How far the interview is, in whole percents."""
        return str(progress(self.flow, self.sitting.record.drafts).percent)

    def position(self) -> str:
        """Which of the reachable pages this is."""
        reachable = [page.page for page in self.sitting.instrument.pages if reachable_page(self.flow, page)]
        if self.page.page not in reachable:
            return ""
        text = gettext("Page %(number)s of %(count)s", number=reachable.index(self.page.page) + 1, count=len(reachable))
        return str(escape(text))

    def summary(self) -> str:
        """The list of what needs another look, on top of the page."""
        if not self.problems:
            return ""
        count = len(self.problems)
        title = ngettext("%(num)d question needs another look", "%(num)d questions need another look", count)
        rows = Markup("").join(
            Markup('<li><a href="#unit-{}">{}</a>: {}</li>').format(
                unit, self._label(unit), self.sitting.message(invalid)
            )
            for unit, invalid in self.problems.items()
        )
        return Markup('<section class="summary" tabindex="-1" id="summary"><h2>{}</h2><ul>{}</ul></section>').format(
            title, rows
        )

    def _label(self, unit: str) -> str:
        return self.sitting.texts[self._units[unit].key].words

    def message(self) -> str:
        """A word from the server about what was just done."""
        return Markup('<p class="message" role="status">{}</p>').format(self.message_text) if self.message_text else ""

    def go_on(self) -> str:
        """The way on when something is still open: nobody is held on a page."""
        if not self.may_go_on:
            return ""
        return Markup('<button class="button quiet" name="go" value="on">{}</button>').format(
            gettext("Go on, look later")
        )

    def correction(self) -> str:
        """The reason for a correction, as it was typed."""
        return str(escape(self.reason_given))

    def earlier(self) -> str:
        """The answers on other pages to which conditions of this page refer, as JSON in an attribute."""
        here = {unit.name for unit in self.page.units()}
        names = _names_in_conditions(self.page) - here
        return str(
            escape(json.dumps({name: self.flow.scope[name] for name in sorted(names) if name in self.flow.scope}))
        )


def visible(flow: Flow, page: Page) -> dict[str, str]:
    """The name of each question, row and namely-text of a page that is asked for now -> its question's name."""
    found: dict[str, str] = {}
    for question in page.questions:
        if question.name in flow.relevant:
            found[question.name] = question.name
            found |= {unit.name: question.name for unit in question.units() if unit.name in flow.on_path}
    return found


def _names_in_conditions(page: Page) -> set[str]:
    names: set[str] = set()
    for question in page.questions:
        sources = (
            [question.when, *(item.when for item in question.items.values())]
            if isinstance(question, Scale)
            else [question.when]
        )
        for source in sources:
            if source:
                names |= expressions.parse(source).names
    return names
