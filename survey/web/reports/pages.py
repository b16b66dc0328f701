"""The report's pages in order, as they stand above each of them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext

PAGES: tuple[tuple[str, Any], ...] = (
    ("report_response.response", lazy_gettext("Response")),
    ("report_fidelity.fidelity", lazy_gettext("Fidelity")),
    ("report_scales.scales", lazy_gettext("Scales")),
    ("report_change.change", lazy_gettext("Change over time")),
    ("report_agreement.agreement", lazy_gettext("Agreement")),
    ("report_open_answers.open_answers", lazy_gettext("Open answers")),
    ("report_all.whole", lazy_gettext("Whole report")),
)
"""Endpoint -> what it is called."""


def set_up(app: Flask) -> None:
    """Let templates know the pages."""
    app.add_template_global(lambda: PAGES, "report_pages")
