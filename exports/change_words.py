"""What the sheets Change and Pairs say about themselves, in English and Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class FirstLines(NamedTuple):
    """What a study of this size can show, and what it cannot. `few`: with too few pairs to say anything."""

    size: str
    family: str
    unseen: str
    few: str
    no_arms: str
    arms: str
    lost: str


FIRST_LINES: Mapping[str, FirstLines] = {
    "en": FirstLines(
        "With {n} pairs a study finds a change of {least} standard deviations of the changes or more {power} times out "
        "of 100.",
        "At the first step of Holm over {family} outcomes that is {first}.",
        "A smaller change can be there and go unseen: that nothing was found does not say that nothing changed.",
        "There are {n} pairs: too few to say what this study can find.",
        "There is no group to compare with. These rows say what changed, and never what it came from.",
        "Between arms of {one} and {other} people a difference of {least} standard deviations of the scores is found "
        "so often.",
        "{first} people were measured at the first moment, {both} of them at both; {lost} were lost.",
    ),
    "nl": FirstLines(
        "Met {n} paren vindt een onderzoek een verandering van {least} standaardafwijking van de veranderingen of "
        "meer in {power} van de 100 keer.",
        "Bij de eerste stap van Holm over {family} uitkomsten is dat {first}.",
        "Een kleinere verandering kan er zijn zonder dat u die ziet: dat er niets is gevonden, zegt niet dat er niets "
        "is veranderd.",
        "Er zijn {n} paren: te weinig om te zeggen wat dit onderzoek kan vinden.",
        "Er is geen groep om mee te vergelijken. Deze rijen zeggen wat er veranderde, en nooit waardoor.",
        "Tussen groepen van {one} en {other} mensen wordt een verschil van {least} standaardafwijking van de scores "
        "zo vaak gevonden.",
        "{first} mensen zijn bij het eerste moment gemeten, {both} van hen op beide momenten; {lost} zijn uitgevallen.",
    ),
}
NOTES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "All differences are last minus first. Means, differences and what follows from them are formulas over the "
        "rows of Pairs.",
        "Of handed-in responses of all waves of this study, also where only some were chosen for this file. Prorated "
        "scores count; strict_ and alone_ leave them, and interpreted interviews, out.",
        "Reliable change: (after - before) / (SD * sqrt(2) * sqrt(1 - r)), with the standard deviation and the r of "
        "this row; beyond 1.96 it is more than the scale's own inaccuracy.",
        "There are no rows: nobody has a score at both moments.",
    ),
    "nl": (
        "Alle verschillen zijn laatste min eerste. Gemiddelden, verschillen en wat daaruit volgt zijn formules over de "
        "rijen van Pairs.",
        "Van ingeleverde vragenlijsten van alle metingen van dit onderzoek, ook als er voor dit bestand maar een paar "
        "zijn gekozen. Geschatte scores tellen mee; strict_ en alone_ laten die weg, en gesprekken met een tolk.",
        "Betrouwbare verandering: (na - voor) / (SD * wortel(2) * wortel(1 - r)), met de standaardafwijking en de r "
        "van deze rij; boven 1,96 is het meer dan de onnauwkeurigheid van de schaal zelf.",
        "Er zijn geen rijen: niemand heeft op beide momenten een score.",
    ),
}
PAIRS_NOTES: Mapping[str, tuple[str, ...]] = {
    "en": ("One person's change is uncertain. Use these rows to check the means, and not to judge somebody.",),
    "nl": (
        "De verandering van één persoon is onzeker. Gebruik deze rijen om de gemiddelden na te rekenen, en niet om "
        "iemand te beoordelen.",
    ),
}
SHAPES = ("d_z", "d_z_low", "d_z_high")
CHARTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "means": "Mean at both moments",
        "points": "Score",
        "interval": "Change in standard deviations, with its 95 % interval",
        "deviations": "d_z",
        "d_z": "change",
        "d_z_low": "lower end",
        "d_z_high": "upper end",
    },
    "nl": {
        "means": "Gemiddelde op beide momenten",
        "points": "Score",
        "interval": "Verandering in standaardafwijkingen, met het 95%-interval",
        "deviations": "d_z",
        "d_z": "verandering",
        "d_z_low": "ondergrens",
        "d_z_high": "bovengrens",
    },
}
