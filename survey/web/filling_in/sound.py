"""Texts read aloud: where a page finds the recording of its words, and the recording itself."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, request, send_file, url_for
from sqlalchemy.orm import Session

from survey.instruments import controls
from survey.instruments.library import Library
from survey.instruments.model import LANGUAGE
from survey.instruments.texts import Texts
from survey.storage.recordings import MARK, audio_marked, fingerprint, with_sound
from survey.web.server import server

blueprint = Blueprint("sound", __name__)

_MARK = re.compile(rf"[0-9a-f]{{{MARK}}}")


def context_of(instrument: str, key: str) -> str:
    """The context of a text key: controls have one of their own."""
    return key if key.startswith(f"{controls.NAME}/") else f"{instrument}/{key}"


def sound_address(language: str, context: str, words: str) -> str:
    """Where these words of a text can be heard, if they can."""
    return url_for("sound.sound", language=language, context=context, w=fingerprint(words)[:MARK])


def sounds(library: Library, session: Session, texts: Texts, keys: Iterable[str]) -> dict[str, str]:
    """Text key -> address of its recording, for those of `keys` that have one in the language of `texts`.

    A text without translation has none: it would be heard in another language.
    """
    contexts = {key: context_of(texts.instrument.instrument, key) for key in keys if texts[key].translated}
    words = {context: texts[key].words for key, context in contexts.items()}
    found = with_sound(library, session, texts.language, words)
    return {
        key: sound_address(texts.language, context, words[context])
        for key, context in contexts.items()
        if context in found
    }


@blueprint.get("/sound/<language>/<path:context>")
def sound(language: str, context: str) -> Any:
    """The recording of the words whose fingerprint begins with `w`; 404 where there is none."""
    mark = request.args.get("w", "")
    if not re.fullmatch(LANGUAGE, language) or not _MARK.fullmatch(mark):
        abort(404)
    here = server()
    with here.reading() as reading:
        found = audio_marked(here.library, reading, language, context, mark) or abort(404)
    # A player asks for parts of it, and some play nothing that does not come in parts.
    return send_file(io.BytesIO(found.content), mimetype=found.media_type, conditional=True, etag=mark)
