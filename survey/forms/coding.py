"""What is said about coding open answers: how an answer stands, and why something cannot be done."""

from __future__ import annotations

from flask_babel import lazy_gettext

STANDING_WORDS = {
    "todo": lazy_gettext("to be coded by you"),
    "mine": lazy_gettext("coded by you, not by a second person yet"),
    "same": lazy_gettext("coded by two, the same codes"),
    "differing": lazy_gettext("coded by two, different codes"),
    "taken": lazy_gettext("two others are coding it"),
}
"""How an answer stands for who looks: as of survey.measures.coding.STANDINGS."""

STATE_WORDS = {
    "todo": STANDING_WORDS["todo"],
    "mine": STANDING_WORDS["mine"],
    "both": lazy_gettext("coded by two"),
    "differing": STANDING_WORDS["differing"],
    "taken": STANDING_WORDS["taken"],
}
"""What a list of open answers can be narrowed to."""

REFUSED_WORDS = {
    "reworded": lazy_gettext("This answer was corrected in the meantime. Here is what stands there now. Choose again."),
    "done": lazy_gettext("You are done with this answer. Press “Change my codes” first."),
    "taken": lazy_gettext("Two others are coding this answer. Choose another one."),
    "compared": lazy_gettext(
        "Two people are done with this answer. The codes stay as they are, so that they can be compared."
    ),
    "no_code": lazy_gettext("Choose at least one code."),
    "nothing_chosen": lazy_gettext("Choose a passage first: select words in the text, or tick sentences."),
    "no_title": lazy_gettext("Write what the code is called."),
    "no_memo": lazy_gettext("Write what the code means, and when to use it."),
    "known": lazy_gettext("There is a code of this name already."),
}
"""Why something was not done: as of survey.storage.coding.Why."""
