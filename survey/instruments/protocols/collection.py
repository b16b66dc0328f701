"""All protocols by id, from the shipped folder and an institute's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.library import Library
from survey.instruments.protocols.model import Protocol
from survey.instruments.protocols.reading import read_protocol


@dataclass(frozen=True)
class FiledProtocol:
    """A protocol with its file's text, as a study keeps it."""

    protocol: Protocol
    source: str


def protocol_files(folder: Path) -> list[Path]:
    """The protocol files of a folder of definitions, in order."""
    return sorted((folder / "protocols").glob("*.yaml"))


def read_protocols(library: Library) -> dict[str, FiledProtocol]:
    """The protocols of the library's folders, by id. Raises InstrumentError with the problems of all files."""
    found: dict[str, FiledProtocol] = {}
    problems: list[Problem] = []
    for shelf in library.shelves:
        for path in protocol_files(shelf.definitions):
            try:
                protocol = read_protocol(path, library.newest)
            except InstrumentError as error:
                problems.extend(error.problems)
                continue
            if path.stem != protocol.protocol:
                what = f"this is '{protocol.protocol}'; keep it as protocols/{protocol.protocol}.yaml"
                problems.append(Problem(str(path), 1, 1, what))
            elif protocol.protocol in found:
                what = f"'{protocol.protocol}' stands in another folder as well; give one of them another id"
                problems.append(Problem(str(path), 1, 1, what))
            else:
                found[protocol.protocol] = FiledProtocol(protocol, path.read_text(encoding="utf-8-sig"))
    if problems:
        raise InstrumentError(problems)
    return found
