"""Filling in alone: what a link opens and what it does not, in one language, paused and gone on with, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from by_link import ByLink, Visitor, fields
from lxml import html
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import select

from survey.storage import links, reading
from survey.storage.reading import Selection
from survey.storage.tables import Visit
from survey.web.app import create_app
from survey.web.settings import Settings

HALF_YEAR = 190
TITLE = "//h1"


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


@pytest.fixture
def rating(place: ByLink) -> str:
    """The secret of a participant's link, half a year on."""
    person = place.participant()
    place.clock.advance(days=HALF_YEAR)
    return place.link(place.task(person))


@pytest.fixture
def visitor(app: Any) -> Visitor:
    return Visitor(app.test_client())


def control(place: ByLink, name: str, language: str = "nl") -> str:
    return place.here.library.controls(language)[f"controls/{name}"].words


def said(page: Any) -> list[str]:
    return seen(page, "//div[@class='calm']/*[self::h1 or self::p]")


def test_looking_at_a_link_uses_nothing_up_and_a_button_begins(place: ByLink, rating: str, visitor: Visitor) -> None:
    greeting = visitor.client.get(f"/l/{rating}")
    assert (seen(greeting, TITLE), seen(greeting, "//button")) == (["Wat doet uw coach?"], [control(place, "begin")])
    assert (place.state(rating), greeting.headers["Referrer-Policy"]) == ("sent", "strict-origin")
    first = visitor.open(rating)
    assert (first.request.path, place.state(rating)) == (
        f"/response/{place.record(rating).token}/page/welcome",
        "opened",
    )


def test_a_participant_fills_in_from_beginning_to_end_and_is_thanked(
    place: ByLink, rating: str, visitor: Visitor
) -> None:
    page = visitor.send(visitor.open(rating))
    page = visitor.send(page, q_ho_wish="5", q_ho_topic="4", q_ho_no="!refused")
    assert seen(page, TITLE) == ["Uw manier"]
    for _ in range(8):
        page = visitor.send(page, go="on")
    assert said(page)[0] == control(place, "last")
    handed = visitor.client.post(
        f"/response/{place.record(rating).token}/submit", data=fields(page), follow_redirects=True
    )
    assert (handed.request.path, said(handed)) == ("/l/", [control(place, "handed_in")])
    record = place.record(rating)
    assert record.answers == {"ho_wish": 5, "ho_topic": 4, "ho_no": {"missing": "refused"}}
    assert (record.submitted_by, place.state(rating)) == (None, "done")
    # Once per person and moment: the link says kindly that it is done, and its pages are closed.
    assert said(visitor.client.get(f"/l/{rating}")) == [control(place, "handed_in")]
    assert visitor.client.get(f"/response/{record.token}/page/welcome").location == "/l/"


def test_what_was_filled_in_alone_is_by_nobody_of_the_staff(place: ByLink, rating: str, visitor: Visitor) -> None:
    visitor.send(visitor.send(visitor.open(rating)), q_ho_wish="5")
    with place.here.database.reading() as session:
        record = place.record(rating)
        assert set(session.scalars(select(Visit.person_id).where(Visit.response_id == record.id))) == {None}
        (row,) = reading.trail(session, Selection(place.study.study, response=record.token))
    assert (row.by, row.unit, row.new) == (None, "ho_wish", "5")


def test_trail_and_page_as_shown_say_that_it_was_the_participant(
    place: ByLink, rating: str, visitor: Visitor, sign_in: Any
) -> None:
    visitor.send(visitor.send(visitor.open(rating)), q_ho_wish="5")
    token, rik = place.record(rating).token, sign_in("rik")
    trail = rik.get(f"/study/planned/responses/{token}")
    assert seen(trail, "//tbody/tr/td[2]") == ["participant"]
    shown = rik.get(html.fromstring(trail.data).xpath("//a[contains(@href, '/shown/')]/@href")[0])
    assert (shown.status_code, seen(shown, "//dd")[1]) == (200, "participant")
    assert "Show card" not in shown.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_whole_page_stands_in_one_language_with_nothing_for_staff(
    place: ByLink, visitor: Visitor, language: str
) -> None:
    person = place.participant()
    place.clock.advance(days=HALF_YEAR)
    secret = place.link(place.task(person), language)
    page = visitor.send(visitor.open(secret))
    tree = html.fromstring(page.data)
    assert set(tree.xpath("//@lang")) == {language}
    assert seen(page, "//form//button")[-3:] == [
        control(place, name, language) for name in ("previous", "pause", "next")
    ]
    position = control(place, "page_of", language).format(number=2, count=10)
    assert seen(page, "//*[@id='position']") == [position]
    for words in ("note-", "card-link", "relay", 'class="interviewer', "interview/", "sign-out", person.code, "ilse"):
        assert words not in page.text, words
    assert tree.xpath("//header | //nav | //a[@href='/']") == []


def test_language_is_chosen_on_the_greeting_and_kept(place: ByLink, rating: str, visitor: Visitor) -> None:
    greeting = visitor.client.get(f"/l/{rating}?language=en")
    assert seen(greeting, "//nav//*[@lang]") == seen(greeting, "//nav/*")
    assert seen(greeting, "//nav/span") == ["English"]
    visitor.open(rating, language="en")
    assert (place.record(rating).language, place.record(rating).second_language) == ("en", None)
    assert visitor.client.get("/l/?language=xx").status_code == 200
    assert seen(visitor.client.get("/l/"), TITLE) == ["What does your coach do?"]


def test_what_needs_another_look_is_said_in_the_language_and_nobody_is_held(place: ByLink, visitor: Visitor) -> None:
    secret = place.link(place.task(place.participant()), "en")
    page = visitor.send(visitor.open(secret))
    again = visitor.send(page, q_ho_wish="9")
    assert (again.status_code, seen(again, "//section//h2")) == (422, [control(place, "look_again", "en")])
    mistake = control(place, "mistakes/choice.unknown", "en")
    assert seen(again, "//*[@id='error-ho_wish']") == [mistake]
    assert seen(again, "//button[@value='on']") == [control(place, "later", "en")]
    assert visitor.send(again, go="on", q_ho_wish="9").request.path.endswith("/page/own_way")
    end = visitor.client.get(f"/response/{place.record(secret).token}/end")
    shut = visitor.client.post(f"/response/{place.record(secret).token}/submit", data=fields(end))
    assert (shut.status_code, seen(shut, "//section[@id='summary']/h2")) == (422, [control(place, "look_again", "en")])


def test_one_pauses_and_goes_on_with_the_same_link_on_another_device(
    place: ByLink, rating: str, visitor: Visitor, app: Any
) -> None:
    page = visitor.send(visitor.send(visitor.open(rating)), q_ho_wish="5")
    paused = visitor.send(page, go="pause")
    assert (paused.request.path, said(paused)) == ("/l/paused", [control(place, "kept")])
    phone = Visitor(app.test_client())
    assert seen(phone.client.get(f"/l/{rating}"), "//button") == [control(place, "go_on")]
    on = phone.open(rating)
    assert on.request.path.endswith("/page/own_way")
    assert html.fromstring(phone.send(on, go="previous").data).xpath("//input[@name='q_ho_wish'][@checked]/@value") == [
        "5"
    ]


def test_last_word_of_two_devices_counts_and_no_question_is_asked_about_it(
    place: ByLink, rating: str, visitor: Visitor, app: Any
) -> None:
    page = visitor.send(visitor.open(rating))
    phone = Visitor(app.test_client())
    there = phone.open(rating)
    there = phone.send(there) if there.request.path.endswith("welcome") else there
    visitor.send(page, q_ho_wish="5", q_ho_topic="2")
    after = phone.send(there, q_ho_wish="1", q_ho_no="3")
    assert after.status_code == 200
    assert place.record(rating).answers == {"ho_wish": 1, "ho_topic": 2, "ho_no": 3}


def test_autosave_saves_alone_and_keeps_no_note_or_code(place: ByLink, rating: str, visitor: Visitor) -> None:
    page = visitor.send(visitor.open(rating))
    sent = {name: value for name, value in fields(page).items() if name in ("csrf_token", "base", "texts")}
    token = place.record(rating).token
    more = {"page": "own_choice", "units": "ho_wish choice_items", "q_ho_wish": "2", "n_choice_items": "x"}
    answer = visitor.client.post(f"/response/{token}/save", data=sent | more)
    assert (answer.status_code, answer.json["invalid"]) == (200, {})
    assert (place.record(rating).answers, place.record(rating).notes) == ({"ho_wish": 2}, {})
    state = visitor.client.get("/session").json
    assert (state["seconds"] > 3600, state["person"]) == (True, fields(page)["person"][0])


def test_everything_else_is_as_if_it_were_not_there(place: ByLink, rating: str, visitor: Visitor, app: Any) -> None:
    elsewhere = place.link(place.task(place.participant()), days=1)
    Visitor(app.test_client()).open(elsewhere)
    token = place.record(elsewhere).token
    visitor.open(rating)
    mine = place.record(rating).token
    addresses = [
        "/", "/account/", "/admin/", "/study/planned/links/", "/study/planned/participants/", "/translations/",
        f"/response/{token}/", f"/response/{token}/page/welcome", f"/response/{mine}/pages",
        f"/response/{mine}/welcome",
        f"/response/{mine}/screen", f"/response/{mine}/card/ho_wish", f"/study/planned/responses/{mine}", "/nothing",
    ]  # fmt: skip
    answers = {address: visitor.client.get(address) for address in addresses}
    assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(addresses, 404)
    assert {said(answer)[0] for answer in answers.values()} == {control(place, "went_wrong")}
    # Whoever works here can sign in on the same device, and that ends the link on it.
    assert visitor.client.get("/sign-in").status_code == 200


def test_no_role_reads_what_a_participant_fills_in_alone(
    place: ByLink, rating: str, visitor: Visitor, sign_in: Any
) -> None:
    visitor.open(rating)
    token = place.record(rating).token
    for name in ("ilse", "coen", "iris", "tess", "olga", "admin"):
        assert sign_in(name).get(f"/response/{token}/page/welcome").status_code == 404, name


@pytest.mark.parametrize("end", ["revoked", "expired", "unknown", "left"])
def test_a_link_that_is_over_says_so_kindly_and_says_nothing_more(place: ByLink, visitor: Visitor, end: str) -> None:
    person = place.participant()
    place.clock.advance(days=HALF_YEAR)
    task = place.task(person)
    secret = place.link(task, days=1)
    if end == "revoked":
        place.link(task)
    elif end == "expired":
        place.clock.advance(days=1)
    elif end == "unknown":
        secret = "a" * 32
    else:
        with place.here.database.writing() as session:
            links.revoke(session, task, place.clock.now)
    page = visitor.client.get(f"/l/{secret}", headers={"Accept-Language": "nl"})
    assert (page.status_code, said(page), html.fromstring(page.data).xpath("//form")) == (
        200,
        [control(place, "link_over")],
        [],
    )


def test_a_link_that_is_taken_back_closes_the_page_that_is_open(place: ByLink, visitor: Visitor) -> None:
    person = place.participant()
    place.clock.advance(days=HALF_YEAR)
    task = place.task(person)
    secret = place.link(task)
    page = visitor.send(visitor.open(secret))
    place.link(task)
    token = place.record(secret).token
    shut = visitor.send(page, q_ho_wish="5")
    assert (shut.request.path, said(shut)) == ("/l/", [control(place, "link_over")])
    assert (
        visitor.client.post(f"/response/{token}/save", data=fields(page)).status_code,
        place.record(secret).answers,
    ) == (
        401,
        {},
    )


def test_wrong_addresses_get_the_same_page_also_when_there_are_too_many(
    place: ByLink, rating: str, visitor: Visitor
) -> None:
    for _ in range(links.WRONG_LINKS):
        wrong = visitor.client.get("/l/nothing")
    assert (wrong.status_code, said(wrong)) == (200, [control(place, "link_over", "nl")])
    assert visitor.client.get("/l/nothing").status_code == 429
    # Who has a link is not troubled by who has none.
    assert visitor.client.get(f"/l/{rating}").status_code == 200


def test_opening_a_link_replaces_a_sign_in_in_that_browser(place: ByLink, rating: str, sign_in: Any) -> None:
    ilse = sign_in("ilse")
    with ilse.session_transaction() as cookie:
        token = cookie["token"]
    Visitor(ilse).open(rating)
    with ilse.session_transaction() as cookie:
        assert ("token" in cookie, cookie["link"]) == (False, rating)
        cookie.clear()
        cookie["token"] = token
    assert ilse.get("/").location.startswith("/sign-in")


def test_a_coach_reads_the_interface_in_their_own_language_and_their_name_stands_nowhere(
    place: ByLink, visitor: Visitor, sign_in: Any
) -> None:
    place.clock.advance(days=40)
    secret = place.link(place.task(), "en")
    page = visitor.open(secret)
    assert (page.status_code, seen(page, "//form//button")[-3:]) == (200, ["Previous", "Pause", "Next"])
    assert ("coen" in page.text, html.fromstring(page.data).xpath("/html/@lang")) == (False, ["en"])
    record = place.record(secret)
    assert (record.person_id, record.opened_by, record.mode) == (*[place.study.people["coen"]] * 2, "link")
    # Signed in, the coach goes on with the same one.
    assert (
        sign_in("coen").get(f"/response/{record.token}/page/{page.request.path.rsplit('/', 1)[1]}").status_code == 200
    )


@pytest.fixture
def device(place: ByLink, sign_in: Any, send: Any) -> tuple[Visitor, int]:
    """Ilse's browser after she handed it over, and the task."""
    person = place.participant()
    place.clock.advance(days=HALF_YEAR)
    task, ilse = place.task(person), sign_in("ilse")
    address = f"/study/planned/links/{task}/kiosk"
    assert ilse.get(address).status_code == 200
    assert send(ilse, address).location == "/l/"
    return Visitor(ilse), task


def begun(visitor: Visitor) -> Any:
    return visitor.client.post("/l/", data=fields(visitor.client.get("/l/")), follow_redirects=True)


def test_a_device_that_is_handed_over_holds_the_questionnaire_and_nobodys_sign_in(
    place: ByLink, device: tuple[Visitor, int]
) -> None:
    visitor, _ = device
    assert visitor.client.get("/study/planned/participants/").status_code == 404
    page = begun(visitor)
    with visitor.client.session_transaction() as cookie:
        secret = cookie["link"]
    assert (page.request.path.endswith("/page/welcome"), place.record(secret).mode) == (True, "kiosk")
    assert html.fromstring(page.data).xpath("//form/@data-idle") == ["1800"]


def test_a_device_at_hand_goes_back_to_a_calm_page_and_a_link_of_ones_own_does_not(
    place: ByLink, device: tuple[Visitor, int], app: Any
) -> None:
    visitor, task = device
    page = begun(visitor)
    place.clock.advance(minutes=29)
    page = visitor.send(page)
    place.clock.advance(minutes=29)
    visitor.client.get("/session")
    place.clock.advance(minutes=2)
    calm = [control(place, "kept"), control(place, "give_back")]
    # The page itself asks for the calm one; a page that is open after that leads there too.
    assert said(visitor.client.get("/l/")) == calm
    away = visitor.client.get(page.request.path, follow_redirects=True)
    assert (away.request.path, said(away)) == ("/l/", calm)
    assert html.fromstring(away.data).xpath("//a/@href") == ["/sign-in", "/accessibility"]
    mine = Visitor(app.test_client())
    page = mine.open(place.link(task))
    assert html.fromstring(page.data).xpath("//form/@data-idle") == [""]
    place.clock.advance(days=20)
    assert mine.send(page).request.path.endswith("/page/own_choice")


def test_forms_of_a_link_are_taken_over_https_without_telling_its_address(
    place: ByLink, rating: str, tmp_path: Path
) -> None:
    secure = create_app(Settings(f"sqlite:///{tmp_path / 'own.sqlite'}", "x" * 32, secure=True))
    secure.extensions["krachtmeting"] = place.here
    client = secure.test_client()
    greeting = client.get(f"/l/{rating}", base_url="https://study.example")
    told = {"Referer": "https://study.example/"}
    begun = client.post("/l/", base_url="https://study.example", data=fields(greeting), headers=told)
    assert (begun.status_code, greeting.headers["Referrer-Policy"]) == (302, "strict-origin")
