"""The whole report in one document: what it rests on, and each page of the report as a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.reports.agreement_page import agreement_page
from survey.web.reports.change_page import ChangePage, change_page
from survey.web.reports.coding.open_answers_page import open_answers_page
from survey.web.reports.fidelity_page import fidelity_page
from survey.web.reports.pages import PAGES
from survey.web.reports.report_facts import ReportFacts, report_facts
from survey.web.reports.response_page import response_page
from survey.web.reports.scales_page import scales_page

MAKERS: Mapping[str, Callable[[Session, Study, Scope, str], Any]] = {
    "response": response_page,
    "fidelity": fidelity_page,
    "scales": scales_page,
    "change": change_page,
    "agreement": agreement_page,
    "open_answers": open_answers_page,
}
"""Name of a page -> what makes it. Its template is reports/parts/_<name>.html, with a macro `body`."""


@dataclass(frozen=True)
class Part:
    """One page of the report as a part of the whole: its name, its title, and what its template draws."""

    name: str
    title: str
    page: Any


@dataclass(frozen=True)
class Report:
    """The document, in the language in which it was made."""

    facts: ReportFacts
    parts: Sequence[Part]

    @property
    def change(self) -> ChangePage:
        """The part on change: what it says of what can be found stands first in the whole."""
        found: ChangePage = next(part.page for part in self.parts if part.name == "change")
        return found


def report(session: Session, study: Study, teams: Scope, language: str) -> Report:
    """All parts over these teams (None: the whole study), in the order of the report's pages."""
    named = [(endpoint.split(".")[1], str(words)) for endpoint, words in PAGES]
    parts = [
        Part(name, words, MAKERS[name](session, study, teams, language)) for name, words in named if name in MAKERS
    ]
    return Report(report_facts(session, study, teams, language), parts)
