"""The report's pages in order, as they stand above each of them."""

from __future__ import annotations

from typing import Any

from flask import Flask

PAGES: tuple[tuple[str, Any], ...] = ()
"""Endpoint -> what it is called."""


def set_up(app: Flask) -> None:
    """Let templates know the pages."""
    app.add_template_global(lambda: PAGES, "report_pages")
