"""Sending e-mail by the server that the settings name, one message at a time, and saying plainly when it fails."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from survey.web.settings import Settings

TIMEOUT_SECONDS = 10
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
"""One address, and nothing that could be two."""

PORTS = {"smtp": 587, "smtps": 465}


class NotSent(Exception):
    """The message did not go out. `why` is the kind of failure: no address and no password is in it."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def can_send(settings: Settings) -> bool:
    """Whether e-mail can be sent from here."""
    return bool(settings.smtp_url and settings.mail_from)


def send(settings: Settings, to: str, subject: str, text: str) -> None:
    """Send a message in plain text. Raises NotSent: also for an address that is none."""
    if not can_send(settings):
        raise NotSent("no server for e-mail is named in the settings")
    if not ADDRESS.fullmatch(to):
        raise NotSent("no address")
    try:
        message = _message(settings.mail_from, to, subject, text)
        _deliver(settings.smtp_url, message)
    except (smtplib.SMTPException, MessageError, OSError, ValueError) as error:
        raise NotSent(type(error).__name__) from None


def _message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    # The address alone, and never something that the header takes for two.
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender.rsplit("@", 1)[-1].rstrip(">") or None)
    # Answers of machines, as "out of office", are not asked for.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable" if not text.isascii() else None)
    return message


def _deliver(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    secure = ssl.create_default_context()
    if parts.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=secure)
    else:
        connection = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    with connection:
        connection.ehlo()
        if parts.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=secure)
            connection.ehlo()
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        connection.send_message(message)
