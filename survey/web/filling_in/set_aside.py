"""The version that was not chosen: it stands on record beside the one that was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.answers.document import Key
from survey.instruments.model import Page
from survey.storage.events import events, note_event
from survey.storage.record import dumps
from survey.storage.tables import Change
from survey.web.filling_in.sitting import Sitting
from survey.web.server import server


def set_aside(session: Session, here: Sitting, page: Page, versions: Mapping[Key, Any]) -> None:
    """Put on record what was filled in and not chosen, unless it is what stands there."""
    now, there = server().now(), here.record.document
    for (part, unit), value in versions.items():
        if value is not None and value != there[part].get(unit):
            about = {"page": page.page, "unit": unit}
            note_event(session, here.record, "set_aside", here.person_id, now, **about, part=part, value=dumps(value))


def on_record(session: Session, here: Sitting, key: Key, value: Any, since: int) -> bool:
    """Whether a version was chosen after this version of the response, or set aside: so that nobody asks again."""
    part, unit = key
    for one in events(session, here.record.id, ["set_aside"]):
        if one.unit == unit and one.details.get("part") == part and one.details.get("value") == dumps(value):
            return True
    query = select(Change.new).where(
        Change.response_id == here.record.id, Change.part == part, Change.unit == unit, Change.version > since
    )
    return any((None if new is None else json.loads(new)) == value for new in session.scalars(query))
