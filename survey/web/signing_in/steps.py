"""The pages between the password and being signed in: a code, a password of one's own, setting up a second factor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import render_template, request
from sqlalchemy.orm import Session

from survey.forms.people import NewPasswordForm
from survey.storage import passwords, second_factors
from survey.storage.tables import Person
from survey.web.signing_in import passkeys
from survey.web.signing_in.half import Half
from survey.web.signing_in.setting_up import offer


def code_page(reading: Session, half: Half, wished: str, kept: str, problem: str = "") -> str:
    """Asks for a code of the app, a passkey or a recovery code, whichever the person has."""
    has = second_factors.factors(reading, half.person.id)
    able = has.passkeys and not passkeys.why_not()
    asked = passkeys.ask_to_show(reading, half.person) if able else None
    return render_template("second_factor/code.html", has=has, asked=asked, next=wished, kept=kept, problem=problem)


def new_password_page(reading: Session, half: Half, wished: str, kept: str, form: NewPasswordForm | None = None) -> str:
    """Asks for a password of one's own, in the place of the one that was made."""
    form = form or NewPasswordForm(formdata=None)
    return render_template("second_factor/new_password.html", form=form, name=half.person.name, next=wished, kept=kept)


def set_up_page(reading: Session, half: Half, wished: str, kept: str, problem: str = "") -> str:
    """Shows what can be set up as a second factor, before anything opens."""
    offered = offer(reading, half.person, request.form.get("sealed", ""))
    return render_template("second_factor/set_up.html", offer=offered, next=wished, kept=kept, problem=problem)


def judged(form: Any, person: Person) -> Any:
    """The form, which looks at new passwords as those of this person."""
    form.judged = partial(passwords.problem, about=(person.name, person.code))
    return form


PAGES: dict[str, Callable[[Session, Half, str, str], str]] = {
    "second_factor.code": code_page,
    "second_factor.new_password": new_password_page,
    "second_factor.set_up": set_up_page,
}
"""The step of `next_step` -> its page, for who is half signed in, with where they were going and what they typed."""
