"""Figures as a language writes them: its digits, its percent sign, its dates. What is stored never depends on it.

Which digits are a language's own is CLDR's word, by way of Babel: western ones in Arabic as such, Arabic ones in Arabic
as written in Syria ("ar-SY"), Persian ones in Farsi.
"""

from __future__ import annotations

import datetime
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

FALLBACK = Locale("en")

ZEROS = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०", "mymr": "၀"}
"""The zero of a numbering system; its other digits follow it in Unicode. Babel knows the systems, not their digits."""


@cache
def locale_of(language: str) -> Locale:
    """The conventions of a language; those of English where nobody knows them."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return FALLBACK


@cache
def digits(language: str, number: float) -> str:
    """A number with the language's own digits and signs: 7 is "۷" in Farsi. Thousands stay ungrouped."""
    locale = locale_of(language)
    return _own_digits(locale, format_decimal(number, locale=locale, group_separator=False, numbering_system="default"))


@cache
def percent(language: str, share: int) -> str:
    """A whole percentage as the language writes it: "40%", "%40", or "۴۰٪" in Farsi."""
    locale = locale_of(language)
    western = str(format_percent(share / 100, locale=locale, numbering_system="default"))
    return _own_digits(locale, western.replace("%", percent_sign(language)))


@cache
def percent_sign(language: str) -> str:
    """The sign alone, to stand beside an input."""
    locale = locale_of(language)
    symbols = locale.number_symbols.get(locale.default_numbering_system, {})
    return str(symbols.get("percentSign", "%")).strip("\u200e\u200f\u061c")


def date(language: str, iso: str) -> str:
    """A date of any precision, kept as ISO text, as the language writes it: "2023-04" is "april 2023" in Dutch."""
    parts = [int(part) for part in iso.split("-")]
    whole = datetime.date(*parts, *[1] * (3 - len(parts)))
    locale = locale_of(language)
    pattern = {1: "y", 2: "LLLL y", 3: "d MMMM y"}[len(parts)]
    return _own_digits(locale, format_date(whole, pattern, locale=locale))


def _own_digits(locale: Locale, written: str) -> str:
    zero = ZEROS.get(locale.default_numbering_system)
    if zero is None:
        return written
    return "".join(chr(ord(zero) + int(sign)) if sign in "0123456789" else sign for sign in written)
