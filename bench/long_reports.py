"""The report of a study with ten thousand responses: what each of its pages costs at the first look and later."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.long_lists import NOW, PASSWORD, codes, seconds, signed_in
from survey.answers.flow import flow
from survey.demo.any_answer import any_answer
from survey.instruments.library import Library, shelves
from survey.instruments.model import Instrument
from survey.storage import people, studies
from survey.storage.protocols import teams
from survey.storage.record import dumps
from survey.storage.tables import Participant, Response, Segment, StatusChange

PARTICIPANTS, AGAIN, RATINGS, COACHES = 4_000, 3_500, 2_400, 50
"""With what coaches filled in twice, 10,000 responses in all."""
DIFFERENT = 400
"""So many different sets of answers; more would only cost time beforehand."""
TIMES = 5
PAGES = ("response", "fidelity", "scales", "change", "agreement", "open-answers", "all")


def report(folder: Path) -> None:
    """Print how long a server that has just begun takes for the whole report, and later on for each page."""
    client = signed_in(folder, "reports", _fill)
    whole = "/study/bench/report/all/"
    print(f"  {'all of it in one, first look':<34} {seconds(client, whole) * 1000:6.0f} ms")
    for name in PAGES:
        address = f"/study/bench/report/{name}/"
        later = statistics.median(seconds(client, address) for _ in range(TIMES))
        print(f"  {name:<34} {later * 1000:6.0f} ms")


def _documents(instrument: Instrument, random: Random) -> Iterator[str]:
    """Answers of any kind, each allowed where it stands; one question in twenty is refused."""
    day, made = NOW.date(), []
    for _ in range(DIFFERENT):
        answers: dict[str, Any] = {
            name: any_answer(unit, random, day) if random.random() < 0.95 else {"missing": "refused"}
            for name, unit in instrument.units.items()
            if unit.role != "other"
        }
        made.append(dumps({"answers": flow(instrument, answers).kept()}))
    return cycle(made)


def _fill(session: Session, study: int, ilse: int) -> None:
    random, library = Random(5), Library(shelves())
    waves = {wave.code: wave.id for wave in studies.waves(session, study)}
    places = [team.id for team in teams(session, study)]
    coaches = []
    for number in range(COACHES):
        coaches.append(people.add_person(session, f"coach{number}", PASSWORD, NOW))
        people.set_roles(session, coaches[-1], study, ("coach",))
    begun = NOW - datetime.timedelta(days=250)
    rows = [
        {
            "id": number + 1, "study_id": study, "code": code, "registered_at": begun, "registered_by": ilse,
            "team_id": places[number % len(places)], "coach_id": coaches[number % COACHES], "status": "active",
        }
        for number, code in zip(range(PARTICIPANTS), codes(), strict=False)
    ]  # fmt: skip
    session.execute(insert(Participant), rows)
    whose = [{"participant_id": row["id"], "person_id": ilse, "at": begun, "status": "active"} for row in rows]
    session.execute(insert(StatusChange), whose)
    asked = [
        ("client-interview", "t0", PARTICIPANTS),
        ("client-interview", "t1", AGAIN),
        ("hope-behaviour", "t1", RATINGS),
    ]
    about = {"study_id": study, "opened_by": ilse, "language": "nl", "started_at": begun, "changed_at": begun}
    about |= {"submitted_at": begun, "submitted_by": ilse, "version": 1}
    for instrument, wave, count in asked:
        texts = _documents(library.newest[instrument], random)
        made = {"instrument": instrument, "instrument_version": library.newest[instrument].version}
        responses = [
            about | made | {
                "token": f"{instrument[:2]}{wave}{row['id']}", "wave_id": waves[wave], "participant_id": row["id"],
                "team_id": row["team_id"], "document": next(texts),
            }
            for row in rows[:count]
        ]  # fmt: skip
        session.execute(insert(Response), responses)
    texts = _documents(library.newest["coach-fidelity"], random)
    made = {"instrument": "coach-fidelity", "instrument_version": library.newest["coach-fidelity"].version}
    own = [
        about | made | {
            "token": f"co{wave}{coach}", "wave_id": waves[wave], "person_id": coach, "document": next(texts),
            "team_id": places[number % len(places)],
        }
        for wave in ("t0", "t1")
        for number, coach in enumerate(coaches)
    ]  # fmt: skip
    session.execute(insert(Response), own)
    segments = [
        {
            "response_id": row["id"], "number": 1, "at": begun, "person_id": ilse, "others": "[]", "promised": True,
            "interpreter": "professional", "mode": "phone",
        }
        for row in rows[::5]
    ]  # fmt: skip
    session.execute(insert(Segment), segments)
