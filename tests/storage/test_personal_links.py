"""Personal links: one opens one questionnaire, once, until it is taken back, over or done; and when to remind."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.instruments.library import Library, shelves
from survey.storage import consents, course, link_list, links, participants, reminders, responses
from survey.storage.consents import Agreed
from survey.storage.database import Database
from survey.storage.link_list import Reach
from survey.storage.record import Saving
from survey.storage.sessions import hashed
from survey.storage.tables import Participant, PersonalLink, Response, Task

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
HALF_YEAR = NOW + datetime.timedelta(days=190)
DAY = datetime.timedelta(days=1)
LIBRARY = Library(shelves())
HOPE = LIBRARY.newest["hope-behaviour"]
TERMS = krachtwerk().protocol
EVERYBODY = Reach({"participant": None, "coach": None})


@dataclass
class Place:
    """A planned study with one participant whose first interview was handed in, so that a rating is asked."""

    session: Session
    study: PlannedStudy
    participant: Participant
    task: Task

    def link(self, days: int = 60, **more: Any) -> str:
        """The secret of a new link."""
        by = self.study.people["ilse"]
        return links.make_link(self.session, self.task.id, "nl", by, HALF_YEAR, days * DAY, **more)

    def state(self, secret: str, after: datetime.timedelta = DAY) -> str:
        """How a link stands."""
        return links.link_with(self.session, secret).state(HALF_YEAR + after)

    def begin(self, secret: str, language: str = "nl") -> Any:
        """The response behind a link."""
        link = links.link_with(self.session, secret)
        token = links.begin(self.session, link, HOPE, language, HALF_YEAR)
        return responses.response(self.session, token, for_writing=True)

    def hand_in(self, secret: str) -> None:
        """Fill nothing in, and hand in."""
        record = self.begin(secret)
        responses.submit(self.session, record, Saving("submit", None, None, record.version), HALF_YEAR)


@pytest.fixture
def place(database: Database) -> Any:
    with database.writing() as session:
        study = plan_study(session, NOW)
        ilse = study.people["ilse"]
        person = participants.register(session, study.study, ilse, NOW, "nl", team_id=study.teams["north"])
        course.set_status(session, person, "active", ilse, NOW)
        opening = responses.Opening(
            study.study, study.waves["t0"], "client-interview", 1, ilse, "nl", participant_id=person.id
        )
        record = responses.response(session, responses.open_response(session, opening, NOW), for_writing=True)
        responses.submit(session, record, Saving("submit", None, ilse, 0), NOW)
        task = session.scalars(select(Task).where(Task.participant_id == person.id, Task.by == "participant")).one()
        yield Place(session, study, person, task)


def test_only_a_hash_of_160_random_bits_is_kept(place: Place) -> None:
    secret = place.link()
    kept = place.session.scalars(select(PersonalLink)).one()
    assert (len(secret), kept.token_hash) == (32, hashed(secret))
    assert secret not in str({name: getattr(kept, name) for name in PersonalLink.__table__.columns.keys()})  # noqa: SIM118


def test_a_link_opens_one_response_whatever_the_device_and_it_belongs_to_the_participant_alone(place: Place) -> None:
    secret = place.link()
    first, again = place.begin(secret), place.begin(secret, "en")
    assert (first.id, first.mode, first.team_id) == (again.id, "link", place.study.teams["north"])
    assert (again.language, again.second_language, again.opened_by) == ("en", None, place.study.people["ilse"])
    assert (place.state(secret), links.link_with(place.session, secret).response_id) == ("opened", first.id)


def test_what_an_interviewer_began_with_a_participant_is_theirs_alone_once_a_link_opens_it(place: Place) -> None:
    opening = responses.Opening(
        place.study.study, place.study.waves["t1"], "hope-behaviour", 1, place.study.people["ilse"], "nl",
        participant_id=place.participant.id,
    )  # fmt: skip
    token = responses.open_response(place.session, opening, HALF_YEAR)
    found = place.begin(place.link())
    assert (found.token, found.mode) == (token, "link")


def test_a_new_link_takes_the_place_of_the_one_before_and_a_device_at_hand_stands_beside_it(place: Place) -> None:
    first, second = place.link(), place.link()
    kiosk = place.link(kiosk=True)
    assert [place.state(one) for one in (first, second, kiosk)] == ["revoked", "sent", "sent"]
    assert links.newest_link(place.session, place.task.id).token_hash == hashed(second)


def test_handing_in_ends_all_links_of_the_task(place: Place) -> None:
    secret, kiosk = place.link(), place.link(kiosk=True)
    place.hand_in(secret)
    assert (place.state(secret), place.state(kiosk), place.task.done_at) == ("done", "done", HALF_YEAR)
    assert links.link_with(place.session, secret).goes_on(HALF_YEAR) is False


@pytest.mark.parametrize("status", ["dropped_out", "withdrawn"])
def test_who_leaves_the_study_leaves_no_link_that_opens(place: Place, status: Any) -> None:
    secret = place.link()
    course.set_status(place.session, place.participant, status, None, HALF_YEAR)
    place.session.flush()
    assert place.state(secret) == "revoked"


def test_a_link_is_over_after_its_days_but_not_under_the_hands_of_who_fills_in(place: Place) -> None:
    unopened = place.link(days=1)
    assert (place.state(unopened), links.link_with(place.session, unopened).goes_on(HALF_YEAR + DAY)) == (
        "expired",
        False,
    )
    secret = place.link(days=1)
    place.begin(secret)
    link = links.link_with(place.session, secret)
    late = HALF_YEAR + DAY
    assert (link.opens(late), link.goes_on(late), link.goes_on(late + links.AT_THE_END)) == (False, True, False)


def test_list_says_how_each_link_stands_and_holds_only_the_teams_within_reach(place: Place) -> None:
    study, now = place.study, HALF_YEAR

    def listed(reach: Reach, **filters: str) -> list[tuple[str, str]]:
        found = link_list.rows(place.session, study.study, reach, filters, now, "code")
        assert link_list.row_count(place.session, study.study, reach, filters, now) == len(found)
        return sorted(
            (one.code, one.state) for one in found if one.instrument != "coach-fidelity" or one.wave == "Start"
        )

    coaches = sorted((study.codes[name], "none") for name in ("coen", "cora"))
    mine = (place.participant.code, "none")
    assert listed(EVERYBODY, by="participant") == [mine]
    assert sorted({code for code, _ in listed(EVERYBODY)}) == sorted({place.participant.code, *dict(coaches)})
    place.link()
    assert listed(EVERYBODY, state="sent") == [(place.participant.code, "sent")]
    place.link(kiosk=True)
    assert listed(EVERYBODY, state="sent", wave="t1") == [(place.participant.code, "sent")]
    place.hand_in(place.link())
    assert listed(EVERYBODY, state="done") == [(place.participant.code, "done")]
    assert listed(EVERYBODY, code=place.participant.code[:3].lower(), by="participant")[0][1] == "done"
    south = frozenset({study.teams["south"]})
    assert (listed(Reach({"participant": south})), listed(Reach({"participant": frozenset()}))) == ([], [])


def test_wrong_addresses_are_counted_and_forgotten(place: Place) -> None:
    for _ in range(links.WRONG_LINKS):
        assert links.too_many_wrong(place.session, NOW) is False
        links.note_wrong(place.session, NOW)
    assert links.too_many_wrong(place.session, NOW) is True
    assert links.too_many_wrong(place.session, NOW + links.WRONG_WITHIN) is False


def test_only_what_was_sent_by_mail_and_opens_still_is_reminded(place: Place) -> None:
    def waiting() -> list[str]:
        found = reminders.sent_by_mail(place.session, HALF_YEAR + DAY, [place.study.study])
        return [one.link.token_hash for one in found]

    on_paper = place.link()
    assert waiting() == []
    link = links.link_with(place.session, on_paper)
    links.sent(place.session, link.id)
    assert waiting() == [hashed(on_paper)]
    assert reminders.sent_by_mail(place.session, HALF_YEAR + DAY, []) == []
    links.revoke(place.session, place.task.id, HALF_YEAR)
    assert waiting() == []
    sent = place.link()
    links.sent(place.session, links.link_with(place.session, sent).id)
    assert waiting() == [hashed(sent)]
    place.hand_in(sent)
    assert waiting() == []


def test_a_reminder_brings_a_new_link_and_the_old_one_opens_until_the_message_is_gone(place: Place) -> None:
    old = place.link()
    links.sent(place.session, links.link_with(place.session, old).id)
    before = links.link_with(place.session, old)
    link_id, new = reminders.remind(place.session, before, HALF_YEAR + DAY, before.expires_at)
    assert (place.state(old), place.state(new)) == ("sent", "sent")
    # A second round at the same moment finds that somebody was quicker.
    assert reminders.remind(place.session, before, HALF_YEAR + DAY, before.expires_at) is None
    reminders.replaced(place.session, before, link_id, HALF_YEAR + DAY)
    assert (place.state(old), place.state(new)) == ("revoked", "sent")
    (found,) = reminders.sent_by_mail(place.session, HALF_YEAR + 2 * DAY)
    assert (found.link.id, found.sent_at, found.reminded_at) == (link_id, HALF_YEAR, HALF_YEAR + DAY)


def test_a_reminder_that_could_not_be_sent_leaves_everything_as_it_was(place: Place) -> None:
    old = place.link()
    links.sent(place.session, links.link_with(place.session, old).id)
    before = links.link_with(place.session, old)
    link_id, new = reminders.remind(place.session, before, HALF_YEAR + DAY, before.expires_at)
    reminders.not_sent(place.session, link_id)
    assert (place.state(old), links.link_with(place.session, new)) == ("sent", None)
    assert links.newest_link(place.session, place.task.id) == before


def test_two_devices_of_a_participant_who_fills_in_alone_do_not_overwrite_each_other(place: Place) -> None:
    record = place.begin(place.link())

    def saved(record: Any, base: int, **answers: int) -> Any:
        values = {("answers", name): value for name, value in answers.items()}
        return responses.save(place.session, record, Saving("page", "own_choice", None, base, values), HALF_YEAR)

    phone = saved(record, 0, ho_wish=4)
    # The other device sends its whole page, on which the first answer is still empty.
    tablet = saved(phone, 0, ho_wish=None, ho_no=2)
    assert tablet.answers == {"ho_wish": 4, "ho_no": 2}
    assert place.session.scalars(select(Response.version).where(Response.id == record.id)).one() == 2


def test_withdrawal_at_the_moment_of_beginning_waits_and_locks_what_was_begun(database: Database) -> None:
    with database.writing() as session:
        study = plan_study(session, NOW)
        ilse, agreed = study.people["ilse"], Agreed(TERMS.newest_consent, "nl", ["interviews"], "spoken", True)
        person = participants.register(session, study.study, ilse, NOW, "nl", team_id=study.teams["north"])
        consents.give(session, person, TERMS, agreed, ilse, NOW)
        days = {"opens_on": NOW.date(), "due_on": NOW.date(), "closes_on": NOW.date()}
        whose = {"participant_id": person.id, "wave_id": study.waves["t1"], "instrument": HOPE.instrument}
        session.add(task := Task(study_id=study.study, by="participant", **whose, **days))
        session.flush()
        secret = links.make_link(session, task.id, "nl", ilse, NOW, DAY)

    def withdraw() -> None:
        with database.writing() as session:
            consents.withdraw(session, session.get_one(Participant, person.id), ilse, NOW)

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            link = links.link_with(session, secret, for_writing=True)
            withdrawn = pool.submit(withdraw)
            wait([withdrawn], timeout=0.3)
            links.begin(session, link, HOPE, "nl", NOW)
        withdrawn.result()
    with database.reading() as session:
        (locked_at,) = session.scalars(select(Response.locked_at).where(Response.participant_id == person.id))
        assert (locked_at, links.link_with(session, secret).state(NOW)) == (NOW, "revoked")
