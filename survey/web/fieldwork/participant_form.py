"""The form about a participant, with what this person can choose in it."""

from __future__ import annotations

import secrets

from sqlalchemy.orm import Session

from survey.forms.participants import INTERPRETER, ParticipantForm
from survey.storage import protocols
from survey.storage.colleagues import Colleague, called, colleagues
from survey.storage.tables import Participant, Study
from survey.web.access import me
from survey.web.fieldwork.participant_page import language_choices, language_words


def participant_form(session: Session, study: Study, participant: Participant | None) -> ParticipantForm:
    """The form as it was sent, or filled with what is known; for a new participant, with oneself as interviewer.

    Only teams in which the asking person interviews are on offer, and who works there. Whoever goes with the
    participant now stays on offer, also with an account that was closed since.
    """
    teams = [(team.id, team.title) for team in protocols.teams(session, study.id, me().scope(study.id, "interviewer"))]
    form = ParticipantForm(data=_known(participant, teams))
    languages = language_choices()
    if participant is not None and participant.language and participant.language not in dict(languages):
        languages.append((participant.language, language_words(participant.language)))
    present = called(session, [participant.coach_id, participant.interviewer_id] if participant else [])
    offered = {}
    for role, person_id in (
        ("coach", participant.coach_id if participant else None),
        ("interviewer", participant.interviewer_id if participant else None),
    ):
        found = [
            one for one in colleagues(session, study.id, role) if any(one.works_in(team_id) for team_id, _ in teams)
        ]
        if person_id is not None and person_id not in [one.id for one in found]:
            found.append(Colleague(person_id, present[person_id].name, present[person_id].code, frozenset()))
        offered[role] = found
    form.offer(teams, languages, offered["coach"], offered["interviewer"])
    return form


def _known(participant: Participant | None, teams: list[tuple[int, str]]) -> dict[str, str | None]:
    if participant is None:
        only = str(teams[0][0]) if len(teams) == 1 else None
        return {
            "click": secrets.token_hex(12), "team": only, "language": "", "coach": "", "interviewer": str(me().id),
        }  # fmt: skip
    needs = next(code for code, value in INTERPRETER.items() if value is participant.needs_interpreter)
    return {
        "team": str(participant.team_id) if participant.team_id else None,
        "language": participant.language or "",
        "interpreter": needs,
        "coach": str(participant.coach_id or ""),
        "interviewer": str(participant.interviewer_id or ""),
    }
