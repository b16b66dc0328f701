"""Participants' screens: pairing, what they show, taps, and the end, in both databases."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from small_study import Place, a, at
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage import people, responses, screens, taps
from survey.storage.events import Happened, events
from survey.storage.record import Record, Saving
from survey.storage.screens import CODE_HOLDS, LONGEST, THERE_WITHIN, WRONG_CODES, Invitation, OnScreen, Pairing
from survey.storage.sessions import hashed
from survey.storage.tables import Screen

SECOND = datetime.timedelta(seconds=1)
AGE = OnScreen("home", "age", "ar", "f" * 64)


class Desk:
    """Ilse's talk with a participant, and a device that lies on the table."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with place.database.writing() as session:
            people.set_roles(session, place.ilse, place.study, frozenset({"interviewer"}))
        self.token = place.open(second_language="ar")

    def do(self, act: Any, *given: Any, minute: float = 0) -> Any:
        """Carry out one act of storage at a minute, in a transaction of its own."""
        with self.place.database.writing() as session:
            return act(session, *given, at(minute))  # type: ignore[arg-type]

    def record(self, session: Session) -> Record:
        found = responses.response(session, self.token, for_writing=True)
        assert found is not None
        return found

    def invite(self, minute: float = 0) -> Invitation:
        with self.place.database.writing() as session:
            return screens.invite(session, self.record(session), self.place.ilse, at(minute))  # type: ignore[arg-type]

    def join(self, code: str, minute: float = 0) -> str | None:
        return self.do(screens.join_by_code, code, minute=minute)  # type: ignore[no-any-return]

    def paired(self) -> str:
        """The key of a device that joined at the start."""
        key = self.join(self.invite().code)
        assert key is not None
        return key

    def pairing(self, key: str) -> Pairing:
        with self.place.database.reading() as session:
            found = screens.by_key(session, key)
        assert found is not None
        return found

    def current(self) -> Pairing | None:
        with self.place.database.reading() as session:
            return screens.of_response(session, self.place.record(self.token).id)

    def events(self) -> list[Happened]:
        with self.place.database.reading() as session:
            return events(session, self.place.record(self.token).id)

    def happened(self) -> list[tuple[Any, ...]]:
        return [(one.kind, one.by, one.unit) for one in self.events()]

    def tap(self, unit: str, answer: Any) -> None:
        with self.place.database.writing() as session:
            taps.tap(session, self.record(session), "home", unit, answer, "screen", at(1))

    def pending(self) -> dict[str, Any]:
        with self.place.database.reading() as session:
            return {unit: tap.answer for unit, tap in taps.pending(session, self.place.record(self.token).id).items()}


@pytest.fixture
def desk(place: Place) -> Desk:
    return Desk(place)


def test_device_joins_with_the_code_and_knows_its_response(desk: Desk) -> None:
    invitation = desk.invite()
    assert (len(invitation.code), invitation.code.isdecimal(), invitation.until) == (8, True, at(10))
    pairing = desk.pairing(desk.join(invitation.code, minute=9) or "")
    assert (pairing.token, pairing.second_language, pairing.may_tap, pairing.blank) == (desk.token, "ar", True, False)
    assert (pairing.joined_at, pairing.over(at(9)), pairing.there(at(9))) == (at(9), None, True)
    assert [(one.kind, one.by, one.details) for one in desk.events()] == [("paired", None, {"how": "code"})]


@pytest.mark.parametrize("script", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"])
def test_code_is_understood_in_figures_of_any_script_and_with_a_gap(desk: Desk, script: str) -> None:
    code = "".join(script[int(figure)] for figure in desk.invite().code)
    assert desk.join(f" {code[:4]}\u00a0{code[4:]} ") is not None


def test_device_joins_with_the_link(desk: Desk) -> None:
    link = desk.invite().link
    assert len(link) == 24
    with desk.place.database.reading() as session:
        assert screens.languages_of_link(session, link) == ("nl", "ar")
    key = desk.do(screens.join_by_link, link)
    assert desk.pairing(key).token == desk.token
    assert [(one.kind, one.details) for one in desk.events()] == [("paired", {"how": "link"})]


def test_only_hashes_are_kept_and_none_of_what_was_used(desk: Desk) -> None:
    invitation = desk.invite()
    with desk.place.database.reading() as session:
        row = session.scalars(select(Screen)).one()
        kept = (row.code_hash, row.link_hash, row.key_hash)
    assert kept == (hashed(invitation.code), hashed(invitation.link), None)
    key = desk.join(invitation.code)
    with desk.place.database.reading() as session:
        row = session.scalars(select(Screen)).one()
        kept = (row.code_hash, row.link_hash, row.key_hash)
    assert kept == (None, None, hashed(key or ""))


@pytest.mark.parametrize("first", ["code", "link"])
def test_invitation_opens_one_device_only(desk: Desk, first: str) -> None:
    invitation = desk.invite()
    ways = {"code": (screens.join_by_code, invitation.code), "link": (screens.join_by_link, invitation.link)}
    assert desk.do(*ways[first]) is not None
    assert [desk.do(*way) for way in ways.values()] == [None, None]


def test_invitation_holds_ten_minutes(desk: Desk) -> None:
    invitation = desk.invite()
    assert CODE_HOLDS.total_seconds() == 600
    assert (desk.join(invitation.code, minute=10), desk.do(screens.join_by_link, invitation.link, minute=10)) == (
        None,
        None,
    )
    assert desk.join(invitation.code, minute=9.99) is not None


def test_new_pairing_ends_the_one_before(desk: Desk) -> None:
    first = desk.invite()
    second = desk.invite()
    assert desk.join(first.code) is None
    key = desk.join(second.code) or ""
    desk.invite(minute=1)
    assert desk.pairing(key).over(at(1)) == "ended"
    assert desk.happened() == [("paired", None, None), ("unpaired", "ILS-222", None)]


def test_twenty_wrong_codes_in_a_minute_are_enough_for_everybody(desk: Desk) -> None:
    invitation = desk.invite()
    wrong = f"{(int(invitation.code) + 1) % 10**8:08}"
    assert [desk.join(wrong, minute=n / 60) for n in range(WRONG_CODES)] == [None] * WRONG_CODES
    with pytest.raises(screens.TooManyWrongCodes):
        desk.join(invitation.code, minute=0.5)
    # The link is too long to guess, and goes on working; so do slips that are no codes.
    assert desk.join("1234", minute=0.5) is None
    assert desk.join(invitation.code, minute=1.4) is not None


def test_wrong_links_and_slips_do_not_count_as_guesses(desk: Desk) -> None:
    invitation = desk.invite()
    for _ in range(WRONG_CODES * 2):
        assert desk.do(screens.join_by_link, "made up") is None
        assert desk.join("12 34") is None
    assert desk.join(invitation.code) is not None


def test_code_that_is_out_already_is_not_given_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter([7, 7, 8])
    monkeypatch.setattr(screens.secrets, "randbelow", lambda limit: next(codes))
    other = Desk(desk.place)
    assert (desk.invite().code, other.invite().code) == ("00000007", "00000008")


def test_codes_that_ran_out_can_be_given_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens.secrets, "randbelow", lambda limit: 7)
    desk.invite()
    assert Desk(desk.place).invite(minute=11).code == "00000007"


def test_screen_shows_what_the_interviewer_shows_and_each_turn_counts(desk: Desk, place: Place) -> None:
    key = desk.paired()
    before = desk.pairing(key).step
    desk.do(screens.show, desk.pairing(key), AGE, place.ilse)
    pairing = desk.pairing(key)
    assert (pairing.page, pairing.unit, pairing.step) == ("home", "age", before + 1)
    desk.do(screens.show, pairing, AGE, place.ilse)
    assert (desk.pairing(key).step, len(desk.events())) == (before + 1, 2)
    shown = desk.events()[-1]
    assert (shown.kind, shown.by, shown.page, shown.unit) == ("shown", "ILS-222", "home", "age")
    assert shown.details == {"language": "ar", "texts": "f" * 64}


def test_same_unit_in_other_words_is_another_event(desk: Desk, place: Place) -> None:
    key = desk.paired()
    for language in ("ar", "tr", "tr"):
        desk.do(screens.show, desk.pairing(key), OnScreen("home", "age", language, "f" * 64), place.ilse)
    assert [one.details.get("language") for one in desk.events()] == [None, "ar", "tr"]


def test_screen_is_blanked_and_lit_again(desk: Desk, place: Place) -> None:
    key = desk.paired()
    desk.do(screens.show, desk.pairing(key), AGE, place.ilse)
    for dark in (True, True, False):
        desk.do(screens.set_blank, desk.pairing(key), dark, place.ilse)
    assert (desk.pairing(key).blank, desk.pairing(key).unit) == (False, "age")
    assert desk.happened()[2:] == [("blanked", "ILS-222", "age"), ("unblanked", "ILS-222", "age")]


def test_tapping_is_allowed_and_forbidden(desk: Desk, place: Place) -> None:
    key = desk.paired()
    before = desk.pairing(key)
    with place.database.writing() as session:
        screens.let_tap(session, before, True)
        screens.let_tap(session, before, False)
    after = desk.pairing(key)
    assert (before.may_tap, after.may_tap, after.step) == (True, False, before.step + 1)


def test_screen_is_there_as_long_as_it_was_seen_lately(desk: Desk) -> None:
    key = desk.paired()
    assert not desk.pairing(key).there(at(0) + THERE_WITHIN)
    desk.do(screens.seen, desk.pairing(key), minute=1)
    assert desk.pairing(key).there(at(1) + THERE_WITHIN - SECOND)


def test_pairing_ends_by_the_interviewers_button(desk: Desk, place: Place) -> None:
    key = desk.paired()
    for _ in range(2):
        desk.do(screens.end, desk.pairing(key), place.ilse)
    assert (desk.pairing(key).over(at(0)), desk.current()) == ("ended", None)
    assert [(one.kind, one.by, one.details) for one in desk.events()[1:]] == [("unpaired", "ILS-222", {"why": "ended"})]


def test_invitation_that_is_withdrawn_opens_nothing(desk: Desk, place: Place) -> None:
    invitation, waiting = desk.invite(), desk.current()
    assert waiting is not None
    desk.do(screens.end, waiting, place.ilse)
    assert (desk.join(invitation.code), desk.events()) == (None, [])


def test_pairing_ends_with_handing_in(desk: Desk, place: Place) -> None:
    key, invitation = desk.paired(), None
    with place.database.writing() as session:
        record = desk.record(session)
        responses.submit(session, record, Saving("submit", None, place.ilse, record.version), at(3))
    assert desk.pairing(key).over(at(3)) == "handed_in"
    desk.do(screens.end, desk.pairing(key), None, minute=3)
    assert [(one.kind, one.by, one.details) for one in desk.events()[1:]] == [("unpaired", None, {"why": "handed_in"})]
    # What was handed in takes no new device either.
    invitation = desk.invite(minute=4)
    assert desk.join(invitation.code, minute=4) is None


def test_pairing_ends_after_twelve_hours(desk: Desk) -> None:
    key = desk.paired()
    over = [desk.pairing(key).over(at(0) + passed) for passed in (LONGEST - SECOND, LONGEST)]
    assert (LONGEST, over) == (datetime.timedelta(hours=12), [None, "too_long"])


@pytest.mark.parametrize("loss", ["role", "account", "other role"])
def test_pairing_ends_when_whoever_made_it_loses_the_right(desk: Desk, place: Place, loss: str) -> None:
    key = desk.paired()
    with place.database.writing() as session:
        if loss == "account":
            people.close_account(session, place.ilse, at(1))
        else:
            kept = frozenset({"coach"} if loss == "other role" else ())
            people.set_roles(session, place.ilse, place.study, kept)
    assert desk.pairing(key).over(at(1)) == "no_right"


def test_key_of_nobody_opens_nothing(desk: Desk) -> None:
    desk.paired()
    with desk.place.database.reading() as session:
        assert screens.by_key(session, "made up") is None


def test_answer_that_is_saved_changes_what_a_screen_must_show(desk: Desk, place: Place) -> None:
    key = desk.paired()
    before = desk.pairing(key).version
    place.save(desk.token, {a("age"): 40})
    assert desk.pairing(key).version == before + 1


def test_tap_stands_until_it_is_taken_over(desk: Desk, place: Place) -> None:
    key = desk.paired()
    before = desk.pairing(key).step
    desk.tap("housed", "yes")
    desk.tap("housed", "no")
    desk.tap("worries", ["money", "none"])
    assert desk.pending() == {"housed": "no", "worries": ["money", "none"]}
    assert desk.pairing(key).step == before + 3
    with place.database.writing() as session:
        for _ in range(2):
            taps.confirm(session, desk.record(session), "housed", "no", place.ilse, at(2))
    assert desk.pending() == {"worries": ["money", "none"]}
    confirmed = desk.events()[-1]
    assert (confirmed.kind, confirmed.by, confirmed.page, confirmed.unit) == ("confirmed", "ILS-222", "home", "housed")
    assert confirmed.details == {"tapped": "no", "recorded": "no"}
    assert [one.kind for one in desk.events()].count("confirmed") == 1


def test_tap_can_be_declined_and_tapped_again(desk: Desk, place: Place) -> None:
    desk.tap("housed", {"missing": "refused"})
    with place.database.writing() as session:
        taps.decline(session, desk.record(session), "housed", place.ilse, at(2))
        taps.decline(session, desk.record(session), "nothing_tapped", place.ilse, at(2))
    assert desk.pending() == {}
    desk.tap("housed", "yes")
    assert desk.pending() == {"housed": "yes"}
    assert [(one.kind, one.by) for one in desk.events()] == [
        ("tapped", None),
        ("declined", "ILS-222"),
        ("tapped", None),
    ]


def test_taps_outlive_the_pairing(desk: Desk, place: Place) -> None:
    key = desk.paired()
    desk.tap("housed", "yes")
    desk.do(screens.end, desk.pairing(key), place.ilse)
    assert desk.pending() == {"housed": "yes"}
