"""The demo study is made through the storage code, whole and the same again."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from made_demo import NOW, Demo
from sqlalchemy import func, select

from survey.answers.flow import states
from survey.answers.missing import State
from survey.answers.taking import problems, take
from survey.demo import make_demo
from survey.demo.interviews import BEFORE
from survey.demo.interviews import INSTRUMENT as CLIENT
from survey.instruments.library import TRANSLATIONS, Library, Shelf, definition_files
from survey.storage import audit, people, studies
from survey.storage.database import Database
from survey.storage.people_list import people_found_count
from survey.storage.reading import Selection, events, exported
from survey.storage.responses import replay
from survey.storage.tables import Response, TextSet, Visit

New = Callable[..., Database]


def documents(database: Database, study_id: int) -> list[Any]:
    """All answers with their moments, in an order that does not depend on codes."""
    with database.reading() as session:
        rows = list(exported(session, Selection(study_id)))
    return sorted(
        (row.record.instrument, row.wave, row.record.started_at, json.dumps(row.record.document)) for row in rows
    )


def test_study_has_its_waves_people_and_responses(demo: Demo) -> None:
    assert (demo.made.slug, demo.made.participants, demo.made.responses) == ("demo", 35, len(demo.rows))
    assert Counter((row.record.instrument, row.wave) for row in demo.rows) == {
        ("client-interview", "t0"): 35,
        ("client-interview", "t1"): 30,
        ("hope-behaviour", "t1"): 30,
        ("closing-interview", "end"): 27,
        ("professional-interview", "end"): 7,
        ("coach-fidelity", "t0"): 6,
        ("coach-fidelity", "t1"): 6,
        ("team-meeting", "t1"): 2,
    }
    with demo.database.reading() as session:
        assert [wave.title for wave in studies.waves(session, demo.made.study_id)] == [
            "Start",
            "Na zes maanden",
            "Einde van het traject",
        ]
        assert people_found_count(session) == 15


def test_each_role_can_sign_in_and_has_that_role(demo: Demo) -> None:
    assert [sign_in.role for sign_in in demo.made.sign_ins] == [
        "admin",
        "interviewer",
        "coach",
        "observer",
        "team_leader",
        "researcher",
        "translator",
    ]
    with demo.database.reading() as session:
        for sign_in in demo.made.sign_ins:
            person = people.person_with(session, sign_in.name, sign_in.password)
            assert person is not None
            assert person.admin == (sign_in.role == "admin")
            roles = people.scopes(session, person.id).get(demo.made.study_id, {}).keys()
            assert roles == (set() if person.admin else {sign_in.role})


def test_every_document_equals_the_replay_of_its_trail(demo: Demo) -> None:
    with demo.database.reading() as session:
        assert [row.subject for row in demo.rows if replay(session, row.record.id) != row.record.document] == []


def test_nothing_is_wrong_with_what_was_handed_in(demo: Demo) -> None:
    submitted = [row.record for row in demo.rows if row.record.submitted_at]
    assert len(submitted) == len(demo.rows) - 3
    for record in submitted:
        flow = demo.flow(record)
        assert [
            problems(flow, page, record.drafts) for page in flow.instrument.pages if problems(flow, page, record.drafts)
        ] == []


def test_every_answer_is_what_its_unit_takes(demo: Demo) -> None:
    for row in demo.rows:
        units = demo.flow(row.record).instrument.units
        for name, answer in row.record.answers.items():
            missing = answer.get("missing", "") if isinstance(answer, dict) else ""
            raw = {} if missing else units[name].show(answer)
            assert take(units[name], raw, missing, corrects=True).answer == answer


def test_missing_answers_of_every_sort_occur_at_plausible_rates(demo: Demo) -> None:
    interviews = [row.record for row in demo.rows if row.record.instrument == CLIENT]
    found = Counter(state for record in interviews for _, state in states(demo.flow(record)))
    assert set(found) == set(State)
    told = {State.REFUSED, State.DONT_KNOW, State.NOT_APPLICABLE}
    assert (
        0.01
        < sum(found[state] for state in told) / (found[State.ANSWERED] + sum(found[state] for state in told))
        < 0.05
    )


def test_interviews_that_are_not_handed_in_are_of_each_sort(demo: Demo) -> None:
    left = [row for row in demo.rows if row.record.submitted_at is None]
    broken_off = [row for row in left if row.wave == "t0"]
    begun = [row for row in left if row.record.version == 0]
    running = [row for row in left if row.record.drafts]
    assert (len(broken_off), len(begun), len(running)) == (1, 1, 1)
    assert running[0].record.drafts == {"school_years": {"": ["8 of 9"]}}
    assert State.NOT_REACHED in {state for _, state in states(demo.flow(broken_off[0].record))}


def test_hidden_answers_stay_in_the_trail_and_do_not_count(demo: Demo) -> None:
    hidden = {row.record.token: set(row.record.answers) - set(demo.flow(row.record).kept()) for row in demo.rows}
    with_debts = [token for token, names in hidden.items() if "debts_size" in names]
    assert len(with_debts) >= 2
    for token in with_debts:
        changes = [row.new for row in demo.trail if (row.response, row.unit) == (token, "debts")]
        assert changes == ['"yes"', '"no"']
        assert [row.new is not None for row in demo.trail if (row.response, row.unit) == (token, "debts_size")] == [
            True
        ]


def test_minds_change_within_a_page_and_later(demo: Demo) -> None:
    changed = [row for row in demo.trail if row.part == "answers" and row.old is not None and row.kind == "page"]
    slipped = {(row.response, row.unit) for row in demo.trail if row.kind == "autosave"}
    within = [row for row in changed if (row.response, row.unit) in slipped]
    assert within != []
    assert len(changed) > len(within)


def test_corrections_after_handing_in_have_a_reason(demo: Demo) -> None:
    corrections = [row for row in demo.trail if row.kind == "correction"]
    assert [row.unit for row in sorted(corrections, key=lambda row: row.unit)] == ["grip_grade", "school_years"]
    assert all(row.reason and row.old is not None for row in corrections)
    assert {row.new for row in corrections if row.unit == "grip_grade"} == {'{"missing":"technical"}'}


def test_every_save_of_an_interview_belongs_to_a_segment_and_one_interpreter_is_called_in_half_way(demo: Demo) -> None:
    interviews = [row.circumstances for row in demo.rows if row.record.instrument == CLIENT]
    assert all(save.segment for one in interviews for save in one.saves)
    switched = [one for one in interviews if len(one.segments) > 1]
    assert len(switched) == 1
    numbers = [save.segment for save in switched[0].saves]
    assert sorted(numbers) == numbers
    assert 0.25 < numbers.count(2) / len(numbers) < 0.75
    second = switched[0].segments[1]
    before = [save.at for save in switched[0].saves if save.segment == 1]
    after = [save.at for save in switched[0].saves if save.segment == 2]
    assert max(before) < second.at < min(after)


def test_show_cards_and_switches_of_language_are_events(demo: Demo) -> None:
    with demo.database.reading() as session:
        found = list(events(session, Selection(demo.made.study_id)))
    kinds = Counter(event.kind for event in found)
    cards = sum("card" in codes for row in demo.rows for codes in row.record.relay.values())
    segments = sum(len(row.circumstances.segments) for row in demo.rows)
    assert (kinds["card"], kinds["segment"]) == (cards, segments)
    assert cards > 0
    assert kinds["languages"] in (2, 4)
    starts = {row.record.token: row.record.started_at for row in demo.rows}
    assert all(starts[event.response] <= event.at for event in found)


def test_notes_are_written(demo: Demo) -> None:
    assert sum(len(row.record.notes) for row in demo.rows) > 20


def test_pages_are_saved_one_by_one_with_the_texts_that_were_shown(demo: Demo) -> None:
    with demo.database.reading() as session:
        # Each instrument in Dutch, the interview also in what participants read, and what they filled in alone.
        read = {row.record.second_language for row in demo.rows} - {None}
        alone = {row.record.language for row in demo.rows if row.record.instrument == "hope-behaviour"}
        assert session.query(TextSet).count() == 5 + len(alone) + len(read)
        assert session.query(Visit).filter(Visit.texts.is_(None)).count() == 0
        in_two = [row.record.id for row in demo.rows if row.record.second_language and row.record.version]
        shown = session.query(Visit.response_id).filter(Visit.second_texts.is_not(None)).distinct()
        assert sorted(row[0] for row in shown) == sorted(in_two)
        for row in demo.rows:
            if row.record.submitted_at and row.record.instrument == CLIENT:
                visits = session.query(Visit).filter(Visit.response_id == row.record.id).order_by(Visit.version).all()
                pages = [visit.page for visit in visits if visit.kind == "page"]
                assert list(dict.fromkeys(pages)) == [page.page for page in demo.library.newest[CLIENT].pages]
                assert [visit.version for visit in visits] == list(range(1, len(visits) + 1))
                assert all(earlier.at < later.at for earlier, later in pairwise(visits))


def test_what_was_done_stands_in_the_audit_trail_in_order_of_time(demo: Demo) -> None:
    with demo.database.reading() as session:
        entries = [entry for entry, _ in audit.newest(session, 1000)]
    actions = Counter(entry.action for entry in entries)
    # Six of those who were asked said no; four stopped after the first interview, and one in the middle of it.
    assert actions == {
        "opened a response": len(demo.rows),
        "registered a participant": 35 + 6,
        "noted a consent": 35,
        "changed a status": 6 + 5,
        "asked about an answer": 3,
        "answered a query": 2,
        "locked a response": 5,
        "planned a meeting": 1,
        "settled a difference": actions["settled a difference"],
        "rounded off a meeting": 1,
        "added a code": 1,
        "finished an open answer": actions["finished an open answer"],
        "marked a quote": 3,
    }
    opened = [entry.at for entry in entries if entry.action == "opened a response"]
    # Registering stands before opening, in one event: another interview may begin in between.
    assert all(newer - older > -BEFORE for newer, older in pairwise(opened))


def test_same_seed_gives_the_same_answers_and_another_seed_others(library: Library, new_database: New) -> None:
    found = []
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        database = new_database(name)
        made = make_demo(database, library, participants=3, seed=seed, now=NOW)
        found.append((documents(database, made.study_id), made.sign_ins))
    (one, sign_ins), (two, other_sign_ins), (three, _) = found
    assert one == two
    assert one != three
    assert {one.password for one in sign_ins}.isdisjoint(one.password for one in other_sign_ins)


def test_given_passwords_are_used_and_a_second_demo_is_refused(library: Library, new_database: New) -> None:
    database = new_database()
    made = make_demo(database, library, participants=1, now=NOW, passwords={"beheer": "een eigen wachtwoord"})
    assert made.sign_ins[0].password == "een eigen wachtwoord"
    before = documents(database, made.study_id)
    with pytest.raises(ValueError, match="there is a study called demo already"):
        make_demo(database, library, participants=1, now=NOW)
    assert documents(database, made.study_id) == before


@pytest.mark.parametrize("now", ["2025-03-30T01:30+00:00", "2024-02-29T23:59+00:00"])
def test_nothing_happens_after_now_whatever_the_day(library: Library, new_database: New, now: str) -> None:
    moment, database = datetime.datetime.fromisoformat(now), new_database()
    make_demo(database, library, participants=6, now=moment)
    with database.reading() as session:
        assert session.scalars(select(func.max(Visit.at))).one() < moment
        assert session.scalars(select(func.max(Response.submitted_at))).one() < moment


NEW_PAGE = """
  - page: anything
    title: Iets nieuws
    questions:
      - {kind: number, name: new_number, text: Hoeveel?, min: -3, max: 4.5, decimals: 1, required: true}
      - {kind: date, name: new_date, text: Wanneer?, earliest: "2020-01-01"}
      - {kind: share, name: new_share, text: Waar?, parts: {here: Hier, there: Daar, nowhere: Nergens}}
      - {kind: duration, name: new_length, text: Hoe lang?, min: 30, max: 45}
      - kind: several
        name: new_several
        text: Welke?
        at_least: 2
        at_most: 2
        choices: {a: A, b: B, c: C, d: {text: Nee, exclusive: true}}
      - kind: choice
        name: new_choice
        text: Wie?
        when: "'a' in new_several"
        choices: {x: X, y: {text: Anders, other: true}}
      - {kind: text, name: new_text, text: Wat?, max_length: 3}
      - kind: scale
        name: new_scale
        text: Hoe?
        choices: {1: Laag, 2: Hoog}
        items: {new_one: Een, new_two: Twee}
"""


def test_new_version_with_other_questions_is_answered_as_well(
    library: Library, new_database: New, tmp_path: Path
) -> None:
    folder = tmp_path / "definitions"
    for path in definition_files(Path(library.files[CLIENT, 1]).parents[2]):
        copy = folder / "instruments" / path.parent.name / path.name
        copy.parent.mkdir(parents=True)
        copy.write_text(path.read_text())
    first = (folder / "instruments" / CLIENT / "v1.yaml").read_text()
    second = first.replace("version: 1", "version: 2").replace("assistance: Bijstand", "welfare: Bijstand")
    second = (
        second.replace("max: 30", "max: 12").replace("name: debts\n", "name: owing\n").replace("debts ==", "owing ==")
    )
    second = second[: second.index("scores:")].rstrip() + "\n" + NEW_PAGE
    (folder / "instruments" / CLIENT / "v2.yaml").write_text(second)
    changed = Library([Shelf(folder, TRANSLATIONS)])
    database = new_database()
    made = make_demo(database, changed, participants=5, now=NOW)
    with database.reading() as session:
        rows = [row.record for row in exported(session, Selection(made.study_id, instruments=(CLIENT,)))]
    assert {record.instrument_version for record in rows} == {2}
    assert sum(record.submitted_at is not None for record in rows) >= 5
    assert all({"new_number", "owing"} <= set(record.answers) for record in rows if record.submitted_at)
