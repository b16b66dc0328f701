"""Instruments of a few lines: a test gives its pages or its one question, and the head is added here."""

from __future__ import annotations

from functools import cache
from textwrap import dedent, indent

from survey.instruments.kinds.question import Question
from survey.instruments.model import Instrument
from survey.instruments.reading import read_text

HEAD = """\
instrument: small
version: 1
language: en
title: A small instrument
about: participant
role: interviewer
purpose: To try something out
"""


def instrument(rest: str) -> Instrument:
    """The instrument of these pages, lists and scores."""
    return read_text(HEAD + dedent(rest), "small.yaml")


@cache
def one_question(lines: str) -> Instrument:
    """The instrument with this one question."""
    page = "pages:\n- page: one\n  title: One\n  questions:\n"
    return read_text(HEAD + page + indent("-\n" + indent(dedent(lines), "  "), "  "), "small.yaml")


def question(lines: str) -> Question:
    """This one question."""
    return one_question(lines).pages[0].questions[0]
