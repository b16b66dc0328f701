"""The tables, one module per idea; importing this package makes them all known."""

from survey.storage.tables.audit import AuditEntry, AuditHead
from survey.storage.tables.base import Base
from survey.storage.tables.coding import CodedAnswer, CodedPassage, Quote, StudyCode
from survey.storage.tables.interpreting import Event, Screen, Segment
from survey.storage.tables.meetings import (
    Consensus,
    Meeting,
    MeetingObserver,
    StepTime,
)
from survey.storage.tables.participants import (
    Consent,
    ContactAttempt,
    Identity,
    Participant,
    StatusChange,
)
from survey.storage.tables.people import (
    Membership,
    Person,
    SignInFailure,
    SignInSession,
)
from survey.storage.tables.queries import Query, QueryRemark
from survey.storage.tables.receipts import JournalKey, Receipt
from survey.storage.tables.responses import (
    Change,
    Response,
    ResponseLock,
    TextSet,
    Visit,
)
from survey.storage.tables.second_factors import OidcIdentity, Passkey, RecoveryCode, Totp
from survey.storage.tables.studies import (
    Allocation,
    Download,
    Study,
    StudyProtocol,
    Team,
    Wave,
)
from survey.storage.tables.tasks import PersonalLink, Task
from survey.storage.tables.translations import Recording, TranslationEdit

__all__ = [
    "Allocation",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Change",
    "CodedAnswer",
    "CodedPassage",
    "Consensus",
    "Consent",
    "ContactAttempt",
    "Download",
    "Event",
    "Identity",
    "JournalKey",
    "Meeting",
    "MeetingObserver",
    "Membership",
    "OidcIdentity",
    "Participant",
    "Passkey",
    "Person",
    "PersonalLink",
    "Query",
    "QueryRemark",
    "Quote",
    "Receipt",
    "Recording",
    "RecoveryCode",
    "Response",
    "ResponseLock",
    "Screen",
    "Segment",
    "SignInFailure",
    "SignInSession",
    "StatusChange",
    "StepTime",
    "Study",
    "StudyCode",
    "StudyProtocol",
    "Task",
    "Team",
    "TextSet",
    "Totp",
    "TranslationEdit",
    "Visit",
    "Wave",
]
