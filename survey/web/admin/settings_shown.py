"""What the server runs with, in words for an admin: nothing secret, and beside each the variable that says so."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from flask_babel import gettext, ngettext

from survey.storage.sessions import FAILURES, LOCKED_FOR, LONGEST
from survey.web.server import server
from survey.web.signing_in import oidc


@dataclass(frozen=True)
class Setting:
    """One thing that the server runs with. `advice`: what to do where something is not as it should be."""

    words: str
    value: str
    variable: str = ""
    advice: str = ""


def shown_settings() -> list[Setting]:
    """All of them, in the order in which one looks for them."""
    here = server()
    chosen, minute = here.settings, 60
    tries = gettext(
        "%(tries)s wrong passwords close a name for %(minutes)s minutes",
        tries=FAILURES,
        minutes=int(LOCKED_FOR.total_seconds()) // minute,
    )
    return [
        Setting(gettext("Version"), version("krachtmeting")),
        Setting(
            gettext("Database"),
            # Not the address: it may hold a password.
            "SQLite" if here.database.sqlite else "PostgreSQL",
            "KRACHTMETING_DATABASE_URL",
        ),
        Setting(
            gettext("Reached through https"),
            gettext("yes") if chosen.secure else gettext("no"),
            "KRACHTMETING_HTTPS",
            "" if chosen.secure else gettext("For a real study, put a reverse proxy with https before the server."),
        ),
        Setting(
            gettext("Signed out without a sign of life"),
            _minutes(int(chosen.idle.total_seconds()) // minute),
            "KRACHTMETING_IDLE_MINUTES",
        ),
        Setting(gettext("Signed out in any case"), _hours(int(LONGEST.total_seconds()) // (minute * minute))),
        Setting(gettext("Wrong passwords"), tries),
        Setting(
            gettext("Second step of signing in"),
            gettext("asked of interviewers, researchers and admins") if chosen.second_factor else gettext("not asked"),
            "KRACHTMETING_SECOND_FACTOR",
            "" if chosen.second_factor else gettext("For a real study, switch it on: a password alone is soon lost."),
        ),
        Setting(
            gettext("Reverse proxies before the server"),
            str(chosen.proxies),
            "KRACHTMETING_PROXIES",
            gettext("Write how many there are, so that guessing from one address can be stopped.")
            if chosen.secure and not chosen.proxies
            else "",
        ),
        Setting(
            gettext("Sign in through the organisation"),
            chosen.oidc_issuer or gettext("no"),
            "KRACHTMETING_OIDC_ISSUER KRACHTMETING_OIDC_CLIENT_ID "
            "KRACHTMETING_OIDC_CLIENT_SECRET KRACHTMETING_OIDC_ACR",
            gettext("The server has no package for it: install the extra oidc.")
            if chosen.oidc_issuer and not oidc.offered()
            else "",
        ),
        Setting(
            gettext("Port for counters"),
            str(chosen.metrics_port) if chosen.metrics_port else gettext("none"),
            "KRACHTMETING_METRICS_PORT",
        ),
        Setting(gettext("Key of names and addresses"), _master_key(), "KRACHTMETING_MASTER_KEY", _key_advice()),
        Setting(
            gettext("E-mail"),
            gettext("sent as %(address)s", address=chosen.mail_from) if chosen.smtp_url else gettext("not sent"),
            "KRACHTMETING_SMTP_URL KRACHTMETING_MAIL_FROM",
            "" if chosen.smtp_url else gettext("Personal links are shown for copying instead."),
        ),
        Setting(
            gettext("Address in personal links"),
            chosen.public_url or gettext("as the page was asked for"),
            "KRACHTMETING_PUBLIC_URL",
        ),
        Setting(
            gettext("Folders with definitions of one's own"),
            str(len(chosen.own_definitions)),
            "KRACHTMETING_DEFINITIONS",
        ),
        Setting(gettext("Instruments"), str(len(here.library.newest))),
        Setting(gettext("Protocols"), ", ".join(sorted(here.protocols)) or gettext("none")),
    ]


def _minutes(count: int) -> str:
    return ngettext("after %(num)d minute", "after %(num)d minutes", count)


def _hours(count: int) -> str:
    return ngettext("after %(num)d hour", "after %(num)d hours", count)


def _master_key() -> str:
    fingerprint = server().sealer.fingerprint
    return gettext("there; fingerprint %(fingerprint)s", fingerprint=fingerprint) if fingerprint else gettext("none")


def _key_advice() -> str:
    if server().sealer.fingerprint:
        return ""
    return gettext("Without this key no names, telephone numbers or e-mail addresses can be kept.")
