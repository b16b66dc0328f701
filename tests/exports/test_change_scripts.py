"""The scripts beside the CSV files: R and PSPP come to the reported change table, to the last digit."""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from small_instruments import instrument

from exports import change_scripts, change_sheet, scores
from exports.change_scripts import as_printed
from exports.tables import Cell, Field, Row, Spool, Table, valued
from survey.instruments.protocols.model import Outcomes
from survey.instruments.texts import Texts
from survey.measures.change import change
from survey.measures.measurement import Measurement, Subject
from survey.measures.scales import Scored

NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"

RATED = instrument(
    """
    pages:
    - page: one
      title: One
      questions:
      - {kind: scale, name: s, text: How?, choices: {1: Bad, 2: null, 5: Good}, items: {a: A, b: B, c: C, d: D}}
    scores:
      fine: {title: Fine, items: [a, b]}
      rough: {title: Rough, items: [c, d]}
      still: {title: Still, items: [a, c]}
    """
)
FAMILY = Outcomes.model_validate(
    {"instrument": "small", "first": "t0", "last": "t1", "comparison": "usual",
     "scores": {"fine": {"better": "higher", "reliability": 0.8, "source": "Somebody 2020"},
                "rough": {"better": "lower"}, "still": {"better": "higher"}}}
)  # fmt: skip


def program(name: str) -> str:
    found = shutil.which(name)
    if not found and not NOTHING_SKIPPED:
        pytest.skip(f"{name} is not there: tests/prepare.sh installs it")
    assert found, f"{name} is not there: tests/prepare.sh installs it"
    return found


def measured(who: int, wave: str, chance: random.Random) -> Measurement:
    """A score without ties, one of two items, of which some are missing, and one that never changes."""
    items = {name: float(chance.randint(1, 5)) for name in "cd" if chance.random() > 0.1}
    rough = sum(items.values()) / len(items) if items else None
    found = {
        "fine": Scored(chance.gauss(3, 1), 2, 2, None if who % 5 == 0 else chance.gauss(3, 1)),
        "rough": Scored(rough, len(items), 2, rough if len(items) == 2 else None),
        "still": Scored(3.0 + who % 3, 2, 2, 3.0 + who % 3),
    }
    subject = Subject(f"P{who:02}", arm="method" if who % 2 else "usual")
    interpreted = who % 7 == 0 and wave == "t1"
    return Measurement(f"{who}-{wave}", "small", 1, wave, subject, "signed_in", interpreted, found, items, {}, {}, {})


def tables(folder: Path, open_: ExitStack) -> Iterator[Table]:
    """Data, Scores, Change and Pairs of people of whom some are lost."""
    chance = random.Random(2)
    waves = {who: ("t0",) if who % 9 == 0 else ("t0", "t1") for who in range(1, 51)}
    people = [measured(who, wave, chance) for who in waves for wave in waves[who]]

    def spool(*rows: Row) -> Spool:
        made = open_.enter_context(_closing(Spool(folder)))
        made.extend(rows)
        return made

    about = tuple(Field(f"km_{name}") for name in ("response", "subject", "wave", "interpreter"))
    rows = [(one.response, one.subject, one.wave, "none+peer" if one.interpreted else "none") for one in people]
    yield Table("Data", "data", "", about, spool(*rows))
    fields = scores.fields("km_", 2)
    yield Table("Scores", "scores", "", fields, spool(*(row for one in people for row in _scores(one))))
    report = change(people, FAMILY, ("method", "usual"), instrument=RATED)
    yield from change_sheet.tables(change_sheet.Reported(report, RATED, Texts(RATED, "en", {}), "en"), spool(), spool())


class _closing(ExitStack):
    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self._spool = spool
        self.callback(spool.close)

    def __enter__(self) -> Spool:  # type: ignore[override]
        return self._spool


def _scores(one: Measurement) -> Iterator[Row]:
    for name, found in one.scores.items():
        names = RATED.scores[name].items
        items: list[Cell] = [one.items.get(item) for item in names]
        yield (
            one.response, one.instrument, one.version, one.wave, one.subject, name, name, "mean", "+".join(names), None,
            1, found.answered, found.value, None, found.strict, *items,
        )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files as they stand in the package, unpacked."""
    with ExitStack() as open_:
        made = list(tables(tmp_path, open_))
        for table in made:
            with (tmp_path / f"{table.path}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, lineterminator="\r\n")
                writer.writerow([field.name for field in table.fields])
                writer.writerows([map(valued, row) for row in table.rows])
        for name, text in change_scripts.files(made).items():
            (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_r_comes_to_the_same_table(folder: Path) -> None:
    run = subprocess.run([program("Rscript"), "change.R"], cwd=folder, capture_output=True, text=True)
    printed = listed(folder / "change_printed.csv")
    assert [row["part"] for row in printed] == ["all"] * 3 + ["arm", "arm", "between"] * 2 + ["arm"] * 2
    assert (run.stdout, run.returncode) == (f"{11 * len(change_scripts.FIGURES)} cells compared, 0 differ\n", 0)
    assert listed(folder / "change_from_r.csv") == printed
    first = printed[0]
    # Counted in full, and a figure for every part of the row: else nothing was compared.
    assert (first["wilcoxon_n"], first["n"], first["strict_n"], first["alone_n"]) == ("45", "45", "36", "38")
    assert [name for name, said in first.items() if not said] == [
        "arm", "reference", "up", "down", "adjusted", "adjusted_low", "adjusted_high", "adjusted_p", "adjusted_p_holm",
        "raw",
    ]  # fmt: skip
    assert printed[2]["t"] == "" and printed[5]["adjusted_p"] != ""


def test_r_names_the_figure_that_differs(folder: Path) -> None:
    path = folder / "change_printed.csv"
    said = listed(path)[0]["before_mean"]
    path.write_text(path.read_text().replace(f",{said},", ",9.99,", 1))
    run = subprocess.run([program("Rscript"), "change.R"], cwd=folder, capture_output=True, text=True)
    assert (run.stdout.splitlines()[0], run.returncode) == (f"fine before_mean reported: 9.99 here: {said} ", 1)


def test_pspp_comes_to_the_same_table(folder: Path) -> None:
    run = subprocess.run(
        [program("pspp"), "-O", "format=txt", "change.sps"], cwd=folder, capture_output=True, text=True
    )
    assert (run.stderr, run.returncode) == ("", 0)
    rows = listed(folder / "change_from_spss.csv")
    assert {row["score"].strip(): row["differ"].strip() for row in rows} == {"fine": "0", "rough": "0", "still": "0"}
    printed = listed(folder / "change_printed.csv")
    assert [float(row["d_av_low"]) for row in rows[:2]] == [float(row["d_av_low"]) for row in printed[:2]]


def test_a_chance_is_never_printed_as_a_round_zero() -> None:
    assert [as_printed("p", 0.0004), as_printed("p", 0.0125), as_printed("n", 27), as_printed("t", None)] == [
        "<0.001", "0.012", "27", "",
    ]  # fmt: skip


def test_without_a_table_of_change_there_are_no_scripts() -> None:
    assert change_scripts.files(()) == {}
