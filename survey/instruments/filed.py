"""Definitions of which each kind has a folder, one in a file of its id: protocols, fidelity models, code books."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.library import Shelf

Thing = TypeVar("Thing")


def files(folder: Path, kind: str) -> list[Path]:
    """The files of a kind, such as "protocols", in a folder of definitions, in order."""
    return sorted((folder / kind).glob("*.yaml"))


def known_ids(shelves: Iterable[Shelf], *kinds: str) -> dict[str, frozenset[str]]:
    """Kind -> the ids of its files on these shelves, whether they can be read or not."""
    folders = [shelf.definitions for shelf in shelves]
    return {kind: frozenset(path.stem for folder in folders for path in files(folder, kind)) for kind in kinds}


def read_all(
    shelves: Iterable[Shelf], kind: str, read: Callable[[Path], Thing], id_of: Callable[[Thing], str]
) -> dict[str, Thing]:
    """All of a kind on these shelves, by id. Raises InstrumentError with the problems of all files.

    `read` gives what a file says, or raises InstrumentError.
    """
    found: dict[str, Thing] = {}
    problems: list[Problem] = []
    for shelf in shelves:
        for path in files(shelf.definitions, kind):
            try:
                one = read(path)
            except InstrumentError as error:
                problems.extend(error.problems)
                continue
            name = id_of(one)
            if path.stem != name:
                problems.append(Problem(str(path), 1, 1, f"this is '{name}'; keep it as {kind}/{name}.yaml"))
            elif name in found:
                what = f"'{name}' stands in another folder as well; give one of them another id"
                problems.append(Problem(str(path), 1, 1, what))
            else:
                found[name] = one
    if problems:
        raise InstrumentError(problems)
    return found
