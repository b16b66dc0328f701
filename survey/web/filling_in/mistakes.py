"""What is said to a participant whose answer needs another look: in their own language, and kindly."""

from __future__ import annotations

from survey.instruments.errors import Invalid
from survey.instruments.figures import digits
from survey.instruments.texts import Words


def mistake(texts: Words, invalid: Invalid) -> str:
    """The sentence for a mistake in the participant's language, with its figures in it."""
    words = texts[f"controls/mistakes/{invalid.code}"].words
    figures = {
        name: digits(texts.language, figure) if isinstance(figure, int) else figure
        for name, figure in invalid.figures.items()
    }
    return words.format(**figures)
