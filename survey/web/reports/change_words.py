"""What the page on change says in words: what can be found, what an interval tells, who is missing and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from flask_babel import gettext, lazy_gettext, ngettext

from survey.measures.change import ChangeReport, Detectable, Missing, OutcomeChange
from survey.measures.estimate import Estimate
from survey.web.reports.figures import NOTHING, figure, with_interval

FEW = 10
"""With fewer pairs the page says that they are few."""

LEAST = 5
"""With fewer pairs the figures stand there, and nothing is claimed from them."""

Told = Literal["found", "unsure", "open", "unknown"]
"""`found`: the interval leaves 0 out, also after Holm. `unsure`: only before it. `open`: 0 is within. `unknown`: no
interval, or too few pairs for it."""

VERDICT_WORDS: Mapping[str, Any] = {
    "improved": lazy_gettext("Reliably better"),
    "unchanged": lazy_gettext("No reliable change"),
    "worsened": lazy_gettext("Reliably worse"),
    "up": lazy_gettext("Reliably higher"),
    "down": lazy_gettext("Reliably lower"),
}
"""A verdict on one person's change, in the order of a table: see `survey.measures.reliable_change`."""

BETTER_WORDS: Mapping[str | None, Any] = {
    "higher": lazy_gettext("higher is better"),
    "lower": lazy_gettext("lower is better"),
    None: "",
}


def chance(p: float | None) -> str:
    """A p in words: three decimals, and never a round zero."""
    if p is None:
        return NOTHING
    return f"< {figure(0.001, 3)}" if p < 0.001 else figure(p, 3)


def estimate(found: Estimate, digits: int = 2) -> str:
    """An estimate with its interval."""
    return with_interval(found.value, found.low, found.high, digits)


def told(outcome: OutcomeChange) -> Told:
    """What the declared analysis of an outcome comes to."""
    within = outcome.paired.difference.zero_within
    if within is None or outcome.holm is None or outcome.paired.n < LEAST:
        return "unknown"
    if within:
        return "open"
    return "found" if outcome.holm <= 0.05 else "unsure"


def sentence(outcome: OutcomeChange) -> str:
    """The same for a reader."""
    verdict, difference = told(outcome), outcome.paired.difference.value
    if verdict == "unknown" or difference is None:
        return gettext("It cannot be said whether there was a change: there are too few pairs, or all changed alike.")
    if verdict == "open":
        return gettext("The interval includes 0: this study cannot tell whether there was a change.")
    direction = _direction(outcome, difference)
    if verdict == "found":
        return gettext(
            "%(direction)s The interval does not include 0, also with all outcomes together.", direction=direction
        )
    return gettext(
        "%(direction)s The interval by itself does not include 0. Among all outcomes together this can be chance.",
        direction=direction,
    )


def _direction(outcome: OutcomeChange, difference: float) -> str:
    higher = difference > 0
    if outcome.better is None:
        return (
            gettext("On average higher at the second moment.")
            if higher
            else gettext("On average lower at the second moment.")
        )
    if higher == (outcome.better == "higher"):
        return gettext("On average better at the second moment.")
    return gettext("On average worse at the second moment.")


def summary(outcomes: Sequence[OutcomeChange]) -> list[str]:
    """How many outcomes come to what, one line each; no line for what does not occur."""
    count = {
        verdict: sum(1 for one in outcomes if told(one) == verdict)
        for verdict in ("found", "unsure", "open", "unknown")
    }
    lines = (
        (count["found"], lambda n: ngettext(
            "%(num)d outcome changed, also when all outcomes are counted together.",
            "%(num)d outcomes changed, also when all outcomes are counted together.", n)),
        (count["unsure"], lambda n: ngettext(
            "For %(num)d outcome the interval leaves out 0, but among all outcomes together this can be chance.",
            "For %(num)d outcomes the interval leaves out 0, but among all outcomes together this can be chance.", n)),
        (count["open"], lambda n: ngettext(
            "For %(num)d outcome the interval includes 0: this study cannot tell whether there was a change.",
            "For %(num)d outcomes the interval includes 0: this study cannot tell whether there was a change.", n)),
        (count["unknown"], lambda n: ngettext(
            "For %(num)d outcome it cannot be said.", "For %(num)d outcomes it cannot be said.", n)),
    )  # fmt: skip
    return [words(number) for number, words in lines if number]


def can_find(found: Detectable) -> str:
    """What a study of this size can find, in one or two sentences."""
    if found.at_alpha is None:
        return gettext("Fewer than two people were measured at both moments. So nothing can be said about change yet.")
    people = ngettext(
        "%(num)d person was measured at both moments.", "%(num)d people were measured at both moments.", found.n
    )
    alone = gettext(
        "With so many, a study finds a mean change of %(size)s standard deviations four times out of five.",
        size=figure(found.at_alpha),
    )
    return f"{people} {alone} {_together(found.family, found.at_first_step)}".strip()


def _together(family: int, size: float | None) -> str:
    """How large it has to be with all outcomes together; nothing for a single one."""
    if family < 2 or size is None:
        return ""
    return gettext("With %(number)d outcomes together it has to be %(size)s.", number=family, size=figure(size))


def in_points(sizes: Mapping[str, float]) -> str:
    """What can be found in points. `sizes`: title -> the smallest mean change of one outcome by itself."""
    if not sizes:
        return ""
    least, most = min(sizes, key=sizes.__getitem__), max(sizes, key=sizes.__getitem__)
    if len(sizes) == 1:
        return gettext(
            "In points: %(title)s has to change by %(points)s on average.", title=least, points=figure(sizes[least])
        )
    return gettext(
        "In points: one outcome by itself has to change by %(least)s (%(one)s) to %(most)s (%(other)s) on average.",
        least=figure(sizes[least]),
        one=least,
        most=figure(sizes[most]),
        other=most,
    )


def cannot_find(found: Detectable) -> str:
    """What it cannot; nothing where nothing can be found anyway."""
    if found.at_alpha is None:
        return ""
    return gettext("A smaller change is easily missed. That no change was found does not mean that there was none.")


def between_arms(found: Detectable) -> str:
    """What can be found between two arms; nothing without them."""
    if found.sizes is None or found.between is None:
        return ""
    first, second = found.sizes
    alone = gettext(
        "Between the groups (%(first)d and %(second)d people) it finds a difference of %(size)s standard deviations.",
        first=first,
        second=second,
        size=figure(found.between),
    )
    return f"{alone} {_together(found.family, found.between_first_step)}".strip()


def missing_lines(missing: Missing, before: str, after: str) -> list[str]:
    """Why people are no pair, one line for each reason that occurs."""
    lines = (
        (missing.no_last, gettext("no interview at “%(moment)s” (yet)", moment=after)),
        (missing.no_first, gettext("no interview at “%(moment)s”", moment=before)),
        (missing.short_first, gettext("too few answers at “%(moment)s”", moment=before)),
        (missing.short_last, gettext("too few answers at “%(moment)s”", moment=after)),
        (missing.short_both, gettext("too few answers at both moments")),
    )
    return [f"{number}: {words}" for number, words in lines if number]


def trusted(outcome: OutcomeChange, moment: str) -> str:
    """Where the reliability comes from."""
    trust = outcome.trust
    if trust.alpha is None:
        return (
            gettext("declared beforehand: %(source)s", source=trust.source)
            if trust.source
            else gettext("declared beforehand")
        )
    alpha = with_interval(trust.alpha.value, trust.alpha.low, trust.alpha.high)
    return gettext(
        "Cronbach's alpha at “%(moment)s”, %(alpha)s, n = %(n)d", moment=moment, alpha=alpha, n=trust.alpha.n
    )


def no_reliable(outcome: OutcomeChange) -> str:
    """Why nothing is said of single persons."""
    if not outcome.people:
        return gettext("Nobody has this score at both moments.")
    return gettext(
        "How reliable the scale is, was not declared beforehand and does not follow from these answers. "
        "So nothing is said of single persons."
    )


def largest(report: ChangeReport) -> OutcomeChange | None:
    """The outcome with the largest change in standard deviations, of those of which an interval can be told."""
    known = [one for one in report.outcomes if one.paired.d_av.value is not None and one.paired.n >= LEAST]
    return max(known, key=lambda one: abs(one.paired.d_av.value or 0.0), default=None)
