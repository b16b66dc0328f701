"""R and SPSS scripts in the package of CSV files, which compute the reported change table anew from the answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from exports.about import TOLD
from exports.tables import Row, Table, Value, valued
from survey.measures.reliability import LEAST_FOR_ALPHA
from survey.measures.reliable_change import BOUND
from survey.measures.rounding import rounded

PRINTED = "change_printed.csv"
TEMPLATES = Path(__file__).parent / "scripts"

KEYS = ("score", "part", "arm", "reference")
CHANCES = ("p", "p_holm", "wilcoxon_p", "wilcoxon_p_holm", "adjusted_p", "adjusted_p_holm")
WHOLE = (
    "n", "df", "wilcoxon_n", "first_n", "improved", "unchanged", "worsened", "up", "down", "strict_n", "alone_n",
)  # fmt: skip
FIGURES = (
    "n", "before_mean", "before_sd", "after_mean", "after_sd", "difference", "difference_low", "difference_high",
    "difference_sd", "d_z", "d_z_low", "d_z_high", "d_av", "d_av_low", "d_av_high", "t", "df", "p", "p_holm",
    "wilcoxon_v", "wilcoxon_n", "wilcoxon_p", "wilcoxon_p_holm", "rank_biserial", "first_n", "first_sd", "reliability",
    "least_reliable", "improved", "unchanged", "worsened", "up", "down", "strict_n", "strict_difference", "strict_low",
    "strict_high", "alone_n", "alone_difference", "alone_low", "alone_high", "adjusted", "adjusted_low",
    "adjusted_high", "adjusted_p", "adjusted_p_holm", "raw",
)  # fmt: skip
"""The figures that are compared, by the names of the table Change."""
IN_SPSS = (*FIGURES[: FIGURES.index("first_sd") + 1], *FIGURES[FIGURES.index("strict_n") : FIGURES.index("alone_n")])
"""Those that the SPSS script computes too."""


def as_printed(name: str, value: Value) -> str:
    """A figure as reports print it: two decimals, a p with three and never as a round zero; nothing for none."""
    if not isinstance(value, int | float):
        return ""
    if name in CHANCES:
        return "<0.001" if value < 0.001 else str(rounded(value, 3))
    return str(rounded(value, 0 if name in WHOLE else 1 if name == "wilcoxon_v" else 2))


def printed_rows(change: Table) -> list[Row]:
    """The rows of change_printed.csv, heading first: the table Change as it is printed."""
    rows: list[Row] = [(*KEYS, *FIGURES)]
    for row in _by_name(change):
        rows.append((*(row[key] or "" for key in KEYS), *(as_printed(name, row[name]) for name in FIGURES)))
    return rows


def _by_name(table: Table) -> list[Mapping[str, Value]]:
    names = [field.name for field in table.fields]
    return [dict(zip(names, map(valued, row), strict=True)) for row in table.rows]


def files(tables: Sequence[Table]) -> dict[str, str]:
    """Name -> content of each file that goes with the table Change; none where there is none, or no outcome in it."""
    paths = {table.path: table for table in tables}
    change, scores = paths.get("change"), paths.get("scores")
    if change is None or scores is None or len(change.rows) == 0:
        return {}
    rows = _by_name(change)
    instrument = str(rows[0]["instrument"])
    prefix = scores.fields[0].name.removesuffix(TOLD[0].name)
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(printed_rows(change))
    facts = {
        "INSTRUMENT": instrument,
        "DATA": "data.csv" if "data" in paths else f"{instrument}/data.csv",
        "PREFIX": prefix,
        "BOUND": str(BOUND),
        "LEAST_FOR_ALPHA": str(LEAST_FOR_ALPHA),
        "CHANCES": ", ".join(f'"{name}"' for name in CHANCES),
        "WHOLE": ", ".join(f'"{name}"' for name in WHOLE),
    }
    facts |= _for_spss(rows, scores)
    scripts = {name: _filled(name, facts) for name in ("change.R", "change.sps")}
    return {PRINTED: buffer.getvalue(), **scripts}


def _for_spss(rows: Sequence[Mapping[str, Value]], scores: Table) -> dict[str, str]:
    """What stands in the SPSS script: files field by field, and the outcomes in their order."""
    outcomes = [str(row["score"]) for row in rows if row["part"] == "all"]
    two = [name for name in IN_SPSS if name not in (*CHANCES, *WHOLE, "wilcoxon_v")]
    printed = {name: f"said{number}" for number, name in enumerate(FIGURES, start=1)}
    return {
        "FIRST": str(rows[0]["first"]),
        "LAST": str(rows[0]["last"]),
        "PLACES": " ".join(f"('{name}'={place})" for place, name in enumerate(outcomes, start=1)),
        "PRINTED_VARIABLES": _lines([*(f"{key} A40" for key in KEYS), *(f"{printed[name]} A16" for name in FIGURES)]),
        "SCORES_VARIABLES": _lines([f"{one.name} {_FORMATS.get(one.type, 'A255')}" for one in scores.fields]),
        "PRINTED": _wrapped([printed[name] for name in IN_SPSS]),
        "PRINTED_NUMBERS": _wrapped([f"printed_{name}" for name in IN_SPSS]),
        "TWO": _wrapped(two),
        "SPSS_FIGURES": _wrapped(IN_SPSS),
    }


_FORMATS = {"integer": "F20.0", "number": "F24.0"}


def _lines(names: Sequence[str]) -> str:
    return "\n".join(f"    {name}" for name in names)


def _wrapped(names: Sequence[str]) -> str:
    """Names over lines that every version of SPSS takes."""
    return "\n    ".join(" ".join(names[start : start + 6]) for start in range(0, len(names), 6))


def _filled(name: str, facts: Mapping[str, str]) -> str:
    text = _template(name)
    for key, words in facts.items():
        text = text.replace(f"@{key}@", words)
    return text


@cache
def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
