"""Hostile files where people send files: refused in words and quickly, and nothing of them is kept."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from typing import Any

import pytest
from fuzzed import NASTY, fuzzed, quickly
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from survey.storage.database import Database
from survey.storage.recordings import fingerprint
from survey.storage.tables import Receipt, Recording, Visit

EMERGENCY = "/admin/emergency-file"
HEAD = {"format": "krachtmeting emergency 1", "made": "2025-03-03T09:00:00Z"}
SEALED = {"iv": "AAAAAAAAAAAAAAAA", "sealed": "A" * 64}
JOURNAL = {"response": "x" * 24, "owner": "ABC-DEF", "entries": [SEALED]}
WEBM = b"\x1a\x45\xdf\xa3"
MEMORY_BYTES = 100 * 1024 * 1024


def emergency(journals: Any) -> bytes:
    return json.dumps({**HEAD, "journals": journals}).encode()


FILES = {
    "nothing": b"",
    "a page": b"<script>zq(1)</script>",
    "a packed bomb": gzip.compress(bytes(30_000_000)),
    "nested without end": b"[" * 200_000 + b"]" * 200_000,
    "nested further in": emergency([])[:-3] + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "another format": b'{"format": "zq"}',
    "a list": b'[7, null, "a"]',
    "journals of another kind": emergency({"a": [None, 7]}),
    "a journal of another kind": emergency([7, None]),
    "a response of another kind": emergency([JOURNAL | {"response": ["a"]}]),
    "entries of another kind": emergency([JOURNAL | {"entries": {"iv": 1}}]),
    "very many journals": emergency([JOURNAL] * 9000),
    "figures without end": b'{"format": ' + b"9" * 500_000 + b"}",
    "signs that are none": b'{"format": "\xff\xfe\\ud800\\u0000"}',
    "no figure": b'{"format": NaN}',
    "too much": b" " * 1_900_000,
}


def token_of(client: Any) -> str:
    """A token for this browser's forms."""
    return str(client.get("/session").json["csrf"])


def sent(client: Any, address: str, content: bytes, name: str, filename: str = "a.json", **fields: str) -> Any:
    """Send a file as a form does."""
    data = {**fields, "csrf_token": token_of(client), name: (io.BytesIO(content), filename)}
    return client.post(address, data=data, content_type="multipart/form-data")


def kept(database: Database) -> list[int]:
    """How much there is that a file could have put there."""
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(one)) or 0 for one in (Recording, Receipt, Visit)]


@pytest.mark.parametrize("what", FILES)
def test_file_that_no_browser_made_is_refused_and_changes_nothing(what: str, admin: Any, database: Database) -> None:
    admin.get(EMERGENCY)
    tracemalloc.start()
    try:
        with quickly():
            answer = sent(admin, EMERGENCY, FILES[what], "file", "../../etc/a.json")
        assert tracemalloc.get_traced_memory()[1] < MEMORY_BYTES
    finally:
        tracemalloc.stop()
    # Journals of responses that are not here are shown as such; everything else is refused.
    assert answer.status_code in (200, 413, 422)
    assert (b"<script>zq" in answer.data, kept(database)) == (False, [0, 0, 0])


@fuzzed(12)
@given(at=st.integers(0, 400), gone=st.integers(0, 30), word=NASTY)
def test_spoilt_emergency_file_is_refused_or_shown(
    admin: Any, database: Database, at: int, gone: int, word: str
) -> None:
    whole = emergency([JOURNAL, JOURNAL])
    content = whole[:at] + word.encode("utf-8", "replace") + whole[at + gone :]
    with quickly():
        looked = sent(admin, EMERGENCY, content, "file")
        fields = {
            "content": content.decode("utf-8", "replace"),
            "journal": word or "0",
            "seen-0": word,
            "reason-0": word,
        }
        data = {key: value.encode("utf-8", "replace").decode() for key, value in fields.items()}
        saved = admin.post(f"{EMERGENCY}/save", data={**data, "csrf_token": token_of(admin)})
    assert (looked.status_code < 500, saved.status_code < 500, kept(database)) == (True, True, [0, 0, 0])


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("audio/webm", b""),
        ("audio/webm", b"<html><script>zq(1)</script>"),
        ("text/html", WEBM),
        ("image/svg+xml", b"<svg onload='zq(1)'/>"),
        ("audio/ogg", WEBM + bytes(50)),
        ("audio/webm; charset=<script>", b"RIFF"),
        ("audio/webm", WEBM + bytes(1_048_577)),
    ],
)
def test_recording_that_is_none_is_not_kept(kind: str, content: bytes, sign_in: Any, database: Database) -> None:
    tara = sign_in("tara")
    page = tara.get("/translations/ar/text/client-interview/mood_today/text").text
    of = page.split('name="of" value="')[1].split('"')[0]
    file = (io.BytesIO(content), "../../a.webm", kind)
    data = {"csrf_token": token_of(tara), "of": of, "sound": file}
    address = "/translations/ar/recording/client-interview/mood_today/text"
    with quickly():
        answer = tara.post(address, data=data, headers={"Accept": "application/json"})
    assert (answer.status_code, kept(database)[0], len(of) == len(fingerprint(""))) == (422, 0, True)
