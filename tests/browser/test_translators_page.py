"""A translator's page in a real browser: the preview follows what is typed, and a text is read aloud and kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from layout import axe_faults, layout_faults
from playwright.sync_api import Page, expect
from running_server import RunningServer

SignIn = Callable[..., Page]

MOOD = "/translations/ar/text/client-interview/mood_today/text?show=all"
OPTION = "/translations/ar/text/client-interview/choices/often/3?show=all"
CONTROL = "/translations/ar/text/controls/saved?show=all"

PLAYABLE = """() => new Promise((playable, not) => {
  const audio = document.querySelector("audio");
  audio.oncanplay = () => playable();
  audio.onerror = () => not(audio.error.message);
  audio.preload = "auto";
  audio.load();
})"""


def test_preview_follows_what_is_typed_and_nothing_in_it_works(sign_in: SignIn) -> None:
    page = sign_in("tara")
    page.goto(MOOD)
    at_hand = page.locator("[data-preview] [data-at-hand]")
    expect(at_hand).to_be_in_viewport()
    page.locator("#t-words").fill("كيف <b>حالكم</b>\nاليوم؟")
    assert at_hand.inner_text() == "كيف <b>حالكم</b>\nاليوم؟"
    assert (at_hand.get_attribute("lang"), at_hand.get_attribute("dir")) == ("ar", "rtl")
    page.locator("#t-words").fill("")
    assert (at_hand.inner_text(), at_hand.get_attribute("lang")) == ("Hoe voelt u zich op dit moment?", "nl")
    page.locator("[data-preview] .option").first.click(force=True)
    assert page.locator("[data-preview] input:checked").count() == 0


def test_text_is_saved_and_the_next_one_opens(sign_in: SignIn) -> None:
    page = sign_in("tara")
    page.goto("/translations/fa/client-interview/?show=all")
    page.locator("a.text-row").nth(2).click()
    page.locator("#t-words").fill("خوش آمدید!")
    page.locator("input[name=status][value=reviewed]").check()
    page.get_by_role("button", name="Save, next text").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(page.locator(".source")).to_have_text(
        "Fijn dat u er bent. U bepaalt zelf wat u vertelt. Geen enkel antwoord is fout."
    )
    page.goto("/translations/fa/client-interview/?show=reviewed")
    expect(page.locator(".words-there")).to_have_text(["خوش آمدید!"])


HUMMING = """navigator.mediaDevices.getUserMedia = async () => {
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const microphone = sound.createMediaStreamDestination();
  tone.connect(microphone);
  tone.start();
  return microphone.stream;
};"""
"""A microphone that hums: a browser without a window has none. What is made of its sound is the browser's own."""


def test_text_is_read_aloud_listened_to_and_kept(sign_in: SignIn, server: RunningServer) -> None:
    page = sign_in("tara")
    page.context.add_init_script(HUMMING)
    page.goto("/translations/uk/text/client-interview/mood_today/text")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("[data-told]")).to_have_text("Recording …")
    page.wait_for_timeout(700)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-told]")).to_have_text("Listen, then keep it or record it again.")
    page.get_by_role("button", name="Keep this recording").click()
    expect(page.locator("[data-told]")).to_have_text("The recording is kept.")
    page.reload()
    page.wait_for_function("document.querySelector('audio').getAttribute('src') !== null")
    page.evaluate(PLAYABLE)
    expect(page.get_by_text("Recorded by")).to_be_visible()


def test_without_the_microphone_a_file_can_be_chosen(sign_in: SignIn) -> None:
    page = sign_in("tara", permissions=[])
    page.goto("/translations/pl/text/client-interview/mood_today/text")
    page.get_by_role("button", name="Record").click()
    told = "The browser may not use the microphone. Allow it, or choose a file."
    expect(page.locator("[data-told]")).to_have_text(told)
    page.get_by_text("From a file").click()
    page.locator("#sound-file").set_input_files({"name": "a.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3 hm"})
    page.get_by_role("button", name="Keep this file").click()
    expect(page.get_by_text("The recording is kept.")).to_be_visible()


@pytest.mark.parametrize(
    "address", ["/translations/", "/translations/ar/client-interview/?show=draft", MOOD, OPTION, CONTROL]
)
def test_pages_of_the_translator(address: str, sign_in: SignIn) -> None:
    page = sign_in("tara")
    page.goto(address)
    # What the pane has scrolled out of sight lies on nothing, but has a place that the check would see.
    page.evaluate(
        "() => document.querySelectorAll('.preview-pane').forEach((pane) => { pane.style.maxBlockSize = 'none'; })"
    )
    assert layout_faults(page) + axe_faults(page) == []
