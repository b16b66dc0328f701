"""What an export says about each response, in the columns before its variables."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from exports import labels
from exports.interview import Interview
from exports.labels import Labels
from exports.moments import Moments
from exports.tables import Field, FieldType, Row
from survey.answers.relay import RELAY
from survey.instruments.texts import lowest

PREFIX = "km_"


@dataclass(frozen=True)
class Told:
    """One column: its name without prefix, its type, what it says in English and Dutch, and what its codes mean.

    `joined`: several of the codes can stand there, with "+" between them.
    """

    name: str
    type: FieldType
    english: str
    dutch: str
    codes: Labels | None = None
    joined: bool = False


_OPENED = (
    Told("response", "string", "the response's own code", "de eigen code van de ingevulde vragenlijst"),
    Told("study", "string", "the study", "het onderzoek"),
    Told("wave", "string", "the wave: the moment of measuring", "de meting"),
    Told(
        "subject", "string", "the participant's code, or the person's whose response it is",
        "de code van de deelnemer, of van wie de vragenlijst is",
    ),
    Told("instrument", "string", "the instrument", "de vragenlijst"),
    Told(
        "version", "integer", "the version of the instrument on which the response was begun",
        "de versie van de vragenlijst waarop is begonnen",
    ),
    Told(
        "state", "string", "submitted, or started and not yet submitted",
        "ingeleverd, of begonnen en nog niet ingeleverd", labels.STATE,
    ),
    Told("language", "string", "the language of the interview", "de taal van het interview"),
    Told(
        "second_language", "string", "the second language on the screen, where there was one",
        "de tweede taal op het scherm, als die er was",
    ),
    Told(
        "opened_by", "string", "the code of the person who opened the response",
        "de code van wie de vragenlijst heeft geopend",
    ),
    Told(
        "started_at", "string", "when it was opened, as ISO 8601 text with offset",
        "wanneer die is geopend, als tekst volgens ISO 8601",
    ),
    Told(
        "started", "datetime", "when it was opened, as a date and local time",
        "wanneer die is geopend, als datum en tijd",
    ),
    Told(
        "submitted_at", "string", "when it was submitted, as ISO 8601 text with offset",
        "wanneer die is ingeleverd, als tekst volgens ISO 8601",
    ),
    Told(
        "submitted", "datetime", "when it was submitted, as a date and local time",
        "wanneer die is ingeleverd, als datum en tijd",
    ),
    Told(
        "changed_at", "string", "when it was last changed, as ISO 8601 text with offset",
        "wanneer die het laatst is gewijzigd, als tekst volgens ISO 8601",
    ),
    Told(
        "changed", "datetime", "when it was last changed, as a date and local time",
        "wanneer die het laatst is gewijzigd, als datum en tijd",
    ),
    Told("response_version", "integer", "how many times it was saved", "hoe vaak die is bewaard"),
    Told(
        "team", "string", "the team's code, of the participant, the person or the meeting",
        "de code van het team, van de deelnemer, de persoon of de bespreking",
    ),
    Told(
        "meeting", "string", "the code of the meeting that was observed",
        "de code van de bespreking die is waargenomen",
    ),
    Told("mode", "string", "how it was filled in", "hoe die is ingevuld", labels.FILLED_IN),
)  # fmt: skip

_WENT = (
    Told(
        "layouts", "string", "which of two languages stood on the page", "welke van twee talen op de pagina stonden",
        labels.LAYOUT, joined=True,
    ),
    Told(
        "translation", "string", "the lowest status of the texts for participants in the second language, as shown",
        "de laagste status van de teksten voor deelnemers in de tweede taal, zoals getoond", labels.STATUS,
    ),
    Told("interpreter", "string", "who interpreted", "wie er tolkte", labels.INTERPRETER, joined=True),
    Told(
        "interpreter_mode", "string", "how the interpreter took part", "hoe de tolk erbij was", labels.MODE, joined=True
    ),
    Told(
        "interpreter_same", "string", "whether it was the same interpreter as last time",
        "of het dezelfde tolk was als de vorige keer", labels.SAME, joined=True,
    ),
    Told("interpreter_code", "string", "the interpreter's code", "de code van de tolk", joined=True),
    Told(
        "promised", "string", "whether the declaration of confidentiality was read out to the interpreter",
        "of de belofte van geheimhouding aan de tolk is voorgelezen", labels.YES_NO, joined=True,
    ),
    Told("others_present", "string", "who else was there", "wie er nog meer bij was", labels.OTHERS, joined=True),
    Told(
        "segments", "integer", "how many segments it had: stretches in the same company",
        "uit hoeveel delen het bestond: stukken in hetzelfde gezelschap",
    ),
    *(
        Told(
            f"relay_{code}", "integer", f"number of questions with the code: {labels.RELAY[code][0]}",
            f"aantal vragen met de code: {labels.RELAY[code][1]}",
        )
        for code in RELAY
    ),
    Told(
        "tapped", "integer", "number of answers that the participant tapped and that were taken over",
        "aantal antwoorden dat de deelnemer aantikte en dat is overgenomen",
    ),
    Told("played", "integer", "number of texts that were played aloud", "aantal teksten dat hardop is afgespeeld"),
    Told(
        "seconds", "integer", "seconds spent until it was handed in; a pause counts as ten minutes at most",
        "seconden tot het inleveren; een pauze telt als hoogstens tien minuten",
    ),
)  # fmt: skip

TOLD = (*_OPENED, *_WENT)
"""All columns before the variables, in order."""
NAMES = tuple(told.name for told in TOLD)
WAVE, SUBJECT, MEETING = (NAMES.index(name) for name in ("wave", "subject", "meeting"))
SHARED = tuple(NAMES.index(name) for name in ("subject", "study", "instrument", "meeting"))
"""Positions of what all responses of one row of Wide have in common."""
FROZEN = SUBJECT + 1
KEY = ("response", "instrument", "version", "wave", "subject")
"""The columns with which sheets begin that have several rows a response."""


def free_prefix(variables: Collection[str]) -> str:
    """A prefix under which none of these columns has the name of a variable."""
    prefix = PREFIX
    while any(prefix + name in variables for name in NAMES):
        prefix = f"k{prefix}"
    return prefix


def key_fields(prefix: str) -> tuple[Field, ...]:
    """The first fields of a sheet with several rows a response; what Data has too goes by the same name there."""
    told = {one.name: one for one in TOLD}
    return tuple(Field(prefix + name, told[name].type, told[name].english) for name in KEY)


class About:
    """The columns before the variables: their fields under a prefix, and their cells for each response."""

    def __init__(self, study: str, moments: Moments, prefix: str = PREFIX) -> None:
        self._study = study
        self._moments = moments
        self.prefix = prefix
        # What ends in "_at" carries an offset, which no date of a sheet can hold: it stays text.
        self.fields = tuple(Field(prefix + told.name, told.type, told.english) for told in TOLD)

    def key(self, interview: Interview) -> Row:
        """The cells of `key_fields`."""
        response, record = interview.response, interview.response.record
        return record.token, record.instrument, record.instrument_version, response.wave, response.subject

    def cells(self, interview: Interview) -> Row:
        """One cell a field."""
        response = interview.response
        record, said = response.record, self._moments.said
        return (
            record.token,
            self._study,
            response.wave,
            response.subject,
            record.instrument,
            record.instrument_version,
            "started" if record.submitted_at is None else "submitted",
            record.language,
            record.second_language,
            response.opened_by,
            *said(record.started_at),
            *said(record.submitted_at),
            *said(record.changed_at),
            record.version,
            response.team,
            response.meeting,
            record.mode,
            *_how_it_went(interview),
        )


def _how_it_went(interview: Interview) -> Row:
    about, used = interview.about, interview.used
    interpreted = [segment for segment in used if segment.interpreter != "none"]
    shown = [texts for texts in map(interview.shown, interview.saves) if texts is not None]
    relay = [code for codes in interview.response.record.relay.values() for code in codes]
    # Where it is on record who was there, nothing happened that was not noted; else nobody knows.
    nothing = 0 if used else None
    return (
        joined(save.layout for save in interview.saves if save.second_texts),
        lowest(texts.standing for texts in shown) if shown else None,
        joined(segment.interpreter for segment in used),
        joined(segment.mode for segment in used),
        joined(segment.same for segment in used),
        joined(segment.code for segment in used),
        joined("yes" if segment.promised else "no" for segment in interpreted),
        joined(other for segment in used for other in segment.others),
        len(used) or None,
        *(relay.count(code) or nothing for code in RELAY),
        len(about.confirmed) or nothing,
        about.played or nothing,
        round(sum(interview.spent)) if interview.saves else None,
    )


def joined(codes: Iterable[str | None]) -> str | None:
    """Codes in their order, each once, with "+" between them, like "none+professional"; None where there is none."""
    return "+".join(dict.fromkeys(code for code in codes if code)) or None
