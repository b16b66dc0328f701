"""Digests of many responses: read from both databases, remembered, and made again when a response changes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from small_instruments import HEAD
from small_study import Place, a, at
from sqlalchemy import event, select, update

from exports.interview import Interview
from survey.answers.company import Company
from survey.instruments.library import Library, Shelf
from survey.measures.quality import Digest, Tally
from survey.storage import segments
from survey.storage.database import Database
from survey.storage.quality import Digests, Size, Which, listed, sizes
from survey.storage.reading import Selection, exported
from survey.storage.tables import Response, Team

PAGES = """
pages:
- page: one
  title: One
  questions:
  - {kind: choice, name: housed, text: A house?, choices: {yes: Yes, no: No}}
  - {kind: number, name: rent, text: Rent?, when: housed == 'yes'}
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    path = tmp_path / "instruments" / "small" / "v1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + dedent(PAGES), encoding="utf-8")
    return Library([Shelf(tmp_path, tmp_path / "translations")])


def opened(place: Place, wave: int = 0) -> str:
    return place.open(instrument="small", wave_id=place.waves[wave])


def looked(place: Place, library: Library, digests: Digests, **which: object) -> dict[str, Digest]:
    """Token -> digest."""
    with place.database.reading() as session:
        found = digests.looked(session, library, Which(place.study, "small", **which))  # type: ignore[arg-type]
    return {one.listed.token: one.digest for one in found}


class Queries:
    """Counts the documents that are read."""

    def __init__(self, database: Database) -> None:
        self.documents = 0
        event.listen(database.engine, "before_cursor_execute", self._count)

    def _count(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        self.documents += "response.document" in statement


def test_a_digest_has_states_times_and_codes(place: Place, library: Library) -> None:
    token = opened(place)
    with place.database.writing() as session:
        company = Company("professional", "phone")
        segments.begin_segment(session, place.record(token), company, place.ilse, at(0))
    place.save(token, {a("housed"): "yes", ("relay", "housed"): ["difficulty"]}, minute=2)
    place.save(token, {a("rent"): {"missing": "refused"}}, minute=3)
    place.save(token, {a("rent"): 300}, minute=9, kind="correction", reason="typed wrong")
    digest = looked(place, library, Digests())[token]
    assert (digest.tallies, digest.seconds, digest.total) == ({"one": Tally(answered=2)}, {"one": 180.0}, 180.0)
    assert digest.relayed == {"housed": ("difficulty",), "rent": ()}


def test_an_export_says_the_same_about_time_and_interpreter(place: Place, library: Library) -> None:
    token = opened(place)
    place.save(token, {a("housed"): "yes"}, minute=2)
    with place.database.writing() as session:
        company = Company("peer", "video")
        segments.begin_segment(session, place.record(token), company, place.ilse, at(3))
    place.save(token, {a("rent"): 300}, minute=30)
    with place.database.reading() as session:
        (response,) = exported(session, Selection(place.study))
    interview, digest = Interview(response), looked(place, library, Digests())[token]
    assert (digest.seconds, digest.total) == (interview.page_seconds, sum(interview.spent)) == ({"one": 720.0}, 720.0)
    assert (digest.relayed is not None, interview.groups) == (True, ("with", "peer"))


def test_nobody_interpreted_where_nothing_was_saved_meanwhile(place: Place, library: Library) -> None:
    token = opened(place)
    for minute, interpreter in ((0, "relative"), (1, "none")):
        with place.database.writing() as session:
            company = Company(interpreter, "phone" if interpreter != "none" else None)  # type: ignore[arg-type]
            segments.begin_segment(session, place.record(token), company, place.ilse, at(minute))
    place.save(token, {a("housed"): "no"}, minute=2)
    assert looked(place, library, Digests())[token].relayed is None


def test_only_what_changed_is_read_again(place: Place, library: Library) -> None:
    tokens = [opened(place) for _ in range(3)]
    digests, queries = Digests(), Queries(place.database)
    first = looked(place, library, digests)
    assert (set(first), queries.documents) == (set(tokens), 1)
    assert (looked(place, library, digests), queries.documents) == (first, 1)
    place.save(tokens[1], {a("housed"): "no"})
    queries.documents = 0
    second = looked(place, library, digests)
    assert (second[tokens[1]].whole, queries.documents) == (Tally(answered=1), 1)
    assert all(second[token] is first[token] for token in (tokens[0], tokens[2]))


def test_what_is_gone_is_forgotten_and_narrowing_forgets_nothing(place: Place, library: Library) -> None:
    first, second = opened(place), opened(place, wave=1)
    digests, queries = Digests(), Queries(place.database)
    looked(place, library, digests)
    assert set(looked(place, library, digests, wave="t1")) == {second}
    assert (set(looked(place, library, digests)), queries.documents) == ({first, second}, 1)
    with place.database.writing() as session:
        session.delete(session.scalars(select(Response).where(Response.token == second)).one())
    assert set(looked(place, library, digests)) == {first}
    assert list(digests._remembered._kept[place.study, "small"]) == [first]


def test_instruments_that_were_not_looked_at_for_long_make_room(place: Place, library: Library) -> None:
    opened(place)
    digests = Digests(most=1)
    looked(place, library, digests)
    with place.database.reading() as session:
        digests.looked(session, library, Which(place.study, "another"))
        assert [name for _, name in digests._remembered._kept] == ["small", "another"]
        digests.looked(session, library, Which(place.study + 1, "small"))
    opened(place)
    looked(place, library, digests)
    assert list(digests._remembered._kept) == [(place.study, "small")]


def test_a_version_without_a_definition_is_left_out(place: Place, library: Library) -> None:
    token = opened(place)
    place.open(instrument="small", instrument_version=7)
    assert set(looked(place, library, Digests())) == {token}


def test_one_sees_the_responses_of_ones_teams_alone(place: Place) -> None:
    mine, other = opened(place), opened(place)
    with place.database.writing() as session:
        team = Team(study_id=place.study, code="north", title="North", made_at=at(0))
        session.add(team)
        session.flush()
        session.execute(update(Response).where(Response.token == mine).values(team_id=team.id))
        teams = frozenset({team.id})
    with place.database.reading() as session:
        assert [row.token for row in listed(session, Which(place.study, "small", teams=teams))] == [mine]
        assert [row.token for row in listed(session, Which(place.study, "small"))] == [other, mine]
        assert sizes(session, place.study) == [Size("small", "t0", 2)]
        assert sizes(session, place.study, teams) == [Size("small", "t0", 1)]
        assert sizes(session, place.study, frozenset()) == []
