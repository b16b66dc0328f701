"""The kinds of question: one module each, and KINDS, the one list of them."""

from __future__ import annotations

from survey.instruments.kinds.choice import Choice
from survey.instruments.kinds.date import Date
from survey.instruments.kinds.duration import Duration
from survey.instruments.kinds.note import Note
from survey.instruments.kinds.number import Number
from survey.instruments.kinds.open import Open
from survey.instruments.kinds.question import Question
from survey.instruments.kinds.scale import Scale
from survey.instruments.kinds.several import Several
from survey.instruments.kinds.share import Share
from survey.instruments.kinds.text import Text

KINDS: dict[str, type[Question]] = {
    "text": Text,
    "open": Open,
    "number": Number,
    "date": Date,
    "duration": Duration,
    "choice": Choice,
    "several": Several,
    "scale": Scale,
    "share": Share,
    "note": Note,
}
