"""Sealing names and addresses: each under a key of its own, and that key wrapped under the installation's master key.

AES-256 in GCM (NIST SP 800-38D) both times, each with 96 random bits as its nonce. What is sealed is bound to the code
of whose it is, so that it opens in no other row. A key is used for one text only: what is kept anew gets a new one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12

Why = Literal["no_key", "other_key", "changed"]
"""This server has no master key; it was sealed under another one; it is not what was sealed, or not of this subject."""


class CannotOpen(Exception):
    """Something sealed does not open, or nothing can be sealed, and why."""

    def __init__(self, why: Why) -> None:
        self.why: Why = why
        super().__init__(why)


@dataclass(frozen=True)
class Sealed:
    """A sealed text, its wrapped key, and the fingerprint of the master key."""

    wrapped_key: bytes
    sealed: bytes
    master: str


class Sealer:
    """Seals and opens under one master key of 32 bytes. Without a key (b"") it is made, and refuses all work."""

    def __init__(self, master_key: bytes) -> None:
        if master_key and len(master_key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._master_key = master_key

    @cached_property
    def fingerprint(self) -> str:
        """Which master key it is: the first 16 hexadecimal digits of its SHA-256; "" without a key."""
        return hashlib.sha256(self._master_key).hexdigest()[:16] if self._master_key else ""

    def seal(self, plain: bytes, subject: str) -> Sealed:
        """Seal a text for a subject, under a new key. Raises CannotOpen without a master key."""
        key = secrets.token_bytes(KEY_BYTES)
        return Sealed(self._wrap(key, subject), _encrypt(key, plain, subject, "text"), self.fingerprint)

    def open(self, sealed: Sealed, subject: str) -> bytes:
        """The text that was sealed for this subject. Raises CannotOpen."""
        return _decrypt(self._unwrap(sealed, subject), sealed.sealed, subject, "text")

    def rewrap(self, sealed: Sealed, subject: str, new: Sealer) -> Sealed:
        """The same sealed text, with its key wrapped under another master key. Raises CannotOpen."""
        key = self._unwrap(sealed, subject)
        return Sealed(new._wrap(key, subject), sealed.sealed, new.fingerprint)

    def _wrap(self, key: bytes, subject: str) -> bytes:
        if not self._master_key:
            raise CannotOpen("no_key")
        return _encrypt(self._master_key, key, subject, "key")

    def _unwrap(self, sealed: Sealed, subject: str) -> bytes:
        if not self._master_key:
            raise CannotOpen("no_key")
        if sealed.master != self.fingerprint:
            raise CannotOpen("other_key")
        return _decrypt(self._master_key, sealed.wrapped_key, subject, "key")


def _bound(subject: str, what: str) -> bytes:
    return f"krachtmeting identity 1/{what}/{subject}".encode()


def _encrypt(key: bytes, plain: bytes, subject: str, what: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, _bound(subject, what))


def _decrypt(key: bytes, sealed: bytes, subject: str, what: str) -> bytes:
    nonce, encrypted = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, encrypted, _bound(subject, what))
    except (InvalidTag, ValueError):
        raise CannotOpen("changed") from None
