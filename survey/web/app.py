"""The app: `create_app` puts the parts together, and stops at the start when one of them is wrong."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from survey.instruments.code_books.collection import read_code_books
from survey.instruments.fidelity.collection import read_models
from survey.instruments.library import Library, shelves
from survey.instruments.protocols.collection import read_protocols
from survey.storage.database import Database
from survey.web import access, accessibility, account, errors, headers, interface, server, sign_in, start
from survey.web.admin import audit, erasing, rescue
from survey.web.admin import links as admin_links
from survey.web.admin import people as admin
from survey.web.admin import server_pages as admin_server
from survey.web.admin import studies as admin_studies
from survey.web.fieldwork import (
    coach,
    consensus,
    identity,
    link,
    links,
    meeting_clock,
    meetings,
    participant_actions,
    participants,
    team,
    work,
)
from survey.web.filling_in import alone_words, interview, offline, prepared, saving, setting, show_card, sound
from survey.web.reports import agreement as report_agreement
from survey.web.reports import change as report_change
from survey.web.reports import feedback, poster
from survey.web.reports import fidelity as report_fidelity
from survey.web.reports import pages as report_pages
from survey.web.reports import planner as report_planner
from survey.web.reports import report as report_all
from survey.web.reports import response as report_response
from survey.web.reports import scales as report_scales
from survey.web.reports.coding import answer as report_answer
from survey.web.reports.coding import code_book as report_code_book
from survey.web.reports.coding import coding_compared as report_coding_compared
from survey.web.reports.coding import open_answers as report_open_answers
from survey.web.reports.coding import quotes as report_quotes
from survey.web.research import downloads, locking, progress, quality, queries, trail
from survey.web.running import health, hosts, incoming, logs, metrics
from survey.web.second_screen import screen, screen_tools
from survey.web.server import Server
from survey.web.settings import Settings
from survey.web.signing_in import oidc, own_factor, second_factor
from survey.web.translators import adopting, recording, translating

BODY_LIMIT = 2 * 1024 * 1024

PATIENCE = 30
"""Seconds that one statement may take while somebody waits for a page: ten times what the slowest report takes."""

BLUEPRINTS = (
    health, sign_in, second_factor, own_factor, oidc, start, account, participants, participant_actions, work,
    setting, interview, saving, offline, link, links, coach,
    screen_tools, show_card, screen, trail, downloads, quality, identity, erasing, sound, translating, recording, admin,
    admin_studies, admin_links, admin_server, rescue, audit, team, meetings, meeting_clock, consensus,
    locking, queries, progress, accessibility,
    # The report.
    feedback, poster, report_all,
    report_response, report_fidelity, report_scales, report_change, report_planner, report_agreement,
    report_open_answers, report_answer, report_coding_compared, report_code_book, report_quotes,
)  # fmt: skip


def now() -> datetime.datetime:
    """The clock of a real server."""
    return datetime.datetime.now(datetime.UTC)


def create_app(settings: Settings, clock: Callable[[], datetime.datetime] = now) -> Flask:
    """The app of one installation. Raises InstrumentError for a definition with mistakes."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-krachtmeting" if settings.secure else "krachtmeting",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        # A form stays valid as long as its session: an hour in a kitchen must not end in a refusal.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.secure,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    library = Library(shelves(settings.own_definitions))
    app.extensions["krachtmeting"] = Server(
        settings, Database(settings.database_url, PATIENCE), library, clock, read_protocols(library),
        code_books=read_code_books(library.shelves), fidelity_models=read_models(library),
    )  # fmt: skip
    # First of all what counts and writes down: also what is refused.
    for part in (logs, metrics, health):
        part.set_up(app)
    # Then the language: a refused form is explained in it.
    interface.set_up(app)
    hosts.set_up(app)
    incoming.set_up(app)
    CSRFProtect(app)
    for part in (oidc, server, access, headers, errors, prepared, alone_words, adopting, report_pages, accessibility):
        part.set_up(app)
    for module in BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    if settings.proxies:
        # From whom a request comes; host and scheme stay as they are asked for.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    return app
