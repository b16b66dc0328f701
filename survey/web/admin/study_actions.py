"""What an admin can do with a study: each action changes, puts it on record, and returns what to say of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask_babel import gettext
from sqlalchemy import update
from sqlalchemy.orm import Session

from survey.forms.studies import TeamForm, TeamTitleForm, TitleForm
from survey.instruments.protocols.collection import FiledProtocol
from survey.storage.adoption import DrawnAlready, adopt_newer
from survey.storage.protocols import add_team, adopted, team_with
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.admin.person_actions import Refused, checked, noted
from survey.web.interface import interface_language
from survey.web.server import server


def newer_version(session: Session, study_id: int) -> FiledProtocol | None:
    """The version of the study's protocol on this server, where it is newer than the one that the study follows."""
    followed = adopted(session, study_id)
    filed = server().protocols.get(followed[0].protocol) if followed else None
    return filed if filed is not None and filed.protocol.version > followed[0].version else None


def _rename(writing: Session, study: Study) -> str:
    form = TitleForm()
    checked(form)
    writing.execute(update(Study).where(Study.id == study.id).values(title=form.title.data))
    noted(writing, "renamed a study", study=study.slug)
    return gettext("Saved.")


def _add_team(writing: Session, study: Study) -> str:
    form = TeamForm()
    checked(form)
    code = form.team_code.data or ""
    if team_with(writing, study.id, code) is not None:
        raise Refused(gettext("There is a team with this code already. Choose another code."))
    add_team(writing, study.id, code, form.team_title.data or "", server().now())
    noted(writing, "added a team", study=study.slug, team=code)
    return gettext("The team is there. Now give people a role in it.")


def _rename_team(writing: Session, study: Study) -> str:
    form = TeamTitleForm()
    checked(form)
    team = team_with(writing, study.id, request.form.get("team", ""))
    if team is None:
        raise Refused(gettext("This team is not there. Look at the list once more."))
    team.title = form.renamed.data or ""
    noted(writing, "renamed a team", study=study.slug, team=team.code)
    return gettext("Saved.")


def _adopt(writing: Session, study: Study) -> str:
    filed = newer_version(writing, study.id)
    if filed is None or request.form.get("version") != str(filed.protocol.version):
        raise Refused(gettext("The study follows this version already, or there is another one now. Look once more."))
    try:
        adopt_newer(writing, study.id, filed, interface_language(), me().id, server().now())
    except DrawnAlready:
        raise Refused(
            gettext(
                "This version draws arms in another way, and participants were drawn already: their list could not go "
                "on. Begin a new study with it."
            )
        ) from None
    noted(
        writing,
        "adopted a protocol",
        study=study.slug,
        protocol=filed.protocol.protocol,
        version=filed.protocol.version,
    )
    return gettext("The study follows the new version from now on.")


STUDY_ACTIONS: dict[str, Callable[[Session, Study], str]] = {
    "title": _rename,
    "team": _add_team,
    "team-title": _rename_team,
    "adopt": _adopt,
}
"""What an admin can do with a study, by the button's value. Each returns what to say of it. Nothing is ever removed:
answers hang on waves, teams and versions."""
