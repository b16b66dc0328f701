"""A backup: every row of the database as it was at one moment, in a file of ours that fits either kind of database.

The first line says of which version and revision it is. Then each table has a line with its columns, a line for each
row, and a line with their number and SHA-256. The last line is the manifest.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.storage.backups.backup_file import Unreadable, Writer, lines
from survey.storage.backups.snapshot import kind_of, revision_of, rows_of, snapshot, tables_of
from survey.storage.database import Database
from survey.storage.record import dumps
from survey.storage.tables import AuditHead

EMPTIED = frozenset({"sign_in_session"})
"""Tables of which no row is kept: who put a backup back would open sessions again that were ended since."""


class NoTables(Exception):
    """The database has no tables of ours, so there is nothing to keep."""


@dataclass(frozen=True)
class Part:
    """One table in a backup: how many rows, and the SHA-256 of their lines, one after the other with line ends."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `version` is that of the program, `kind` "sqlite" or "postgresql", `master` the fingerprint
    of the key of identities at that time, `audit_number` and `audit_hash` the end of the audit trail's chain."""

    made_at: str
    version: str
    revision: str
    kind: str
    master: str
    audit_number: int
    audit_hash: str
    parts: Mapping[str, Part]

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(part.rows for part in self.parts.values())


@dataclass(frozen=True)
class About:
    """What a backup says of who made it: see Manifest."""

    made_at: datetime.datetime
    version: str
    master: str


def back_up(database: Database, path: Path, about: About, key: bytes) -> Manifest:
    """Write a backup, while others go on; it stands under its name only when it was read back whole.

    `key` has 32 bytes; b"" for a file that everybody can read. Raises NoTables, OSError and DBAPIError.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, snapshot(database) as connection:
            written = _write(connection, file, about, key)
        if read_back(beside, key) != written:
            raise Unreadable("damaged")
        beside.replace(path)
        _keep_name(path.parent)
    finally:
        beside.unlink(missing_ok=True)
    return written


def _keep_name(folder: Path) -> None:
    """See to it that a new name in a folder is on the disk; not every system opens folders."""
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(connection: Connection, file: BinaryIO, about: About, key: bytes) -> Manifest:
    revision = revision_of(connection)
    if revision is None:
        raise NoTables
    parts: dict[str, Part] = {}
    out = Writer(file, key)
    begin = {"made_at": about.made_at.astimezone(datetime.UTC).isoformat(timespec="seconds"), "version": about.version}
    begin |= {"revision": revision, "kind": connection.dialect.name, "master": about.master}
    out.line(dumps({"begin": begin}).encode())
    for table in tables_of(connection):
        columns = [[column.name, kind_of(column)] for column in table.columns]
        out.line(dumps({"table": table.name, "columns": columns}).encode())
        count, digest = 0, hashlib.sha256()
        for row in () if table.name in EMPTIED else rows_of(connection, table):
            line = dumps(row).encode()
            out.line(line)
            digest.update(line + b"\n")
            count += 1
        parts[table.name] = Part(count, digest.hexdigest())
        out.line(dumps({"end": table.name, **asdict(parts[table.name])}).encode())
    number, chain = _head(connection) if AuditHead.__tablename__ in parts else (0, "")
    end = {"audit_number": number, "audit_hash": chain}
    out.line(
        dumps({"manifest": begin | end | {"parts": {name: asdict(part) for name, part in parts.items()}}}).encode()
    )
    out.close()
    return Manifest(**begin, **end, parts=parts)  # type: ignore[arg-type]


def _head(connection: Connection) -> tuple[int, str]:
    found = connection.execute(sa.select(AuditHead.number, AuditHead.chain)).first()
    return (found.number, found.chain) if found else (0, "")


@dataclass(frozen=True)
class Begin:
    """The first line: of which version, revision and kind of database a backup is."""

    made_at: str
    version: str
    revision: str
    kind: str
    master: str


Receiver = Callable[[str, list[tuple[str, str]], Iterator[list[Any]]], None]
"""Takes the rows of one table, with its name and its columns as name and kind; it must take all of them."""


def begin_of(path: Path, key: bytes) -> Begin:
    """The first line of a backup. Raises Unreadable and OSError."""
    for line in lines(path, key):
        return _begin(_parsed(line))
    raise Unreadable("damaged")


def read_back(path: Path, key: bytes, receive: Receiver | None = None) -> Manifest:
    """Read a backup to its end, and compare everything with what it says of itself. Raises Unreadable and OSError.

    Only a file that came to its end is sound; what was handed over before an Unreadable must not be kept.
    """
    source = lines(path, key)
    begin, parts = _begin(_parsed(next(source, b""))), {}
    for line in source:
        said = _parsed(line)
        if "manifest" in said:
            manifest = _manifest(said["manifest"])
            told = Begin(**{name: getattr(manifest, name) for name in Begin.__dataclass_fields__})
            if next(source, None) is not None or (told, manifest.parts) != (begin, parts):
                raise Unreadable("damaged")
            return manifest
        name, columns = _table(said)
        if name in parts:
            raise Unreadable("damaged")
        counted = _Counted(source)
        if receive is not None:
            receive(name, columns, counted.rows())
        for _ in counted.rows():
            pass
        parts[name] = Part(counted.count, counted.digest.hexdigest())
        if counted.end != {"end": name, **asdict(parts[name])}:
            raise Unreadable("damaged")
    raise Unreadable("cut")


class _Counted:
    """The rows of one table, counted and hashed as they are read, up to the line that ends it."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source, self.count, self.digest = source, 0, hashlib.sha256()
        self.end: Any = None

    def rows(self) -> Iterator[list[Any]]:
        while self.end is None:
            line = next(self._source, None)
            if line is None:
                raise Unreadable("cut")
            if not line.startswith(b"["):
                self.end = _parsed(line)
                return
            self.count += 1
            self.digest.update(line + b"\n")
            yield _json(line)


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise Unreadable("damaged") from None


def _parsed(line: bytes) -> dict[str, Any]:
    found = _json(line)
    if not isinstance(found, dict):
        raise Unreadable("damaged")
    return found


def _begin(said: dict[str, Any]) -> Begin:
    try:
        return Begin(**said["begin"])
    except (KeyError, TypeError):
        raise Unreadable("damaged") from None


def _manifest(said: Any) -> Manifest:
    try:
        parts = {name: Part(**part) for name, part in said["parts"].items()}
        return Manifest(**{**said, "parts": parts})
    except (KeyError, TypeError, AttributeError):
        raise Unreadable("damaged") from None


def _table(said: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    try:
        return str(said["table"]), [(str(name), str(kind)) for name, kind in said["columns"]]
    except (KeyError, TypeError, ValueError):
        raise Unreadable("damaged") from None
