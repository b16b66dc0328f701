"""The demo study at full shape, made once for all tests of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from made_demo import NOW, Demo

from survey.demo import make_demo
from survey.instruments.library import Library, shelves
from survey.storage.database import Database
from survey.storage.reading import Selection, exported, trail


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(shelves())


@pytest.fixture(scope="session")
def demo(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with closing(Database(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite'}")) as database:
        database.upgrade()
        made = make_demo(database, library, now=NOW)
        selection = Selection(made.study_id)
        with database.reading() as session:
            rows, changes = list(exported(session, selection)), list(trail(session, selection))
        yield Demo(database, library, made, rows, changes)


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[Callable[[str], Database]]:
    """Makes a database of this name, with all tables and nothing in them."""
    made: list[Database] = []

    def make(name: str = "new") -> Database:
        made.append(Database(f"sqlite:///{tmp_path / name}.sqlite"))
        made[-1].upgrade()
        return made[-1]

    yield make
    for database in made:
        database.close()
