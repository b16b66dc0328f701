"""Fidelity models are read like instruments: every mistake with its place, gaps and overlaps of bands among them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from survey.instruments.errors import InstrumentError
from survey.instruments.fidelity.bands import Band, BandSet, mistakes
from survey.instruments.fidelity.collection import read_models
from survey.instruments.fidelity.reading import read_model_text
from survey.instruments.library import Library, Shelf, shelves

LIBRARY = Library(shelves())

SMALL = """\
fidelity: small
version: 1
title: {nl: Klein, en: Small}
about: {nl: Om te proberen, en: To try out}
verdicts:
  well: {from: 4, title: {nl: Goed, en: Well}, source: A publication}
  low: {below: 4, title: {nl: Laag, en: Low}, provisional: true}
bands:
  halves:
    title: {nl: Helften, en: Halves}
    unit: percent
    provisional: true
    bands:
      - {below: 50, score: 1}
      - {from: 50, score: 5}
indicators:
  compass:
    title: {nl: Kompas, en: Compass}
    requirements:
      used:
        title: {nl: Gebruikt, en: Used}
        evidence:
          - {kind: share, instrument: coach-fidelity, count: compass_with, out_of: caseload, bands: halves}
          - {kind: mean, instrument: coach-fidelity, items: [principle_strengths], provisional: true}
      rhythm:
        title: {nl: Ritme, en: Rhythm}
        evidence:
          - kind: codes
            instrument: coach-fidelity
            question: trained
            scores: {whole: 5, partly: 3, no: 1}
            provisional: true
      other:
        title: {nl: Anders, en: Other}
        unmeasured: {nl: Niet openbaar, en: Not public}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(InstrumentError) as caught:
        read_model_text(text, "m.yaml", LIBRARY.newest)
    return [str(problem) for problem in caught.value.problems]


def test_small_model_is_read() -> None:
    model = read_model_text(SMALL, "m.yaml", LIBRARY.newest)
    assert model.cutoff == 4
    assert model.instruments == ("coach-fidelity",)
    assert model.bands["halves"].score(50) == 5


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("below: 50, score: 1", "below: 40, score: 1",
         "m.yaml:15:9: between 40 and 50 there is no band; let 'below' and 'from' meet, or give a 'step' to which "
         "one rounds"),
        ("below: 50, score: 1", "below: 60, score: 1",
         "m.yaml:15:9: this band (from: 50) overlaps with the one before it (below: 60); change a limit"),
        ("below: 50, score: 1", "to: 50, score: 1",
         "m.yaml:15:9: this band (from: 50) overlaps with the one before it (to: 50); change a limit"),
        ("from: 50, score: 5", "from: 50, below: 100, score: 5",
         "m.yaml:15:9: figures above this band (from: 50, below: 100) have no score; go on higher, or leave that "
         "limit away"),
        ("from: 50, score: 5", "from: 50, to: 100, score: 5}\n      - {above: 100, score: 5",
         "m.yaml:16:9: no figure reaches this band (above: 100): figures lie from 0 to 100; take it away"),
        ("from: 50, score: 5", "from: 50, score: 6",
         "m.yaml:15:20: a score lies from 1 to 5, and 6 does not"),
        ("    provisional: true\n    bands", "    bands",
         "m.yaml:9:3: on whose word do these bands hold? Add 'source' with where it was published, or "
         "'provisional: true'"),
        ("from: 4, title", "from: 3, title",
         "m.yaml:6:3: this band (from: 3) overlaps with the one before it (below: 4); change a limit"),
        ("instrument: coach-fidelity, count", "instrument: coach-fidelty, count",
         "m.yaml:23:27: there is no instrument 'coach-fidelty'; did you mean 'coach-fidelity'?"),
        ("count: compass_with", "count: compas_with",
         "m.yaml:23:55: 'coach-fidelity' has no question 'compas_with'; did you mean 'compass_with'?"),
        ("count: compass_with", "count: compass_rhythm",
         "m.yaml:23:55: 'compass_rhythm' asks for no number; take another kind of evidence, such as codes or parts"),
        ("count: compass_with", "count: compass_with > 3",
         "m.yaml:23:55: 'compass_with > 3' is true or false, and no number"),
        ("bands: halves}", "bands: halvs}",
         "m.yaml:23:94: there are no bands 'halvs'; did you mean 'halves'?"),
        ("unit: percent", "unit: minutes",
         "m.yaml:23:94: this counts in percent, and the bands 'halves' in minutes"),
        ("kind: share", "kind: shar",
         "m.yaml:23:13: 'shar' is no kind of evidence; did you mean 'share'?"),
        ("items: [principle_strengths]", "score: view_of_task",
         "m.yaml:24:54: 'coach-fidelity' has no score 'view_of_task'; did you mean 'view_of_tasks'?"),
        ("items: [principle_strengths]", "items: [caseload]",
         "m.yaml:24:62: 'caseload' has no numbered points, so it has no mean"),
        ("whole: 5, partly: 3", "whol: 5, partly: 3",
         "m.yaml:31:22: 'trained' has no option 'whol'; its codes are whole, partly, no"),
        ("whole: 5, partly: 3, no: 1", "whole: 5, no: 1",
         "m.yaml:31:13: who chose partly has no score; add one for every option"),
        ("        unmeasured: {nl: Niet openbaar, en: Not public}\n", "",
         "m.yaml:33:7: nothing says how this is found out; add 'evidence', or 'unmeasured' with why there is none"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_place(old: str, new: str, problem: str) -> None:
    assert old in SMALL
    assert problem in problems(SMALL.replace(old, new, 1))


def test_all_mistakes_are_told_at_once() -> None:
    text = SMALL.replace("below: 50, score", "below: 40, score").replace("compass_with", "compas_with")
    assert len(problems(text)) == 2


def test_published_bands_that_overlap_are_found() -> None:
    # The time that a supervisor spends on the role, as one edition of the Strengths Model's fidelity scale has it.
    published = [
        Band.model_validate(sides)
        for sides in (
            {"below": 70, "score": 1},
            {"from": 70, "to": 79, "score": 2},
            {"from": 80, "to": 89, "score": 3},
            {"from": 90, "to": 99, "score": 4},
            {"from": 95, "to": 100, "score": 5},
        )
    ]
    assert list(mistakes(published, (0, 100), step=1)) == [
        (4, "this band (from: 95, to: 100) overlaps with the one before it (from: 90, to: 99); change a limit")
    ]
    # Without whole percentages there is also nothing for 79.5.
    assert [place for place, _ in mistakes(published, (0, 100))] == [2, 3, 4]


def test_figures_are_rounded_to_the_step_before_they_are_placed() -> None:
    bands = (Band.model_validate({"to": 9, "score": 1}), Band.model_validate({"from": 10, "score": 5}))
    found = BandSet(title={"nl": "Keer", "en": "Times"}, unit="times", step=1, bands=bands, provisional=True)
    assert list(mistakes(bands, (0, math.inf), step=1)) == []
    assert [found.score(figure) for figure in (9.4, 9.5, 9.6)] == [1, 5, 5]


def test_band_without_figures_is_found() -> None:
    empty = [Band.model_validate({"above": 5, "to": 5, "score": 1})]
    assert list(mistakes(empty, (0, 10))) == [
        (0, "nothing lies in this band (above: 5, to: 5); swap or change its limits")
    ]


def test_shipped_models_are_sound_and_say_on_whose_word_everything_holds() -> None:
    models = read_models(LIBRARY)
    assert set(models) == {"krachtwerk", "strengths-sum"}
    krachtwerk = models["krachtwerk"]
    assert len(krachtwerk.indicators) == 6
    # Of the limits only the cut-off is public.
    assert [code for code, verdict in krachtwerk.verdicts.items() if verdict.source] == ["well"]
    assert all(bands.provisional for bands in krachtwerk.bands.values())
    total = models["strengths-sum"]
    (indicator,) = total.indicators.values()
    assert (total.ends(indicator), total.cutoff) == ((11, 55), 45)
    assert all(requirement.unmeasured for requirement in indicator.requirements.values())


def test_model_of_an_own_folder_is_kept_under_its_id(tmp_path: Path) -> None:
    for folder in ("instruments", "fidelity", "translations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "fidelity" / "other.yaml").write_text(SMALL, encoding="utf-8")
    library = Library((*shelves(), Shelf(tmp_path, tmp_path / "translations")))
    with pytest.raises(InstrumentError, match=r"keep it as fidelity/small\.yaml"):
        read_models(library)
    (tmp_path / "fidelity" / "other.yaml").rename(tmp_path / "fidelity" / "small.yaml")
    assert set(read_models(library)) == {"krachtwerk", "strengths-sum", "small"}
