"""`krachtmeting remind`: send the reminders whose day has come, once a day by a timetable of the machine."""

from __future__ import annotations

import click

from survey.commands_beginning import database_of, library_of, now, settings_here
from survey.instruments.protocols.collection import read_protocols
from survey.web.fieldwork.linking import remind
from survey.web.fieldwork.mail import can_send
from survey.web.server import Server


@click.command("remind")
def remind_command() -> None:
    """Send e-mail to who was sent a personal link and did not hand in, on the days of the protocol."""
    settings = settings_here()
    if not can_send(settings):
        raise click.ClickException("no e-mail can be sent: set KRACHTMETING_SMTP_URL and KRACHTMETING_MAIL_FROM")
    if not settings.public_url:
        raise click.ClickException("links need an address: set KRACHTMETING_PUBLIC_URL to that of the server")
    library = library_of(settings)
    here = Server(settings, database_of(settings), library, now, read_protocols(library))
    done = remind(here, settings.public_url, None)
    here.database.close()
    click.echo(f"{done.sent} reminders sent" + (f", {done.failed} could not be sent" if done.failed else ""))
    if done.failed:
        raise SystemExit(1)
