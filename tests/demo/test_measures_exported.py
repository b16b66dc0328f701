"""The demo study's workbook: what was measured stands in it as on the pages, and a spreadsheet comes to the same."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from made_demo import NOW, Demo
from openpyxl.utils import column_index_from_string

from exports.formats import write
from exports.tables import Cell
from survey.answers.missing import State
from survey.measures.agreement import agreement
from survey.measures.change import change
from survey.measures.quality import together
from survey.measures.reliability import LEAST_FOR_ALPHA
from survey.measures.scale_table import scale_table
from survey.measures.speed import times
from survey.storage.agreed import observed
from survey.storage.measured import Measures
from survey.storage.protocols import protocol_of
from survey.storage.quality import Digests, Which
from survey.storage.reading import Selection

NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"


MEASURED = ("Scores", "Scales", "Fidelity", "Requirements", "Change", "Pairs", "Agreement", "Quality")


def padded(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows of one width: a reader that goes from row to row ends each at its last cell."""
    width = max(map(len, rows))
    return [row + (None,) * (width - len(row)) for row in rows]


class Sheets:
    """A workbook on disk and the cells of what was measured in it, as a reader finds them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Only these: the trail is long.
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        self.cells = {name: padded(list(workbook[name].iter_rows(values_only=True))) for name in MEASURED}

    def above(self, name: str) -> list[str]:
        """The lines above the heading."""
        heading = next(i for i, row in enumerate(self.cells[name]) if row[1] is not None)
        return [row[0] for row in self.cells[name][:heading]]

    def rows(self, name: str) -> list[dict[str, Cell]]:
        """Each row as field -> cell."""
        heading, *rows = self.cells[name][len(self.above(name)) :]
        return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def sheets(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    path = tmp_path_factory.mktemp("measured") / "out.xlsx"
    write(demo.database, demo.library, Selection(demo.made.study_id), path, now=NOW, by="TEST", language="en")
    return Sheets(path)


def test_scales_are_those_of_the_page(demo: Demo, sheets: Sheets) -> None:
    instrument = demo.library.newest["client-interview"]
    with demo.database.reading() as session:
        measured = Measures().read(session, demo.library, demo.made.study_id, "client-interview")
    found = {
        (row["score"], row["wave"]): row for row in sheets.rows("Scales") if row["instrument"] == "client-interview"
    }
    meant = scale_table(instrument, measured, ["t0", "t1"])
    assert list(found) == [(one.score, one.wave) for one in meant]
    for one in meant:
        row, figures = found[one.score, one.wave], one.described
        trust = one.alpha if one.alpha.n >= LEAST_FOR_ALPHA else None
        assert [row[name] for name in ("responses", "n", "missing", "prorated", "strict")] == [
            one.responses, figures.n, one.missing, one.prorated, one.strict,
        ]  # fmt: skip
        names = ("mean", "sd", "median", "lowest", "highest", "alpha", "alpha_low", "alpha_high")
        assert [row[name] for name in names] == [
            pytest.approx(value)
            for value in (
                figures.mean, figures.sd, figures.median, figures.lowest, figures.highest,
                trust and trust.value, trust and trust.low, trust and trust.high,
            )
        ]  # fmt: skip
        states = [state for state in State if state is not State.ANSWERED]
        assert [row[f"items_{state.value}"] for state in states] == [one.states.get(state, 0) for state in states]


def test_every_handed_in_response_has_a_row_for_each_of_its_scales(demo: Demo, sheets: Sheets) -> None:
    meant = {}
    with demo.database.reading() as session:
        for name, instrument in demo.library.newest.items():
            if instrument.scores:
                for one in Measures().read(session, demo.library, demo.made.study_id, name):
                    meant |= {(one.response, score): found for score, found in one.scores.items()}
    rows = {(row["km_response"], row["score"]): row for row in sheets.rows("Scores")}
    assert rows.keys() == meant.keys()
    for place, found in meant.items():
        row = rows[place]
        assert (row["answered"], row["value"], row["strict"]) == (found.answered, found.value, found.strict)
        assert row["prorated"] == (None if found.value is None else int(found.prorated))


def test_change_begins_with_what_so_few_people_can_show_and_has_the_declared_family(demo: Demo, sheets: Sheets) -> None:
    with demo.database.reading() as session:
        protocol = protocol_of(session, demo.made.study_id)
        assert protocol is not None
        measured = Measures().read(session, demo.library, demo.made.study_id, "client-interview")
    report = change(
        measured, protocol.outcomes, tuple(protocol.arms), instrument=demo.library.newest["client-interview"]
    )
    assert sheets.above("Change")[0].startswith(f"With {report.detectable.n} pairs a study finds a change of 0.")
    rows = sheets.rows("Change")
    assert [row["score"] for row in rows] == [one.score for one in report.outcomes] == list(protocol.outcomes.scores)
    for row, one in zip(rows, report.outcomes, strict=True):
        names = ("n", "before_mean", "after_mean", "difference", "d_z", "d_av", "t", "p_holm")
        assert [row[name] for name in names] == [
            pytest.approx(value)
            for value in (
                one.paired.n, one.paired.before_mean, one.paired.after_mean, one.paired.difference.value,
                one.paired.d_z.value, one.paired.d_av.value, one.paired.t, one.holm,
            )
        ]  # fmt: skip
    assert len(sheets.rows("Pairs")) == sum(one.paired.n for one in report.outcomes)


def test_without_a_comparison_group_no_sheet_of_measures_speaks_of_an_effect(sheets: Sheets) -> None:
    words = [str(cell) for name in MEASURED for row in sheets.cells[name] for cell in row if cell]
    assert [said for said in words if "effect" in said.lower()] == []


def test_fidelity_comes_out_as_the_published_study_did(sheets: Sheets) -> None:
    rows = [row for row in sheets.rows("Fidelity") if row["level"] == "study" and row["wave"] == "t1"]
    assert {row["indicator"]: row["verdict"] for row in rows} == {
        "caseload": "well",
        "natural_environment": "low",
        "team_meeting": "on_the_way",
        "strengths_compass": "low",
        "action_plan": "well",
        "hope": "on_the_way",
    }
    assert {row["cutoff"] for row in rows} == {4}


def test_agreement_is_that_of_both_observers(demo: Demo, sheets: Sheets) -> None:
    with demo.database.reading() as session:
        (found,) = observed(session, demo.library, demo.made.study_id)
    report = agreement([one.pair for one in found.pairs])
    first, *rest = sheets.rows("Agreement")
    assert (first["part"], first["n"], first["same"], first["same_share"]) == (
        "all", report.n, report.same, pytest.approx(report.exact),
    )  # fmt: skip
    assert [row["item"] for row in rest if row["part"] == "item"] == [one.unit.name for one in report.items]


def test_quality_has_the_figures_of_the_page(demo: Demo, sheets: Sheets) -> None:
    for instrument, wave in (("client-interview", "t0"), ("coach-fidelity", "t1")):
        with demo.database.reading() as session:
            looked = Digests().looked(session, demo.library, Which(demo.made.study_id, instrument, wave))
        digests = [one.digest for one in looked if one.listed.submitted]
        rows = [row for row in sheets.rows("Quality") if (row["instrument"], row["wave"]) == (instrument, wave)]
        whole = together(one.whole for one in digests)
        assert (rows[0]["page"], rows[0]["begun"], rows[0]["responses"]) == (None, len(looked), len(digests))
        assert (rows[0]["asked"], rows[0]["missing"], rows[0]["refused"]) == (whole.asked, whole.missing, whole.refused)
        assert rows[0]["straight"] == sum(1 for one in digests if one.straight)
        median = times(digests, [])[None].median
        assert rows[0]["median_seconds"] == (None if median is None else pytest.approx(median, abs=0.5))
        pages = {page: together(one.tallies[page] for one in digests if page in one.tallies)
                 for one in digests for page in one.tallies}  # fmt: skip
        assert {row["page"]: row["asked"] for row in rows[1:]} == {page: tally.asked for page, tally in pages.items()}


def test_charts_name_the_cells_that_they_draw(sheets: Sheets) -> None:
    with ZipFile(sheets.path) as whole:
        charts = [whole.read(name).decode() for name in whole.namelist() if name.startswith("xl/charts/chart")]
    # What stands behind <val>, series by series.
    drawn = [re.findall(r"<val><numRef><f>'(\w+)'!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)</f>", one) for one in charts]
    assert [[name for name, *_ in one] for one in drawn] == [["Fidelity"] * 2, ["Change"] * 2, ["Change"] * 3]
    for name, column, first, last in (series for one in drawn for series in one):
        place = column_index_from_string(column) - 1
        cells = [row[place] for row in sheets.cells[name][int(first) - 1 : int(last)]]
        assert len(cells) == 6
        assert all(isinstance(cell, int | float) for cell in cells)


# --- A spreadsheet computes all of it anew --------------------------------------------------------------------------


RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def without_values(path: Path, target: Path) -> int:
    """The same workbook with a wrong figure for each formula. Back comes how many there are."""
    count, names = 0, openpyxl.load_workbook(path, read_only=True).sheetnames
    kept = {f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, start=1) if name in MEASURED}
    with ZipFile(path) as whole, ZipFile(target, "w") as made:
        for name in whole.namelist():
            content = whole.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, found = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1<v>-12345</v>", content)
                count += found
                if name not in kept:
                    # No formula looks at these rows, and without them it is done much sooner.
                    content = re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", content, flags=re.DOTALL)
            made.writestr(name, content)
    return count


@pytest.mark.libreoffice
def test_libreoffice_computes_every_formula_to_what_stands_there(sheets: Sheets, tmp_path: Path) -> None:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        told = "NOT TESTED: that LibreOffice computes the formulas to the same. To test it, install libreoffice-calc."
        pytest.fail(told) if NOTHING_SKIPPED else pytest.skip(told)
    count = without_values(sheets.path, tmp_path / "in.xlsx")
    profile = tmp_path / "office" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(RECALCULATE)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    command = [soffice, home, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"),
               str(tmp_path / "in.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    formulas = openpyxl.load_workbook(sheets.path, read_only=True)
    computed = openpyxl.load_workbook(tmp_path / "out" / "in.xlsx", read_only=True, data_only=True)
    seen, different = 0, []
    for name in MEASURED:
        size = {"max_row": len(sheets.cells[name]), "max_col": len(sheets.cells[name][0])}
        rows = zip(formulas[name].iter_rows(**size), sheets.cells[name], computed[name].iter_rows(**size), strict=True)
        for texts, meant, found in rows:
            for text, one, other in zip(texts, meant, found, strict=True):
                if text.data_type == "f":
                    seen += 1
                    if not same(one, other.value):
                        different.append((name, text.coordinate, text.value, one, other.value))
    assert (different[:5], seen) == ([], count)
    assert count > 3000
    with ZipFile(tmp_path / "out" / "in.xlsx") as whole:
        assert len([name for name in whole.namelist() if name.startswith("xl/charts/chart")]) == 3


def same(one: Any, other: Any) -> bool:
    """Equal, up to the last digits of a double."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return (one or None) == (other or None)
