"""R, on the same answers of items and observers, comes to the same figures by another way."""

from __future__ import annotations

import os
import random
import shutil
import subprocess

import pytest

from survey.measures.icc import icc
from survey.measures.kappa import Weights, of_table
from survey.measures.reliability import alpha, item_rest

NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"

# Kappa's error by the delta method, with differences in place of formulas; the correlation by R's analysis of variance.
PROGRAM = """
say <- function(name, ...) cat(name, sprintf("%.15g", c(...)), "\\n")
n <- nrow(x); k <- ncol(x)
a <- k / (k - 1) * (1 - sum(diag(var(x))) / sum(var(x)))
say("alpha", a, 1 - (1 - a) * qf(c(.975, .025), n - 1, (n - 1) * (k - 1)))
say("rest", sapply(1:k, function(i) cor(x[, i], rowSums(x[, -i]))))
value <- function(p, w) { e <- outer(rowSums(p), colSums(p)); (sum(w * p) - sum(w * e)) / (sum(p)^2 - sum(w * e)) }
for (how in c("none", "linear", "quadratic")) {
  d <- abs(row(t) - col(t)) / (nrow(t) - 1)
  w <- switch(how, none = diag(nrow(t)), linear = 1 - d, quadratic = 1 - d^2)
  p <- t / sum(t); h <- 1e-6
  g <- sapply(seq_along(p), function(i) {
    up <- p; up[i] <- p[i] + h; down <- p; down[i] <- p[i] - h; (value(up, w) - value(down, w)) / (2 * h) })
  error <- sqrt((sum(p * g^2) - sum(p * g)^2) / sum(t))
  say(how, value(p, w), value(p, w) + c(-1, 1) * qnorm(.975) * error)
}
long <- data.frame(score = c(x), thing = factor(c(row(x))), rater = factor(c(col(x))))
m <- summary(aov(score ~ thing + rater, long))[[1]][["Mean Sq"]]
say("icc", (m[1] - m[3]) / (m[1] + (k - 1) * m[3] + k * (m[2] - m[3]) / n), (m[1] - m[3]) / (m[1] + (m[2] - m[3]) / n))
"""


def ratings(seed: int) -> list[list[float]]:
    """Forty things, each rated by five on five points, and not far apart."""
    chance = random.Random(seed)
    rows = []
    for _ in range(40):
        true = chance.gauss(3, 1)
        rows.append([float(min(5, max(1, round(true + bias + chance.gauss(0, 0.8))))) for bias in (0, 0, 0.5, -0.5, 1)])
    return rows


ROWS = ratings(1)
TABLE = [[sum((row[0], row[1]) == (i, j) for row in ROWS + ratings(2)) for j in range(1, 6)] for i in range(1, 6)]


@pytest.fixture(scope="module")
def said() -> dict[str, list[float]]:
    """What R says, by name."""
    found = shutil.which("Rscript")
    if found is None:
        told = "NOT TESTED: that R comes to the same figures. To test it, install r-base-core."
        pytest.fail(told) if NOTHING_SKIPPED else pytest.skip(told)
    given = [("x", ROWS), ("t", TABLE)]
    data = [
        f"{name} <- matrix(c({','.join(str(one) for row in rows for one in row)}), {len(rows)}, byrow = TRUE)"
        for name, rows in given
    ]
    program = "\n".join([*data, PROGRAM])
    done = subprocess.run([found, "--vanilla", "-"], input=program, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return {name: [float(figure) for figure in figures] for name, *figures in lines}


def test_items_of_a_scale(said: dict[str, list[float]]) -> None:
    found = alpha(ROWS)
    assert [found.value, found.low, found.high] == pytest.approx(said["alpha"])
    assert item_rest(ROWS) == pytest.approx(said["rest"])


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_kappa_with_its_interval(said: dict[str, list[float]], weights: Weights) -> None:
    found = of_table(TABLE, weights)
    assert [found.value, found.low, found.high] == pytest.approx(said[weights], rel=1e-6)


def test_correlation_of_raters(said: dict[str, list[float]]) -> None:
    found = icc(ROWS)
    assert [found.single, found.mean] == pytest.approx(said["icc"])
