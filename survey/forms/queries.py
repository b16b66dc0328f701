"""What is said about a query, and what its places are called."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from survey.forms.own_wording import OwnWording

LONGEST = 2000

QUERY_WORDS = {
    "open": lazy_gettext("open"),
    "answered": lazy_gettext("answered"),
    "closed": lazy_gettext("closed"),
}
"""Where a query stands."""

_TOO_LONG = Length(max=LONGEST, message=lazy_gettext("This is longer than can be kept. Make it shorter."))


class AskForm(OwnWording):
    """A question about an answer."""

    words = TextAreaField(
        lazy_gettext("Your question"),
        [DataRequired(lazy_gettext("Write what you would like to know.")), _TOO_LONG],
    )


class AnswerForm(OwnWording):
    """An answer to a query."""

    words = TextAreaField(
        lazy_gettext("Your answer"), [DataRequired(lazy_gettext("Write your answer first.")), _TOO_LONG]
    )


class CloseForm(OwnWording):
    """Closing a query; words are welcome and not needed."""

    words = TextAreaField(lazy_gettext("Remark"), [Optional(), _TOO_LONG])


class ReopenForm(OwnWording):
    """Asking once more."""

    words = TextAreaField(
        lazy_gettext("Your question"), [DataRequired(lazy_gettext("Write what is still not clear.")), _TOO_LONG]
    )


class LockForm(OwnWording):
    """Locking a response; a reason is welcome and not needed."""

    words = TextAreaField(lazy_gettext("Reason"), [Optional(), _TOO_LONG])


class UnlockForm(OwnWording):
    """Unlocking a response: why."""

    words = TextAreaField(lazy_gettext("Reason"), [DataRequired(lazy_gettext("Write why it is unlocked.")), _TOO_LONG])
