"""Codes of people and participants: a slip of the pen never gives somebody else's code."""

from __future__ import annotations

import random
import re
from itertools import combinations

import pytest

from survey.storage.codes import ALPHABET, LENGTH, new_code, tidy, with_check

CHANCE = random.Random(1)
SAMPLE = [with_check("".join(CHANCE.choice(ALPHABET) for _ in range(LENGTH))) for _ in range(40)]
SAMPLE += [with_check("22222"), with_check("ZZZZZ"), with_check("23456")]


def test_new_codes_are_sound_and_differ() -> None:
    codes = [new_code() for _ in range(200)]
    assert [tidy(code) for code in codes] == codes
    assert (len(set(codes)), {bool(re.fullmatch(f"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}", code)) for code in codes}) == (
        200,
        {True},
    )


def test_check_character_stays_what_it_was() -> None:
    # Codes are written on paper: another way of reckoning would refuse them.
    assert [with_check(signs) for signs in ("22222", "K7F3Q", "ZYXWV")] == ["222-222", "K7F-3QH", "ZYX-WVS"]


def test_alphabet_has_a_prime_number_of_signs_and_none_that_is_read_as_another() -> None:
    assert (len(ALPHABET), len(set(ALPHABET)), sorted(set("01OIL") & set(ALPHABET))) == (31, 31, [])


@pytest.mark.parametrize("code", SAMPLE)
def test_every_single_wrong_sign_is_found(code: str) -> None:
    plain = code.replace("-", "")
    wrong = [plain[:i] + sign + plain[i + 1 :] for i in range(len(plain)) for sign in ALPHABET if sign != plain[i]]
    assert (len(wrong), {tidy(one) for one in wrong}) == (30 * 6, {None})


@pytest.mark.parametrize("code", SAMPLE)
def test_every_swap_of_two_signs_is_found(code: str) -> None:
    plain = code.replace("-", "")
    swapped = []
    for i, j in combinations(range(len(plain)), 2):
        signs = list(plain)
        signs[i], signs[j] = signs[j], signs[i]
        swapped.append("".join(signs))
    assert {tidy(one) for one in swapped if one != plain} - {None} == set()


def test_code_is_read_however_it_is_typed() -> None:
    code = with_check("K7F3Q")
    plain = code.replace("-", "")
    typed = [code, plain, code.lower(), f" {code} ", " ".join(plain), code.replace("-", "–"), code.replace("-", "")]
    assert [tidy(one) for one in typed] == [code] * len(typed)


@pytest.mark.parametrize("typed", ["", "-", "K7F", "K7F3QXX", "O0I1L2", "ŠŠŠŠŠŠ", "１２３４５６", "ßßß", "K7F-3Q!"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert tidy(typed) is None
