"""What an organisation says about how accessible its server is: a small file, and the status that follows."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from survey.web.settings import SettingsError

RESEARCH_HOLDS = datetime.timedelta(days=3 * 365)
"""How long a research report counts."""

PLANNED_WITHIN = datetime.timedelta(days=183)
"""How soon after the approval research must be planned for status C, and how long that status then holds."""

TEXTS = (
    "organisation", "email", "telephone", "complaints", "approved_by", "function", "register", "researched_by",
    "report",
)  # fmt: skip
DATES = ("approved_on", "research_planned", "researched_on")


@dataclass(frozen=True)
class Statement:
    """What stands in the file; "" and None where nothing does. `open`: criteria that the research found not met."""

    organisation: str = ""
    email: str = ""
    telephone: str = ""
    complaints: str = ""
    approved_by: str = ""
    function: str = ""
    register: str = ""
    approved_on: datetime.date | None = None
    research_planned: datetime.date | None = None
    researched_by: str = ""
    researched_on: datetime.date | None = None
    report: str = ""
    open: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What must be filled in before this is anybody's statement, by the names in the file."""
        needed = ("organisation", "email", "approved_by", "function", "approved_on")
        return tuple(name for name in needed if not getattr(self, name))

    def status(self, today: datetime.date) -> str:
        """A to E, as the Dutch register has them.

        E: there is no statement. A and B: all of it was researched by WCAG-EM less than three years ago, and nothing
        or something was found. C: that is planned within half a year of the approval. D: neither.
        Source: digitoegankelijk.nl, the page about the status of a statement.
        """
        if self.missing or self.approved_on is None:
            return "E"
        if self.researched_on and self.report and today - self.researched_on <= RESEARCH_HOLDS:
            return "B" if self.open else "A"
        if self.research_planned and self.research_planned - self.approved_on <= PLANNED_WITHIN:
            return "C" if today - self.approved_on <= PLANNED_WITHIN else "D"
        return "D"


def read_statement(path: Path | None) -> Statement:
    """The statement in a file; an empty one where there is none. Raises SettingsError for one that cannot be meant."""
    if path is None or not path.exists():
        return Statement()
    try:
        written: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    wrong = [name for name in written if name not in (*TEXTS, *DATES, "open")]
    wrong += [name for name in TEXTS if not isinstance(written.get(name, ""), str)]
    wrong += [name for name in DATES if not isinstance(written.get(name, datetime.date.min), datetime.date)]
    found = written.get("open", [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        wrong.append("open")
    for name in ("register", "report", "complaints"):
        if not str(written.get(name, "https://")).startswith(("https://", "http://")):
            wrong.append(name)
    if wrong:
        raise SettingsError(f"{path}: wrong or unknown: {', '.join(dict.fromkeys(wrong))}; see docs/accessibility.md")
    return Statement(**written | {"open": tuple(found)})
