"""The forms about a participant: registering and changing, consent, and leaving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from survey.forms.course_words import HOW_WORDS, REASON_WORDS

NOBODY = ""
INTERPRETER = {"yes": True, "no": False, "": None}
"""What is chosen -> whether an interpreter is needed; None where nobody asked yet."""


def _choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(code, label) for code, label in words.items()]


class Chosen:
    """Something is chosen. It says what."""

    def __init__(self, words: Any) -> None:
        self.words = words

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(self.words))


class Colleague(Protocol):
    """Who can be chosen as coach or interviewer."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def code(self) -> str: ...
    def works_in(self, team_id: int | None) -> bool:
        """Whether the role holds in this team."""
        ...


class ParticipantForm(FlaskForm):
    """Who somebody is in the study: the team, who goes with them, the language. No names."""

    click = HiddenField()
    team = RadioField(lazy_gettext("Team"), [Chosen(lazy_gettext("Choose the team."))], validate_choice=False)
    language = SelectField(lazy_gettext("Language they like to speak"))
    interpreter = RadioField(
        lazy_gettext("Is an interpreter needed?"),
        choices=_choices({"yes": lazy_gettext("Yes"), "no": lazy_gettext("No"), "": lazy_gettext("Not asked yet")}),
        default="",
    )
    coach = SelectField(lazy_gettext("Coach"))
    interviewer = SelectField(lazy_gettext("Interviewer"))

    def offer(
        self,
        teams: Sequence[tuple[int, str]],
        languages: Iterable[tuple[str, str]],
        coaches: Sequence[Colleague],
        interviewers: Sequence[Colleague],
    ) -> None:
        """What can be chosen: teams with their titles, languages with their names, and who can go with somebody."""
        self.teams = [str(team) for team, _ in teams]
        self.team.choices = _choices({str(team): title for team, title in teams})
        self.language.choices = _choices({NOBODY: gettext("Not asked yet"), **dict(languages)})
        self.found = {"coach": {str(one.id): one for one in coaches}}
        self.found["interviewer"] = {str(one.id): one for one in interviewers}
        for field, nobody in ((self.coach, gettext("Not known yet")), (self.interviewer, gettext("Nobody yet"))):
            known = {key: f"{one.name} · {one.code}" for key, one in self.found[field.name].items()}
            field.choices = _choices({NOBODY: nobody, **known})

    def validate_team(self, field: RadioField) -> None:
        if field.data not in self.teams:
            raise ValidationError(gettext("Choose the team."))

    def validate_coach(self, field: SelectField) -> None:
        self._works_there(field, gettext("This coach does not work in that team. Choose another coach or team."))

    def validate_interviewer(self, field: SelectField) -> None:
        words = gettext("This interviewer does not work in that team. Choose another interviewer or team.")
        self._works_there(field, words)

    def _works_there(self, field: SelectField, words: str) -> None:
        chosen = self.found[field.name].get(field.data)
        there = self.team.data in self.teams
        # Whoever went with somebody before may stay, also with a role that ended since; a new team is another matter.
        unchanged = (field.data, self.team.data) == (field.object_data, self.team.object_data)
        if chosen is not None and there and not unchanged and not chosen.works_in(int(self.team.data)):
            raise ValidationError(words)

    def values(self) -> dict[str, Any]:
        """What was chosen, as columns of a participant. Only after validating."""
        return {
            "team_id": int(self.team.data),
            "language": self.language.data or None,
            "needs_interpreter": INTERPRETER[self.interpreter.data],
            "coach_id": int(self.coach.data) if self.coach.data else None,
            "interviewer_id": int(self.interviewer.data) if self.interviewer.data else None,
        }


class ConsentForm(FlaskForm):
    """What somebody agrees to: which purposes, how they said so, and whether answers may stay later."""

    version = HiddenField()
    language = HiddenField()
    purposes = SelectMultipleField(lazy_gettext("What do they agree to?"), validate_choice=False)
    how = RadioField(
        lazy_gettext("How did they agree?"),
        [Chosen(lazy_gettext("Choose how they agreed."))],
        choices=_choices(HOW_WORDS),
        validate_choice=False,
    )
    keeps = RadioField(
        lazy_gettext("And if they stop later?"),
        [Chosen(lazy_gettext("Choose yes or no. If they do not know, choose no."))],
        choices=_choices({"yes": lazy_gettext("Yes, the answers may be kept"), "no": lazy_gettext("No")}),
        validate_choice=False,
    )

    def ask(self, version: int, needed: Iterable[str]) -> None:
        """Which words are on the page, and which purposes nobody can take part without."""
        self.newest, self.needed = version, set(needed)

    def validate_version(self, field: HiddenField) -> None:
        if field.data != str(self.newest):
            raise ValidationError(gettext("The words have changed meanwhile. Please read out the new ones below."))

    def validate_purposes(self, field: SelectMultipleField) -> None:
        if self.needed - set(field.data or ()):
            raise ValidationError(
                gettext("Without this nobody can take part. If the answer is no, choose “Does not take part” below.")
            )

    def validate_how(self, field: RadioField) -> None:
        if field.data not in HOW_WORDS:
            raise ValidationError(gettext("Choose how they agreed."))


class ReasonForm(FlaskForm):
    """Why somebody does not take part, or stops."""

    reason = RadioField(
        lazy_gettext("Why?"),
        [Chosen(lazy_gettext("Choose a reason. “Another reason, or not said” is one too."))],
        choices=_choices(REASON_WORDS),
        validate_choice=False,
    )

    def validate_reason(self, field: RadioField) -> None:
        if field.data not in REASON_WORDS:
            raise ValidationError(gettext("Choose a reason. “Another reason, or not said” is one too."))
