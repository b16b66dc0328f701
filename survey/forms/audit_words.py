"""What the actions in the audit trail are called. The trail itself keeps the English words, which are its codes."""

from __future__ import annotations

from flask_babel import lazy_gettext

ACTION_WORDS = {
    "signed in": lazy_gettext("signed in"),
    "signed out": lazy_gettext("signed out"),
    "changed own password": lazy_gettext("changed own password"),
    "ended an own session": lazy_gettext("ended an own session"),
    "ended own other sessions": lazy_gettext("ended own other sessions"),
    "registered a participant": lazy_gettext("registered a participant"),
    "opened a response": lazy_gettext("opened a response"),
    "added a person": lazy_gettext("added a person"),
    "changed roles": lazy_gettext("changed roles"),
    "changed a language": lazy_gettext("changed a language"),
    "made an admin": lazy_gettext("made an admin"),
    "made no longer an admin": lazy_gettext("made no longer an admin"),
    "made a new password": lazy_gettext("made a new password"),
    "unlocked signing in": lazy_gettext("unlocked signing in"),
    "closed an account": lazy_gettext("closed an account"),
    "reopened an account": lazy_gettext("reopened an account"),
    "ended a session": lazy_gettext("ended a session"),
    "ended all sessions": lazy_gettext("ended all sessions"),
    "added a study": lazy_gettext("added a study"),
    "imported translations": lazy_gettext("imported translations"),
}
"""An action that does not stand here is shown as it is kept."""
