"""Ways to draw an answer by chance, each a function of a source of chance and the unit that is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from statistics import NormalDist
from typing import Any, TypeVar

from survey.instruments.kinds.question import Unit

Draw = Callable[[Random, Unit], Any]

T = TypeVar("T")


def chance(seed: object) -> Random:
    """A source of chance that is the same for the same seed."""
    return Random(str(seed))  # noqa: S311 - invented answers must come out the same again; nothing here is a secret


def one_of(weights: Mapping[T, float]) -> Draw:
    """One of these, by weight."""
    codes, shares = list(weights), list(weights.values())
    return lambda random, unit: random.choices(codes, shares)[0]


def one_out_of(*phrases: str) -> Draw:
    """One of these texts, each as likely."""
    return lambda random, unit: random.choice(phrases)


def some_of(chances: Mapping[Any, float], otherwise: Any) -> Draw:
    """Each of these by its own chance, no more than the question allows; `otherwise` alone where none came up."""

    def draw(random: Random, unit: Unit) -> list[Any]:
        codes = [code for code, share in chances.items() if random.random() < share]
        most = getattr(unit.question, "at_most", None) or len(chances)
        return (random.sample(codes, most) if len(codes) > most else codes) or [otherwise]

    return draw


def about(mean: float, spread: float, low: float, high: float, step: float = 1) -> Draw:
    """A number around `mean`, in steps, kept within `low` and `high`."""

    def draw(random: Random, unit: Unit) -> float:
        return whole_if_whole(min(high, max(low, round(random.gauss(mean, spread) / step) * step)))

    return draw


def whole_if_whole(number: float) -> float:
    """This number as an answer has it: without a fraction where it has none."""
    return int(number) if number == int(number) else number


def parts(means: Mapping[str, float], spread: float = 12) -> Draw:
    """Shares around these means in tens, together 100."""

    def draw(random: Random, unit: Unit) -> dict[str, int]:
        return shares(
            {part: max(0.0, random.gauss(mean, spread if mean else 0)) for part, mean in means.items()}, step=10
        )

    return draw


def shares(weights: Mapping[str, float], step: int = 1) -> dict[str, int]:
    """These weights as whole percentages in steps, together 100: the largest remainders get what is left."""
    total = sum(weights.values())
    exact = {part: (weight / total if total else 1 / len(weights)) * (100 // step) for part, weight in weights.items()}
    return {part: count * step for part, count in _rounded(exact, 100 // step).items()}


def dealt(random: Random, count: int, weights: Mapping[T, float]) -> list[T]:
    """`count` codes in just these proportions, in an order by chance: a small group then has the wanted shape too."""
    total = sum(weights.values())
    counts = _rounded({code: weight / total * count for code, weight in weights.items()}, count)
    codes = [code for code, times in counts.items() for _ in range(times)]
    random.shuffle(codes)
    return codes


def _rounded(exact: Mapping[T, float], total: int) -> dict[T, int]:
    whole = {code: int(value) for code, value in exact.items()}
    by_remainder = sorted(exact, key=lambda code: whole[code] - exact[code])
    for code in by_remainder[: total - sum(whole.values())]:
        whole[code] += 1
    return whole


def standings(random: Random, count: int) -> list[float]:
    """`count` standard scores, evenly spread over a normal distribution and shuffled: mean 0, spread near 1."""
    normal = NormalDist()
    found = [normal.inv_cdf((i + 0.5) / count) for i in range(count)]
    random.shuffle(found)
    return found


def centred(values: Sequence[float], among: Sequence[int], mean: float = 0.0) -> list[float]:
    """These values shifted so that those at the positions `among` have this mean."""
    if not among:
        return list(values)
    shift = mean - sum(values[i] for i in among) / len(among)
    return [value + shift for value in values]
