"""Links by e-mail and reminders, into a catcher on this machine."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import re
import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from by_link import ByLink, Visitor
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from planned_study import PlannedStudy
from seeing import seen

from survey.commands import main
from survey.storage import identities
from survey.storage.tables import Participant, Person
from survey.web.fieldwork.linking import remind
from survey.web.fieldwork.mail import NotSent, can_send, send
from survey.web.settings import Settings, SettingsError, from_environment

LIST = "/study/planned/links/"
PUBLIC = "https://study.example"
MESSAGE = "//p[@class='message']"


class Catcher:
    """Takes messages, and keeps them."""

    port: int

    def __init__(self) -> None:
        self.caught: list[Any] = []
        self.refuses = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            return "451 later please"
        self.caught.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    def secrets(self) -> list[str]:
        """The secrets of the links in the messages, in order."""
        return [re.findall(rf"{PUBLIC}/l/([a-z2-7]+)", one.get_content())[0] for _, one in self.caught]


@pytest.fixture
def catcher() -> Iterator[Any]:
    found = Catcher()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found.port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any, catcher: Any) -> ByLink:
    found = ByLink(house, planned, clock)
    settings = dataclasses.replace(
        found.here.settings, smtp_url=f"smtp://127.0.0.1:{catcher.port}", mail_from="study@study.example",
        public_url=PUBLIC, master_key=b"k" * 32,
    )  # fmt: skip
    house.app.extensions["krachtmeting"] = dataclasses.replace(found.here, settings=settings)
    return found


def with_address(place: ByLink, language: str = "nl") -> Participant:
    """A participant half a year on, with an address."""
    found = place.participant(language)
    place.clock.advance(days=190)
    with place.here.database.writing() as session:
        mail = {"name": "Zus van Zo", "email": "zus@post.example"}
        subject = session.get_one(Participant, found.id)
        identities.keep(session, place.here.sealer, subject, mail, place.study.people["ilse"], place.clock.now)
    return found


@pytest.mark.parametrize(("language", "subject"), [("nl", "Een vragenlijst voor u"), ("en", "A questionnaire for you")])
def test_a_link_goes_by_mail_in_its_language_with_no_name_and_no_code(
    place: ByLink, catcher: Any, sign_in: Any, send: Any, app: Any, language: str, subject: str
) -> None:
    person, ilse = with_address(place, language), sign_in("ilse")
    address = f"{LIST}{place.task(person)}"
    shown = ilse.get(send(ilse, address, go="send").location)
    assert seen(shown, MESSAGE) == ["The link was sent by e-mail."]
    ((to, message),) = catcher.caught
    assert (to, message["To"], message["From"], message["Subject"]) == (
        ["zus@post.example"], "zus@post.example", "study@study.example", subject,
    )  # fmt: skip
    assert message.get_content_type() == "text/plain"
    for word in ("Zus", person.code, "coach", "hope", "ilse"):
        assert word not in str(message), word
    assert Visitor(app.test_client()).open(catcher.secrets()[0]).status_code == 200


def test_a_coach_gets_a_link_at_the_address_that_is_kept_of_them(
    place: ByLink, catcher: Any, sign_in: Any, send: Any
) -> None:
    coen = place.study.people["coen"]
    with place.here.database.writing() as session:
        person = session.get_one(Person, coen)
        identities.keep(session, place.here.sealer, person, {"email": "coen@post.example"}, coen, place.clock.now)
    send(sign_in("rik"), f"{LIST}{place.task()}", go="send")
    assert [to for to, _ in catcher.caught] == [["coen@post.example"]]


def test_a_mail_that_fails_leaves_the_link_to_copy(place: ByLink, catcher: Any, sign_in: Any, send: Any) -> None:
    person, ilse = with_address(place), sign_in("ilse")
    catcher.refuses = True
    shown = ilse.get(send(ilse, f"{LIST}{place.task(person)}", go="send").location)
    failed = "The e-mail could not be sent. The link works: copy it, print it, or try again later."
    assert (seen(shown, MESSAGE), len(seen(shown, "//section[@class='paper']"))) == ([failed], 1)
    place.clock.advance(days=11)
    assert remind(place.here, PUBLIC, None).sent == 0


def test_without_an_address_the_page_offers_no_mail_and_sends_none(
    place: ByLink, catcher: Any, sign_in: Any, send: Any
) -> None:
    person, ilse = place.participant(), sign_in("ilse")
    address = f"{LIST}{place.task(person)}"
    assert seen(ilse.get(address), "//form[contains(@class, 'what-to-do')]//button") == ["Make a link"]
    shown = ilse.get(send(ilse, address, go="send").location)
    assert (len(seen(shown, "//section[@class='paper']")), catcher.caught) == (1, [])


def test_a_reminder_comes_on_its_day_once_with_a_new_link_and_stops_when_done(
    place: ByLink, catcher: Any, sign_in: Any, send: Any, app: Any
) -> None:
    person = with_address(place)
    send(sign_in("ilse"), f"{LIST}{place.task(person)}", go="send")
    first = catcher.secrets()[0]
    place.clock.advance(days=9)
    assert vars(remind(place.here, PUBLIC, None)) == {"sent": 0, "failed": 0}
    place.clock.advance(days=1)
    catcher.refuses = True
    assert vars(remind(place.here, PUBLIC, None)) == {"sent": 0, "failed": 1}
    assert place.state(first) == "sent"
    catcher.refuses = False
    assert [vars(remind(place.here, PUBLIC, None)) for _ in range(2)] == [
        {"sent": 1, "failed": 0}, {"sent": 0, "failed": 0},
    ]  # fmt: skip
    second = catcher.secrets()[1]
    assert (place.state(first), place.state(second)) == ("revoked", "sent")
    assert catcher.caught[1][1]["Subject"] == "De vragenlijst staat nog voor u klaar"
    assert Visitor(app.test_client()).open(second).status_code == 200


def test_who_handed_in_is_left_alone_and_a_researcher_can_send_the_reminders_of_today(
    place: ByLink, catcher: Any, sign_in: Any, send: Any, app: Any
) -> None:
    tasks = [place.task(with_address(place)) for _ in range(2)]
    rik = sign_in("rik")
    for task in tasks:
        send(rik, f"{LIST}{task}", go="send")
    visitor = Visitor(app.test_client())
    page = visitor.open(catcher.secrets()[0])
    while "/page/" in page.request.path:
        page = visitor.send(page, go="on")
    visitor.client.post(page.request.path.replace("/end", "/submit"), data={"csrf_token": _token(page)})
    assert place.state(catcher.secrets()[0]) == "done"
    place.clock.advance(days=10)
    rik = sign_in("rik")
    assert seen(rik.get(send(rik, f"{LIST}remind").location), MESSAGE) == ["1 reminder was sent."]
    assert len(catcher.caught) == 3
    assert send(sign_in("ilse"), f"{LIST}remind").status_code == 404


def test_command_sends_what_is_due_and_says_what_is_missing(
    place: ByLink, catcher: Any, sign_in: Any, send: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    person = with_address(place)
    send(sign_in("ilse"), f"{LIST}{place.task(person)}", go="send")
    monkeypatch.chdir(tmp_path)
    settings = place.here.settings
    given = {
        "KRACHTMETING_DATABASE_URL": str(place.here.database.url),
        "KRACHTMETING_MASTER_KEY": base64.b64encode(settings.master_key).decode(),
    }

    def ran() -> tuple[int, str]:
        done = CliRunner(env=given).invoke(main, ["remind"])
        return done.exit_code, done.output.strip()

    assert ran() == (1, "Error: no e-mail can be sent: set KRACHTMETING_SMTP_URL and KRACHTMETING_MAIL_FROM")
    given |= {"KRACHTMETING_SMTP_URL": settings.smtp_url, "KRACHTMETING_MAIL_FROM": settings.mail_from}
    assert ran() == (1, "Error: links need an address: set KRACHTMETING_PUBLIC_URL to that of the server")
    given["KRACHTMETING_PUBLIC_URL"] = PUBLIC
    # The command has the clock of the machine: by then the link of the test is long over.
    assert (ran(), len(catcher.caught)) == ((0, "0 reminders sent"), 1)


def _token(page: Any) -> str:
    return str(page.text.split('name="csrf_token" value="')[1].split('"')[0])


@pytest.mark.parametrize("to", ["nobody", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", ""])
def test_an_address_that_is_none_is_no_way_to_anybody(place: ByLink, catcher: Any, to: str) -> None:
    with pytest.raises(NotSent):
        send(place.here.settings, to, "Hello", "Text")
    assert catcher.caught == []


def test_without_a_server_nothing_is_sent() -> None:
    settings = Settings("sqlite://", "x" * 32)
    assert can_send(settings) is False
    with pytest.raises(NotSent):
        send(settings, "a@b.example", "Hello", "Text")


def own_certificate(folder: Path) -> ssl.SSLContext:
    """What a server for mail shows whose certificate nobody vouches for."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    begins = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begins, begins + datetime.timedelta(days=9))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).sign(key, SHA256())
    written = folder / "mail.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    written.write_bytes(secret + signed.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(written)
    return context


def look(port: int) -> None:
    """Speak to a server with TLS, whoever it is."""
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line, anybody.wrap_socket(line) as talk:
        talk.recv(100)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_no_mail(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught, context = Catcher(), own_certificate(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    how = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    if scheme == "smtps":
        # It asks itself whether it is ready with what only a server can use.
        monkeypatch.setattr(Controller, "_trigger_server", lambda self: look(port))
    controller = Controller(caught, hostname="127.0.0.1", port=port, **how)
    controller.start()
    settings = Settings("sqlite://", "x" * 32, smtp_url=f"{scheme}://localhost:{port}", mail_from="a@b.example")
    try:
        with pytest.raises(NotSent):
            send(settings, "c@d.example", "Hello", "Text")
        # With the very same server it is sent once its certificate is trusted.
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail.pem"))
        send(settings, "c@d.example", "Hello", "Text")
    finally:
        controller.stop()
    assert len(caught.caught) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"KRACHTMETING_SMTP_URL": "mail.example"}, "KRACHTMETING_SMTP_URL is no address"),
        ({"KRACHTMETING_SMTP_URL": "smtp://mail.example"}, "KRACHTMETING_MAIL_FROM is no address"),
        ({"KRACHTMETING_SMTP_URL": "smtp://mail.example:99999"}, "KRACHTMETING_SMTP_URL is no address"),
        ({"KRACHTMETING_PUBLIC_URL": "study.example"}, "KRACHTMETING_PUBLIC_URL is no address"),
    ],
)
def test_a_setting_that_cannot_be_is_told_without_repeating_it(given: dict[str, str], told: str, tmp_path: Any) -> None:
    with pytest.raises(SettingsError, match=told) as error:
        from_environment(given, tmp_path)
    assert next(iter(given.values())) not in str(error.value)


def test_settings_for_mail_are_read(tmp_path: Any) -> None:
    given = {
        "KRACHTMETING_SMTP_URL": "smtps://user:pass@mail.example",
        "KRACHTMETING_MAIL_FROM": "Study <study@study.example>",
        "KRACHTMETING_PUBLIC_URL": f"{PUBLIC}/",
    }
    settings = from_environment(given, tmp_path)
    assert (settings.smtp_url, settings.public_url) == ("smtps://user:pass@mail.example", PUBLIC)
    assert "user:pass" not in repr(settings)
