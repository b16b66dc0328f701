"""What the places of a participant's course are called: where somebody stands, why they left, how they agreed."""

from __future__ import annotations

from flask_babel import lazy_gettext

STATUS_WORDS = {
    "approached": lazy_gettext("Asked to take part"),
    "active": lazy_gettext("Takes part"),
    "finished": lazy_gettext("Has done everything"),
    "declined": lazy_gettext("Does not take part"),
    "dropped_out": lazy_gettext("Has stopped"),
    "withdrawn": lazy_gettext("Consent withdrawn"),
    "erased": lazy_gettext("Erased"),
}
"""Status -> its words, in the order of a course."""

REASON_WORDS = {
    "no_wish": lazy_gettext("Does not want to"),
    "no_time": lazy_gettext("Has no time"),
    "too_heavy": lazy_gettext("It is too much now"),
    "ill": lazy_gettext("Is ill"),
    "language": lazy_gettext("The language is too difficult"),
    "moved": lazy_gettext("Has moved"),
    "trajectory_ended": lazy_gettext("The support has ended"),
    "unreachable": lazy_gettext("Cannot be reached"),
    "died": lazy_gettext("Has died"),
    "other": lazy_gettext("Another reason, or not said"),
}
"""Why somebody does not take part, or stopped, in the order in which reasons are offered."""

HOW_WORDS = {
    "spoken": lazy_gettext("Said yes out loud"),
    "signed": lazy_gettext("Signed on paper"),
}
"""By which way somebody agreed."""
