"""A participant's own screen: joining, one question and nothing else, taps, blanking, and the end."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from own_screen import Device, Talk, chosen, signed, words
from seeing import seen
from sqlalchemy import event

from survey.instruments.figures import digits
from survey.storage import people, responses, screens, studies
from survey.storage.recordings import Sound, keep_recording
from survey.storage.responses import Languages, Opening
from survey.web.second_screen import qr, screen_tools

TELL = "controls/tell"


@pytest.fixture
def talk(house: Any, sign_in: Any) -> Talk:
    return Talk(house, sign_in("ilse"))


@pytest.fixture
def device(talk: Talk) -> Device:
    return talk.device()


# --- Joining ---


def test_page_with_the_code_shows_it_in_two_groups_with_a_drawing_for_the_camera(talk: Talk) -> None:
    page = talk.post("screen/pair")
    code = seen(page, "//*[@class='short-code']")[0]
    assert (len(code), code[4], code.replace(" ", "").isdecimal()) == (9, " ", True)
    assert seen(page, "//*[contains(text(), 'This works once')]") == ["This works once, until 10:10."]
    assert seen(page, "//ol/li[2]") == [f"Or open http://localhost/screen/join there and type:{code}"]
    # A drawing without a style of its own: the content policy allows none.
    assert seen(page, "//*[@class='qr']//@style") == []


def test_code_is_shown_only_once(talk: Talk) -> None:
    code = talk.invite()
    again = talk.get("screen")
    assert code not in again.text
    assert seen(again, "//main//button") == ["Make a new code"]


def test_drawing_is_the_link_as_a_qr_code(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(screen_tools, "drawing", lambda link: drawn.append(link) or qr.drawing(link))
    talk.invite()
    link = drawn[0].removeprefix("http://localhost/screen/join/")
    device = Device(talk.app.test_client())
    # Looking at the address, as a messenger does by itself, uses nothing up.
    for _ in range(3):
        page = device.client.get(f"/screen/join/{link}")
        assert seen(page, "//main//button") == [talk.words("controls/join")]
    assert seen(page, "/html/@dir | /html/@lang") == ["ar", "rtl"]
    assert device.join(link=link).location == "/screen/"
    assert Device(talk.app.test_client()).join(link=link).status_code == 422


def test_drawing_has_its_border_and_its_corners() -> None:
    drawing = qr.drawing("http://localhost/screen/join/" + "a" * 24)
    first, rows = drawing.path.split("M")[1], drawing.size
    assert (first, (rows - 2 * qr.BORDER - 17) % 4) == ("4 4h7v1h-7z", 0)
    assert f"M{rows - 11} 4h7v1h-7z" in drawing.path


def test_device_joins_without_signing_in(talk: Talk) -> None:
    device = Device(talk.app.test_client())
    answer = device.join(code=talk.invite())
    assert (answer.status_code, answer.location) == (302, "/screen/")
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("krachtmeting-screen="))
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/screen"} <= parts
    assert seen(talk.get("screen"), "//p[@class='message']")[0].startswith("A screen is paired since 10:00.")


def test_cookie_goes_over_https_only_where_the_session_does(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = talk.server.settings
    monkeypatch.setitem(vars(settings), "secure", True)
    answer = Device(talk.app.test_client()).join(code=talk.invite())
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "-screen=" in one)
    assert cookie.startswith("__Secure-krachtmeting-screen=") and "; Secure" in cookie


@pytest.mark.parametrize("typed", ["", "1234", "00000000", "geen idee"])
def test_wrong_code_is_said_kindly_and_stays_to_be_put_right(talk: Talk, typed: str) -> None:
    talk.invite()
    answer = Device(talk.app.test_client()).join(code=typed)
    assert (answer.status_code, seen(answer, "//*[@role='alert']")) == (422, [talk.words("controls/join_wrong", "nl")])
    assert seen(answer, "//input[@name='code']/@value") == ([typed] if typed else [""])


def test_join_page_speaks_the_language_of_the_device(talk: Talk) -> None:
    page = talk.app.test_client().get("/screen/join", headers={"Accept-Language": "ar-SY, en;q=0.5"})
    assert seen(page, "//h1") == [talk.words("controls/join_title")]
    assert seen(talk.app.test_client().get("/screen/join"), "//h1") == [talk.words("controls/join_title", "nl")]


def test_too_many_wrong_codes_close_the_door_for_a_minute(talk: Talk) -> None:
    device, code = Device(talk.app.test_client()), talk.invite()
    for _ in range(screens.WRONG_CODES):
        assert device.join(code="00000000").status_code == 422
    assert device.join(code=code).status_code == 429
    talk.server.now.advance(minutes=1)
    assert device.join(code=code).status_code == 302


def test_join_form_needs_our_token(talk: Talk) -> None:
    code = talk.invite()
    answer = talk.app.test_client().post("/screen/join", data={"code": code})
    assert (answer.status_code, seen(answer, "//main//h1")) == (400, [talk.words("controls/ask_interviewer", "nl")])


def test_staff_session_and_screen_share_a_device_without_harm(talk: Talk, sign_in: Any, house: Any) -> None:
    tablet = sign_in("rik")
    device = Device(tablet)
    assert device.join(code=talk.invite()).status_code == 302
    talk.show("welcome", "mood_today")
    assert tablet.get("/").status_code == 200
    assert device.tap("mood_today", answer="2").status_code == 200
    # Signing out and in again gives the forms another token; the screen learns of it with its next look.
    tablet.post("/sign-out", data={"csrf_token": signed(tablet, "/account/")})
    assert device.tap("mood_today", answer="3").status_code == 200
    tablet.post("/sign-in", data={"csrf_token": signed(tablet, "/sign-in"), "name": "rik", "password": house.password})
    assert tablet.get("/").status_code == 200
    assert device.tap("mood_today", answer="4").status_code == 200
    assert [tap["answers"] for tap in talk.state()["tapped"]] == [["4"]]


# --- What stands on it ---


def test_screen_waits_until_a_question_is_shown(talk: Talk, device: Device) -> None:
    assert device.sees() == [talk.words("controls/wait")]


def test_screen_shows_one_question_and_nothing_else(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    options = [talk.words(f"mood_today/choices/{code}") for code in range(1, 6)]
    reasons = [talk.words(f"controls/{why}") for why in ("refused", "dont_know")]
    assert device.sees() == [talk.words("mood_today/text"), *options, *reasons]
    # The whole page: what a browser gets has no name, no code, no menu, no link.
    page = device.client.get("/screen/")
    assert seen(page, "//a | //nav | //header | //progress") == []
    record = talk.record
    for secret in (talk.house.codes["ilse"], "ilse", record.token, "Krachtmeting"):
        assert secret not in page.text
    assert words("".join(seen(page, "//main//h1"))) == [talk.words("mood_today/text")]
    assert (device.now()["lang"], device.now()["dir"]) == ("ar", "rtl")


def test_screen_shows_pictograms_where_the_definition_has_them(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    assert [f"#face-{n}" in device.now()["html"] for n in range(1, 7)] == [True] * 5 + [False]


def test_row_of_a_scale_stands_with_its_question_and_the_languages_figures(talk: Talk, device: Device) -> None:
    talk.show_unit("fam_listen")
    figures = [digits("ar", n) for n in range(1, 8)]
    ends = [talk.words(f"choices/much/{code}") for code in (1, 7)]
    seen_words = device.sees()
    assert seen_words[:3] == [
        talk.words("fam_support/text"),
        talk.words("fam_support/items/fam_listen"),
        talk.words("fam_support/hint"),
    ]
    assert seen_words[3:12] == [*figures, *ends]
    # From left to right, as the definition says, in a language that is written from right to left.
    assert 'class="one-options one-row" dir="ltr"' in device.now()["html"]


@pytest.mark.parametrize(
    ("unit", "control"),
    [
        ("age", "tell"),
        ("country_mother_namely", "tell"),
        ("day_wish", "tell"),
        ("home_since", "tell"),
        ("coach_length", "tell"),
        ("coach_place", "tell"),
        ("welcome_note", "listen"),
    ],
)
def test_what_cannot_be_tapped_is_told_to_the_interviewer(talk: Talk, device: Device, unit: str, control: str) -> None:
    talk.show_unit(unit)
    assert talk.words(f"controls/{control}") in device.sees()
    assert 'name="answer"' not in device.now()["html"]


def test_recorded_number_stands_in_the_languages_figures(talk: Talk, device: Device) -> None:
    talk.answer("age", 46)
    talk.show_unit("age")
    assert f"{digits('ar', 46)} {talk.words('age/unit')}" in device.sees()


def test_words_of_another_question_never_stand_there(talk: Talk, device: Device) -> None:
    talk.answer("mood_today", 5)
    talk.answer("day_wish", "Iets geheims")
    for unit in ("start_ok", "day_wish"):
        talk.show_unit(unit)
        assert "Iets geheims" not in device.now()["html"]
        assert chosen(device.now()["html"]) == []


def test_recorded_answer_of_this_question_stands_as_chosen(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    before = device.now()["step"]
    talk.answer("mood_today", 4)
    now = device.now(before)
    assert chosen(now["html"]) == ["4"]
    talk.answer("mood_today", {"missing": "refused"})
    assert chosen(device.now()["html"]) == ["refused"]


def test_untranslated_words_never_show_in_another_language(house: Any, sign_in: Any) -> None:
    talk = Talk(house, sign_in("ilse"), second="de")
    device = talk.device()
    talk.show("welcome", "mood_today")
    dutch = talk.words("mood_today/text", "nl")
    sees = device.sees()
    assert dutch not in device.now()["html"]
    assert sees == [*map(str, range(1, 6))]
    html = device.now()["html"]
    assert talk.words("controls/not_translated", "nl") in html and 'lang="nl"' in html


def test_without_a_second_language_it_shows_the_only_one(house: Any, sign_in: Any) -> None:
    talk = Talk(house, sign_in("ilse"), second=None)
    device = talk.device()
    talk.show("welcome", "start_ok")
    assert device.sees() == [
        talk.words(key, "nl") for key in ("start_ok/text", "choices/yes_no/yes", "choices/yes_no/no")
    ]


def test_other_language_is_followed_at_once(talk: Talk, device: Device) -> None:
    talk.show("welcome", "start_ok")
    step = device.now()["step"]
    assert device.client.get(f"/screen/now?step={step}").status_code == 204
    with talk.server.database.writing() as session:
        by, now = talk.house.people["ilse"], talk.server.now()
        responses.change_languages(session, talk.record, Languages("nl", "tr"), by, now)
    now = device.now(step)
    assert (now["lang"], words(now["html"])[0]) == ("tr", talk.words("start_ok/text", "tr"))


def test_unit_of_another_page_is_not_shown(talk: Talk, device: Device) -> None:
    for page, unit in (("welcome", "age"), ("welcome", "nothing"), ("nowhere", "mood_today"), ("welcome", "")):
        assert talk.post("screen/show", page=page, unit=unit).status_code == 400
    assert device.sees() == [talk.words("controls/wait")]


def test_what_was_shown_is_on_record(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    talk.show("welcome", "mood_today")
    talk.show("welcome", "start_ok")
    assert talk.happened() == [
        ("paired", "participant", None),
        ("shown", "ilse", "mood_today"),
        ("shown", "ilse", "start_ok"),
    ]
    texts = talk.server.library.texts(talk.server.library.newest["client-interview"], "ar")
    assert talk.events()[-1].details == {"language": "ar", "texts": texts.sha256}


def test_nothing_is_shown_and_nothing_noted_without_a_screen(talk: Talk) -> None:
    assert talk.show("welcome", "mood_today") == {"standing": "none", "tapped": []}
    assert talk.happened() == []


def test_asking_when_nothing_changed_is_one_query_and_writes_nothing(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    step, asked = device.now()["step"], []
    engine = talk.server.database.engine
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert [device.client.get(f"/screen/now?step={step}").status_code for _ in range(3)] == [204] * 3
    assert [statement.split()[0] for statement in asked if statement != "BEGIN"] == ["SELECT"] * 3


def test_device_page_is_light(talk: Talk, device: Device) -> None:
    talk.show_unit("activities")
    page = device.client.get("/screen/")
    files = seen(page, "//link[@rel='stylesheet']/@href | //script/@src | //link[@rel='icon']/@href")
    sizes = [len(page.data), *(len(device.client.get(file).data) for file in [*files, "/static/pictograms.svg"])]
    assert len(files) == 6
    assert sum(sizes) < 60_000


# --- Tapping ---


def test_tap_stands_on_both_sides_until_it_is_taken_over(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    assert device.tap("mood_today", answer="4").json == {"tapped": True}
    assert chosen(device.now()["html"]) == ["4"]
    assert talk.words("controls/thanks") in device.sees()
    told = {"unit": "mood_today", "answers": ["4"], "reason": "", "words": talk.words("mood_today/choices/4", "nl")}
    assert talk.state()["tapped"] == [told]
    # It is no answer yet.
    assert talk.record.answers == {}
    talk.answer("mood_today", 4)
    assert talk.post("screen/confirm", unit="mood_today", answer="4", script="1").json["tapped"] == []
    assert talk.words("controls/thanks") not in device.sees()
    assert talk.happened()[2:] == [("tapped", "participant", "mood_today"), ("confirmed", "ilse", "mood_today")]
    assert talk.events()[-1].details == {"tapped": 4, "recorded": 4}


def test_tap_that_is_declined_is_no_longer_chosen(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    device.tap("mood_today", answer="4")
    talk.post("screen/decline", unit="mood_today", script="1")
    assert (chosen(device.now()["html"]), talk.state()["tapped"]) == ([], [])
    assert talk.happened()[-1] == ("declined", "ilse", "mood_today")


def test_tap_is_taken_over_without_a_script_too(talk: Talk, device: Device) -> None:
    talk.show_unit("activities")
    device.tap("activities", answer=["rest", "caring"])
    page = talk.get("screen")
    told = ", ".join(talk.words(f"activities/choices/{code}", "nl") for code in ("caring", "rest"))
    assert seen(page, "//*[@class='tapped']/span") == [f"{talk.words('activities/text', 'nl')}: {told}"]
    answer = talk.post("screen/confirm", unit="activities", save="1")
    assert (answer.location, talk.record.answers) == (talk.address("screen"), {"activities": ["caring", "rest"]})
    assert seen(talk.get("screen"), "//*[@class='tapped']") == []


def test_reason_can_be_tapped(talk: Talk, device: Device) -> None:
    talk.show_unit("age")
    device.tap("age", reason="refused")
    assert [(tap["answers"], tap["reason"]) for tap in talk.state()["tapped"]] == [([], "refused")]
    assert chosen(device.now()["html"]) == ["refused"]


@pytest.mark.parametrize(
    "sent", [{"answer": "9"}, {"answer": "zomaar"}, {"reason": "technical"}, {"reason": "not_applicable"}, {}]
)
def test_what_was_not_offered_cannot_be_tapped(talk: Talk, device: Device, sent: dict[str, str]) -> None:
    talk.show("welcome", "mood_today")
    answer = device.tap("mood_today", **sent)
    assert (answer.status_code, list(answer.json), talk.state()["tapped"]) == (422, ["say"], [])


def test_mistake_is_said_in_the_participants_language(talk: Talk, device: Device) -> None:
    talk.show_unit("activities")
    answer = device.tap("activities", answer=["none", "rest"])
    assert answer.json == {"say": talk.words("controls/mistakes/several.exclusive")}


def test_tap_on_a_question_that_has_gone_lands_nowhere(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    talk.show("welcome", "start_ok")
    assert device.tap("mood_today", answer="4").status_code == 409
    assert talk.state()["tapped"] == []


def test_tapping_can_be_forbidden(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    assert seen(talk.get("screen"), "//input[@name='may_tap']/@checked") == ["checked"]
    talk.post("screen/tapping")
    assert seen(talk.get("screen"), "//input[@name='may_tap']/@checked") == []
    assert "<button" not in device.now()["html"].replace('<button type="button" class="one-read"', "")
    assert device.tap("mood_today", answer="4").status_code == 409
    talk.answer("mood_today", 2)
    assert 'one-still" data-chosen' in device.now()["html"]


# --- Dark, and the end ---


def test_dark_screen_has_nothing_to_read(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    assert talk.post("screen/blank", dark="1", script="1").json["blank"] is True
    now = device.now()
    assert (now["blank"], now["html"].strip()) == (True, "")
    page = device.client.get("/screen/")
    assert (seen(page, "//main"), "dark" in seen(page, "//body/@class")[0]) == ([""], True)
    assert device.tap("mood_today", answer="4").status_code == 409
    # Another question may come meanwhile: it stays dark.
    talk.show("welcome", "start_ok")
    assert device.now()["html"].strip() == ""
    talk.post("screen/blank")
    assert device.sees()[0] == talk.words("start_ok/text")
    assert [kind for kind, _, _ in talk.happened()] == ["paired", "shown", "blanked", "shown", "unblanked"]


ENDS = ("button", "handing in", "hours", "role", "new pairing")


@pytest.mark.parametrize("how", ENDS)
def test_ended_screen_thanks_and_leads_nowhere(talk: Talk, device: Device, how: str) -> None:
    talk.show("welcome", "mood_today")
    step = device.now()["step"]
    match how:
        case "button":
            talk.post("screen/end")
        case "handing in":
            talk.hand_in()
        case "hours":
            talk.server.now.advance(hours=12)
        case "role":
            with talk.server.database.writing() as session:
                people.set_roles(session, talk.house.people["ilse"], talk.house.studies["demo"], frozenset({"coach"}))
        case "new pairing":
            talk.invite()
    answer = device.client.get(f"/screen/now?step={step}")
    assert (answer.json["ended"], words(answer.json["html"])) == (True, [talk.words("controls/ended")])
    assert "krachtmeting-screen=;" in answer.headers["Set-Cookie"]
    assert device.client.get("/screen/").location == "/screen/join"
    assert device.now() == {"ended": True, "html": ""}
    assert talk.happened()[-1][0] == "unpaired"
    assert [kind for kind, _, _ in talk.happened()].count("unpaired") == 1


def test_key_that_was_kept_aside_opens_nothing_after_the_end(talk: Talk, device: Device) -> None:
    key = device.client.get_cookie("krachtmeting-screen", path="/screen").value
    csrf = device.now()["csrf"]
    talk.post("screen/end")
    device.now()
    for _ in range(2):
        device.client.set_cookie("krachtmeting-screen", key, path="/screen")
        assert device.now()["ended"] is True
        fields = {"csrf_token": csrf, "unit": "mood_today", "answer": "4"}
        assert device.client.post("/screen/tap", data=fields).status_code in (400, 410)
    assert talk.state() == {"standing": "none", "tapped": []}


def test_what_was_handed_in_takes_no_new_screen(talk: Talk) -> None:
    talk.hand_in()
    assert seen(talk.get("screen"), "//main//button") == []
    assert talk.post("screen/pair").location == talk.address("screen")


def test_tools_say_when_the_device_is_not_there(talk: Talk, device: Device) -> None:
    device.now()
    assert talk.state()["there"] is True
    talk.server.now.advance(seconds=20)
    assert talk.state()["there"] is False
    assert "It is not there just now" in seen(talk.get("screen"), "//p[@class='message']")[0]
    device.now()
    assert talk.state()["there"] is True


def test_asking_how_the_screen_stands_is_no_sign_of_life(talk: Talk, device: Device) -> None:
    for _ in range(6):
        talk.server.now.advance(minutes=6)
        device.now()
        talk.get("screen/state")
    # The participant's screen goes on; the interviewer who has been away signs in again.
    assert talk.get("screen").status_code == 302
    assert device.now()["ended"] is False


def test_questionnaire_about_ones_own_work_has_no_screen(house: Any, sign_in: Any) -> None:
    server, coach = house.app.extensions["krachtmeting"], sign_in("coen")
    with server.database.writing() as session:
        study, by = house.studies["demo"], house.people["coen"]
        wave = studies.waves(session, study)[0].id
        opening = Opening(study, wave, "coach-fidelity", 1, by, "nl", person_id=by)
        token = responses.open_response(session, opening, server.now())
    answer = coach.get(f"/response/{token}/screen")
    assert (answer.status_code, seen(answer, "//main/p")[0]) == (
        410,
        "Only a talk with a participant has a screen or a show card for the participant.",
    )


# --- Read aloud ---


def test_what_was_read_aloud_is_on_record(talk: Talk, device: Device) -> None:
    talk.show("welcome", "mood_today")
    sent = {"unit": "mood_today", "keys": "mood_today/text mood_today/choices/1 made/up", "how": "voice"}
    answer = device.client.post("/screen/played", data=sent | {"csrf_token": device.now()["csrf"]})
    assert (answer.status_code, talk.happened()[-1]) == (204, ("played", "participant", "mood_today"))
    assert talk.events()[-1].details == {
        "how": "voice",
        "keys": ["mood_today/text", "mood_today/choices/1"],
        "language": "ar",
        "where": "screen",
    }


def test_recording_of_a_text_stands_beside_its_words_and_can_be_fetched_by_the_device(
    talk: Talk, device: Device
) -> None:
    text, wave = talk.words("mood_today/text"), b"RIFF\x24\x00\x00\x00WAVEfmt "
    with talk.server.database.writing() as session:
        sound, by = Sound("audio/wav", wave), talk.house.people["ilse"]
        keep_recording(session, "ar", "client-interview/mood_today/text", text, sound, by, talk.server.now())
    talk.show_unit("mood_today")
    spoken = html.fromstring(device.now()["html"]).xpath("//*[@data-sound]")
    assert [one.text_content() for one in spoken] == [text]
    address = spoken[0].get("data-sound")
    assert address.startswith("/screen/sound/ar/")
    heard = device.client.get(address)
    assert (heard.status_code, heard.content_type, heard.data) == (200, "audio/wav", wave)
    # On the interviewer's own card it comes from where signed-in people hear it.
    card = html.fromstring(talk.get("card/mood_today").data)
    assert card.xpath("//*[@data-sound]/@data-sound") == [address.removeprefix("/screen")]


def test_recordings_are_heard_on_a_paired_device_only(talk: Talk, device: Device) -> None:
    address = "/screen/sound/ar/client-interview/mood_today/text?w=" + "0" * 16
    assert talk.app.test_client().get(address).location == "/screen/join"
    assert device.client.get(address).status_code == 404
