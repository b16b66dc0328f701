"""What the codes of interpreted interviews mean, in English and Dutch."""

from __future__ import annotations

from collections.abc import Mapping

Labels = Mapping[str, tuple[str, str]]
"""Code -> what it means in English and in Dutch."""

YES_NO: Labels = {"yes": ("yes", "ja"), "no": ("no", "nee")}
STATE: Labels = {"started": ("started", "begonnen"), "submitted": ("handed in", "ingeleverd")}
FILLED_IN: Labels = {
    "signed_in": ("by somebody who signed in", "door iemand die inlogde"),
    "link": ("alone, by a personal link", "alleen, met een persoonlijke link"),
    "kiosk": ("alone, on a device at hand", "alleen, op een apparaat ter plekke"),
}
INTERPRETER: Labels = {
    "none": ("nobody interprets", "niemand tolkt"),
    "professional": ("professional interpreter", "beroepstolk"),
    "relative": ("relative or friend", "familie of een vriend"),
    "peer": (
        "someone from the community or with lived experience",
        "iemand uit de gemeenschap of een ervaringsdeskundige",
    ),
    "minor": ("someone under 18", "iemand onder de 18"),
}
MODE: Labels = {
    "in_person": ("in the room", "in de kamer"),
    "phone": ("by phone", "aan de telefoon"),
    "video": ("by video", "via beeldbellen"),
}
SAME: Labels = {
    "yes": ("the same as last time", "dezelfde als de vorige keer"),
    "no": ("another one than last time", "een ander dan de vorige keer"),
    "first": ("there was no last time", "er was geen vorige keer"),
    "unknown": ("not known", "niet bekend"),
}
OTHERS: Labels = {
    "partner": ("partner", "partner"),
    "children": ("children", "kinderen"),
    "family": ("other family", "andere familie"),
    "friend": ("friend or neighbour", "vriend of buur"),
    "worker": ("coach or another professional", "coach of een andere hulpverlener"),
    "other": ("somebody else", "iemand anders"),
}
LAYOUT: Labels = {
    "both": ("both languages", "beide talen"),
    "staff": ("the language of the interviewer only", "alleen de taal van de interviewer"),
    "participant": ("the second language only", "alleen de tweede taal"),
}
STATUS: Labels = {
    "untranslated": ("not translated, the source stood there", "niet vertaald, de brontekst stond er"),
    "outdated": ("translation out of date, the source stood there", "vertaling verouderd, de brontekst stond er"),
    "draft": ("draft", "concept"),
    "reviewed": ("reviewed", "nagekeken"),
    "pretested": ("pretested", "uitgeprobeerd"),
    "approved": ("approved", "goedgekeurd"),
    "source": ("the source language itself", "de brontaal zelf"),
}
"""From the least that can be trusted to the most."""
RELAY: Labels = {
    "not_as_written": ("question not relayed as written", "vraag anders gezegd dan die er staat"),
    "not_fully": ("answer not relayed fully", "antwoord niet volledig vertaald"),
    "difficulty": ("participant had difficulty", "deelnemer vond het lastig"),
    "repeated": ("question repeated", "vraag herhaald"),
    "side_talk": ("side talk that was not relayed", "gesprek onderling dat niet is vertaald"),
    "read_out": ("read out from the translated text", "voorgelezen uit de vertaling"),
    "on_sight": ("translated on sight", "ter plekke vertaald"),
    "card": ("show card used", "kaart getoond"),
}
EVENT: Labels = {
    "languages": ("languages switched", "talen gewisseld"),
    "segment": ("a segment began", "een deel begon"),
    "paired": ("participant's screen paired", "scherm van de deelnemer gekoppeld"),
    "shown": ("a question on the participant's screen", "een vraag op het scherm van de deelnemer"),
    "blanked": ("participant's screen made blank", "scherm van de deelnemer leeg gemaakt"),
    "unblanked": ("participant's screen shown again", "scherm van de deelnemer weer aan"),
    "unpaired": ("participant's screen unpaired", "scherm van de deelnemer losgekoppeld"),
    "card": ("show card opened", "toonkaart geopend"),
    "played": ("played aloud", "voorgelezen door het apparaat"),
    "tapped": ("participant tapped an answer", "deelnemer tikte een antwoord aan"),
    "confirmed": ("interviewer took the tapped answer over", "interviewer nam het aangetikte antwoord over"),
    "declined": (
        "interviewer did not take the tapped answer over",
        "interviewer nam het aangetikte antwoord niet over",
    ),
    "set_aside": ("one of two versions not chosen", "een van twee versies niet gekozen"),
}
GROUP: Labels = {
    "with": ("with an interpreter", "met tolk"),
    "without": ("without an interpreter", "zonder tolk"),
    "not_recorded": ("not recorded", "niet vastgelegd"),
    "professional": INTERPRETER["professional"],
    "relative": INTERPRETER["relative"],
    "peer": INTERPRETER["peer"],
    "minor": INTERPRETER["minor"],
}


def label(labels: Labels, code: str, language: str) -> str:
    """What a code means, in Dutch for nl and else in English; the code itself where it is not known."""
    return labels[code][language.split("-")[0] == "nl"] if code in labels else code


def both(labels: Labels) -> str:
    """All codes with what they mean in both languages, like "yes = yes / ja; no = no / nee"."""
    return "; ".join(f"{code} = {english} / {dutch}" for code, (english, dutch) in labels.items())
