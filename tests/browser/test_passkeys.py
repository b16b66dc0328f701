"""Passkeys in a real browser, with the authenticator that Chromium plays: made, shown, lost, and sent twice."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect
from running_server import PASSWORD, RunningServer

from survey.storage import people, second_factors


class Desk:
    """Paula's browser at the name of the server (an address in figures can have no passkeys), with an authenticator."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.page: Page = context.new_page()
        self.devices: CDPSession = context.new_cdp_session(self.page)
        self.devices.send("WebAuthn.enable", {"enableUI": False})
        self.device = self.plug_in()

    def plug_in(self) -> str:
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        found = self.devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(found["authenticatorId"])

    def lose(self) -> None:
        self.devices.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.device})
        self.device = self.plug_in()

    def give_password(self) -> None:
        self.page.goto(f"{self.address}/account/")
        self.page.locator("#name").fill("paula")
        self.page.locator("#password").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Sign in", exact=True).click()

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.fixture
def desk(server: RunningServer, open_context: Callable[..., BrowserContext]) -> Desk:
    now = datetime.datetime.now(datetime.UTC)
    with server.database.writing() as session:
        if not people.name_taken(session, "paula"):
            people.add_person(session, "paula", PASSWORD, now, language="en")
    return Desk(open_context(), server.url.replace("127.0.0.1", "localhost"))


def test_passkey_is_made_and_asked_for_from_then_on(desk: Desk, server: RunningServer) -> None:
    page = desk.page
    desk.give_password()
    page.get_by_role("link", name="Set up a second step").click()
    page.locator("#password_again").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.locator("#label").fill("the phone")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Write these codes down")).to_be_visible()
    recovery = page.locator("ol code").first.inner_text()
    page.get_by_role("link", name="I have kept them: go on").click()
    expect(page.get_by_text("Passkey: the phone")).to_be_visible()
    desk.sign_out()

    # The password alone opens nothing; with the passkey one is where one was going.
    desk.give_password()
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text("with a passkey", exact=True)).to_be_visible()
    desk.sign_out()

    # A device that has no passkey of this server: the page says so and stays; a recovery code helps.
    desk.lose()
    desk.give_password()
    # Else Chromium waits for a minute whether somebody plugs the right one in.
    page.evaluate(
        """() => {
          const form = document.querySelector("form[data-passkey]");
          form.dataset.options = JSON.stringify({ ...JSON.parse(form.dataset.options), timeout: 500 });
        }"""
    )
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_text("That did not work, or it was stopped.")).to_be_visible()
    page.get_by_text("I do not have my phone or key with me").click()
    page.locator("#recovery").fill(recovery.lower())
    page.get_by_role("button", name="Use this code").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    with server.database.writing() as session:
        paula = next(one.id for one in [people.person_with(session, "paula", PASSWORD)] if one)
        assert second_factors.factors(session, paula).recovery_codes == 9
        second_factors.remove_all(session, paula)


def test_answer_of_a_passkey_that_was_sent_before_is_refused(desk: Desk, server: RunningServer) -> None:
    page, sent = desk.page, []
    desk.give_password()
    page.goto(f"{desk.address}/account/second-factor")
    page.locator("#password_again").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="I have kept them: go on").click()
    desk.sign_out()
    desk.give_password()
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    fields = next(request.post_data_json for request in sent if "/sign-in/code" in request.url)
    desk.sign_out()
    desk.give_password()
    # The very same answer, in a form that stands open now.
    page.evaluate(
        """(fields) => {
          const form = document.querySelector("form[data-passkey]");
          form.elements.challenge.value = fields.challenge;
          form.elements.credential.value = fields.credential;
          form.submit();
        }""",
        fields,
    )
    expect(page.get_by_text("This passkey was not accepted.")).to_be_visible()
    with server.database.writing() as session:
        paula = next(one.id for one in [people.person_with(session, "paula", PASSWORD)] if one)
        second_factors.remove_all(session, paula)
