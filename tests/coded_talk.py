"""A closing interview that was handed in, whose open answers can be coded, in any database."""

from __future__ import annotations

import datetime
from typing import Any

from planned_study import PlannedStudy, krachtwerk, plan_study
from sqlalchemy.orm import Session

from survey.measures.coding import Spot, wording_of
from survey.storage import coding, consents, participants, responses
from survey.storage.record import Record, Saving
from survey.storage.responses import Opening
from survey.storage.tables import Participant

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
STORY, CLOSING = "Ik ga naar het buurthuis. Daar rekenen ze op mij.", "closing-interview"


class Talk:
    """A closing interview that was handed in, of team north, and who may code it: rik and olga; iris comes later."""

    def __init__(
        self,
        session: Session,
        planned: PlannedStudy | None = None,
        *,
        purposes: tuple[str, ...] = ("interviews", "quotes"),
    ) -> None:
        self.session = session
        self.planned = planned or plan_study(session, NOW)
        self.study, ilse = self.planned.study, self.planned.people["ilse"]
        self.rik, self.olga, self.iris = (self.planned.people[name] for name in ("rik", "olga", "iris"))
        self.participant: Participant = participants.register(
            session, self.study, ilse, NOW, team_id=self.planned.teams["north"]
        )
        agreed = consents.Agreed(krachtwerk().protocol.newest_consent, "nl", purposes, "spoken", True)
        consents.give(session, self.participant, krachtwerk().protocol, agreed, ilse, NOW)
        opening = Opening(
            self.study, self.planned.waves["end"], CLOSING, 1, ilse, "nl", participant_id=self.participant.id,
            team_id=self.planned.teams["north"],
        )  # fmt: skip
        self.token = responses.open_response(session, opening, NOW)
        values: Any = {
            ("answers", "start_ok"): "yes",
            ("answers", "take_story"): STORY,
            # Asked only of who said that something changed.
            ("answers", "take_how"): "Off the path.",
        }
        responses.submit(session, self.record, Saving("submit", "taking_part", ilse, 0, values), NOW)
        self.spot = Spot(self.record.id, "take_story", wording_of(STORY))

    @property
    def record(self) -> Record:
        found = responses.response(self.session, self.token, for_writing=True)
        assert found is not None
        return found

    def give(self, by: int, *codes: str, first: int = 0, beyond: int = 25, spot: Spot | None = None) -> int:
        return coding.give(self.session, self.record, spot or self.spot, [(first, beyond)], codes, " why ", by, NOW)

    def finish(self, by: int, spot: Spot | None = None) -> None:
        coding.finish(self.session, self.record, spot or self.spot, by, NOW)

    def seen(self, viewer: int | None, spot: Spot | None = None) -> list[tuple[int, str]]:
        codings = coding.read(self.session, self.study, viewer, instrument=CLOSING)
        return [(one.coder, one.code) for one in codings.passages(spot or self.spot)]

    def correct(self, words: str) -> None:
        saving = Saving(
            "correction", "taking_part", self.rik, self.record.version, {("answers", "take_story"): words},
            reason="misheard",
        )  # fmt: skip
        responses.save(self.session, self.record, saving, NOW)
