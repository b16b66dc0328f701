"""Earlier answers beside a question: only where the definition allows it, and only for the interviewer."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from seeing import seen

from survey.answers.document import Key
from survey.instruments.library import Library, shelves
from survey.storage import participants, responses, studies
from survey.storage.earlier import earlier_response
from survey.storage.record import Record, Saving
from survey.storage.responses import Opening

AGAIN = """
instrument: again
version: 1
language: en
title: Asked again
about: participant
role: interviewer
purpose: To try out.
missing: [refused]
pages:
  - page: all
    title: All
    questions:
      - {kind: choice, name: housed, text: Do you have a home?, choices: {"yes": "Yes", "no": "No"}, earlier: true}
      - {kind: number, name: rent, text: What is the rent?, when: housed == 'yes', earlier: true}
      - kind: several
        name: debts
        text: Whom do you owe?
        choices: {rent: The landlord, other: {text: "Another, namely", other: true}}
        earlier: true
      - kind: scale
        name: ways
        text: How is it going?
        choices: {1: Badly, 2: Well}
        items: {ways_home: At home, ways_work: At work}
        earlier: true
      - {kind: number, name: mood, text: What grade has your day?}
      - {kind: open, name: story, text: Tell me., earlier: true}
"""

ANSWERS = {
    "housed": "no", "rent": 400, "debts": ["rent", "other"], "debts_namely": "an uncle", "ways_home": 2,
    "ways_work": {"missing": "refused"}, "mood": 7, "story": "x" * 400,
}  # fmt: skip


class Again:
    """One participant with the questionnaire at both waves of "demo"."""

    def __init__(self, house: Any, folder: Path) -> None:
        definition = folder / "instruments" / "again" / "v1.yaml"
        definition.parent.mkdir(parents=True)
        definition.write_text(AGAIN, encoding="utf-8")
        before = house.app.extensions["krachtmeting"]
        library = Library(shelves([folder]))
        self.server = dataclasses.replace(before, library=library, prepared={}, forms={}, kept_texts=set())
        house.app.extensions["krachtmeting"] = self.server
        self.study, self.by = house.studies["demo"], house.people["ilse"]
        with self.server.database.writing() as session:
            self.participant = participants.register(session, self.study, self.by, self.server.now()).id
            self.waves = {wave.code: wave.id for wave in studies.waves(session, self.study)}

    def open(self, wave: str, participant: int = 0) -> str:
        """The token of the response at a wave."""
        opening = Opening(
            self.study, self.waves[wave], "again", 1, self.by, "en", participant_id=participant or self.participant
        )
        with self.server.database.writing() as session:
            return responses.open_response(session, opening, self.server.now())

    def fill_in(self, token: str, answers: dict[str, Any], *, submit: bool = True) -> None:
        """Save answers, and hand in."""
        values: dict[Key, Any] = {("answers", unit): answer for unit, answer in answers.items()}
        with self.server.database.writing() as session:
            record = responses.response(session, token, for_writing=True)
            record = responses.save(session, record, Saving("page", "all", self.by, 0, values), self.server.now())
            if submit:
                responses.submit(session, record, Saving("submit", None, self.by, 1), self.server.now())

    def earlier(self, token: str) -> Record | None:
        """The earlier response of this one."""
        with self.server.database.reading() as session:
            found = earlier_response(session, responses.response(session, token))
        return found.record if found else None


@pytest.fixture
def again(house: Any, tmp_path: Path) -> Again:
    return Again(house, tmp_path)


def lines(page: Any) -> dict[str, str]:
    """The unit beside which each line stands -> its words."""
    units = seen(page, "//p[@class='last-time']/ancestor::*[@data-unit][1]/@data-unit")
    return dict(zip(units, seen(page, "//p[@class='last-time']"), strict=True))


def test_interviewer_sees_earlier_answers_that_counted_beside_questions_that_allow_it(
    again: Again, sign_in: Any
) -> None:
    again.fill_in(again.open("t0"), ANSWERS)
    again.server.now.advance(days=183)
    page = sign_in("ilse").get(f"/response/{again.open('t1')}/page/all")
    said = "Last time (Start, 3 March): "
    assert lines(page) == {
        "housed": f"{said}No",
        "debts": f"{said}The landlord, Another, namely: an uncle",
        "ways_home": f"{said}Well",
        "story": f"{said}{'x' * 300} …",
    }


def test_first_response_and_one_that_was_not_handed_in_say_nothing(again: Again, sign_in: Any) -> None:
    first = again.open("t0")
    again.fill_in(first, ANSWERS, submit=False)
    ilse, second = sign_in("ilse"), again.open("t1")
    assert [lines(ilse.get(f"/response/{token}/page/all")) for token in (first, second)] == [{}, {}]


def test_participants_screen_and_card_and_what_was_shown_hold_no_earlier_answer(again: Again, sign_in: Any) -> None:
    again.fill_in(again.open("t0"), {"housed": "no", "debts": ["other"], "debts_namely": "an uncle"})
    token = again.open("t1")
    ilse = sign_in("ilse")
    assert "an uncle" in ilse.get(f"/response/{token}/page/all").text
    again.fill_in(token, {"mood": 6}, submit=False)
    with again.server.database.writing() as session:
        texts = again.server.library.texts(again.server.library.newest["again"], "en")
        kept, record = responses.keep_texts(session, texts, again.server.now()), responses.response(session, token)
        saving = Saving("page", "all", again.by, 1, {("answers", "mood"): 7}, texts=kept)
        responses.save(session, record, saving, again.server.now())
    pages = [
        ilse.get(f"/response/{token}/card/debts"),
        ilse.get(f"/response/{token}/cards/all"),
        sign_in("rik").get(f"/study/demo/responses/{token}/shown/2"),
    ]
    assert [(page.status_code, "an uncle" in page.text) for page in pages] == [(200, False)] * 3


def test_earlier_response_is_the_same_participants_own(again: Again) -> None:
    with again.server.database.writing() as session:
        other = participants.register(session, again.study, again.by, again.server.now()).id
    first = again.open("t0")
    again.fill_in(first, {"housed": "yes"})
    assert again.earlier(again.open("t1", other)) is None
    assert again.earlier(first) is None
    found = again.earlier(again.open("t1"))
    assert found is not None
    assert found.token == first
