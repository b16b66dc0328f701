"""The commands that take care of what is kept: making a backup, putting one back, and looking everything over."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from survey.commands_beginning import check_tables, database_of, library_of, now, settings_here
from survey.storage import audit, chain
from survey.storage.backups.backup import About, Manifest, NoTables, back_up
from survey.storage.backups.backup_file import Unreadable
from survey.storage.backups.restoring import CannotRestore
from survey.storage.backups.restoring import restore as put_back
from survey.storage.database import Busy, Database
from survey.storage.looking_over.verify import verify as faults
from survey.storage.sealing import Sealer
from survey.web.settings import Settings, SettingsError, backup_key

_KEY_FILE = click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the key of backups: 32 bytes as base64 or hexadecimal digits. Else KRACHTMETING_BACKUP_KEY.",
)
_FILE = click.Path(dir_okay=False, path_type=Path)

UNREADABLE = {
    "no_backup": "this is no backup of ours",
    "key_needed": "this backup is sealed; give its key with --key-file or KRACHTMETING_BACKUP_KEY",
    "no_key_needed": "this backup is not sealed; take the key away, and be sure that it is the backup that you mean",
    "wrong_key": "this backup does not open with this key; give the one of then. If that is it, the file is damaged",
    "damaged": "this backup is damaged: it is not what was written; take another one",
    "cut": "the end of this backup is missing; take another one",
}
REFUSED = {
    "not_empty": "there is something in this database already (in the table {what}); a backup goes into an empty one. "
    "Make a new database, or with SQLite put its file away, and name it in KRACHTMETING_DATABASE_URL",
    "newer": "a newer version ({what}) made this backup; install that one",
    "other_tables": "this backup has other tables than its version has ({what}); it cannot be put back",
    "refused": "the database does not take what the backup has in the table {what}: a row that points to nothing, or a "
    "sign that cannot be kept. Nothing was put back. Run krachtmeting verify on the database that it was made of",
}


@click.command()
@click.argument("file", type=_FILE)
@_KEY_FILE
def backup(file: Path, key_file: Path | None) -> None:
    """Write everything in the database to FILE, as it is at this moment, while the server goes on."""
    settings = settings_here()
    key = _key(settings, key_file)
    database = Database(settings.database_url)
    about = About(now(), version("krachtmeting"), Sealer(settings.master_key).fingerprint)
    try:
        with _readable():
            made = back_up(database, file, about, key)
    except NoTables:
        raise click.ClickException("there is nothing to keep: this database has no tables") from None
    except Unreadable:
        raise click.ClickException("what was written could not be read back; nothing stands under that name") from None
    except OSError as error:
        raise click.ClickException(
            f"it could not be written: {error.strerror}; nothing stands under that name"
        ) from None
    sha256 = _sha256(file)
    _tell(made, "sealed" if key else "NOT sealed: who has this file reads every answer in it")
    click.echo(f"{file}: {file.stat().st_size:,} bytes, read back and compared\nsha256 {sha256}")
    click.echo("Not in it: the keys, your own definitions and catalogues, and who is signed in.")
    _note(database, "made a backup", rows=made.rows, sealed=bool(key), sha256=sha256)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_KEY_FILE
def restore(file: Path, key_file: Path | None) -> None:
    """Put a backup back into an empty database, bring its tables up to date, and look everything over."""
    settings = settings_here()
    key = _key(settings, key_file)
    database = Database(settings.database_url)
    try:
        made = put_back(database, file, key)
    except Unreadable as error:
        raise click.ClickException(UNREADABLE[error.why]) from None
    except CannotRestore as error:
        raise click.ClickException(REFUSED[error.why].format(what=error.what)) from None
    except OSError as error:
        raise click.ClickException(f"the file could not be read: {error.strerror}") from None
    except DBAPIError as error:
        raise click.ClickException(
            f"the database could not take it ({type(error.orig).__name__}); nothing was put back"
        ) from None
    _tell(made, f"made at {made.made_at} by version {made.version}, of {made.kind}")
    if made.master != Sealer(settings.master_key).fingerprint:
        click.echo("The key of identities is another one than then: give the one of then, or no name opens.", err=True)
    click.echo("Everybody signs in anew. Erase again whom you erased since: the newer audit trail says whom.")
    click.echo(
        "Accounts, roles, passwords and personal links are as they were then: close again what was closed since."
    )
    _look_over(database, settings, made.audit_hash or None)
    _note(database, "restored a backup", rows=made.rows, made_at=made.made_at)


@click.command()
@click.option("--head", help="A hash that this command printed before: it must still be in the audit trail's chain.")
def verify(head: str | None) -> None:
    """Look over all that is kept: answers and their trail, receipts, texts, references, keys and the audit trail."""
    settings = settings_here()
    with _readable():
        database = database_of(settings)
        if not database.current:
            raise click.ClickException("the tables are of a newer version; look them over with that one")
    _look_over(database, settings, head.strip().lower() if head else None)


def _look_over(database: Database, settings: Settings, head: str | None) -> None:
    looked: Counter[str] = Counter()
    library, sealer = library_of(settings), Sealer(settings.master_key)
    begun, found = time.monotonic(), 0
    with _readable():
        for fault in faults(database, library, sealer, looked, head):
            click.echo(str(fault))
            found += 1
        with database.reading() as session:
            number, last = chain.end(session)
    counts = ", ".join(f"{count:,} {of}" for of, count in looked.items())
    click.echo(f"Looked over in {time.monotonic() - begun:.1f} s: {counts or 'nothing'}")
    if number:
        click.echo(f"The audit trail ends with entry {number}: {last}\nKeep that hash elsewhere, for --head later.")
    click.echo(f"{found} faults" if found != 1 else "1 fault")
    if found:
        raise SystemExit(1)


@contextmanager
def _readable() -> Iterator[None]:
    """Say in a sentence that the database cannot be read."""
    try:
        yield
    except DBAPIError as error:
        raise click.ClickException(
            f"the database cannot be read to its end ({type(error.orig).__name__}): keep it, and restore a backup"
        ) from None


def _key(settings: Settings, file: Path | None) -> bytes:
    try:
        key = backup_key(os.environ, file)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if key and key == settings.master_key:
        click.echo("The key of backups is the key of identities: who gets hold of it reads all names.", err=True)
    return key


def _tell(made: Manifest, how: str) -> None:
    click.echo(f"{made.rows:,} rows in {len(made.parts)} tables, {how}")


def _note(database: Database, action: str, **details: object) -> None:
    """Put it on record. A disk that takes no more writing is a reason for a backup, and does not undo it."""
    try:
        check_tables(database)
        with database.writing() as session:
            audit.note(session, action, None, now(), **details)
    except (DBAPIError, Busy, click.ClickException):
        click.echo("It could not be put on record in the audit trail.", err=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
