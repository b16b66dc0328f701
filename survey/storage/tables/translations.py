"""What translators write on the server: each edit of a text, and recordings of texts read aloud."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class TranslationEdit(Base):
    """One text in one language as a translator left it; the newest edit of a text counts. Never updated.

    `context` is "<instrument>/<text key>" and `source` the words that were translated. `words` is the adjudicated text
    of the two drafts, and `status` as in the catalogues. `person_id` is None for what came in from the command line.
    """

    __tablename__ = "translation_edit"
    __table_args__ = (Index("ix_translation_edit_language", "language", "context"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(12))
    context: Mapped[str] = mapped_column(String(160))
    source: Mapped[str] = mapped_column(Text)
    draft_1: Mapped[str] = mapped_column(Text, default="")
    draft_2: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(12))
    comment: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)


class Recording(Base):
    """One text read aloud in one language. It belongs to its words: other words under the same context need another."""

    __tablename__ = "recording"
    __table_args__ = (UniqueConstraint("language", "context", "words_sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(12))
    context: Mapped[str] = mapped_column(String(160))
    words_sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    sound: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
