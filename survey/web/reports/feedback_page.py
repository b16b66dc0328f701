"""What a coach's own feedback says: each thing about the own work beside the mean of others, on one sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.model import Instrument
from survey.instruments.protocols.model import said
from survey.measures.feedback import LEAST_OTHERS, Line, feedback, own_waves
from survey.measures.fidelity.result import Found
from survey.storage import course, protocols, studies
from survey.storage.evidence import evidence_of
from survey.storage.tables import Study
from survey.web.reports.charts.dots import DotRow, dots
from survey.web.reports.charts.drawing import Both
from survey.web.reports.declared import model_of
from survey.web.reports.fidelity_words import percents
from survey.web.reports.figures import NOTHING, figure
from survey.web.research.progress_page import wave_titles
from survey.web.server import server


@dataclass(frozen=True)
class Row:
    """One thing, in words: what it belongs to and what it is, how it was answered, and the figures."""

    about: str
    words: str
    answered: str
    own: str
    before: str
    others: str
    number: int


@dataclass(frozen=True)
class FeedbackPage:
    """The sheet of one moment. `moments`: the waves with an own questionnaire, code and title, in order."""

    wave: str
    moment: str
    before: str | None
    moments: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    chart: Both
    of_team: bool
    least: int = LEAST_OTHERS

    @property
    def compared(self) -> bool:
        """Whether there is anything of colleagues to show."""
        return any(row.number for row in self.rows)


def own_questionnaires() -> dict[str, Instrument]:
    """What coaches fill in about their own work: the newest version of each, by id."""
    known = server().library.newest
    return {name: one for name, one in known.items() if one.about == "person" and one.role == "coach"}


def feedback_page(session: Session, study: Study, coach: str, asked: str, language: str) -> FeedbackPage | None:
    """The sheet of a coach (a code) at the wave that is asked for, else at the last one; None without a questionnaire.

    `language`: that of the request.
    """
    here, protocol = server(), protocols.protocol_of(session, study.id)
    instruments, model = own_questionnaires(), model_of(protocol)
    today = course.today_in(session, study.id, here.now())
    evidence = evidence_of(session, here.measures, here.library, study.id, list(instruments), protocol, today)
    waves = studies.waves(session, study.id)
    there = own_waves(evidence, coach, [wave.code for wave in waves])
    until = there.index(asked) + 1 if asked in there else len(there)
    found = feedback(model, instruments, evidence, coach, there[:until])
    if found is None:
        return None
    titles = wave_titles(waves, protocol, language)
    lines = [*found.of_model, *found.of_scores]
    rows = [_row(line, model, language) for line in lines]
    return FeedbackPage(
        found.wave,
        titles[found.wave],
        titles[found.before] if found.before else None,
        [(code, titles[code]) for code in there],
        rows,
        _chart(lines, rows, titles[found.before] if found.before else ""),
        found.of_team,
    )


def _row(line: Line, model: FidelityModel | None, language: str) -> Row:
    about, words = _words(line, model, language)
    others = figure(line.others.mean, 1) if line.others else NOTHING
    number = line.others.number if line.others else 0
    answered = answer_words(line.found) if line.found else ""
    return Row(about, words, answered, figure(line.own, 1), figure(line.before, 1), others, number)


def _words(line: Line, model: FidelityModel | None, language: str) -> tuple[str, str]:
    if model is not None and line.indicator is not None and line.requirement is not None:
        indicator = model.indicators[line.indicator]
        return said(indicator.title, language), said(indicator.requirements[line.requirement].title, language)
    here = server()
    texts = here.library.texts(here.library.newest[line.instrument or ""], language)
    return texts["title"].words, texts[f"scores/{line.score}/title"].words


def answer_words(found: Found) -> str:
    """What was answered, before it became a score: "5 of 20 (25 %)", "90 minutes"."""
    if found.figure is None:
        return ""
    if found.unit == "percent" and found.out_of:
        counted = gettext("%(part)s of %(of)s", part=figure(found.count, 0), of=figure(found.out_of, 0))
        return f"{counted} ({percents(found.figure)})"
    if found.unit == "percent":
        return percents(found.figure)
    if found.unit == "participants":
        return str(ngettext("%(num)d participant", "%(num)d participants", round(found.figure)))
    return ""


def _chart(lines: Sequence[Line], rows: Sequence[Row], before: str) -> Both:
    placed = [_dot(line, row, before) for line, row in zip(lines, rows, strict=True)]
    signs: Mapping[str, str] = {"plain": gettext("you"), "unknown": gettext("no figure")}
    lowest = min((line.lowest for line in lines), default=1.0)
    highest = max((line.highest for line in lines), default=5.0)
    return dots(placed, signs, lowest=lowest, highest=highest, beside=gettext("mean of colleagues"), roomy=True)


def _dot(line: Line, row: Row, before: str) -> DotRow:
    beside = line.others.mean if line.others else None
    note = [row.answered] if row.answered else []
    if line.before is not None:
        note.append(f"{before} {row.before}")
    if line.others is not None:
        note.append(gettext("colleagues %(figure)s (%(number)d)", figure=row.others, number=row.number))
    return DotRow(row.words, line.own, row.own, note=" · ".join(note), beside=beside)
