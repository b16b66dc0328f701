"""Personal links as staff handles them: who reaches which, made and shown once, taken back, handed over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from by_link import ByLink, Visitor
from lxml import html
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import select

from survey.storage import people
from survey.storage.tables import AuditEntry, Participant

LIST = "/study/planned/links/"
HALF_YEAR = 190
STATE = "//h1/following-sibling::p[1]/span"


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


@pytest.fixture
def person(place: ByLink) -> Participant:
    """A participant of team north, half a year on."""
    found = place.participant("en")
    place.clock.advance(days=HALF_YEAR)
    return found


def codes(page: Any) -> set[str]:
    return set(seen(page, "//tbody//td[@class='code']/a"))


def address_on(page: Any) -> str:
    """The address of the link that is shown, without the server's."""
    (shown,) = html.fromstring(page.data).xpath("//input[@id='address']/@value")
    return str(shown).removeprefix("http://localhost")


def audited(place: ByLink) -> list[tuple[str, dict[str, Any]]]:
    with place.here.database.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(one.action, json.loads(one.details)) for one in rows if "signed" not in one.action]


def test_each_role_sees_the_links_that_it_handles(place: ByLink, person: Participant, sign_in: Any) -> None:
    north, codes_of = person.code, place.study.codes
    assert codes(sign_in("rik").get(LIST)) == {north, codes_of["coen"], codes_of["cora"]}
    assert codes(sign_in("ilse").get(LIST)) == {north}
    assert seen(sign_in("iris").get(LIST), "//p[@class='empty']") != []
    assert {sign_in(name).get(LIST).status_code for name in ("coen", "olga", "tess", "admin", "otto")} == {404}


def test_a_task_of_another_team_or_of_a_coach_is_not_there_for_an_interviewer(
    place: ByLink, person: Participant, sign_in: Any, send: Any
) -> None:
    task, of_coach = place.task(person), place.task()
    for name, number in (("iris", task), ("ilse", of_coach), ("rik", 9999), ("coen", of_coach), ("tess", task)):
        client = sign_in(name)
        answers = [client.get(f"{LIST}{number}{part}").status_code for part in ("", "/kiosk")]
        answers += [send(client, f"{LIST}{number}{part}").status_code for part in ("", "/revoke", "/kiosk")]
        assert answers == [404] * 5, name
    with place.here.database.writing() as session:
        scope = {"researcher": frozenset({place.study.teams["south"]})}
        people.set_scopes(session, place.study.people["rik"], place.study.study, scope)
    rik = sign_in("rik")
    assert (codes(rik.get(LIST)), rik.get(f"{LIST}{task}").status_code) == ({place.study.codes["cora"]}, 404)
    assert send(rik, f"{LIST}remind").status_code == 404


def test_a_link_is_shown_once_with_its_code_to_scan_and_then_never_again(
    place: ByLink, person: Participant, sign_in: Any, send: Any, app: Any
) -> None:
    address, ilse = f"{LIST}{place.task(person)}", sign_in("ilse")
    assert seen(ilse.get(address), STATE) == ["no link yet"]
    shown = ilse.get(send(ilse, address, go="make").location)
    link = address_on(shown)
    assert (seen(shown, STATE), seen(shown, "//section[@class='paper']/h2")) == (
        ["given, not opened yet"],
        ["What does your coach do?"],
    )
    assert len(html.fromstring(shown.data).xpath("//section[@class='paper']//*[name()='path']")) == 1
    assert html.fromstring(ilse.get(address).data).xpath("//input[@id='address']") == []
    visitor = Visitor(app.test_client())
    assert visitor.open(link.removeprefix("/l/")).status_code == 200
    assert seen(ilse.get(address), STATE) == ["opened"]
    details = {"study": "planned", "subject": person.code, "instrument": "hope-behaviour", "wave": "t1"}
    assert [one for one in audited(place) if one[0] == "made a personal link"] == [("made a personal link", details)]
    assert link.removeprefix("/l/") not in str(audited(place))


def test_a_link_is_made_anew_or_taken_back_and_the_one_before_opens_nothing(
    place: ByLink, person: Participant, sign_in: Any, send: Any
) -> None:
    address, ilse = f"{LIST}{place.task(person)}", sign_in("ilse")
    made = [address_on(ilse.get(send(ilse, address).location)).removeprefix("/l/") for _ in range(2)]
    assert [place.state(secret) for secret in made] == ["revoked", "sent"]
    send(ilse, f"{address}/revoke")
    assert (place.state(made[1]), seen(ilse.get(address), STATE)) == ("revoked", ["taken back"])
    assert [action for action, _ in audited(place)][-1] == "revoked a personal link"
    send(ilse, f"{address}/revoke")
    assert [action for action, _ in audited(place)].count("revoked a personal link") == 1


def test_what_was_handed_in_gets_no_other_link(
    place: ByLink, person: Participant, sign_in: Any, send: Any, app: Any
) -> None:
    task = place.task(person)
    visitor = Visitor(app.test_client())
    page = visitor.open(place.link(task))
    while "/page/" in page.request.path:
        page = visitor.send(page, go="on")
    visitor.client.post(
        page.request.path.replace("/end", "/submit"),
        data={"csrf_token": html.fromstring(page.data).xpath("//input[@name='csrf_token']/@value")[0]},
    )
    ilse = sign_in("ilse")
    shown = ilse.get(f"{LIST}{task}")
    assert (seen(shown, STATE), html.fromstring(shown.data).xpath("//main//form")) == (["handed in"], [])
    send(ilse, f"{LIST}{task}")
    assert [action for action, _ in audited(place)].count("made a personal link") == 0
    assert [ilse.get(f"{LIST}{task}/kiosk").status_code, send(ilse, f"{LIST}{task}/kiosk").status_code] == [404, 404]
    assert codes(ilse.get(f"{LIST}?state=done")) == {person.code}


def test_handing_over_is_on_record_and_only_for_what_a_participant_fills_in(
    place: ByLink, person: Participant, sign_in: Any, send: Any
) -> None:
    ilse, task = sign_in("ilse"), place.task(person)
    send(ilse, f"{LIST}{task}/kiosk")
    assert audited(place)[-1][0] == "handed over a device"
    assert ilse.get("/").status_code == 404
    # A personal link of the same task goes on working beside it.
    assert send(sign_in("rik"), f"{LIST}{place.task()}/kiosk").status_code == 404


def test_list_is_narrowed_sorted_and_cut_on_the_server(place: ByLink, person: Participant, sign_in: Any) -> None:
    place.link(place.task(person))
    rik = sign_in("rik")
    assert codes(rik.get(f"{LIST}?by=participant")) == {person.code}
    assert codes(rik.get(f"{LIST}?by=coach&wave=t0")) == {place.study.codes[name] for name in ("coen", "cora")}
    assert codes(rik.get(f"{LIST}?state=sent")) == {person.code}
    assert codes(rik.get(f"{LIST}?code={person.code.lower()}")) == {person.code}
    nothing = rik.get(f"{LIST}?code=ZZZ")
    assert seen(nothing, "//p[@class='empty']") == ["Nothing fits what you asked for. Take a filter away."]
    found = seen(rik.get(f"{LIST}?sort=code&down=1"), "//tbody//td[@class='code']/a")
    assert found == sorted(found, reverse=True)
