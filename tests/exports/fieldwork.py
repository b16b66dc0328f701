"""Fieldwork in a few lines: definitions as files, responses through storage, and the sheets of an export."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import openpyxl
from sqlalchemy import select

from exports.formats import Written, write
from survey.instruments.library import Library, Shelf
from survey.storage import studies
from survey.storage.database import Database
from survey.storage.reading import Selection
from survey.storage.record import Saving
from survey.storage.responses import Opening, open_response, response, save, submit
from survey.storage.tables import Participant, Person

START = datetime.datetime(2023, 4, 1, 12, 3, tzinfo=datetime.UTC)
META = 40
"""So many columns stand before the variables."""

HEAD = """\
instrument: {name}
version: {version}
language: nl
title: Klein
about: participant
role: interviewer
purpose: Iets proberen.
"""


@dataclass
class Fieldwork:
    """A study with two waves in a database, and a folder for definitions and exports."""

    database: Database
    folder: Path
    study: int
    waves: dict[str, int]
    ilse: int

    def define(self, rest: str, version: int = 1, name: str = "small") -> None:
        """Write a definition: the rest of the file behind its head."""
        path = self.folder / "instruments" / name / f"v{version}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD.format(name=name, version=version) + dedent(rest))

    def ask(self, questions: str, version: int = 1, name: str = "small") -> None:
        """Write a definition of one page with these questions, one a line."""
        lines = "".join(f"  - {{{line.strip()}}}\n" for line in questions.strip().splitlines())
        self.define(f"pages:\n- page: one\n  title: Een\n  questions:\n{lines}", version, name)

    @property
    def library(self) -> Library:
        return Library([Shelf(self.folder, self.folder / "translations")])

    def said(
        self, answers: Mapping[str, Any], who: str = "P01", wave: str = "t0", *, done: bool = False, **of: Any
    ) -> str:
        """The token of a response into which these answers were saved. `of`: instrument and version."""
        with self.database.writing() as session:
            row = session.scalar(select(Participant).where(Participant.code == who))
            if row is None:
                row = Participant(study_id=self.study, code=who, registered_at=START, registered_by=self.ilse)
                session.add(row)
                session.flush()
            opening = Opening(
                self.study, self.waves[wave], of.get("instrument", "small"), of.get("version", 1), self.ilse, "nl",
                participant_id=row.id,
            )  # fmt: skip
            token = open_response(session, opening, START)
            record = response(session, token, for_writing=True)
            assert record is not None
            values = {("answers", name): value for name, value in answers.items()}
            saving = Saving("page", "one", self.ilse, record.version, values)  # type: ignore[arg-type]
            later = START + datetime.timedelta(minutes=7)
            (submit if done else save)(session, record, saving, later)
        return token

    def export(self, name: str = "out.xlsx", *, language: str | None = None, **selection: Any) -> Written:
        """Write an export of the study."""
        chosen = Selection(self.study, **selection)
        return write(
            self.database, self.library, chosen, self.folder / name, now=START, by="ILS-222", language=language
        )

    def sheets(self, **more: Any) -> dict[str, list[tuple[Any, ...]]]:
        """The cells of every sheet of an export, as openpyxl reads them."""
        workbook = openpyxl.load_workbook(self.export(**more).path)
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets}

    def table(self, sheet: str = "Data", **more: Any) -> list[tuple[Any, ...]]:
        """The variables of a sheet, heading first, without the columns that stand before them."""
        return [row[META:] for row in self.sheets(**more)[sheet]]


def made(database: Database, folder: Path) -> Fieldwork:
    """A study without responses."""
    with database.writing() as session:
        ilse = Person(name="ilse", code="ILS-222", password_hash="", made_at=START, language="nl", admin=False)
        session.add(ilse)
        session.flush()
        study = studies.add_study(session, "demo", "The demo study", [("t0", "Start"), ("t1", "Later")], START)
        waves = {wave.code: wave.id for wave in studies.waves(session, study)}
        return Fieldwork(database, folder, study, waves, ilse.id)
