"""Who interprets in the demo study, in which language, and how questions are relayed.

Chance has sources of its own here, so that nobody answers differently for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from survey.answers.company import Company
from survey.answers.relay import tidied
from survey.demo.recording import Turn
from survey.instruments.kinds.scale import Scale
from survey.instruments.model import Instrument

LANGUAGES = {
    "turkey": "tr", "morocco": "ar", "syria": "ar", "iraq": "ar", "eritrea": "ti", "somalia": "so", "iran": "fa",
    "afghanistan": "fa", "poland": "pl",
}  # fmt: skip
"""Country of birth -> a language that many people from there speak at home."""

ALONE = Company("none")
VISITORS = {("children",): 0.06, ("partner",): 0.03, ("friend",): 0.03}
"""Who else is there when nobody interprets, and how often."""


@dataclass(frozen=True)
class Help:
    """How somebody is helped to understand. `later`: an interpreter is called in only half-way through the first
    interview. `reads`: for some pages the participant's language stands there alone."""

    company: Company
    later: bool = False
    reads: bool = False


HELPS = (
    Help(Company("professional", "in_person", code="T-03", promised=True), reads=True),
    Help(Company("professional", "phone", code="T-07", promised=True)),
    Help(Company("relative", "in_person", others=("children",))),
    Help(Company("professional", "phone", code="T-12", promised=True), later=True),
    Help(Company("professional", "phone", code="T-07", promised=True)),
    Help(Company("peer", "in_person", code="E-02", promised=True)),
    Help(Company("professional", "video", code="T-15", promised=True)),
    Help(Company("professional", "in_person", code="T-03", promised=True)),
)
"""One for each of the eight; more people go round again."""

SAME_AGAIN = 0.7
"""How often a professional interpreter comes a second time."""

CODES: Mapping[str, float] = {
    "not_as_written": 0.02, "not_fully": 0.015, "difficulty": 0.03, "repeated": 0.03, "side_talk": 0.015,
    "read_out": 0.05,
}  # fmt: skip
CODES_OF_RELATIVES: Mapping[str, float] = {
    "not_as_written": 0.06, "not_fully": 0.06, "difficulty": 0.04, "repeated": 0.03, "side_talk": 0.06,
}  # fmt: skip
CARD, ON_SIGHT = 0.15, 0.12
"""How often a show card is used with a scale, and how often it is noted that words without translation were translated
on sight."""


def company_turns(
    instrument: Instrument, helped: Help | None, wave: int, random: Random, *, bilingual: bool
) -> tuple[Turn, ...]:
    """Who is there from the beginning and from half-way on, and which languages stand on the page."""
    if helped is None:
        return (Turn(company=replace(ALONE, others=_visitor(random))),)
    company = _again(helped.company, random) if wave else replace(helped.company, same="first")
    pages = [page.page for page in instrument.pages]
    turns = [Turn(company=company)]
    if helped.later and wave == 0:
        turns = [Turn(company=ALONE), Turn(pages[len(pages) // 2], company)]
    if helped.reads and bilingual and len(pages) > 3:
        turns += [Turn(pages[2], layout="participant"), Turn(pages[3], layout="both")]
    return tuple(turns)


def _visitor(random: Random) -> tuple[str, ...]:
    drawn = random.random()
    for others, share in VISITORS.items():
        if drawn < share:
            return others
        drawn -= share
    return ()


def _again(company: Company, random: Random) -> Company:
    """The same interpreter half a year later, or another one of the same kind."""
    if company.interpreter != "professional" or random.random() < SAME_AGAIN:
        return replace(company, same="yes")
    return replace(company, same="no", code=f"T-{random.randrange(20, 40)}")


def relayed(
    instrument: Instrument, helped: Help | None, wave: int, random: Random, *, bilingual: bool
) -> dict[str, list[str]]:
    """Question -> how it was relayed, for the few of which that was tapped."""
    if helped is None:
        return {}
    shares = CODES_OF_RELATIVES if helped.company.interpreter == "relative" else CODES
    found = {}
    for page in instrument.pages[len(instrument.pages) // 2 if helped.later and wave == 0 else 0 :]:
        for question in page.questions:
            chances = dict(shares)
            if isinstance(question, Scale):
                chances["card"] = CARD
            if not bilingual:
                chances["on_sight"] = ON_SIGHT
                chances.pop("read_out", None)
            codes = tidied([code for code, share in chances.items() if random.random() < share])
            if codes and question.units():
                found[question.name] = codes
    return found
