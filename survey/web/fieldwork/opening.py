"""Opening a response: one way for the work list, the participant's page, a meeting and the start page."""

from __future__ import annotations

from flask import abort
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.storage import audit, responses
from survey.storage.responses import Opening
from survey.storage.tables import Participant, Response, Study, Task, Wave
from survey.web.access import me
from survey.web.server import server


def open_task(session: Session, study: Study, task: Task, second_language: str | None = None) -> str:
    """The token of the response of a task: opened now, or the one that is there. Who may was asked before.

    Without a `second_language` it opens in the participant's own, where the instrument is complete in it. 404 for what
    is no longer asked; 410 where the instrument is not on this server any more.
    """
    here = server()
    if task.response_id is not None:
        return session.get_one(Response, task.response_id).token
    if task.dropped_at is not None:
        abort(404)
    found = here.library.newest.get(task.instrument)
    if found is None:
        abort(410, gettext("The definition of this questionnaire is not on this server any more."))
    if second_language is None and task.participant_id is not None:
        own = session.get_one(Participant, task.participant_id).language
        second_language = own if own in here.library.participant_languages(found) else None
    opening = Opening(
        study.id, task.wave_id, found.instrument, found.version, me().id, found.language,
        second_language if second_language != found.language else None, participant_id=task.participant_id,
        person_id=task.person_id, team_id=task.team_id, meeting_id=task.meeting_id,
    )  # fmt: skip
    return opened(session, opening, wave=session.get_one(Wave, task.wave_id).code)


def opened(session: Session, opening: Opening, **about: str) -> str:
    """The token of this response, opened by the asking person and put on record with what is said `about` it."""
    now = server().now()
    token = responses.open_response(session, opening, now)
    audit.note(session, "opened a response", me().id, now, response=token, instrument=opening.instrument, **about)
    return token
