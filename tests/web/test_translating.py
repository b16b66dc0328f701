"""Translators' pages: how far everything is, one text beside its page, two translators at once, and recordings."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml import html
from seeing import seen
from small_interview import small_library

from survey.instruments.library import Library
from survey.instruments.round_trip import Edited, Row
from survey.storage.recordings import LIMIT, MARK, fingerprint
from survey.storage.translations import edits, keep_edit
from survey.web.filling_in.sound import sounds
from survey.web.server import Adopting, Server
from survey.web.translators.adopting import EVERY_SECONDS

HOME = "small/housed/text"
PAGE = f"/translations/ar/text/{HOME}"
ARABIC = "هل لديك بيت؟"
WEBM = b"\x1a\x45\xdf\xa3" + b"sound" * 20


@pytest.fixture
def server(house: Any) -> Iterator[Server]:
    """The house's server with the small interview among its instruments."""
    extensions = house.app.extensions
    kept = extensions["krachtmeting"]
    extensions["krachtmeting"] = replace(kept, library=small_library(), prepared={}, forms={}, adopting=Adopting())
    yield extensions["krachtmeting"]
    small_library().adopt({})
    extensions["krachtmeting"] = kept


@pytest.fixture
def tara(server: Server, sign_in: Any) -> Any:
    return sign_in("tara")


def form(page: Any, **fields: str) -> dict[str, str]:
    """What a browser would send of the form on a text's page."""
    return dict(html.fromstring(page.data).get_element_by_id("translating").form_values()) | fields


def save(client: Any, address: str = PAGE, shown: Any = None, do: str = "save", **fields: str) -> Any:
    return client.post(address, data=form(shown or client.get(address), **fields) | {"do": do})


def kept(server: Server, context: str = HOME, language: str = "ar") -> list[tuple[str, str, str]]:
    with server.database.reading() as session:
        return [(one.words, one.status, one.comment) for one in edits(session, language, context)]


# How far everything is, and the list of texts


def test_table_has_a_row_for_each_language_that_something_is_translated_into(tara: Any) -> None:
    page = tara.get("/translations/")
    rows = [seen(page, f"//section[h2/@id='of-small']//tbody/tr[th/span='{one}']/*") for one in ("en", "ar")]
    assert rows == [
        ["English en offered", "100 %", "100 %", "0", "0", "18", "0", "0", "0", "0"],
        ["Arabic ar not offered", "0 %", "0 %", "18", "0", "0", "0", "0", "0", "0"],
    ]
    assert "/translations/ar/small/" in seen(page, "//section[h2/@id='of-small']//tbody//a/@href")
    assert "Arabic ar" in seen(page, "//section[h2/@id='of-controls']//tbody/tr/th")


@pytest.mark.parametrize("name", ["ilse", "rik", "admin"])
def test_others_see_the_table_and_no_way_into_it(name: str, server: Server, sign_in: Any) -> None:
    page = sign_in(name).get("/translations/")
    assert (page.status_code, seen(page, "//tbody//a")) == (200, [])


def test_list_shows_what_is_to_be_done_in_order(tara: Any) -> None:
    page = tara.get("/translations/ar/small/")
    assert seen(page, "//a[@aria-current]") == ["To do 18"]
    assert seen(page, "//a[@class='text-row']//*[@lang='nl']")[:4] == [
        "Klein gesprek",
        "Om te proberen.",
        "Huis",
        "Heeft u een huis?",
    ]
    assert seen(page, "//p[@class='where']")[:3] == ["Klein gesprek", "Huis", "Huis › Heeft u een huis?"]


def test_list_can_be_narrowed_and_searched(tara: Any) -> None:
    save(tara, words=ARABIC, status="reviewed")
    reviewed = tara.get("/translations/ar/small/?show=reviewed")
    assert seen(reviewed, "//a[@class='text-row']//*[@class='words-there']") == [ARABIC]
    assert seen(reviewed, "//a[@class='filter']/span") == ["17", "18", "0", "0", "1", "0", "0"]
    found = tara.get("/translations/ar/small/?show=all&q=SLAAPT")
    assert seen(found, "//a[@class='text-row']//*[@lang='nl']") == ["Waar slaapt u?"]
    assert seen(tara.get("/translations/ar/small/?q=zzz"), "//p[@class='empty']") == ["No text has these words."]


@pytest.mark.parametrize(
    "address",
    [
        "/translations/nl/small/",
        "/translations/zz!/small/",
        "/translations/ar/none/",
        "/translations/ar/text/small/none/text",
        "/translations/ar/text/none/housed/text",
        "/translations/nl/text/small/housed/text",
        "/translations/ar/text/small",
    ],
)
def test_what_cannot_be_translated_is_not_there(address: str, tara: Any) -> None:
    assert tara.get(address).status_code == 404


# One text


def test_text_stands_beside_its_source_in_dutch_and_english(tara: Any) -> None:
    page = tara.get(PAGE)
    assert seen(page, "//p[@class='source']") == ["Heeft u een huis?"]
    assert seen(page, "//p[@class='other']") == ["English: EN Heeft u een huis?"]
    area = html.fromstring(page.data).get_element_by_id("t-words")
    assert (area.get("lang"), area.get("dir"), area.text) == ("ar", "rtl", None)
    assert seen(page, "//input[@name='status']/@value") == ["draft", "reviewed", "pretested", "approved"]


def test_saved_text_is_kept_and_shown_at_once(tara: Any, server: Server) -> None:
    answer = save(tara, words=f" {ARABIC}\r\n", comment="kort", status="draft", draft_1="A", draft_2="B")
    assert (answer.status_code, answer.location.split("?")[0], kept(server)) == (302, PAGE, [(ARABIC, "draft", "kort")])
    assert server.library.texts(server.library.newest["small"], "ar")["housed/text"].words == ARABIC
    page = tara.get(PAGE)
    assert seen(page, "//form//textarea") == [ARABIC, "kort", "A", "B"]
    assert seen(page, "//ol[@class='history']//p[@lang='ar']") == [ARABIC]


def test_next_text_is_the_next_one_of_the_list(tara: Any) -> None:
    first = save(tara, words=ARABIC, do="next")
    assert first.location == "/translations/ar/text/small/housed/choices/yes?show=open"
    chosen = save(tara, f"{PAGE}?show=draft", do="next", words=ARABIC, status="approved")
    assert chosen.location == "/translations/ar/small/?show=draft"


def test_same_text_saved_twice_is_kept_once(tara: Any, server: Server) -> None:
    shown = tara.get(PAGE)
    answers = [save(tara, shown=shown, words=ARABIC).status_code for _ in range(2)]
    assert (answers, len(kept(server))) == ([302, 302], 1)


def test_other_words_make_an_approved_text_a_draft_and_say_so(tara: Any, server: Server) -> None:
    save(tara, words=ARABIC, status="approved")
    save(tara, words=ARABIC + "!")
    assert (
        seen(tara.get(PAGE), "//p[@class='message']")[-1] == "Saved. The words changed, so this text is a draft again."
    )
    assert [status for _, status, _ in kept(server)] == ["approved", "draft"]


SAVED = "/translations/ar/text/controls/saved"


def test_broken_placeholder_is_refused_kindly_with_nothing_lost(tara: Any, server: Server) -> None:
    answer = save(tara, SAVED, words="تم الحفظ {tijd}", comment="mijn opmerking", draft_1="eerste", draft_2="")
    assert (answer.status_code, kept(server, "controls/saved")) == (422, [])
    assert seen(answer, "//div[@id='problem']") == [
        "This was not saved yet. Put {time} into the translation too. Take {tijd} out: the source does not have it. "
        "What stands in braces is filled in later. Keep it as it is."
    ]
    assert seen(answer, "//form//textarea") == ["تم الحفظ {tijd}", "mijn opmerking", "eerste", ""]
    again = save(tara, SAVED, shown=answer, words="تم الحفظ {time}!")
    assert (again.status_code, kept(server, "controls/saved")) == (
        302,
        [("تم الحفظ {time}!", "draft", "mijn opmerking")],
    )


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"words": "", "status": "approved"}, "There is no translation yet. Write one first, or choose “draft”."),
        ({"words": "a\x07b"}, "There is a sign in it that no text can have (U+0007)."),
        ({"words": "x", "status": "perfect"}, "Choose a status from the list."),
    ],
)
def test_what_cannot_be_kept_is_explained(fields: dict[str, str], problem: str, tara: Any, server: Server) -> None:
    answer = tara.post(PAGE, data=form(tara.get(PAGE)) | fields | {"do": "save"})
    assert (answer.status_code, problem in seen(answer, "//div[@id='problem']")[0], kept(server)) == (422, True, [])


def test_two_translators_on_one_text_the_second_sees_the_first_ones_words(
    tara: Any, sign_in: Any, server: Server, house: Any
) -> None:
    otto = sign_in("otto")
    both = tara.get(PAGE), otto.get(PAGE)
    save(tara, shown=both[0], words="أولى", comment="van tara")
    second = save(otto, shown=both[1], words="ثانية", comment="van otto")
    assert (second.status_code, len(kept(server))) == (409, 1)
    assert seen(second, "//div[@id='problem']//dd[@lang='ar']") == ["أولى"]
    assert seen(second, "//div[@id='problem']//dd[@class='code']")[0].startswith(house.codes["tara"])
    assert seen(second, "//form//textarea")[:2] == ["ثانية", "van otto"]
    save(otto, shown=second)
    assert [words for words, *_ in kept(server)] == ["أولى", "ثانية"]


def test_page_that_was_opened_before_another_saved_is_noticed_on_another_node_too(tara: Any, server: Server) -> None:
    shown = tara.get(PAGE)
    edited = Edited(Row(HOME, "Heeft u een huis?"), "Heeft u een huis?", "elders", "", "", "draft", "")
    with server.database.writing() as session:
        keep_edit(session, "ar", edited, None, server.now())
    answer = save(tara, shown=shown, words="hier")
    assert (answer.status_code, seen(answer, "//dd[@class='their-words']")) == (409, ["elders"])


@pytest.mark.parametrize("base", ["x", "", "-1", "9" * 12])
def test_form_without_its_edit_is_no_form_of_ours(base: str, tara: Any) -> None:
    assert tara.post(PAGE, data=form(tara.get(PAGE), base=base)).status_code == 400


def outdated(server: Server) -> None:
    earlier = Edited(Row(HOME, "x"), "Hebt u een dak?", "هل لديك سقف؟", "", "", "approved", "")
    with server.database.writing() as session:
        keep_edit(session, "ar", earlier, None, server.now())


def test_outdated_text_shows_what_changed_and_holds_again_once_a_status_is_chosen(tara: Any, server: Server) -> None:
    outdated(server)
    page = tara.get(PAGE)
    assert (seen(page, "//del"), seen(page, "//ins")) == (["Hebt", "dak?"], ["Heeft", "huis?"])
    assert seen(page, "//input[@name='status'][@checked]/@value") == ["outdated"]
    small = server.library.newest["small"]
    assert server.library.texts(small, "ar")["housed/text"].status == "outdated"
    save(tara, comment="kijk hier nog eens naar")
    assert server.library.texts(small, "ar")["housed/text"].status == "outdated"
    save(tara, status="reviewed")
    assert server.library.texts(small, "ar")["housed/text"].status == "reviewed"


# The page beside it


def test_preview_is_the_page_with_the_typed_words_in_it_and_inert(tara: Any, server: Server) -> None:
    page = save(tara, words="كلمات <b>", do="show")
    assert (page.status_code, kept(server)) == (200, [])
    assert seen(page, "//*[@inert]//*[@data-at-hand]") == ["كلمات <b>"]
    assert seen(page, "//*[@inert]//*[@data-at-hand]/@dir") == ["rtl"]
    assert seen(page, "//textarea[@name='words']") == ["كلمات <b>"]
    inside = html.fromstring(page.data).xpath("//input[starts-with(@name, 'q_')]")
    assert inside and all(one.xpath("ancestor::*[@inert]") for one in inside)


def test_preview_shows_other_texts_as_they_are_and_says_what_is_not_translated(tara: Any) -> None:
    page = tara.get(PAGE)
    assert seen(page, "//*[@inert]//span[@class='option-words'][1]//small")[:1] == ["not translated: translate aloud"]


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ("controls/saved", ["تم الحفظ في {time}"]),
        ("small/years/check", ["Dat is langer dan u leeft."]),
        ("small/purpose", ["Om te proberen."]),
    ],
)
def test_text_that_stands_on_no_page_is_shown_for_itself(context: str, words: list[str], tara: Any) -> None:
    page = tara.get(f"/translations/ar/text/{context}")
    shown = seen(page, "//div[contains(@class, 'alone')]//*[@data-at-hand]")
    assert (len(shown), shown == words or context == "controls/saved") == (1, True)


def test_every_text_of_every_shipped_instrument_has_its_page(tara: Any, server: Server) -> None:
    for name, instrument in server.library.newest.items():
        for key in list(instrument.texts)[::40]:
            page = tara.get(f"/translations/xx/text/{name}/{key}")
            assert (page.status_code, len(seen(page, "//*[@data-at-hand]")) > 0) == (200, True), key


# Every process follows


def test_nodes_follow_each_other_within_seconds(tara: Any, server: Server, house: Any) -> None:
    save(tara, words=ARABIC)
    seconds = [100.0]
    other = Library(small_library().shelves)
    node = replace(server, library=other, prepared={}, adopting=Adopting(clock=lambda: seconds[0]))  # type: ignore[type-var]
    house.app.extensions["krachtmeting"] = node

    def there(key: str) -> str:
        house.app.test_client().get("/sign-in")
        return other.texts(other.newest["small"], "ar")[key].words

    assert there("housed/text") == ARABIC
    node.prepared["something",] = None  # type: ignore[assignment]
    with server.database.writing() as session:
        edited = Edited(Row("small/title", "Klein gesprek"), "Klein gesprek", "جديد", "", "", "draft", "")
        keep_edit(session, "ar", edited, None, server.now())
    seconds[0] += EVERY_SECONDS - 1
    assert there("title") == "Klein gesprek"
    seconds[0] += 1.1
    assert (there("title"), node.prepared) == ("جديد", {})


def test_looking_when_nothing_changed_keeps_what_is_prepared(tara: Any, server: Server) -> None:
    server.prepared["something",] = None  # type: ignore[assignment]
    server.adopting.look_at = float("-inf")
    tara.get("/translations/")
    assert len(server.prepared) == 1


# Recordings


RECORDING = f"/translations/ar/recording/{HOME}"


def record(client: Any, content: bytes, kind: str = "audio/webm;codecs=opus", words: str = ARABIC, **more: Any) -> Any:
    sent = {"csrf_token": form(client.get(PAGE))["csrf_token"], "of": fingerprint(words)} | more
    headers = {"Accept": "application/json"} if "do" not in more else {}
    return client.post(RECORDING, data=sent | {"sound": (io.BytesIO(content), "r", kind)}, headers=headers)


def test_recording_is_kept_and_heard_by_who_is_signed_in(tara: Any, server: Server, sign_in: Any) -> None:
    save(tara, words=ARABIC)
    address = record(tara, WEBM).get_json()["address"]
    assert address == f"/sound/ar/{HOME}?w={fingerprint(ARABIC)[:MARK]}"
    heard = sign_in("ilse").get(address)
    assert (heard.data, heard.mimetype, heard.headers["X-Content-Type-Options"]) == (WEBM, "audio/webm", "nosniff")
    part = tara.get(address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, WEBM[:4])
    assert seen(tara.get(PAGE), "//audio/@src") == [address]


def test_words_with_a_recording_have_an_address(tara: Any, server: Server, house: Any) -> None:
    save(tara, words=ARABIC)
    record(tara, WEBM)
    texts = server.library.texts(server.library.newest["small"], "ar")
    with house.app.test_request_context(), server.database.reading() as session:
        found = sounds(server.library, session, texts, ["housed/text", "title", "controls/refused"])
    assert found == {"housed/text": f"/sound/ar/{HOME}?w={fingerprint(ARABIC)[:MARK]}"}


def test_other_words_are_silent_until_they_are_recorded(tara: Any, server: Server) -> None:
    save(tara, words=ARABIC)
    record(tara, WEBM)
    save(tara, words=ARABIC + "!")
    assert seen(tara.get(PAGE), "//audio/@src") == []
    late = record(tara, WEBM)
    assert (late.status_code, "The words changed" in late.get_json()["problem"]) == (422, True)


@pytest.mark.parametrize(
    ("content", "kind", "problem"),
    [
        (b"<html>", "audio/webm", "This is no sound that browsers can play. Use WebM, Ogg, MP4 (M4A), MP3 or WAV."),
        (WEBM, "text/html", "This is no sound that browsers can play. Use WebM, Ogg, MP4 (M4A), MP3 or WAV."),
        (b"", "audio/webm", "There is no recording in it. Please try once more."),
        (
            WEBM + b"x" * LIMIT,
            "audio/webm",
            "This recording is larger than 1 MB. Make it shorter, or with a lower quality.",
        ),
    ],
)
def test_recording_that_is_none_is_refused(content: bytes, kind: str, problem: str, tara: Any) -> None:
    save(tara, words=ARABIC)
    answer = record(tara, content, kind)
    assert (answer.status_code, answer.get_json()) == (422, {"problem": problem})


def test_recording_can_be_sent_as_a_file_and_taken_away_without_a_script(tara: Any) -> None:
    save(tara, words=ARABIC)
    answer = record(tara, b"ID3 sound", "audio/mpeg", do="keep")
    assert (answer.status_code, answer.location) == (302, PAGE)
    page = tara.get(PAGE)
    assert "The recording is kept." in seen(page, "//p[@class='message']")
    record(tara, b"", do="remove")
    page = tara.get(PAGE)
    assert ("The recording is gone." in seen(page, "//p[@class='message']"), seen(page, "//audio/@src")) == (True, [])


def test_text_without_translation_has_nothing_to_record(tara: Any) -> None:
    answer = record(tara, WEBM, words="")
    assert answer.get_json() == {"problem": "There is no translation to record yet. Save one first."}


@pytest.mark.parametrize("mark", ["", "x", "0" * 16, "0" * 64, "%", "A" * 16])
def test_sound_that_is_not_there_is_not_found(mark: str, tara: Any) -> None:
    save(tara, words=ARABIC)
    record(tara, WEBM)
    assert tara.get(f"/sound/ar/{HOME}", query_string={"w": mark}).status_code == 404
    assert tara.get("/sound/../small/x?w=" + "0" * 16).status_code == 404


def test_microphone_is_allowed_on_the_page_of_a_text_alone(tara: Any) -> None:
    pages = [tara.get(address).headers for address in (PAGE, "/translations/", "/")]
    assert ["microphone=(self)" in page["Permissions-Policy"] for page in pages] == [True, False, False]
    assert ["media-src 'self' blob:" in page["Content-Security-Policy"] for page in pages] == [True, False, False]


# Ways in


def test_start_page_leads_translators_to_their_work(tara: Any) -> None:
    page = tara.get("/")
    assert seen(page, "//main//a/@href") == ["/translations/"]
    assert seen(page, "//h2") == []


def test_others_find_the_table_from_where_they_work(server: Server, sign_in: Any) -> None:
    assert "/translations/" in seen(sign_in("rik").get("/"), "//main//a/@href")
    assert "/translations/" in seen(sign_in("admin").get("/admin/instruments"), "//main//a/@href")
