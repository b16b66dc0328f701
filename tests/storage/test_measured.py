"""What was handed in, as the measures look at it: read once, anew when it changes, and within one's teams only."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from small_instruments import HEAD
from small_study import Place, a, at
from sqlalchemy import event, select, update

from survey.answers.company import Company
from survey.instruments.library import Library, Shelf
from survey.measures.measurement import Measurement
from survey.measures.scales import Scored
from survey.storage import segments
from survey.storage.database import Database
from survey.storage.measured import Measures
from survey.storage.record import Saving
from survey.storage.responses import response, submit
from survey.storage.tables import Participant, Response, Team

REST = """
lists: {often: {1: Never, 2: Sometimes, 3: Often}}
pages:
- page: one
  title: One
  questions:
  - {kind: scale, name: items, text: How often?, choices: often, items: {first: First, second: Second}}
  - {kind: number, name: age, text: Age?}
  - {kind: open, name: words, text: In words?}
scores:
  both: {title: Both, items: [first, second], reversed: [second]}
"""
ANSWERS = {a("first"): 3, a("second"): 1, a("age"): 40, a("words"): "A lot"}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    path = tmp_path / "instruments" / "small" / "v1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + dedent(REST), encoding="utf-8")
    return Library([Shelf(tmp_path, tmp_path / "translations")])


def handed_in(place: Place, wave: int = 0, **more: Any) -> str:
    token = place.open(instrument="small", wave_id=place.waves[wave], **more)
    hand_in(place, token)
    return token


def hand_in(place: Place, token: str) -> None:
    place.save(token, ANSWERS, minute=6)
    with place.database.writing() as session:
        found = response(session, token, for_writing=True)
        assert found is not None
        saving = Saving("submit", None, place.ilse, found.version)
        submit(session, found, saving, at(7))


def read(place: Place, library: Library, measures: Measures, **which: Any) -> dict[str, Measurement]:
    with place.database.reading() as session:
        return {one.response: one for one in measures.read(session, library, place.study, "small", **which)}


class Documents:
    """Counts how often documents are read."""

    def __init__(self, database: Database) -> None:
        self.read = 0
        event.listen(database.engine, "before_cursor_execute", self._count)

    def _count(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        self.read += "response.document" in statement


def test_only_what_was_handed_in_is_measured(place: Place, library: Library) -> None:
    token, begun = handed_in(place), place.open(instrument="small")
    place.save(begun, {a("first"): 1})
    found = read(place, library, Measures())
    assert set(found) == {token}
    assert found[token].scores == {"both": Scored(3.0, 2, 2, 3.0)}
    assert dict(found[token].values) == {"first": 3, "second": 1, "age": 40}
    assert (found[token].wave, found[token].team, found[token].coach, found[token].interpreted) == (
        "t0", None, None, False,
    )  # fmt: skip


def test_it_was_interpreted_where_something_was_saved_while_somebody_did(place: Place, library: Library) -> None:
    tokens = [place.open(instrument="small") for _ in range(2)]
    for token, saved in zip(tokens, (True, False), strict=True):
        for minute, interpreter in ((0, "relative"), (4, "none")):
            with place.database.writing() as session:
                company = Company(interpreter, "phone" if interpreter != "none" else None)  # type: ignore[arg-type]
                segments.begin_segment(session, place.record(token), company, place.ilse, at(minute))
            if saved and interpreter != "none":
                place.save(token, {a("first"): 1}, minute=2)
        hand_in(place, token)
    found = read(place, library, Measures())
    assert [found[token].interpreted for token in tokens] == [True, False]


def test_only_what_changed_is_read_again_and_coaches_are_told_anew(place: Place, library: Library) -> None:
    first, second = handed_in(place), handed_in(place, wave=1)
    measures, documents = Measures(), Documents(place.database)
    before = read(place, library, measures)
    assert (read(place, library, measures), documents.read) == (before, 1)
    with place.database.writing() as session:
        theirs = select(Response.participant_id).where(Response.token == first).scalar_subquery()
        session.execute(update(Participant).where(Participant.id == theirs).values(coach_id=place.coen))
    after = read(place, library, measures)
    assert (before[first].coach, after[first].coach is not None, documents.read) == (None, True, 1)
    assert after[second] is before[second]
    place.save(first, {a("first"): 1}, kind="correction", reason="typed wrong")
    documents.read = 0
    assert read(place, library, measures)[first].scores["both"] == Scored(2.0, 2, 2, 2.0)
    assert documents.read == 1


def test_what_is_of_another_team_or_version_is_left_out(place: Place, library: Library) -> None:
    mine, other = handed_in(place), handed_in(place)
    unknown = handed_in(place, instrument_version=7)
    with place.database.writing() as session:
        team = Team(study_id=place.study, code="north", title="North", made_at=at(0))
        session.add(team)
        session.flush()
        session.execute(update(Response).where(Response.token == mine).values(team_id=team.id))
        north = team.id
    measures = Measures()
    narrowed = read(place, library, measures, teams=frozenset([north]))
    assert ({*narrowed}, narrowed[mine].team) == ({mine}, "north")
    everything = read(place, library, measures)
    assert {*everything} == {mine, other} and unknown not in everything
