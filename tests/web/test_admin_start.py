"""The admin's start page: what waits stands on top."""

from __future__ import annotations

from typing import Any

from flask import Flask
from planned_study import PlannedStudy, krachtwerk

from survey.storage import consents, participants
from survey.storage.protocols import protocol_of
from survey.web.server import Server


def test_who_waits_to_be_erased_stands_on_top_until_it_is_done(planned: PlannedStudy, sign_in: Any, app: Flask) -> None:
    admin, here = sign_in("admin"), app.extensions["krachtmeting"]
    assert isinstance(here, Server)
    assert "waits to be erased" not in admin.get("/").text
    ilse, text = planned.people["ilse"], krachtwerk().protocol.newest_consent
    with here.database.writing() as session:
        participant = participants.register(session, planned.study, ilse, here.now(), team_id=planned.teams["north"])
        protocol = protocol_of(session, planned.study)
        assert protocol is not None
        agreed = consents.Agreed(text, "en", ["interviews"], "spoken", False)
        consents.give(session, participant, protocol, agreed, ilse, here.now())
        consents.withdraw(session, participant, ilse, here.now())
    page = admin.get("/").text
    assert page.index("1 person waits to be erased") < page.index("To the people")
    assert participant.code not in page
