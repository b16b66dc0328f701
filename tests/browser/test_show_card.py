"""The show card on one device: there and back with a tap or a key, without a connection too, and read aloud."""

from __future__ import annotations

import datetime
import io
import wave
from collections.abc import Callable
from typing import Any

from interviewer import Interviewer
from layout import axe_faults, layout_faults
from own_instruments import RIGHT_TO_LEFT, pseudo
from playwright.sync_api import Locator, expect
from running_server import RunningServer
from sqlalchemy import delete

from survey.storage import segments
from survey.storage.events import Happened, events
from survey.storage.recordings import Sound, keep_recording
from survey.storage.segments import Company
from survey.storage.tables import Recording

SitDown = Callable[..., Interviewer]
PRIVATE = ("valid-lang", "html-lang-valid")
"""The rules that know no languages for private use."""

VOICE = """() => {
  const spoken = (globalThis.spoken = []);
  const voice = { lang: "qrl-XX", localService: true, name: "test" };
  const far = { lang: "nl-NL", localService: false, name: "far away" };
  let voices = [far];
  const synthesis = new EventTarget();
  synthesis.getVoices = () => voices;
  synthesis.cancel = () => {};
  synthesis.speak = (one) => {
    spoken.push(one.text);
    one.dispatchEvent(new Event("start"));
    setTimeout(() => one.dispatchEvent(new Event("end")), 30);
  };
  globalThis.SpeechSynthesisUtterance = class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  };
  Object.defineProperty(globalThis, "speechSynthesis", { value: synthesis });
  globalThis.voicesCome = () => { voices = [far, voice]; synthesis.dispatchEvent(new Event("voiceschanged")); };
}"""


def dialog(ilse: Interviewer) -> Locator:
    return ilse.page.locator("dialog.card-dialog")


def ready(ilse: Interviewer) -> None:
    """Wait until the cards of the page are there: they come right after the page."""
    came = "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/cards/'))"
    ilse.page.wait_for_function(came)
    ilse.page.wait_for_timeout(50)


def happened(server: RunningServer, token: str) -> list[Happened]:
    with server.database.reading() as session:
        return events(session, server.record(token).id)


def link(ilse: Interviewer, unit: str) -> Locator:
    return ilse.page.locator(f"a[data-card={unit}]")


def test_card_opens_over_the_page_and_goes_back_to_where_one_was(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT)
    ready(ilse)
    ilse.page.evaluate("globalThis.stayed = true")
    link(ilse, "sup_family").click()
    expect(dialog(ilse).locator("#one-text")).to_have_text(pseudo("Van familie"))
    assert dialog(ilse).evaluate("one => [one.lang, one.dir, one.clientWidth === innerWidth]") == ["qrl", "rtl", True]
    dialog(ilse).get_by_role("button", name=pseudo("Terug naar de interviewer")).click()
    expect(dialog(ilse)).to_be_hidden()
    assert ilse.page.evaluate("document.activeElement.dataset.card") == "sup_family"
    assert ilse.page.evaluate("globalThis.stayed") is True
    assert [(one.kind, one.unit) for one in happened(server, ilse.token)] == [("card", "sup_family")]


def test_one_key_opens_the_card_of_the_question_at_hand_and_closes_it(sit_down: SitDown) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT)
    ready(ilse)
    ilse.unit("sup_friends").locator("input").first.focus()
    for leaving in ("F2", "Escape"):
        ilse.page.keyboard.press("F2")
        expect(dialog(ilse).locator("#one-text")).to_have_text(pseudo("Van vrienden"))
        ilse.page.keyboard.press(leaving)
        expect(dialog(ilse)).to_be_hidden()
        assert ilse.page.evaluate("document.activeElement.name") == "q_sup_friends"
    # The card leaves nothing behind that could be read or reached.
    expect(dialog(ilse).locator(".one")).to_have_count(0)


def test_card_opens_without_a_connection_and_the_tap_arrives_later(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT)
    ready(ilse)
    ilse.page.context.set_offline(True)
    link(ilse, "sup_family").click()
    dialog(ilse).locator("button[name=answer][value='6']").click()
    expect(dialog(ilse).locator(".one-said")).to_have_text(pseudo("Dank u wel. De interviewer ziet uw antwoord."))
    ilse.page.keyboard.press("Escape")
    note = ilse.unit("sup_family").locator("[data-tapped]")
    expect(note).to_contain_text("Tapped by the participant: 6")
    ilse.page.context.set_offline(False)
    note.get_by_role("button", name="Take over").click()
    ilse.expect_saved()
    assert server.kept(ilse.token, "sup_family") == 6
    ilse.page.wait_for_timeout(3000)
    assert sorted({one.kind for one in happened(server, ilse.token)}) >= ["card", "tapped"]


def test_tap_on_a_card_is_taken_over_like_one_on_the_screen(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT)
    ready(ilse)
    ilse.answer("sup_family", 2)
    link(ilse, "sup_family").click()
    # What stands on the page stands on the card.
    expect(dialog(ilse).locator("[aria-pressed=true]")).to_have_attribute("value", "2")
    dialog(ilse).locator("button[name=answer][value='7']").click()
    ilse.page.keyboard.press("F2")
    note = ilse.unit("sup_family").locator("[data-tapped]")
    expect(note).to_contain_text("Tapped by the participant: Heel veel")
    assert ilse.chosen("sup_family") == ["2"]
    note.get_by_role("button", name="Take over").click()
    ilse.expect_saved()
    assert (ilse.chosen("sup_family"), server.kept(ilse.token, "sup_family")) == (["7"], 7)
    expect(note).to_have_count(0)
    ilse.page.wait_for_timeout(300)
    found = [(one.kind, one.details.get("recorded")) for one in happened(server, ilse.token)]
    assert found[-1] == ("confirmed", 7)


def test_tap_on_a_card_waits_through_a_reload(sit_down: SitDown) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT)
    ready(ilse)
    link(ilse, "worries").click()
    for code in ("money", "work"):
        dialog(ilse).locator(f"input[value={code}]").check()
    with ilse.page.expect_response("**/card/worries"):
        dialog(ilse).locator("[data-ready]").click()
    ilse.page.reload()
    expect(ilse.unit("worries").locator("[data-tapped]")).to_contain_text("Tapped by the participant: Geld, Werk")


def test_card_and_its_page_are_accessible_and_fit(sit_down: SitDown) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT)
    ready(ilse)
    link(ilse, "sup_family").click()
    dialog(ilse).locator("button[name=answer][value='7']").click()
    found = axe_faults(ilse.page, PRIVATE)
    ilse.page.keyboard.press("Escape")
    expect(ilse.unit("sup_family").locator("[data-tapped]")).to_be_visible()
    # What the keyboard left in view lies under the head of the page, which stays: from the top nothing does.
    ilse.page.evaluate("scrollTo(0, 0)")
    found += layout_faults(ilse.page) + axe_faults(ilse.page, PRIVATE)
    for unit in ("sup_family", "worries", "of_calm", "places"):
        ilse.page.goto(f"/response/{ilse.token}/card/{unit}")
        found += layout_faults(ilse.page) + axe_faults(ilse.page, PRIVATE)
    assert found == [], "\n".join(found)


def test_card_is_a_page_of_its_own_without_a_script(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT, java_script_enabled=False)
    link(ilse, "sup_family").click()
    ilse.page.locator("button[name=answer][value='3']").click()
    expect(ilse.page.get_by_text(pseudo("Dank u wel. De interviewer ziet uw antwoord."))).to_be_visible()
    ilse.page.get_by_role("link", name=pseudo("Terug naar de interviewer")).click()
    ilse.page.get_by_role("link", name="Participant's screen").click()
    ilse.press("Take over")
    assert server.kept(ilse.token, "sup_family") == 3


def test_card_is_read_aloud_by_a_voice_of_the_device_once_it_has_one(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="home", second=RIGHT_TO_LEFT)
    ilse.page.add_init_script(f"({VOICE})()")
    ilse.page.reload()
    ready(ilse)
    link(ilse, "housed").click()
    button = dialog(ilse).locator("[data-read-aloud]")
    expect(button).to_be_hidden()
    ilse.page.evaluate("globalThis.voicesCome()")
    expect(button).to_have_text(pseudo("Lees voor"), use_inner_text=True)
    with ilse.page.expect_response("**/played"):
        button.click()
        expect(button).to_have_text(pseudo("Stop met voorlezen"), use_inner_text=True)
    said = ["Heeft u een huis?", "Ja", "Nee", "Dat zeg ik liever niet", "Dat weet ik niet", "Dit past niet bij mij"]
    assert ilse.page.evaluate("globalThis.spoken") == [pseudo(words) for words in said]
    expect(button).to_have_text(pseudo("Lees voor"), use_inner_text=True)
    played = happened(server, ilse.token)[-1]
    assert (played.kind, played.unit, played.details["how"]) == ("played", "housed", "voice")
    assert played.details["keys"][:3] == ["housed/text", "housed/choices/yes", "housed/choices/no"]


def test_recording_goes_before_a_voice_and_is_noted_as_one(sit_down: SitDown, server: RunningServer) -> None:
    text, now = pseudo("Heeft u een huis?"), datetime.datetime.now(datetime.UTC)
    with server.database.writing() as session:
        about = (RIGHT_TO_LEFT, "every-kind/housed/text", text)
        keep_recording(session, *about, Sound("audio/wav", silence()), server.people["admin"], now)
    ilse = sit_down(page="home", second=RIGHT_TO_LEFT)
    ready(ilse)
    link(ilse, "housed").click()
    # There is no voice for this language on this device: what was recorded is read, and nothing else.
    with ilse.page.expect_response("**/played"):
        dialog(ilse).locator("[data-read-aloud]").click()
    played = happened(server, ilse.token)[-1].details
    assert (played["how"], played["keys"], played["where"]) == ("recording", ["housed/text"], "card")
    with server.database.writing() as session:
        session.execute(delete(Recording))


def silence() -> bytes:
    """A fifth of a second of nothing."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x00\x00" * 1600)
    return file.getvalue()


def test_card_that_was_shown_is_ticked_among_the_ways_of_relaying(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT)
    company, now = Company("professional", "phone"), datetime.datetime.now(datetime.UTC)
    with server.database.writing() as session:
        segments.begin_segment(session, server.record(ilse.token), company, server.people["ilse"], now)
    ilse.page.reload()
    ready(ilse)
    link(ilse, "sup_family").click()
    expect(dialog(ilse)).to_be_visible()
    ilse.page.keyboard.press("Escape")
    expect(ilse.page.locator("input[name=r_support][value=card]")).to_be_checked()
    ilse.expect_saved()
    assert server.record(ilse.token).relay == {"support": ["card"]}


def test_reading_stops_at_once_and_tells_what_was_heard(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="home", second=RIGHT_TO_LEFT)
    ilse.page.add_init_script(f"({VOICE})()")
    ilse.page.reload()
    ready(ilse)
    link(ilse, "housed").click()
    ilse.page.evaluate("globalThis.voicesCome()")
    ilse.page.evaluate("() => { speechSynthesis.speak = (one) => { one.dispatchEvent(new Event('start')); }; }")
    button: Any = dialog(ilse).locator("[data-read-aloud]")
    button.click()
    expect(dialog(ilse).locator(".being-read")).to_have_count(1)
    with ilse.page.expect_response("**/played"):
        button.click()
    expect(dialog(ilse).locator(".being-read")).to_have_count(0)
    assert happened(server, ilse.token)[-1].details["keys"] == ["housed/text"]
