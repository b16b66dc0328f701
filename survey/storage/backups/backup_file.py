"""The file of a backup: compressed lines in frames, each sealed in its place, so that a changed or cut file shows.

The file is one line that says what it is, 32 random bytes, and frames. A frame is its kind (0: another follows, 1: the
last), the length of what it holds, and what it holds. With a key that is AES-256-GCM (NIST SP 800-38D) under a key of
this file alone, derived with HKDF (RFC 5869) from the operator's and the random bytes. The nonce is the frame's number,
and kind and number are authenticated with it: no frame can be changed, moved, left out or added. Without a key each
frame ends in a SHA-256 over the one before and itself. That finds damage, and stops nobody who means to change it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEALED, PLAIN = b"krachtmeting backup 1, sealed\n", b"krachtmeting backup 1, not sealed\n"
SALT_BYTES = 32
FRAME_BYTES = 256 * 1024
_HEAD = struct.Struct(">BI")
_LONGEST = 2 * FRAME_BYTES + 64
LONGEST_LINE = 64 * 1024 * 1024
"""No line is longer: the largest row is a recording of a text, which a request's limit keeps far below."""

Why = Literal["no_backup", "key_needed", "no_key_needed", "wrong_key", "damaged", "cut"]
"""It is none of ours; it is sealed and no key was given; a key was given and it is not sealed; it does not open with
this key; something in it was changed; its end is missing."""


class Unreadable(Exception):
    """The file of a backup cannot be read, and why."""

    def __init__(self, why: Why) -> None:
        self.why: Why = why
        super().__init__(why)


class _Seal:
    """Seals and opens the frames of one file, by number."""

    def __init__(self, key: bytes, begin: bytes) -> None:
        derived = HKDF(SHA256(), 32, salt=begin, info=b"krachtmeting backup 1").derive(key) if key else b""
        self._cipher = AESGCM(derived) if derived else None
        self._before = hashlib.sha256(begin).digest()
        self._number = 0

    def seal(self, last: int, plain: bytes) -> bytes:
        if self._cipher is not None:
            return self._cipher.encrypt(*self._place(last, plain))
        return plain + self._mark(last, plain)

    def open(self, last: int, sealed: bytes) -> bytes:
        """Raises Unreadable."""
        if self._cipher is not None:
            first = self._number == 0
            try:
                return self._cipher.decrypt(*self._place(last, sealed))
            except (InvalidTag, ValueError):
                # Where not even the first frame opens, the key is the likely reason.
                raise Unreadable("wrong_key" if first else "damaged") from None
        plain, mark = sealed[:-32], sealed[-32:]
        if self._mark(last, plain) != mark:
            raise Unreadable("damaged")
        return plain

    def _place(self, last: int, content: bytes) -> tuple[bytes, bytes, bytes]:
        number, self._number = self._number, self._number + 1
        return number.to_bytes(12, "big"), content, b"last" if last else b"more"

    def _mark(self, last: int, plain: bytes) -> bytes:
        self._before = hashlib.sha256(self._before + bytes([last]) + plain).digest()
        return self._before


class Writer:
    """Writes lines into the file of a backup. Only `close` makes it whole."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        begin = (SEALED if key else PLAIN) + secrets.token_bytes(SALT_BYTES)
        self._file, self._seal = file, _Seal(key, begin)
        self._smaller, self._held = zlib.compressobj(6), bytearray()
        file.write(begin)

    def line(self, content: bytes) -> None:
        """Write one line; `content` holds no line end."""
        self._hold(self._smaller.compress(content + b"\n"))

    def close(self) -> None:
        """Write the last frame, and see to it that all of the file is on the disk."""
        self._hold(self._smaller.flush())
        self._frame(1, bytes(self._held))
        self._file.flush()
        os.fsync(self._file.fileno())

    def _hold(self, more: bytes) -> None:
        self._held += more
        while len(self._held) >= FRAME_BYTES:
            self._frame(0, bytes(self._held[:FRAME_BYTES]))
            del self._held[:FRAME_BYTES]

    def _frame(self, last: int, plain: bytes) -> None:
        sealed = self._seal.seal(last, plain)
        self._file.write(_HEAD.pack(last, len(sealed)) + sealed)


def lines(path: Path, key: bytes) -> Iterator[bytes]:
    """The lines of the file of a backup, without line ends. Raises Unreadable and OSError, also half-way.

    What comes before an Unreadable is not to be used: the file is sound only when the last line has come.
    """
    with path.open("rb") as file:
        larger, held = zlib.decompressobj(), b""
        for plain in _frames(file, key):
            while plain:
                try:
                    held += larger.decompress(plain, FRAME_BYTES)
                except zlib.error:
                    raise Unreadable("damaged") from None
                plain = larger.unconsumed_tail
                *whole, held = held.split(b"\n")
                yield from whole
                if len(held) > LONGEST_LINE:
                    raise Unreadable("damaged")
        try:
            *whole, held = (held + larger.flush()).split(b"\n")
        except zlib.error:
            raise Unreadable("damaged") from None
        yield from whole
        if held or not larger.eof or larger.unused_data:
            raise Unreadable("damaged")


def _frames(file: BinaryIO, key: bytes) -> Iterator[bytes]:
    title = file.readline(len(PLAIN))
    if title not in (SEALED, PLAIN):
        raise Unreadable("no_backup")
    if (title == SEALED) != bool(key):
        raise Unreadable("no_key_needed" if key else "key_needed")
    seal, last = _Seal(key, title + _exactly(file, SALT_BYTES)), 0
    while not last:
        last, length = _HEAD.unpack(_exactly(file, _HEAD.size))
        if last > 1 or length > _LONGEST:
            raise Unreadable("damaged")
        yield seal.open(last, _exactly(file, length))
    if file.read(1):
        raise Unreadable("damaged")


def _exactly(file: BinaryIO, length: int) -> bytes:
    found = file.read(length)
    if len(found) < length:
        raise Unreadable("cut")
    return found
