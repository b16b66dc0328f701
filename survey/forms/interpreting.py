"""The form about who is there and which languages stand on the page, and the words for how a question was relayed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from survey.answers.company import INTERPRETERS, MODES, OTHERS, SAME, Company
from survey.forms.own_wording import OwnWording

INTERPRETER_WORDS = {
    "none": lazy_gettext("Nobody interprets"),
    "professional": lazy_gettext("A professional interpreter"),
    "relative": lazy_gettext("A relative or friend"),
    "peer": lazy_gettext("Someone from the community or with lived experience"),
    "minor": lazy_gettext("Someone under 18"),
}
MODE_WORDS = {
    "in_person": lazy_gettext("In the room"),
    "phone": lazy_gettext("By phone"),
    "video": lazy_gettext("By video"),
}
SAME_WORDS = {
    "yes": lazy_gettext("Yes, the same as last time"),
    "no": lazy_gettext("No, another one"),
    "first": lazy_gettext("There was no last time"),
    "unknown": lazy_gettext("I do not know"),
}
OTHERS_WORDS = {
    "partner": lazy_gettext("partner"),
    "children": lazy_gettext("children"),
    "family": lazy_gettext("other family"),
    "friend": lazy_gettext("friend or neighbour"),
    "worker": lazy_gettext("coach or another professional"),
    "other": lazy_gettext("somebody else"),
}
RELAY_WORDS = {
    "not_as_written": lazy_gettext("said differently"),
    "not_fully": lazy_gettext("answer not in full"),
    "difficulty": lazy_gettext("found it hard"),
    "repeated": lazy_gettext("repeated"),
    "side_talk": lazy_gettext("side talk"),
    "read_out": lazy_gettext("read out"),
    "on_sight": lazy_gettext("translated on sight"),
    "card": lazy_gettext("show card"),
}
"""Code -> what stands on its button. In full: docs/interviewers.md."""

COMPANY_UNKNOWN = lazy_gettext("not recorded")


def company_words(company: Company) -> str:
    """Who was there, in one line."""
    parts = [str(INTERPRETER_WORDS[company.interpreter])]
    if company.mode:
        parts.append(_lower(MODE_WORDS[company.mode]))
    if company.code:
        parts.append(company.code)
    others = [str(OTHERS_WORDS[code]) for code in company.others]
    return ", ".join(parts) + (f" + {', '.join(others)}" if others else "")


def interpreter_words(interpreter: str, mode: str | None) -> str:
    """Who interprets and how, in one line."""
    return company_words(Company(interpreter, mode))  # type: ignore[arg-type]


def _lower(words: Any) -> str:
    return str(words)[0].lower() + str(words)[1:]


_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9-]{1,20}")


def _choices(codes: Sequence[str], words: dict[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(code, words[code]) for code in codes]


class SettingForm(OwnWording):
    """Languages, and for a participant's response who is there. Which languages are offered is set by the view."""

    language = SelectField(validate_choice=False)
    second_language = SelectField(validate_choice=False)
    interpreter = RadioField(choices=_choices(INTERPRETERS, INTERPRETER_WORDS), validate_choice=False)
    mode = RadioField(choices=_choices(MODES, MODE_WORDS), validate_choice=False)
    same = RadioField(choices=_choices(SAME, SAME_WORDS), validate_choice=False)
    others = SelectMultipleField(choices=_choices(OTHERS, OTHERS_WORDS), validate_choice=False)
    code = StringField()
    promised = BooleanField()

    def validate_interpreter(self, field: Any) -> None:
        """Whether anybody interprets is said before the first question: nobody is an answer too."""
        if field.data not in INTERPRETERS:
            raise ValidationError(gettext("Choose who interprets. “Nobody interprets” is an answer too."))

    def validate_mode(self, field: Any) -> None:
        """How the interpreter takes part, where there is one."""
        if self.with_interpreter and field.data not in MODES:
            raise ValidationError(gettext("Choose how the interpreter takes part."))

    def validate_code(self, field: Any) -> None:
        """A code holds a figure, so that it is not a name."""
        typed = (field.data or "").strip()
        if self.with_interpreter and typed and not _CODE.fullmatch(typed):
            raise ValidationError(
                gettext("Write a code of letters and figures, such as T-12: at least one figure, and no name.")
            )

    @property
    def with_interpreter(self) -> bool:
        """Whether somebody interprets."""
        return self.interpreter.data in INTERPRETERS and self.interpreter.data != "none"

    def company(self) -> Company:
        """Who is there. Only after validating."""
        others = tuple(code for code in OTHERS if code in (self.others.data or ()))
        if not self.with_interpreter:
            return Company("none", others=others)
        return Company(
            self.interpreter.data,
            self.mode.data,
            self.same.data if self.same.data in SAME else None,
            others,
            (self.code.data or "").strip().upper() or None,
            bool(self.promised.data),
        )
