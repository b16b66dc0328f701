"""What stands in a message with a personal link, and on the paper that is handed over, by the link's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flask_babel import lazy_gettext

STATE_WORDS: Mapping[str, object] = {
    "none": lazy_gettext("no link yet"),
    "sent": lazy_gettext("given, not opened yet"),
    "opened": lazy_gettext("opened"),
    "done": lazy_gettext("handed in"),
    "expired": lazy_gettext("its days are over"),
    "revoked": lazy_gettext("taken back"),
}
"""How a link stands, one of `survey.storage.links.STATES` -> how that is said to staff."""

BY_WORDS = {"coach": lazy_gettext("coach"), "participant": lazy_gettext("participant")}
"""Who fills in -> how that is said to staff."""

Sort = Literal["first", "reminder"]


@dataclass(frozen=True)
class Letter:
    """The words of a message, with {address} where the link stands."""

    subject: str
    text: str


# Sent without anybody's request, so not by the language of a page: these stand in both languages themselves.
LETTERS: Mapping[tuple[str, Sort], Letter] = {
    ("nl", "first"): Letter(
        "Een vragenlijst voor u",
        "Hallo,\n\n"
        "Er staat een vragenlijst voor u klaar. U kiest zelf of u meedoet.\n"
        "Open deze link om te beginnen:\n\n{address}\n\n"
        "U mag op elk moment stoppen. Met dezelfde link gaat u later verder.\n"
        "De link is alleen voor u. Geef hem niet door.\n\n"
        "Dank u wel.\n",
    ),
    ("nl", "reminder"): Letter(
        "De vragenlijst staat nog voor u klaar",
        "Hallo,\n\n"
        "U kreeg van ons een link naar een vragenlijst. Wilt u nog meedoen? Dat mag, het hoeft niet.\n"
        "Dit is een nieuwe link. De vorige werkt niet meer. Wat u al invulde, is bewaard.\n\n{address}\n\n"
        "De link is alleen voor u. Geef hem niet door.\n\n"
        "Dank u wel.\n",
    ),
    ("en", "first"): Letter(
        "A questionnaire for you",
        "Hello,\n\n"
        "A questionnaire is ready for you. You choose whether you take part.\n"
        "Open this link to begin:\n\n{address}\n\n"
        "You may stop at any time. With the same link you go on later.\n"
        "The link is for you alone. Please do not pass it on.\n\n"
        "Thank you.\n",
    ),
    ("en", "reminder"): Letter(
        "The questionnaire is still there for you",
        "Hello,\n\n"
        "We sent you a link to a questionnaire. Would you still like to take part? You may; you do not have to.\n"
        "This is a new link. The one before does not work any more. What you filled in is kept.\n\n{address}\n\n"
        "The link is for you alone. Please do not pass it on.\n\n"
        "Thank you.\n",
    ),
}
"""Language and sort -> its words. No name, no code, and nothing about what the questions are about."""


def letter(language: str, sort: Sort, address: str) -> Letter:
    """The message in Dutch or, for every other language than Dutch, in English."""
    found = LETTERS["nl" if language == "nl" else "en", sort]
    return Letter(found.subject, found.text.format(address=address))
