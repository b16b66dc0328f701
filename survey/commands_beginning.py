"""What every command begins with: the settings, the library and the database, with mistakes told as a message."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import click

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
    """The database, with the tables of this version."""
    database = Database(settings.database_url)
    if not database.current:
        raise click.ClickException("the tables are not those of this version; run: krachtmeting migrate")
    return database


def now() -> datetime.datetime:
    """This moment."""
    return datetime.datetime.now(datetime.UTC)
