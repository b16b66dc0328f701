"""The sheets of segments and of events."""

from __future__ import annotations

import pytest
from fieldwork import Fieldwork
from interpreted import TWO_PAGES, opened, rows

from exports import labels
from exports.events import in_words
from exports.interpreting import ALWAYS
from survey.answers.company import INTERPRETERS, MODES, OTHERS, SAME
from survey.answers.relay import RELAY
from survey.instruments.texts import RANKS
from survey.storage.events import KINDS
from survey.storage.record import LAYOUTS


def test_row_of_a_segment_tells_its_time_company_pages_and_answers(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork).company(0, "none", others=("partner", "children"))
    talk.save(30, "home", {"housed": "no", "calm": 1, "proud": {"missing": "refused"}})
    talk.company(40, "professional", "video", same="no", code="T-9", promised=True)
    talk.save(100, "home", {"calm": 2}).save(130, "money", {"help": ["other"], "help_namely": "oma"})
    talk.save(150, "money", {"debts": {"missing": "dont_know"}}, kind="autosave").save(160, None)
    first, second = rows(fieldwork, "Segments")
    about = ("segment", "began_at", "ended_at", "by", "interpreter", "mode", "same", "others", "code", "promised")
    assert tuple(first[name] for name in about) == (
        1, "2023-04-01T14:03:00+02:00", "2023-04-01T14:03:40+02:00", "ILS-222", "none", None, None, "partner+children",
        None, None,
    )  # fmt: skip
    assert tuple(second[name] for name in about) == (
        2, "2023-04-01T14:03:40+02:00", "2023-04-01T14:05:40+02:00", "ILS-222", "professional", "video", "no", None,
        "T-9", "yes",
    )  # fmt: skip
    # Calm was answered again in the second; a line behind "other, namely" is no question of its own.
    counts = ("pages", "page_names", "answers", "refused", "dont_know", "not_applicable", "technical", "seconds")
    assert tuple(first[name] for name in counts) == (1, "home", 1, 1, 0, 0, 0, 30)
    assert tuple(second[name] for name in counts) == (2, "home+money", 2, 0, 1, 0, 0, 130)


def test_segments_add_up_to_the_time_of_the_response(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork).company(0, "relative", "phone").save(700, "home", {"housed": "yes"})
    talk.company(705, "none").save(710, "home", {"calm": 1}).save(1000, "money")
    assert [row["seconds"] for row in rows(fieldwork, "Segments")] == [600, 300]
    assert rows(fieldwork, "Data")[0]["km_seconds"] == 900


def test_row_of_an_event_tells_what_happened_by_whom_and_where(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork, second="ar").company(1, "peer", "in_person").layout(2, "participant")
    talk.event(3, "played", participant=True, page="home", unit="calm", keys=["views/text"], how="voice")
    talk.event(4, "unpaired", participant=True, why="handed_in").event(5, "card", page="home", unit="housed")
    names = ("segment", "kind", "label", "by", "page", "unit", "details")
    assert [tuple(row[name] for name in names) for row in rows(fieldwork, "Events", language="en")] == [
        (1, "segment", "a segment began", "ILS-222", None, None, "someone from the community or with lived experience"),
        (1, "languages", "languages switched", "ILS-222", None, None, "nl + ar, both -> nl + ar, participant"),
        (1, "played", "played aloud", "participant", "home", "calm", "how: voice; keys: views/text"),
        (1, "unpaired", "participant's screen unpaired", "by itself", None, None, "why: handed_in"),
        (1, "card", "show card opened", "ILS-222", "home", "housed", None),
    ]  # fmt: skip
    assert rows(fieldwork, "Events")[0]["label"] == "een deel begon"
    assert rows(fieldwork, "Events")[0]["at"] == "2023-04-01T14:03:01+02:00"


def test_events_are_those_of_the_chosen_responses(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    opened(fieldwork, "P01", "t0").event(1, "card")
    opened(fieldwork, "P01", "t1").event(2, "card")
    assert [row["km_wave"] for row in rows(fieldwork, "Events", waves=("t1",))] == ["t1"]


@pytest.mark.parametrize(
    ("kind", "details", "said"),
    [
        ("paired", {"how": "code"}, "how: code"),
        ("tapped", {"value": ["a", "b"], "ready": True}, "value: a, b; ready: true"),
        ("shown", {"texts": "0123456789abcdef", "language": "ar"}, "texts: 0123456789ab; language: ar"),
        (
            "languages",
            {"before": {"language": "nl"}, "after": {"language": "nl", "second_language": "ar", "layout": "both"}},
            "nl -> nl + ar, both",
        ),
        ("languages", {"strange": 1}, "strange: 1"),
        ("card", {}, None),
    ],
)  # fmt: skip
def test_details_are_said_in_words(kind: str, details: dict[str, object], said: str | None) -> None:
    assert in_words(kind, details, "en") == said


def test_every_code_that_is_kept_has_words_in_both_languages() -> None:
    assert {
        "interpreter": tuple(labels.INTERPRETER), "mode": tuple(labels.MODE), "same": set(labels.SAME),
        "others": tuple(labels.OTHERS), "layout": tuple(labels.LAYOUT), "status": tuple(labels.STATUS),
        "relay": tuple(labels.RELAY), "event": tuple(labels.EVENT), "group": tuple(labels.GROUP),
    } == {
        "interpreter": INTERPRETERS, "mode": MODES, "same": set(SAME), "others": OTHERS, "layout": LAYOUTS,
        "status": RANKS, "relay": RELAY, "event": KINDS,
        "group": (*ALWAYS, *(kind for kind in INTERPRETERS if kind != "none")),
    }  # fmt: skip
    assert labels.label(labels.MODE, "phone", "nl-NL") == "aan de telefoon"
    assert labels.label(labels.MODE, "phone", "ar") == "by phone"
    assert labels.label(labels.MODE, "pigeon", "en") == "pigeon"
