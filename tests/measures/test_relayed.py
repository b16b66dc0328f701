"""Which questions interpreters had most trouble with, counted over interpreted interviews."""

from __future__ import annotations

from survey.answers.relay import RELAY
from survey.measures.relayed import TROUBLE, QuestionRelayed, most_coded


def counted(**codes: int) -> dict[str, int]:
    return dict.fromkeys(RELAY, 0) | codes


def test_questions_with_trouble_come_before_those_that_were_only_read_out() -> None:
    interviews = [
        {"home": ("read_out",), "money": ("difficulty", "repeated"), "work": ()},
        {"home": ("read_out", "card"), "money": ("read_out",), "work": ()},
        {"home": ("read_out",), "debt": ("side_talk",)},
    ]
    assert most_coded(interviews, ["home", "work", "money", "debt"]) == [
        QuestionRelayed("money", 2, 1, counted(difficulty=1, repeated=1, read_out=1)),
        QuestionRelayed("debt", 1, 1, counted(side_talk=1)),
        QuestionRelayed("home", 3, 0, counted(read_out=3, card=1)),
    ]


def test_two_troubles_in_one_interview_are_one_interview_with_trouble() -> None:
    assert most_coded([{"home": ("not_fully", "side_talk")}], ["home"])[0].troubled == 1


def test_ties_keep_the_order_of_the_instrument() -> None:
    found = most_coded([{"b": ("repeated",), "a": ("difficulty",)}], ["a", "b"])
    assert [one.question for one in found] == ["a", "b"]


def test_how_the_words_came_across_is_no_trouble() -> None:
    assert set(RELAY) - set(TROUBLE) == {"read_out", "on_sight", "card"}
