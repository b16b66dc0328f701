"""Two researchers code some of the closing interviews' open answers, each by themselves, and mark a few quotes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.demo.interviews import Case
from survey.demo.setting import Event, Setting
from survey.demo.talks import CLOSING
from survey.measures.coding import Spot, wording_of
from survey.storage import audit, coding, quotes
from survey.storage.open_answers import open_answers
from survey.storage.record import Record
from survey.storage.responses import by_id
from survey.storage.tables import CodedPassage, Response

CODED_BY_TWO, CODED_BY_ONE = 14, 4
"""So many interviews; the others wait for whoever tries it out."""

CONDITIONS = ("take", "belong", "matter", "self")
UNITS = (*(f"{one}_{part}" for one in CONDITIONS for part in ("story", "how")), "grade_why", "elements_example")

OWN = "wachten"
OWN_TITLE = "Wachten"
OWN_MEMO = (
    "Er moest gewacht worden, of iets duurde lang voor het begon. Kwam telkens terug bij wat minder goed ging, en past "
    "bij geen van de andere codes. Ook als er maar één woord over gezegd wordt."
)

FITS = {
    "Ik kom vaker buiten. Eerst één keer in de week, nu bijna elke dag.": ("taking_part", "being_yourself"),
    "Op dinsdag help ik in het buurthuis.": ("taking_part", "belonging"),
    "Ze rekenen daar op mij.": ("mattering", "belonging"),
    "Mijn zus en ik praten weer met elkaar.": ("belonging", "mattering"),
    "Ik durf nu zelf te bellen.": ("being_yourself", "taking_part"),
    "Ik hoor weer ergens bij. Dat is lang niet zo geweest.": ("belonging", "mattering"),
    "ik weet wat mijn volgende stap is": ("being_yourself", "recovery"),
    "Door de kleine stappen. Elke keer één ding.": ("recovery", "practical"),
    "De coach geloofde het eerder dan ik.": ("strengths", "relationship"),
    "We liepen er de eerste keer samen heen.": ("practical", "relationship"),
    "Door de regeling heb ik rust.": ("practical", "being_yourself"),
    "het hielp dat er iemand vroeg hoe het ging": ("relationship", "recovery"),
    "De coach vroeg eerst wat ik wél kon.": ("strengths", "tailoring"),
    "We hebben samen alle brieven opengemaakt.": ("practical", "relationship"),
    "mocht het ook een gesprek van vijf minuten zijn": ("tailoring", "relationship"),
    "Er werd geluisterd.": ("relationship", "strengths"),
    "De coach kwam ook bij mij thuis.": ("tailoring", "relationship"),
    "het duurde lang voor het begon": (OWN, "practical"),
    "Ik mocht zelf kiezen waar we aan werkten.": ("tailoring", "strengths"),
}
"""Words in an answer -> the code that fits, and the one that somebody may take for it."""

FIRST, SECOND = (0.92, 0.06), (0.7, 0.18)
"""How likely a coder gives the code that fits, or the other one; else none."""


def coding_events(setting: Setting, cases: Sequence[Case]) -> Iterator[Event]:
    """The work of the first coder, then of the second, in the last hours; the last of all marks quotes."""
    with_talk = [case for case in cases if case.round_off is not None][: CODED_BY_TWO + CODED_BY_ONE]
    first, second = setting.staff.researchers[:2]
    work = [(case, first, FIRST) for case in with_talk]
    work += [(case, second, SECOND) for case in with_talk[:CODED_BY_TWO]]
    at = setting.now - datetime.timedelta(minutes=4 * len(work) + 8)
    yield Event(at, lambda session: _own_code(session, setting, first, at))
    for number, (case, coder, likely) in enumerate(work, 1):
        yield _coded(setting, case, coder, likely, at + datetime.timedelta(minutes=4 * number))
    end = setting.now - datetime.timedelta(minutes=2)
    yield Event(end, lambda session: _quotes(session, setting, first, end))


def _own_code(session: Session, setting: Setting, by: int, at: datetime.datetime) -> None:
    code = coding.add_code(session, setting.study_id, None, OWN_TITLE, OWN_MEMO, by, at)
    audit.note(session, "added a code", by, at, code=code)


def _coded(setting: Setting, case: Case, coder: int, likely: tuple[float, float], at: datetime.datetime) -> Event:
    random = setting.chance("coding", case.number, likely[0])

    def happen(session: Session) -> None:
        record = _closing(session, case.participant_id)
        if record is None:
            return
        said = open_answers(setting.instrument_of(record), record.answers)
        for unit in UNITS:
            if unit in said:
                _code_answer(session, record, unit, said[unit], coder, likely, random, at)

    return Event(at, happen)


def _closing(session: Session, participant_id: int) -> Record | None:
    """The closing interview of a participant, where it was handed in."""
    query = select(Response.id).where(Response.participant_id == participant_id, Response.instrument == CLOSING)
    found = session.scalar(query.where(Response.submitted_at.is_not(None)))
    return by_id(session, found) if found is not None else None


def _code_answer(
    session: Session,
    record: Record,
    unit: str,
    words: str,
    coder: int,
    likely: tuple[float, float],
    random: Random,
    at: datetime.datetime,
) -> None:
    spot = Spot(record.id, unit, wording_of(words))
    for phrase, (fitting, other) in FITS.items():
        place, chance = words.find(phrase), random.random()
        code = fitting if chance < likely[0] else other if chance < sum(likely) else None
        if place >= 0 and code is not None:
            coding.give(session, record, spot, [(place, place + len(phrase))], [code], "", coder, at)
    coding.finish(session, record, spot, coder, at)
    audit.note(session, "finished an open answer", coder, at, response=record.token, unit=unit)


QUOTED = (
    "Ze rekenen daar op mij.",
    "We liepen er de eerste keer samen heen.",
    "Mijn zus en ik praten weer met elkaar.",
)
"""What is quoted, each of one answer; the last one was not looked at yet."""


def _quotes(session: Session, setting: Setting, by: int, at: datetime.datetime) -> None:
    """Mark what is quoted, of the first participants who agreed to it."""
    agreeing = quotes.agreeing(session, setting.study_id)
    query = select(CodedPassage, Response).join(Response, CodedPassage.response_id == Response.id)
    query = query.where(CodedPassage.coder_id == by, Response.study_id == setting.study_id).order_by(CodedPassage.id)
    left = list(QUOTED)
    for passage, response in session.execute(query):
        record = by_id(session, response.id)
        if record is None or record.participant_id not in agreeing:
            continue
        words = str(record.answers[passage.unit])[passage.first : passage.beyond]
        if words in left:
            left.remove(words)
            quotes.mark(session, passage.id, words, words != QUOTED[-1], by, at)
            audit.note(session, "marked a quote", by, at, response=record.token, unit=passage.unit)
