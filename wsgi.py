"""The app for a WSGI server: settings come from the environment, see docs/operators.md."""

import os
from pathlib import Path

from survey.storage.database import Database
from survey.web.app import create_app
from survey.web.running import logs, metrics
from survey.web.settings import SettingsError, from_environment

settings = from_environment(os.environ, Path(__file__).parent / "instance")
database = Database(settings.database_url)
if not database.serves:
    raise SettingsError("the tables are not those of this version; run: krachtmeting migrate")
database.close()

logs.begin()
app = create_app(settings)
# Each process of this machine takes the next free port.
metrics.serve(app, settings.metrics_port, metrics.PORTS)
