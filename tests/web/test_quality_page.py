"""The researcher's page on data quality: figures with their n, hints with both numbers, and a list that can be long."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import Any

import pytest
from seeing import seen

from survey.answers.company import Company
from survey.instruments.library import Library, shelves
from survey.storage import people, responses, segments, studies
from survey.storage.participants import register
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.tables import Team
from survey.web.research.quality_page import duration, percent

SMALL = """
instrument: small
version: 1
language: en
title: Small talk
about: participant
role: interviewer
purpose: To try.
lists: {agree: {1: "No", 2: "Yes"}}
pages:
- page: views
  title: Views
  questions:
  - {kind: scale, name: views, text: How true?, choices: agree, items: {a: A, b: B, c: C, d: D}}
- page: end
  title: The end
  questions:
  - {kind: open, name: story, text: Your story?}
scores:
  ease: {title: Ease, items: [a, b, c, d], reversed: [d]}
"""
ADDRESS = "/study/demo/quality/"
MIXED = {"a": 1, "b": 2, "c": 1, "d": 2}


@dataclasses.dataclass
class Fieldwork:
    """Responses of the demo study, each opened at the present moment of the test."""

    house: Any

    @property
    def server(self) -> Any:
        return self.house.app.extensions["krachtmeting"]

    def add(
        self,
        answers: dict[str, Any],
        seconds: float = 100,
        *,
        done: bool = True,
        wave: int = 0,
        interpreted: dict[str, list[str]] | None = None,
        team: int | None = None,
    ) -> str:
        """The code of a participant whose first page took so long, and whose second half of that."""
        study, by, now = self.house.studies["demo"], self.house.people["ilse"], self.server.now()
        with self.server.database.writing() as session:
            participant = register(session, study, by, now)
            at_wave = studies.waves(session, study)[wave].id
            opening = Opening(study, at_wave, "small", 1, by, "en", participant_id=participant.id, team_id=team)
            token = responses.open_response(session, opening, now)
            if interpreted is not None:
                record = responses.response(session, token)
                segments.begin_segment(session, record, Company("professional", "phone"), by, now)
            values = {("answers", unit): answer for unit, answer in answers.items()}
            values |= {("relay", question): codes for question, codes in (interpreted or {}).items()}
            steps: list[tuple[Any, float, Any]] = [("views", seconds, values), ("end", 1.5 * seconds, {})]
            for page, after, these in [*steps, (None, 1.5 * seconds + 1, {})][: 3 if done else 2]:
                record = responses.response(session, token, for_writing=True)
                saving = Saving("page" if page else "submit", page, by, record.version, these)
                at = now + datetime.timedelta(seconds=after)
                (responses.save if page else responses.submit)(session, record, saving, at)
        return str(participant.code)


@pytest.fixture
def fieldwork(house: Any, tmp_path: Path) -> Fieldwork:
    path = tmp_path / "own" / "instruments" / "small" / "v1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(SMALL, encoding="utf-8")
    here = house.app.extensions["krachtmeting"]
    library = Library(shelves([tmp_path / "own"]))
    house.app.extensions["krachtmeting"] = dataclasses.replace(here, library=library)
    return Fieldwork(house)


def codes(page: Any) -> list[str]:
    return [words.split()[0] for words in seen(page, "//td/a[@class='code']")]


def why(page: Any) -> list[list[str]]:
    """What is worth a look in each response of the list."""
    rows = range(1, 1 + len(seen(page, "//section[@id='responses']//tbody/tr")))
    return [seen(page, f"//section[@id='responses']//tbody/tr[{row}]/td[2]//li") for row in rows]


def table(page: Any, name: str) -> list[list[str]]:
    path = f"//details[.//h2[@id='{name}']]//table"
    rows = range(1, 1 + len(seen(page, f"{path}//tr")))
    return [seen(page, f"({path}//tr)[{row}]/*") for row in rows]


def test_empty_study_says_when_something_will_stand_here(sign_in: Any) -> None:
    page = sign_in("rik").get(ADDRESS)
    assert seen(page, "//p[@class='empty']") == [
        "No questionnaire was begun yet. As soon as one is opened, you see here what is missing and how long it took."
    ]


def test_what_was_begun_is_offered_where_nothing_was_handed_in(fieldwork: Fieldwork, sign_in: Any) -> None:
    fieldwork.add(MIXED, done=False)
    rik = sign_in("rik")
    page = rik.get(ADDRESS)
    assert seen(page, "//p[@class='empty']") == ["Nothing was handed in here yet. Look at the 1 that was begun"]
    assert codes(rik.get(seen(page, "//p[@class='empty']/a/@href")[0])) != []


def test_pages_tell_how_many_were_asked_and_what_is_missing(fieldwork: Fieldwork, sign_in: Any) -> None:
    fieldwork.add(MIXED | {"d": {"missing": "refused"}, "story": "A long one"})
    fieldwork.add({"a": 1, "b": {"missing": "dont_know"}, "c": {"missing": "technical"}})
    fieldwork.add({}, done=False)
    page = sign_in("rik").get(ADDRESS)
    assert table(page, "missing") == [
        ["Page", "n", "Missing", "Asked", "Answered", "Refused", "Did not know", "Does not apply", "Passed over",
         "Technical reason"],
        ["Views", "2", "50 %", "8", "4", "1", "1", "0", "1", "1"],
        ["The end", "2", "50 %", "2", "1", "0", "0", "0", "1", "0"],
        ["All pages", "2", "50 %", "10", "5", "1", "1", "0", "2", "1"],
    ]  # fmt: skip
    assert "A long one" not in page.text


def test_there_is_a_median_from_five_responses_on(fieldwork: Fieldwork, sign_in: Any) -> None:
    rik = sign_in("rik")
    for seconds in (60, 80, 100, 120):
        fieldwork.add(MIXED, seconds)
    assert table(rik.get(ADDRESS), "time")[1:] == [
        ["Views", "4", "too few for a median"],
        ["The end", "4", "too few for a median"],
        ["All pages", "4", "too few for a median"],
    ]
    fieldwork.add(MIXED, 140)
    assert table(rik.get(ADDRESS), "time")[1:] == [
        ["Views", "5", "1 min 40 s", "1 min 20 s", "2 min 0 s"],
        ["The end", "5", "50 s", "40 s", "1 min 0 s"],
        ["All pages", "5", "2 min 31 s", "2 min 1 s", "3 min 1 s"],
    ]


def test_very_fast_is_told_with_both_numbers_from_ten_of_one_moment_on(fieldwork: Fieldwork, sign_in: Any) -> None:
    rik, quick = sign_in("rik"), fieldwork.add(MIXED, 30)
    for _ in range(8):
        fieldwork.add(MIXED)
    for _ in range(5):
        fieldwork.add(MIXED, wave=1)
    before = rik.get(ADDRESS)
    assert seen(before, "//p[@class='first-word']") == ["Nothing stands out. n = 14"]
    assert "There are too few here to call anything very fast: n = 9." in before.text
    fieldwork.add(MIXED)
    after = rik.get(ADDRESS)
    assert seen(after, "//p[@class='first-word']") == ["1 response is worth a look n = 15"]
    assert (codes(after)[0], why(after)[0]) == (
        quick,
        [
            "Very fast as a whole: 46 s, where the median is 2 min 31 s (n = 10)",
            "A very fast page: 30 s, where the median is 1 min 40 s (n = 10): Views",
            "A very fast page: 15 s, where the median is 50 s (n = 10): The end",
        ],
    )


def test_half_a_response_is_never_fast(fieldwork: Fieldwork, sign_in: Any) -> None:
    for _ in range(12):
        fieldwork.add(MIXED)
    fieldwork.add(MIXED, 5, done=False)
    assert all(reasons == [] for reasons in why(sign_in("rik").get(f"{ADDRESS}?which=begun")))


def test_same_answer_to_opposites_is_told_and_never_which_answer(fieldwork: Fieldwork, sign_in: Any) -> None:
    fieldwork.add(MIXED)
    same = fieldwork.add(dict.fromkeys("abcd", 2))
    page = sign_in("rik").get(f"{ADDRESS}?show=same")
    assert (codes(page), why(page)) == (
        [same],
        [["The same answer to 4 statements, also where they mean opposite things: How true?"]],
    )
    assert table(page, "same")[1:] == [["How true? views", "2", "1 (50 %)", "1"]]


def test_questions_with_trouble_are_counted_over_interpreted_interviews(fieldwork: Fieldwork, sign_in: Any) -> None:
    rik = sign_in("rik")
    fieldwork.add(MIXED)
    nobody = "In none of these responses was something saved while somebody interpreted."
    assert nobody in rik.get(ADDRESS).text
    fieldwork.add(MIXED, interpreted={})
    assert "Interviewers tapped no code in these interviews." in rik.get(ADDRESS).text
    fieldwork.add(MIXED, interpreted={"story": ["difficulty", "repeated"], "views": ["read_out"]})
    assert table(rik.get(ADDRESS), "relayed")[1:] == [
        ["Your story? story", "2", "1", "0", "0", "1", "1", "0", "0", "0", "0"],
        ["How true? views", "2", "0", "0", "0", "0", "0", "0", "1", "0", "0"],
    ]


def test_list_sorts_narrows_and_pages_and_links_keep_what_was_asked(fieldwork: Fieldwork, sign_in: Any) -> None:
    quickest = fieldwork.add(MIXED, 50)
    others = [fieldwork.add(MIXED, 100 + n) for n in range(25)]
    emptiest = fieldwork.add({"a": 1}, 300)
    rik = sign_in("rik")
    assert codes(rik.get(f"{ADDRESS}?sort=missing&down=1"))[0] == emptiest
    by_time = rik.get(f"{ADDRESS}?sort=time&wave=t0")
    assert (codes(by_time)[0], len(codes(by_time))) == (quickest, 25)
    following = seen(by_time, "//nav[@class='pager']/a/@href")
    assert codes(rik.get(following[0])) == [others[-1], emptiest]
    turned = seen(by_time, "//th[@aria-sort='ascending']/a/@href")
    assert codes(rik.get(turned[0]))[0] == emptiest
    assert codes(rik.get(f"{ADDRESS}?code={quickest[:7].lower()}")) == [quickest]
    assert seen(rik.get(f"{ADDRESS}?code=nobody"), "//p[@class='empty']") == [
        "No response here has a code that begins with nobody. Empty the search, or try another code."
    ]


@pytest.mark.parametrize("query", ["page=99", "page=-1", "sort=x", "show=x", "instrument=x", "wave=x", "which=x"])
def test_what_an_address_says_wrongly_is_as_if_it_were_not_there(
    query: str, fieldwork: Fieldwork, sign_in: Any
) -> None:
    code = fieldwork.add(MIXED)
    assert codes(sign_in("rik").get(f"{ADDRESS}?{query}")) == [code]


def test_moment_without_responses_says_so(fieldwork: Fieldwork, sign_in: Any) -> None:
    fieldwork.add(MIXED)
    page = sign_in("rik").get(f"{ADDRESS}?wave=t1")
    assert seen(page, "//p[@class='empty']") == ["There are no responses at this moment yet. Choose another moment."]


def test_researcher_of_a_team_sees_that_team_alone(fieldwork: Fieldwork, house: Any, sign_in: Any) -> None:
    study = house.studies["demo"]
    with fieldwork.server.database.writing() as session:
        team = Team(study_id=study, code="north", title="North", made_at=fieldwork.server.now())
        session.add(team)
        session.flush()
        people.set_scopes(session, house.people["rik"], study, {"researcher": frozenset({team.id})})
    mine = fieldwork.add(MIXED, team=team.id)
    fieldwork.add(MIXED)
    page = sign_in("rik").get(ADDRESS)
    assert (codes(page), seen(page, "//p[@class='first-word']")) == ([mine], ["Nothing stands out. n = 1"])


def test_durations_and_shares_are_said_as_people_say_them(app: Any) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = [duration(seconds) for seconds in (0.4, 59.4, 59.6, 125, 599.6, 1830)]
    assert said == ["0 s", "59 s", "1 min 0 s", "2 min 5 s", "10 min", "30 min"]
    shares = [percent(*pair) for pair in ((0, 0), (0, 9), (1, 1000), (1, 8), (999, 1000), (9, 9))]
    assert shares == ["–", "0 %", "< 1 %", "12 %", "> 99 %", "100 %"]
