"""The sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField


class SignInForm(FlaskForm):
    """A name and a password. What is wrong is said by the view, the same for either."""

    name = StringField(lazy_gettext("Name"))
    password = PasswordField(lazy_gettext("Password"))
