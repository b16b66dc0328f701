"""Writing down what was read aloud to a participant."""

from __future__ import annotations

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from survey.storage.events import note_event
from survey.web.filling_in.sitting import Sitting
from survey.web.filling_in.talk import page_with, participants_texts
from survey.web.server import server

HOW = ("recording", "voice")
MOST = 60
"""No card has more texts than this."""


def note_played(session: Session, here: Sitting, sent: MultiDict[str, str], where: str) -> bool:
    """Note which texts of a card were read aloud, by a recording or a voice. False where that makes no sense."""
    page, how = page_with(here, sent.get("unit", "")), sent.get("how", "")
    texts = participants_texts(here)
    keys = [key for key in sent.get("keys", "").split()[:MOST] if key in texts]
    if page is None or how not in HOW or not keys:
        return False
    about = {"keys": keys, "how": how, "language": texts.language, "where": where}
    # The participant pressed the button: nobody's name stands with it.
    note_event(session, here.record, "played", None, server().now(), page=page.page, unit=sent["unit"], **about)
    return True
