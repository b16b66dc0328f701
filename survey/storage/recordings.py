"""Texts read aloud: files beside the catalogues, and what translators recorded on the server."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from survey.instruments import controls
from survey.instruments.library import Library
from survey.instruments.to_translate import rows_of
from survey.storage.tables import Person, Recording
from survey.storage.translations import hold

LIMIT = 1_048_576
"""The largest recording, in bytes: some minutes of speech."""

MARK = 16
"""So many hexadecimal digits of its words' fingerprint name a recording in an address."""

FILE_TYPE = "audio/mpeg"

_OTHER_NAMES = {
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "video/webm": "audio/webm",
    "application/ogg": "audio/ogg",
}
MEDIA_TYPES = ("audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav")


@dataclass(frozen=True)
class Sound:
    """A text read aloud. `by` is the code of who recorded it, "" for a file beside the catalogues."""

    media_type: str
    content: bytes
    by: str = ""
    at: datetime.datetime | None = None


def media_type(said: str, content: bytes) -> str | None:
    """The type of a recording, where its first bytes are those of the type that it is said to have; else None."""
    name = said.partition(";")[0].strip().lower()
    name = _OTHER_NAMES.get(name, name)
    return name if name in MEDIA_TYPES and _begins(name, content) else None


def _begins(name: str, content: bytes) -> bool:
    if name == "audio/webm":
        return content.startswith(b"\x1a\x45\xdf\xa3")
    if name == "audio/ogg":
        return content.startswith(b"OggS")
    if name == "audio/mp4":
        return content[4:8] == b"ftyp"
    if name == "audio/wav":
        return content.startswith(b"RIFF") and content[8:12] == b"WAVE"
    # A frame of MPEG audio begins with eleven bits set.
    return content.startswith(b"ID3") or (len(content) > 1 and content[0] == 0xFF and content[1] & 0xE0 == 0xE0)


def fingerprint(words: str) -> str:
    """What a recording belongs to: the SHA-256 of its words."""
    return hashlib.sha256(words.encode()).hexdigest()


def keep_recording(
    session: Session,
    language: str,
    context: str,
    words: str,
    sound: Sound,
    person_id: int,
    now: datetime.datetime,
) -> None:
    """Keep a recording of these words; an earlier one of the same words goes."""
    hold(session, language, context)
    which = _which(language, context, fingerprint(words))
    values = {"media_type": sound.media_type, "sound": sound.content, "person_id": person_id, "at": now}
    if session.scalar(select(Recording.id).where(*which)) is None:
        row = {"language": language, "context": context, "words_sha256": fingerprint(words)}
        session.execute(insert(Recording), row | values)
    else:
        session.execute(update(Recording).where(*which).values(**values))


def remove_recording(session: Session, language: str, context: str, words: str) -> None:
    """Take the recording of these words away, so that they are read by a voice or not at all."""
    session.execute(delete(Recording).where(*_which(language, context, fingerprint(words))))


def _which(language: str, context: str, words_sha256: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Recording.language == language,
        Recording.context == context,
        Recording.words_sha256 == words_sha256,
    )


def audio(library: Library, session: Session, language: str, context: str, words: str) -> Sound | None:
    """These words read aloud: as a translator recorded them, else the file. None where nobody read exactly these."""
    return audio_marked(library, session, language, context, fingerprint(words))


def audio_marked(library: Library, session: Session, language: str, context: str, mark: str) -> Sound | None:
    """As `audio`, for words whose fingerprint begins with `mark`, hexadecimal digits."""
    query = select(Recording.media_type, Recording.sound, Person.code, Recording.at)
    query = query.join(Person, Recording.person_id == Person.id)
    query = query.where(Recording.language == language, Recording.context == context)
    row = session.execute(query.where(Recording.words_sha256.startswith(mark, autoescape=True))).first()
    if row is not None:
        return Sound(*row)
    if any(fingerprint(words).startswith(mark) for words in _filed_words(library, language, context)):
        path = library.audio_file(context.partition("/")[0], language, context)
        return Sound(FILE_TYPE, path.read_bytes()) if path else None
    return None


def with_sound(library: Library, session: Session | None, language: str, words: Mapping[str, str]) -> frozenset[str]:
    """Of texts (context -> words) those that can be heard. Without a session only files are looked at."""
    of_name = {context: context.partition("/")[0] for context in words}
    with_files = {name for name in set(of_name.values()) if library.has_audio(name, language)}
    found = {
        context
        for context, shown in words.items()
        if of_name[context] in with_files
        and library.audio_file(of_name[context], language, context)
        and shown in _filed_words(library, language, context)
    }
    if session is not None and words:
        query = select(Recording.context, Recording.words_sha256).where(Recording.language == language)
        if len(words) <= 200:  # More than that, and one look at all of the language is quicker.
            query = query.where(Recording.context.in_(list(words)))
        for context, words_sha256 in session.execute(query):
            if context in words and fingerprint(words[context]) == words_sha256:
                found.add(context)
    return frozenset(found)


def heard(library: Library, session: Session | None, name: str, language: str) -> int:
    """How many translated texts of an instrument, or of the controls, can be heard in a language."""
    words = {row.context: row.words for row in rows_of(library, name, language) if not row.open}
    return len(with_sound(library, session, language, words))


def _filed_words(library: Library, language: str, context: str) -> Sequence[str]:
    """The words under a context that an audio file can hold: those in the definitions, or in the catalogue's file.

    Empty for what is no context of a text.
    """
    name, _, key = context.partition("/")
    if name == controls.NAME:
        own, wordings = controls.LANGUAGE, [controls.CONTROLS[context]] if context in controls.CONTROLS else []
    elif name in library.newest:
        own = library.newest[name].language
        wordings = [one.texts[key] for one in library.versions(name) if key in one.texts]
    else:
        return ()
    if language == own:
        return wordings
    filed = library.filed(name, language) if wordings else {}
    there = (filed.get((context, source)) for source in wordings)
    return [one.words for one in there if one is not None and one.words and not one.outdated]
