"""What every view reaches for: the database, the library, the settings and the clock of this server."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app

from survey.forms.page_form import PageForm
from survey.instruments.library import Library
from survey.storage.database import Database
from survey.web.prepared import Prepared
from survey.web.settings import Settings


@dataclass(frozen=True)
class Server:
    """The parts that last as long as the process. `now` gives the moment, in UTC."""

    settings: Settings
    database: Database
    library: Library
    now: Callable[[], datetime.datetime]
    kept_texts: set[str] = field(default_factory=set)
    """Fingerprints of the texts that are known to be in the database."""
    prepared: dict[tuple[object, ...], Prepared] = field(default_factory=dict)
    """Pages rendered once, by all that they depend on."""
    forms: dict[tuple[str, int, str], type[PageForm]] = field(default_factory=dict)
    """Form classes made once, by instrument, version and page."""


def server() -> Server:
    """The server of this request."""
    found: Server = current_app.extensions["krachtmeting"]
    return found
