"""The wording of translators' work: what statuses are called, and why a text cannot be kept as it is."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from survey.instruments.round_trip import Fault

STATUS_WORDS = {
    "": lazy_gettext("not translated"),
    "outdated": lazy_gettext("outdated"),
    "draft": lazy_gettext("draft"),
    "reviewed": lazy_gettext("reviewed"),
    "pretested": lazy_gettext("pretested"),
    "approved": lazy_gettext("approved"),
}
"""What stands beside a text, in the order of the work."""

STATUS_HELP = {
    "outdated": lazy_gettext("the source changed: look again"),
    "draft": lazy_gettext("translated by one person"),
    "reviewed": lazy_gettext("read by a second person"),
    "pretested": lazy_gettext("tried out with readers"),
    "approved": lazy_gettext("decided"),
}

FIELD_WORDS = {
    "words": lazy_gettext("Translation"),
    "draft_1": lazy_gettext("Draft 1"),
    "draft_2": lazy_gettext("Draft 2"),
    "status": lazy_gettext("Status"),
    "comment": lazy_gettext("Comment"),
}

FILTER_WORDS = {
    "open": lazy_gettext("To do"),
    "all": lazy_gettext("All"),
    "outdated": lazy_gettext("Outdated"),
    "draft": lazy_gettext("Draft"),
    "reviewed": lazy_gettext("Reviewed"),
    "pretested": lazy_gettext("Pretested"),
    "approved": lazy_gettext("Approved"),
}
"""Which texts of a list are shown; what is open is not translated or outdated."""


def fault_words(fault: Fault) -> str:
    """What a translator reads about a text that cannot be kept as it is."""
    match fault.code:
        case "placeholders":
            said = []
            if fault.figures["missing"]:
                missing = " ".join(fault.figures["missing"])
                said.append(gettext("Put %(placeholders)s into the translation too.", placeholders=missing))
            if fault.figures["extra"]:
                extra = " ".join(fault.figures["extra"])
                said.append(gettext("Take %(placeholders)s out: the source does not have it.", placeholders=extra))
            said.append(gettext("What stands in braces is filled in later. Keep it as it is."))
            return " ".join(said)
        case "status_without_words":
            return gettext("There is no translation yet. Write one first, or choose “draft”.")
        case "control_characters":
            return gettext("There is a sign in it that no text can have (%(sign)s).", sign=fault.figures["sign"])
        case _:
            return gettext("Choose a status from the list.")
