"""The app for a WSGI server: settings come from the environment, see docs/operators.md."""

import os
from pathlib import Path

from survey.web.app import create_app
from survey.web.settings import from_environment

app = create_app(from_environment(os.environ, Path(__file__).parent / "instance"))
