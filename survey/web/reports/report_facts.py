"""What a report rests on: of whom it is, on which day, by which software, definitions, protocol and models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_date
from sqlalchemy.orm import Session

from exports.collecting import software
from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.protocols.model import Protocol, said
from survey.instruments.reading import sha256
from survey.storage import course, protocols, reading
from survey.storage.meetings import blind_in
from survey.storage.reading import Selection
from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.reports.declared import model_of
from survey.web.server import server
from survey.web.titles import title_of

SHOWN = 16
"""So many letters of a fingerprint tell two definitions apart on paper; the downloads have all 64."""


@dataclass(frozen=True)
class Definition:
    """One version of a questionnaire of which something was handed in. `fingerprint` is empty where it is not here."""

    title: str
    name: str
    version: int
    fingerprint: str
    handed_in: int


@dataclass(frozen=True)
class Rests:
    """A document beside the questionnaires: what it is called, its version, and its fingerprint if it is known."""

    title: str
    name: str
    version: int
    fingerprint: str = ""


@dataclass(frozen=True)
class ReportFacts:
    """The first page. `teams`: titles, none for the whole study. `provisional`: the requirements of the fidelity model
    that are scored by limits that nobody published, of so many `requirements`. `waiting`: meetings left out, since
    their reader observes and has not compared yet."""

    study: str
    on: str
    by: str
    software: str
    teams: Sequence[str]
    protocol: Rests | None
    model: Rests | None
    code_book: Rests | None
    definitions: Sequence[Definition]
    provisional: Sequence[str]
    requirements: int
    waiting: int


def report_facts(session: Session, study: Study, teams: Scope, language: str) -> ReportFacts:
    """The first page of a report over these teams (None: the whole study), in the language of the request."""
    here, protocol = server(), protocols.protocol_of(session, study.id)
    model, blind = model_of(protocol), blind_in(session, study.id, me().id)
    titles = [] if teams is None else [team.title for team in protocols.teams(session, study.id, teams)]
    today = course.today_in(session, study.id, here.now())
    return ReportFacts(
        study.title,
        str(format_date(today, "d MMMM yyyy")),
        me().code,
        software().capitalize(),
        titles,
        _protocol(session, study, protocol, language),
        Rests(said(model.title, language), model.fidelity, model.version) if model is not None else None,
        _code_book(protocol, language),
        _definitions(session, study, teams, blind),
        _provisional(model, language) if model is not None else (),
        sum(len(one.requirements) for one in model.indicators.values()) if model is not None else 0,
        len(blind),
    )


def _protocol(session: Session, study: Study, protocol: Protocol | None, language: str) -> Rests | None:
    if protocol is None:
        return None
    newest = protocols.adopted(session, study.id)[0]
    return Rests(said(protocol.title, language), newest.protocol, newest.version, newest.sha256[:SHOWN])


def _code_book(protocol: Protocol | None, language: str) -> Rests | None:
    book = server().code_books.get(protocol.code_book) if protocol is not None and protocol.code_book else None
    return Rests(said(book.title, language), book.code_book, book.version) if book is not None else None


def _definitions(session: Session, study: Study, teams: Scope, blind: tuple[int, ...]) -> list[Definition]:
    library = server().library
    narrowed = None if teams is None else tuple(sorted(teams))
    selection = Selection(study.id, teams=narrowed, submitted_only=True, but_meetings=blind)
    handed_in: dict[tuple[str, int], int] = {}
    for one in reading.counts(session, selection):
        key = (one.instrument, one.version)
        handed_in[key] = handed_in.get(key, 0) + one.submitted
    return [
        Definition(
            title_of(name), name, number,
            sha256(library.files[name, number])[:SHOWN] if (name, number) in library.files else "", count,
        )
        for (name, number), count in handed_in.items()
    ]  # fmt: skip


def _provisional(model: FidelityModel, language: str) -> list[str]:
    """The requirements whose first evidence is scored by limits without a source."""
    found = []
    for indicator in model.indicators.values():
        for requirement in indicator.requirements.values():
            if requirement.evidence and model.judged(requirement.evidence[0]).provisional:
                found.append(said(requirement.title, language))
    return found
