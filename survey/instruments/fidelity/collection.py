"""All fidelity models by id, from the shipped folder and an institute's own."""

from __future__ import annotations

from pathlib import Path

from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.fidelity.reading import read_model
from survey.instruments.filed import files, read_all
from survey.instruments.library import Library

KIND = "fidelity"


def model_files(folder: Path) -> list[Path]:
    """The files of fidelity models in a folder of definitions, in order."""
    return files(folder, KIND)


def read_models(library: Library) -> dict[str, FidelityModel]:
    """The models of the library's folders, by id. Raises InstrumentError with the problems of all files."""
    return read_all(library.shelves, KIND, lambda path: read_model(path, library.newest), lambda one: one.fidelity)
