"""Headers on every answer: what a page may load, who may frame it, and that nothing of it is kept."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def set_up(app: Flask) -> None:
    """Put the headers on every answer."""
    secure = bool(app.config["SESSION_COOKIE_SECURE"])

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        # Pages hold answers: no copy stays in any cache. Styles and scripts hold none.
        static = request.endpoint == "static"
        response.headers["Cache-Control"] = "public, max-age=3600" if static else "no-store"
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
