"""R, on the same data, comes to the same figures."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterable

import pytest

from survey.measures import power
from survey.measures.ancova import ancova
from survey.measures.apart import apart
from survey.measures.holm import holm
from survey.measures.paired import paired
from survey.measures.signed_rank import signed_rank

NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"

HEAD = """
say <- function(name, ...) cat(name, sprintf("%.15g", c(...)), "\\n")
limits <- function(t, df) sapply(c(.975, .025), function(p)
  uniroot(function(ncp) suppressWarnings(pt(t, df, ncp)) - p, t + c(-10, 10), tol = 1e-12)$root)
pairs <- function(name, x, y) {
  t <- t.test(y, x, paired = TRUE); n <- length(x); ncp <- limits(t$statistic, n - 1)
  unit <- sd(y - x) / sqrt((var(x) + var(y)) / 2)
  say(paste0(name, ".paired"), mean(x), sd(x), mean(y), sd(y), t$estimate, t$conf.int, sd(y - x), t$statistic,
    t$parameter, t$p.value, cor(x, y), t$statistic / sqrt(n), ncp / sqrt(n), t$statistic / sqrt(n) * unit,
    ncp / sqrt(n) * unit)
  w <- suppressWarnings(wilcox.test(round(y - x, 9)))
  say(paste0(name, ".ranks"), w$statistic, w$p.value)
}
"""


def vector(values: Iterable[object]) -> str:
    return f"c({', '.join(repr(value) if isinstance(value, (int, float)) else f'{value!r}' for value in values)})"


def scores(seed: int, n: int, *, items: int = 0) -> tuple[list[float], list[float]]:
    """Pairs: with so many decimals that nothing ties, or means of so many items of five points."""
    chance = random.Random(seed)
    if not items:
        before = [chance.gauss(3, 1) for _ in range(n)]
        return before, [0.6 * one + chance.gauss(1.4, 0.8) for one in before]
    return tuple([sum(chance.randint(1, 5) for _ in range(items)) / items for _ in range(n)] for _ in "ab")  # type: ignore[return-value]


PAIRS = {
    "few": scores(1, 8),
    "thirty": scores(2, 30),
    "forty_nine": scores(3, 49),
    "fifty": scores(4, 50),
    "ties": scores(5, 28, items=7),
    "zeros": scores(6, 35, items=2),
    "many": scores(7, 400, items=4),
}
PS = [0.012, 0.2, 0.0003, 0.04, 0.04, 0.9]


@pytest.fixture(scope="module")
def said() -> dict[str, list[float]]:
    """What R says, by name. It is started once."""
    found = shutil.which("Rscript")
    if found is None:
        told = "NOT TESTED: that R comes to the same figures. To test it, install r-base-core."
        pytest.fail(told) if NOTHING_SKIPPED else pytest.skip(told)
    lines = [f"pairs('{name}', {vector(x)}, {vector(y)})" for name, (x, y) in PAIRS.items()]
    lines.append(f"say('holm', p.adjust({vector(PS)}, 'holm'))")
    x, y = PAIRS["thirty"]
    lines.append(
        f"w <- t.test({vector(x)}, {vector(y[:20])}); say('welch', -diff(w$estimate), w$conf.int, w$parameter)"
    )
    arms = ["one"] * 20 + ["two"] * 10
    lines.append(f"m <- lm(y ~ x + a, list(x = {vector(x)}, y = {vector(y)}, a = rev(factor({vector(arms)}))))")
    lines.append("say('ancova', coef(summary(m))[3, ], confint(m)[3, ], coef(m)[2], m$df.residual)")
    for n in (5, 35, 120):
        lines.append(f"say('detectable.{n}', power.t.test(n = {n}, power = .8, type = 'paired', strict = TRUE)$delta)")
    for d in (0.2, 0.5, 1.2):
        lines.append(f"say('needed.{d}', ceiling(power.t.test(delta = {d}, power = .9, type = 'paired')$n))")
        lines.append(f"say('each.{d}', ceiling(power.t.test(delta = {d}, power = .8)$n))")
    done = subprocess.run(
        [found, "--vanilla", "-"], input=HEAD + "\n".join(lines), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    return {name: [float(figure) for figure in figures] for name, *figures in rows}


@pytest.mark.parametrize("name", list(PAIRS))
def test_pairs(said: dict[str, list[float]], name: str) -> None:
    found = paired(*PAIRS[name])
    figures = [
        found.before_mean, found.before_sd, found.after_mean, found.after_sd, *found.difference, found.sd, found.t,
        found.df, found.p, found.r, *found.d_z, *found.d_av,
    ]  # fmt: skip
    assert figures == pytest.approx(said[f"{name}.paired"], rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", list(PAIRS))
def test_ranks(said: dict[str, list[float]], name: str) -> None:
    found = signed_rank(*PAIRS[name])
    assert [found.v, found.p] == pytest.approx(said[f"{name}.ranks"], rel=1e-9)
    assert found.exact == (name in ("few", "thirty", "forty_nine"))


def test_family_groups_and_arms(said: dict[str, list[float]]) -> None:
    assert holm(PS) == pytest.approx(said["holm"])
    x, y = PAIRS["thirty"]
    welch = apart(x, y[:20])
    assert [*welch.difference, welch.df] == pytest.approx(said["welch"])
    found = ancova(x, y, ["two"] * 10 + ["one"] * 20, "one")
    assert found is not None
    only = found.contrasts[0]
    figures = [only.adjusted.value, only.error, only.t, only.p, *only.adjusted[1:], found.slope, found.df]
    assert figures == pytest.approx(said["ancova"])


def test_sizes(said: dict[str, list[float]]) -> None:
    for n in (5, 35, 120):
        assert [power.detectable_paired(n)] == pytest.approx(said[f"detectable.{n}"], rel=1e-4)
    for d in (0.2, 0.5, 1.2):
        assert [power.needed_paired(d, 0.9)] == said[f"needed.{d}"]
        assert [power.needed_between(d)] == said[f"each.{d}"]
