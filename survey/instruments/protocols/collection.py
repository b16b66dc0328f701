"""All protocols by id, from the shipped folder and an institute's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.instruments.filed import files, known_ids, read_all
from survey.instruments.library import Library
from survey.instruments.protocols.checks import NAMED
from survey.instruments.protocols.model import Protocol
from survey.instruments.protocols.reading import read_protocol

KIND = "protocols"


@dataclass(frozen=True)
class FiledProtocol:
    """A protocol with its file's text, as a study keeps it."""

    protocol: Protocol
    source: str


def protocol_files(folder: Path) -> list[Path]:
    """The protocol files of a folder of definitions, in order."""
    return files(folder, KIND)


def read_protocols(library: Library) -> dict[str, FiledProtocol]:
    """The protocols of the library's folders, by id. Raises InstrumentError with the problems of all files."""

    beside = known_ids(library.shelves, *NAMED.values())

    def read(path: Path) -> FiledProtocol:
        return FiledProtocol(read_protocol(path, library.newest, beside), path.read_text(encoding="utf-8-sig"))

    return read_all(library.shelves, KIND, read, lambda one: one.protocol.protocol)
