"""What an export says about each response, in the columns before its variables."""

from __future__ import annotations

from collections.abc import Collection

from exports.moments import Moments
from exports.tables import Field, FieldType, Row
from survey.storage.reading import Exported

PREFIX = "km_"

_ABOUT: tuple[tuple[str, FieldType, str], ...] = (
    ("response", "string", "the response's own code"),
    ("study", "string", "the study"),
    ("wave", "string", "the wave: the moment of measuring"),
    ("subject", "string", "the participant's code, or the person's whose response it is"),
    ("instrument", "string", "the instrument"),
    ("version", "integer", "the version of the instrument on which the response was begun"),
    ("state", "string", "submitted, or started and not yet submitted"),
    ("language", "string", "the language of the interview"),
    ("second_language", "string", "the second language on the screen, where there was one"),
    ("opened_by", "string", "the code of the person who opened the response"),
    ("started_at", "datetime", "when it was opened, as ISO 8601 text with offset"),
    ("started", "datetime", "when it was opened, as a date and local time"),
    ("submitted_at", "datetime", "when it was submitted, as ISO 8601 text with offset"),
    ("submitted", "datetime", "when it was submitted, as a date and local time"),
    ("changed_at", "datetime", "when it was last changed, as ISO 8601 text with offset"),
    ("changed", "datetime", "when it was last changed, as a date and local time"),
    ("response_version", "integer", "how many times it was saved"),
)
NAMES = tuple(name for name, _, _ in _ABOUT)
WAVE, SUBJECT = NAMES.index("wave"), NAMES.index("subject")
SHARED = tuple(NAMES.index(name) for name in ("subject", "study", "instrument"))
"""Positions of what all responses of one subject have in common."""
FROZEN = SUBJECT + 1


def free_prefix(variables: Collection[str]) -> str:
    """A prefix under which none of these columns has the name of a variable."""
    prefix = PREFIX
    while any(prefix + name in variables for name in NAMES):
        prefix = f"k{prefix}"
    return prefix


class About:
    """The columns before the variables: their fields under a prefix, and their cells for each response."""

    def __init__(self, study: str, moments: Moments, prefix: str = PREFIX) -> None:
        self._study = study
        self._moments = moments
        self.prefix = prefix
        # What ends in "_at" carries an offset, which no date of a sheet can hold: it stays text.
        self.fields = tuple(
            Field(prefix + name, "string" if name.endswith("_at") else kind, title) for name, kind, title in _ABOUT
        )

    def cells(self, response: Exported) -> Row:
        """One cell a field."""
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
        )
