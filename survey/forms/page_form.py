"""One page of an instrument as a Flask-WTF form: a field per unit, whatever its kind."""

from __future__ import annotations

from typing import Any

from wtforms import Field

from survey.answers.document import Key
from survey.answers.relay import tidied
from survey.answers.taking import Taken, take
from survey.forms.own_wording import OwnWording
from survey.instruments.kinds.question import Unit
from survey.instruments.model import Page

ANSWER, REASON, NOTE, RELAYED = "q_", "m_", "n_", "r_"
"""Prefixes of input names: a question called "data" or "validate" would break a form otherwise."""

MISSING_SIGN = "!"
"""In a group of radio buttons a missing reason stands among the options, as "!refused"."""

NOTE_LIMIT = 5000


class UnitField(Field):
    """The inputs of one unit: `q_<unit>`, or `q_<unit>.<part>` for each part, and `m_<unit>` for the missing reason.

    `taken` is what they hold; nothing here raises, since what was typed must be kept either way.
    """

    def __init__(self, unit: Unit, **options: Any) -> None:
        super().__init__(**options)
        self.unit = unit
        self.taken = Taken()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        if formdata is None:
            return
        raw: dict[str, list[str]] = {}
        prefix = f"{self.name}."
        if self.name in formdata:
            raw[""] = formdata.getlist(self.name)
        for name in formdata:
            if name.startswith(prefix):
                raw[name[len(prefix) :]] = formdata.getlist(name)
        beside = f"{REASON}{self.unit.name}"
        # MultiDict.get raises and catches an exception for what is absent, on every input of every page.
        reason = formdata[beside] if beside in formdata else ""  # noqa: SIM401
        main = raw.get("", [])
        if main and main[0].startswith(MISSING_SIGN) and self.unit.question.options:
            reason, raw = main[0][len(MISSING_SIGN) :], {}
        self.taken = take(self.unit, raw, reason, corrects="reason" in formdata)


class PageForm(OwnWording):
    """What all pages share."""

    def values(self, units: set[str] | None = None) -> dict[Key, Any]:
        """What to save, by key: the answer or draft of each unit (of these units; None: of all), None to take away."""
        found: dict[Key, Any] = {}
        for field in self:
            if isinstance(field, UnitField) and (units is None or field.unit.name in units):
                found["answers", field.unit.name] = field.taken.answer
                found["drafts", field.unit.name] = field.taken.draft
        return found


def page_form(page: Page) -> type[PageForm]:
    """The form class of a page."""
    fields: dict[str, Any] = {f"{ANSWER}{unit.name}": _unit_field(unit) for unit in page.units()}
    return type("InstrumentPageForm", (PageForm,), fields)


def _unit_field(unit: Unit) -> Any:
    return UnitField(unit, name=f"{ANSWER}{unit.name}")


def relayed(formdata: Any, page: Page, names: set[str] | None = None) -> dict[Key, Any]:
    """How questions were relayed, where that was sent (of these questions; None: of all), by key."""
    found: dict[Key, Any] = {}
    for question in page.questions:
        field = f"{RELAYED}{question.name}"
        # An empty one travels along, so that taking the last code away is not the same as saying nothing.
        if field in formdata and (names is None or question.name in names):
            found["relay", question.name] = tidied(formdata.getlist(field))
    return found


def notes(formdata: Any, page: Page, names: set[str] | None = None) -> dict[Key, Any]:
    """The interviewer's notes of a page that were sent (of these questions; None: of all), by key."""
    found: dict[Key, Any] = {}
    for question in page.questions:
        field = f"{NOTE}{question.name}"
        if field in formdata and (names is None or question.name in names):
            words = formdata.get(field).replace("\r\n", "\n").strip()[:NOTE_LIMIT]
            found["notes", question.name] = words or None
    return found
