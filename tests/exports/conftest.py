"""Fieldwork in SQLite, where nothing about an export depends on the database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fieldwork import Fieldwork, made
from sqlalchemy import make_url

from survey.storage.database import Database


@pytest.fixture
def fieldwork(tmp_path: Path, with_tables: Callable[[str], str]) -> Iterator[Fieldwork]:
    shutil.copy(str(make_url(with_tables("sqlite")).database), tmp_path / "test.sqlite")
    with closing(Database(f"sqlite:///{tmp_path / 'test.sqlite'}")) as database:
        yield made(database, tmp_path)
