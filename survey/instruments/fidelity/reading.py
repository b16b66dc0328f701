"""A fidelity model's file becomes a FidelityModel, or all its problems at once with file, line and column."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.explaining import MOST_MISTAKES, explained
from survey.instruments.fidelity import checks
from survey.instruments.fidelity.bands import Band, BandSet
from survey.instruments.fidelity.model import EVIDENCE, FidelityModel, Indicator, Requirement, Verdict
from survey.instruments.model import Instrument
from survey.instruments.reading import file_bytes, marked_file

Place = tuple[str | int, ...]


def read_model(path: Path, instruments: Mapping[str, Instrument]) -> FidelityModel:
    """The model in a file, held against the newest instruments by id. Raises InstrumentError and OSError."""
    return read_model_text(file_bytes(path), str(path), instruments)


def read_model_text(
    source: str | bytes, file: str = "<text>", instruments: Mapping[str, Instrument] | None = None
) -> FidelityModel:
    """The model in a YAML text. Raises InstrumentError with every problem found.

    `instruments` None: whether they exist is not looked at.
    """
    found = marked_file(source, file, "fidelity: my-model")
    try:
        model = FidelityModel.model_validate(found.value)
    except ValidationError as error:
        problems = [(_in_file(tuple(part["loc"])), _explained(part)) for part in error.errors()[:MOST_MISTAKES]]
    else:
        problems = checks.findings(model, instruments)
        if not problems:
            return model
    raise InstrumentError({Problem(file, *found.place(place), what) for place, what in problems})


def _in_file(place: Place) -> Place:
    """A place without the kind by which one evidence is told from another."""
    match place:
        case ("indicators", a, "requirements", b, "evidence", int(i), str(), *rest):
            return ("indicators", a, "requirements", b, "evidence", i, *rest)
    return place


def _explained(part: Any) -> str:
    place = tuple(part["loc"])
    if part["type"] == "union_tag_invalid":
        given = str(part["ctx"].get("tag"))
        close = get_close_matches(given, list(EVIDENCE), n=1)
        more = f"did you mean '{close[0]}'?" if close else f"kinds are {', '.join(EVIDENCE)}"
        return f"'{given}' is no kind of evidence; {more}"
    return explained(part, _in_file(place), _settings(place[:-1]), list(EVIDENCE))


def _settings(place: Place) -> list[str]:
    """What can be set at a place of a model."""
    model: type[BaseModel] = FidelityModel
    match place:
        case ("verdicts", _):
            model = Verdict
        case ("bands", _):
            model = BandSet
        case ("bands", _, "bands", _):
            model = Band
        case ("indicators", _):
            model = Indicator
        case ("indicators", _, "requirements", _):
            model = Requirement
        case ("indicators", _, "requirements", _, "evidence", _, kind) if kind in EVIDENCE:
            model = EVIDENCE[str(kind)]
    return sorted(field.alias or name for name, field in model.model_fields.items())
