"""The open answers of the demo study: two people coded some of them, moderately alike, and left others to try out."""

from __future__ import annotations

from made_demo import Demo

from survey.measures.coding import agreement_by_code, pairs
from survey.storage import coding, quotes
from survey.storage.measured import Measures
from survey.storage.open_answers import open_answers_of


def test_two_coders_agree_moderately_and_much_is_left(demo: Demo) -> None:
    study = demo.made.study_id
    with demo.database.reading() as session:
        answers = open_answers_of(session, demo.library, Measures(), study, "closing-interview")
        codings = coding.read(session, study, None)
        own = [one.code for one in coding.own_codes(session, study)]
        marked = quotes.marked(session, study)
    ((first, second), both) = next(iter(pairs(codings, [one.spot for one in answers]).items()))
    codes = {code for _, given in both for of in given for code in of}
    kappas = [one.kappa.value for one in agreement_by_code([given for _, given in both], codes)]
    known = [value for value in kappas if value is not None]
    assert (own, own[0] in codes) == (["wachten"], True)
    assert 80 < len(both) < 120 < len(answers) - len(both)
    assert 0.4 < sum(known) / len(known) < 0.85
    assert sum(codings.done(one.spot, first) != codings.done(one.spot, second) for one in answers) > 15
    assert sorted(one.may_leave for one in marked.values()) == [False, True, True]
