"""All fidelity models by id, from the shipped folder and an institute's own."""

from __future__ import annotations

from pathlib import Path

from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.fidelity.reading import read_model
from survey.instruments.library import Library


def model_files(folder: Path) -> list[Path]:
    """The files of fidelity models in a folder of definitions, in order."""
    return sorted((folder / "fidelity").glob("*.yaml"))


def read_models(library: Library) -> dict[str, FidelityModel]:
    """The models of the library's folders, by id. Raises InstrumentError with the problems of all files."""
    found: dict[str, FidelityModel] = {}
    problems: list[Problem] = []
    for shelf in library.shelves:
        for path in model_files(shelf.definitions):
            try:
                model = read_model(path, library.newest)
            except InstrumentError as error:
                problems.extend(error.problems)
                continue
            if path.stem != model.fidelity:
                what = f"this is '{model.fidelity}'; keep it as fidelity/{model.fidelity}.yaml"
                problems.append(Problem(str(path), 1, 1, what))
            elif model.fidelity in found:
                what = f"'{model.fidelity}' stands in another folder as well; give one of them another id"
                problems.append(Problem(str(path), 1, 1, what))
            else:
                found[model.fidelity] = model
    if problems:
        raise InstrumentError(problems)
    return found
