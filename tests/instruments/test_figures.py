"""Figures in each language's own writing: shown so, understood so, and stored the same."""

from __future__ import annotations

import pytest

from survey.instruments.figures import date, digits, percent, percent_sign
from survey.instruments.kinds.number import number


@pytest.mark.parametrize(
    ("language", "seven", "decimal"),
    [
        ("nl", "7", "1234,5"),
        ("en", "7", "1234.5"),
        ("ar", "7", "1234.5"),
        ("ar-SY", "٧", "١٢٣٤٫٥"),
        ("fa", "۷", "۱۲۳۴٫۵"),
        ("ti", "7", "1234.5"),
        ("so", "7", "1234.5"),
        ("qrl", "7", "1234.5"),
    ],
)
def test_number_stands_in_the_languages_own_digits(language: str, seven: str, decimal: str) -> None:
    assert (digits(language, 7), digits(language, 1234.5)) == (seven, decimal)


@pytest.mark.parametrize("language", ["nl", "en", "ar", "ar-SY", "fa", "tr", "pl", "uk", "so", "ti"])
@pytest.mark.parametrize("value", [0, 7, 40, 1957, 12.5])
def test_number_that_is_typed_as_it_is_shown_is_stored_the_same(language: str, value: float) -> None:
    assert number(digits(language, value), decimals=1) == value


def test_percentage_stands_as_the_language_writes_it() -> None:
    assert [percent(language, 40) for language in ("nl", "tr", "fa", "ar-SY")] == ["40%", "%40", "۴۰٪", "٤٠٪"]
    assert [percent_sign(language) for language in ("nl", "fa", "ar-SY")] == ["%", "٪", "٪"]


def test_date_of_any_precision_stands_as_the_language_writes_it() -> None:
    written = [date("nl", iso) for iso in ("2023", "2023-04", "2023-04-01")]
    assert written == ["2023", "april 2023", "1 april 2023"]
    assert [date("fa", "2023"), date("ar-SY", "2023-04-01")] == ["۲۰۲۳", "١ نيسان ٢٠٢٣"]
