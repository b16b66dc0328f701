"""A protocol file becomes a Protocol, or all its problems at once with file, line and column."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.explaining import MOST_MISTAKES, explained
from survey.instruments.model import Instrument
from survey.instruments.protocols import checks
from survey.instruments.protocols.model import (
    Ask,
    Background,
    ConsentText,
    Outcomes,
    OutcomeScore,
    Protocol,
    Purpose,
    Randomisation,
    Team,
    Timing,
    Wave,
)
from survey.instruments.reading import file_bytes, marked_file


def read_protocol(
    path: Path, instruments: Mapping[str, Instrument], beside: Mapping[str, Collection[str]] | None = None
) -> Protocol:
    """The protocol in a file, held against the newest instruments by id, and against `beside` as `checks.findings` has
    it. Raises InstrumentError and OSError."""
    return read_protocol_text(file_bytes(path), str(path), instruments, beside)


def read_protocol_text(
    source: str | bytes,
    file: str = "<text>",
    instruments: Mapping[str, Instrument] | None = None,
    beside: Mapping[str, Collection[str]] | None = None,
) -> Protocol:
    """The protocol in a YAML text. Raises InstrumentError with every problem found.

    `instruments` None: whether they exist is not looked at, as with a protocol that a study adopted long ago.
    """
    found = marked_file(source, file, "protocol: my-study")
    try:
        protocol = Protocol.model_validate(found.value)
    except ValidationError as error:
        problems = [
            (tuple(part["loc"]), explained(part, tuple(part["loc"]), _settings(tuple(part["loc"])[:-1])))
            for part in error.errors()[:MOST_MISTAKES]
        ]
    else:
        problems = checks.findings(protocol, instruments, beside)
        if not problems:
            return protocol
    raise InstrumentError({Problem(file, *found.place(place), what) for place, what in problems})


@lru_cache(maxsize=64)
def kept_protocol(source: str) -> Protocol:
    """The protocol in a text that a study keeps, read once."""
    return read_protocol_text(source)


def _settings(place: tuple[str | int, ...]) -> list[str]:
    """What can be set at a place of a protocol."""
    model: type[BaseModel] = Protocol
    match place:
        case ("teams", _):
            model = Team
        case ("randomisation",):
            model = Randomisation
        case ("consent", _):
            model = ConsentText
        case ("consent", _, "purposes", _):
            model = Purpose
        case ("waves", _):
            model = Wave
        case ("asks", _):
            model = Ask
        case ("asks", _, "timing"):
            model = Timing
        case ("background",):
            model = Background
        case ("outcomes",):
            model = Outcomes
        case ("outcomes", "scores", _):
            model = OutcomeScore
    return sorted(model.model_fields)
