"""What the sheet Interpreting says about itself, in English and Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

FEW = 5
"""Fewer responses than this in a group say very little."""

NOTES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Pages of participants' interviews with and without an interpreter, side by side. Computed from the "
        "answers that count and from the moments of saving, of the responses in this file.",
        "This is no comparison by chance: who has an interpreter differs from who has none in much else, such as years "
        "in the country and at school. A difference here is a reason to look closer, and no effect.",
        "with: something on the page was saved while somebody interpreted. without: only while nobody did. "
        "not_recorded: nobody wrote down who was there. A page that was never saved counts with who was there last.",
        "A response with two kinds of interpreter on one page stands with both kinds, and once in with. Corrections "
        "after handing in do not count for group or time.",
        "missing: asked, and there is no answer; its five reasons stand behind it. Percentages are of the questions "
        "asked.",
        "Time: from one save to the next belongs to the page of the later one, the first from the opening; a gap "
        "counts as 10 minutes at most, since a pause is no question time.",
        f"Groups of fewer than {FEW} responses are shown in grey and marked in the column few: do not read anything "
        "into them.",
    ),
    "nl": (
        "Pagina's van gesprekken met deelnemers, met en zonder tolk naast elkaar. Berekend uit de antwoorden die "
        "tellen en de momenten van bewaren, van de ingevulde vragenlijsten in dit bestand.",
        "Dit is geen vergelijking door loting: wie een tolk heeft, verschilt in veel meer van wie er geen heeft, zoals "
        "jaren in het land en op school. Een verschil is reden om verder te kijken, en geen effect.",
        "with: op de pagina is iets bewaard terwijl er iemand tolkte. without: alleen terwijl er niemand tolkte. "
        "not_recorded: niet vastgelegd wie erbij was. Een pagina die nooit is bewaard, telt bij wie er het laatst was.",
        "Een vragenlijst met twee soorten tolken op één pagina staat bij beide soorten, en één keer bij with. "
        "Verbeteringen na het inleveren tellen niet mee voor groep of tijd.",
        "missing: gevraagd, en er is geen antwoord; de vijf redenen staan erachter. Percentages zijn van de gestelde "
        "vragen.",
        "Tijd: van het ene bewaren tot het volgende hoort bij de pagina van het latere, de eerste vanaf het openen; "
        "een gat telt als hoogstens 10 minuten, want een pauze is geen vraagtijd.",
        f"Groepen van minder dan {FEW} vragenlijsten staan in grijs en met een teken in de kolom few: lees er niets "
        "in.",
    ),
}
FEWER = {"en": f"fewer than {FEW}", "nl": f"minder dan {FEW}"}
ALL_PAGES = {"en": "the whole interview", "nl": "het hele gesprek"}
NOBODY = {
    "en": "There is nothing to compare: no response in this file has an interpreter on record.",
    "nl": "Er valt niets te vergelijken: bij geen ingevulde vragenlijst in dit bestand is een tolk vastgelegd.",
}
EMPTY = {
    "en": "There are no rows: this file has no responses of participants.",
    "nl": "Er zijn geen rijen: dit bestand heeft geen ingevulde vragenlijsten van deelnemers.",
}


def in_language(texts: Mapping[str, T], language: str) -> T:
    """The Dutch one of these for nl, else the English one."""
    return texts["nl" if language.split("-")[0] == "nl" else "en"]
