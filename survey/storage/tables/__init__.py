"""The tables, one module per idea; importing this package makes them all known."""

from survey.storage.tables.audit import AuditEntry
from survey.storage.tables.base import Base
from survey.storage.tables.interpreting import Event, Screen, Segment
from survey.storage.tables.people import (
    Membership,
    Person,
    SignInFailure,
    SignInSession,
)
from survey.storage.tables.responses import Change, Response, TextSet, Visit
from survey.storage.tables.studies import Participant, Study, Wave
from survey.storage.tables.translations import Recording, TranslationEdit

__all__ = [
    "AuditEntry",
    "Base",
    "Change",
    "Event",
    "Membership",
    "Participant",
    "Person",
    "Recording",
    "Response",
    "Screen",
    "Segment",
    "SignInFailure",
    "SignInSession",
    "Study",
    "TextSet",
    "TranslationEdit",
    "Visit",
    "Wave",
]
