"""The tables that report on a whole study: Fidelity, Change and Agreement, computed as the pages compute them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from exports import agreement_sheet, change_sheet, fidelity_sheet
from exports.interpreting_words import in_language
from exports.tables import Spool, Table
from survey.instruments.fidelity.collection import read_models
from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.library import Library
from survey.instruments.protocols.model import Protocol
from survey.measures.agreement import agreement
from survey.measures.change import change
from survey.measures.fidelity.evidence import Evidence, Reach
from survey.measures.fidelity.model_applied import fidelity, waves_with_evidence
from survey.measures.fidelity.result import Fidelity
from survey.storage import studies
from survey.storage.agreed import Observed, observed
from survey.storage.course import today_in
from survey.storage.evidence import evidence_of
from survey.storage.measured import Measures
from survey.storage.protocols import protocol_of
from survey.storage.reading import Selection
from survey.storage.scopes import Scope


@dataclass(frozen=True)
class Reporting:
    """Of which study, for which selection; `spool` makes a place for rows, `language` is that of the
    words, `now` is the moment at which it is looked at."""

    session: Session
    library: Library
    selection: Selection
    spool: Callable[[], Spool]
    language: str
    now: datetime.datetime

    @property
    def teams(self) -> Scope:
        """The teams (ids) within which everything is; None: all."""
        return None if self.selection.teams is None else frozenset(self.selection.teams)

    def tables(self) -> Iterator[Table]:
        """What there is to report of this study; nothing where a single response was chosen."""
        if self.selection.response is not None:
            return
        protocol, measures = protocol_of(self.session, self.selection.study_id), Measures()
        if protocol is not None:
            yield from self._fidelity(protocol, measures)
            yield from self._change(protocol, measures)
        yield from self._agreement()

    def _fidelity(self, protocol: Protocol, measures: Measures) -> Iterator[Table]:
        """Fidelity; none where the protocol names no model, and where only some instruments were chosen: a part of the
        evidence would give other figures."""
        if protocol.fidelity is None or self.selection.instruments is not None:
            return
        model = read_models(self.library).get(protocol.fidelity)
        if model is None:
            return
        evidence = evidence_of(
            self.session, measures, self.library, self.selection.study_id, model.instruments, protocol,
            today_in(self.session, self.selection.study_id, self.now), self.teams, self.selection.but_meetings,
        )  # fmt: skip
        results = list(self._results(model, evidence))
        yield from fidelity_sheet.tables(fidelity_sheet.Told(model, results, self.language), self.spool)

    def _results(self, model: FidelityModel, evidence: Evidence) -> Iterator[Fidelity]:
        codes = [wave.code for wave in studies.waves(self.session, self.selection.study_id)]
        waves = [wave for wave in waves_with_evidence(evidence, model, codes) if self._has(wave)]
        coached = {name for name, one in self.library.newest.items() if one.role == "coach"}
        teams = sorted({one.team for one in evidence.measurements if one.team is not None})
        coaches = sorted({one.subject for one in evidence.measurements if one.instrument in coached})
        reaches = [Reach(), *(Reach(team=team) for team in teams), *(Reach(coach=coach) for coach in coaches)]
        for reach in reaches:
            for wave in reversed(waves):
                found = fidelity(model, self.library.newest, evidence, wave, reach)
                if not found.empty:
                    yield found

    def _change(self, protocol: Protocol, measures: Measures) -> Iterator[Table]:
        """Change and Pairs; none where the protocol declared no outcomes, or where what they need was not chosen."""
        outcomes = protocol.outcomes
        if outcomes is None or not (self._has(outcomes.first) and self._has(outcomes.last)):
            return
        instrument = self.library.newest.get(outcomes.instrument)
        chosen = self.selection.instruments
        if instrument is None or (chosen is not None and outcomes.instrument not in chosen):
            return
        measurements = measures.read(
            self.session, self.library, self.selection.study_id, outcomes.instrument, self.teams
        )
        report = change(measurements, outcomes, tuple(protocol.arms), instrument=instrument)
        texts = self.library.texts(instrument, self.language)
        reported = change_sheet.Reported(report, instrument, texts, self.language)
        yield from change_sheet.tables(reported, self.spool(), self.spool())

    def _agreement(self) -> Iterator[Table]:
        """Agreement; none where no meeting is observed."""
        selection = self.selection
        found = [
            one
            for one in observed(self.session, self.library, selection.study_id, self.teams, selection.but_meetings)
            if selection.instruments is None or one.instrument in selection.instruments
        ]
        if not found:
            return
        rows = self.spool()
        for one in found:
            self._agreed(one, rows)
        yield Table(
            "Agreement", "agreement", agreement_sheet.SAID, agreement_sheet.FIELDS, rows, 3,
            above=in_language(agreement_sheet.NOTES, self.language),
            empty=in_language(agreement_sheet.EMPTY, self.language),
        )  # fmt: skip

    def _agreed(self, one: Observed, rows: Spool) -> None:
        pairs = [pair.pair for pair in one.pairs if self._has(pair.wave)]
        if pairs:
            texts = self.library.texts(self.library.newest[one.instrument], self.language)
            rows.extend(agreement_sheet.rows(one.instrument, agreement(pairs), texts))

    def _has(self, wave: str) -> bool:
        return self.selection.waves is None or wave in self.selection.waves
