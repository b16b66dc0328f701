"""Sealing: what is sealed opens under its own key, for its own subject, unchanged, and in no other way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.storage.sealing import CannotOpen, Sealed, Sealer

MASTER, OTHER = b"m" * 32, b"o" * 32
WORDS = b"Noor Verzonnen, 06 00 00 00 00"


@pytest.fixture
def sealed() -> Sealed:
    return Sealer(MASTER).seal(WORDS, "participant/AAA-222")


def why(sealer: Sealer, sealed: Sealed, subject: str = "participant/AAA-222") -> str:
    with pytest.raises(CannotOpen) as refused:
        sealer.open(sealed, subject)
    return refused.value.why


def flipped(kept: bytes, place: int) -> bytes:
    return kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :]


def test_sealed_text_opens_again_and_shows_nothing(sealed: Sealed) -> None:
    assert Sealer(MASTER).open(sealed, "participant/AAA-222") == WORDS
    assert b"Noor" not in sealed.sealed + sealed.wrapped_key


def test_same_text_is_sealed_otherwise_each_time(sealed: Sealed) -> None:
    again = Sealer(MASTER).seal(WORDS, "participant/AAA-222")
    # The first twelve bytes are the nonce.
    assert again.sealed[:12] != sealed.sealed[:12]
    assert again.wrapped_key[:12] != sealed.wrapped_key[:12]
    assert again.sealed[12:] != sealed.sealed[12:]


def test_another_master_key_opens_nothing_even_under_a_false_flag(sealed: Sealed) -> None:
    other = Sealer(OTHER)
    assert why(other, sealed) == "other_key"
    assert why(other, replace(sealed, master=other.fingerprint)) == "changed"


def test_no_changed_byte_opens(sealed: Sealed) -> None:
    here = Sealer(MASTER)
    changed = [replace(sealed, sealed=flipped(sealed.sealed, place)) for place in range(len(sealed.sealed))]
    changed += [replace(sealed, wrapped_key=flipped(sealed.wrapped_key, i)) for i in range(len(sealed.wrapped_key))]
    changed += [replace(sealed, sealed=b""), replace(sealed, wrapped_key=b""), replace(sealed, sealed=WORDS)]
    assert {why(here, one) for one in changed} == {"changed"}


def test_row_of_somebody_else_does_not_open_here(sealed: Sealed) -> None:
    here = Sealer(MASTER)
    other = here.seal(WORDS, "participant/BBB-333")
    assert why(here, sealed, "participant/BBB-333") == "changed"
    assert why(here, sealed, "person/AAA-222") == "changed"
    assert why(here, replace(sealed, sealed=other.sealed)) == "changed"
    assert why(here, replace(sealed, wrapped_key=other.wrapped_key)) == "changed"
    # Nor does a key stand in for a text.
    assert why(here, replace(sealed, sealed=sealed.wrapped_key)) == "changed"


def test_keys_are_wrapped_anew_without_touching_what_is_sealed(sealed: Sealed) -> None:
    old, new = Sealer(MASTER), Sealer(OTHER)
    wrapped = old.rewrap(sealed, "participant/AAA-222", new)
    assert (wrapped.sealed, wrapped.master) == (sealed.sealed, new.fingerprint)
    assert new.open(wrapped, "participant/AAA-222") == WORDS
    assert why(old, wrapped) == "other_key"


def test_without_a_master_key_nothing_is_sealed_and_nothing_opens(sealed: Sealed) -> None:
    nothing = Sealer(b"")
    assert why(nothing, sealed) == "no_key"
    with pytest.raises(CannotOpen):
        nothing.seal(WORDS, "participant/AAA-222")
    with pytest.raises(CannotOpen):
        Sealer(MASTER).rewrap(sealed, "participant/AAA-222", nothing)


def test_short_master_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(b"short")
