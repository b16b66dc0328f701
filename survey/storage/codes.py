"""Pseudonymous codes that catch a slip of the pen: five random signs and a check character, like "K7F-3QH"."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""31 signs without those that are read as another (0 O, 1 I L). 31 is prime, so that a weighted sum modulo 31 finds
every single wrong sign and every swap of two signs (the principle of ISO 7064 and ISBN-10)."""

LENGTH = 5

COMMAND_LINE = "command line"
"""What stands in place of a person's code where something was done on the server itself."""


def new_code() -> str:
    """A random code; the caller sees to it that it is not taken."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return with_check(signs)


def with_check(signs: str) -> str:
    """The code of five signs: with their check character and a dash in the middle."""
    whole = signs + ALPHABET[sum(i * ALPHABET.index(sign) for i, sign in enumerate(signs, start=2)) % len(ALPHABET)]
    return f"{whole[:3]}-{whole[3:]}"


def tidy(typed: str) -> str | None:
    """The code in what was typed, in small letters or without a dash; None where its check character is wrong."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != LENGTH + 1 or any(sign not in ALPHABET for sign in signs):
        return None
    code = with_check(signs[:-1])
    return code if code.replace("-", "") == signs else None
