"""Taking answers from one page: what is still wrong with them before the next page may come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.answers.flow import Flow
from survey.instruments import expressions
from survey.instruments.errors import Invalid
from survey.instruments.kinds.question import Raw, Unit
from survey.instruments.model import Page

REASON_PART = "!"
"""Where a draft keeps the missing reason that was chosen beside what was typed."""


@dataclass(frozen=True)
class Taken:
    """What one unit's inputs hold: an answer (a missing reason, None), or what was typed and why it is no answer."""

    answer: Any = None
    draft: Raw | None = None
    invalid: Invalid | None = None


def take(unit: Unit, raw: Raw, missing: str = "", *, corrects: bool = False) -> Taken:
    """The answer in a unit's inputs. `missing` is the reason that was chosen, "" for none.

    `corrects`: a correction after submission, where "technical" may be given as the reason too.
    """
    allowed = (*unit.missing, "technical") if corrects else unit.missing
    reason = missing if missing in allowed else ""
    typed = {part: list(values) for part, values in raw.items()}
    if reason:
        if any(text.strip() for values in typed.values() for text in values):
            return Taken(draft=typed | {REASON_PART: [reason]}, invalid=Invalid("answer.and_reason"))
        return Taken(answer={"missing": reason})
    try:
        return Taken(answer=unit.parse(raw))
    except Invalid as invalid:
        return Taken(draft=typed, invalid=invalid)


def invalid_draft(unit: Unit, draft: Raw) -> Invalid:
    """Why a kept draft is no answer yet."""
    if REASON_PART not in draft:
        try:
            unit.parse(draft)
        except Invalid as invalid:
            return invalid
    return Invalid("answer.and_reason")


def problems(flow: Flow, page: Page, drafts: Mapping[str, Raw]) -> dict[str, Invalid]:
    """Unit name -> what is wrong with a page: drafts that are no answers, required answers, failed checks.

    A check's message is the definition's own: Invalid("check.failed", question=...).
    """
    found: dict[str, Invalid] = {}
    asked = flow.asked_on(page)
    for name in asked:
        unit = flow.instrument.units[name]
        if name in drafts:
            found[name] = invalid_draft(unit, drafts[name])
        elif unit.question.required and name not in flow.answers and unit.role != "other":
            found[name] = Invalid("answer.required") if unit.missing else Invalid("answer.only")
    for question in page.questions:
        if question.check is None or question.name not in flow.relevant:
            continue
        expression = expressions.parse(question.check.that)
        if expression.evaluate(flow.scope) is False:
            at = next((name for name in asked if name in {unit.name for unit in question.units()}), None)
            if at is not None and at not in found:
                found[at] = Invalid("check.failed", question=question.name)
    return found
