"""What every command begins with: the settings, the library and the database, with mistakes told as a message."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError

from survey.instruments.errors import InstrumentError
from survey.instruments.library import Library, shelves
from survey.storage.database import Database
from survey.web.settings import Settings, SettingsError, from_environment

INSTANCE = Path("instance")


def settings_here() -> Settings:
    """The settings from the environment."""
    try:
        return from_environment(os.environ, INSTANCE)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def library_of(settings: Settings) -> Library:
    """The shipped instruments and an institute's own."""
    try:
        return Library(shelves(settings.own_definitions))
    except InstrumentError as error:
        raise click.ClickException(str(error)) from None


def database_of(settings: Settings) -> Database:
    """The database, with tables that this version works with."""
    database = Database(settings.database_url)
    check_tables(database)
    return database


def check_tables(database: Database) -> None:
    """Go on only with tables that this version works with."""
    try:
        ahead = database.ahead
    except OperationalError as error:
        raise click.ClickException(
            f"the database does not answer ({type(error.orig).__name__}); look whether it runs, and whether "
            "KRACHTMETING_DATABASE_URL leads to it"
        ) from None
    if ahead is not None and ahead > 1:
        raise click.ClickException("the tables are of a newer version; install that one, or restore a backup of before")
    if ahead is None or ahead < 0:
        raise click.ClickException("the tables are not those of this version; run: krachtmeting migrate")


def now() -> datetime.datetime:
    """This moment."""
    return datetime.datetime.now(datetime.UTC)
