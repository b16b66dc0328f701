"""Headers on every answer: what a page may load, who may frame it, and that nothing of it is kept."""

from __future__ import annotations

from flask import Flask, Response, request

from survey.web.guests import LINK_ENDPOINTS

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

RECORDING = frozenset({"translating.text", "translating.save"})
"""Where a translator can record a text, and listen to it before it is kept."""


def set_up(app: Flask) -> None:
    """Put the headers on every answer."""
    secure = bool(app.config["SESSION_COOKIE_SECURE"])

    @app.after_request
    def add_headers(response: Response) -> Response:
        records = request.endpoint in RECORDING
        policy = POLICY.replace("media-src 'self'", "media-src 'self' blob:") if records else POLICY
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        # The address of a personal link is a key: no other page is told it, not even one of this server. The origin
        # alone is told, since the protection of forms asks for it.
        from_link = request.endpoint in LINK_ENDPOINTS
        response.headers["Referrer-Policy"] = "strict-origin" if from_link else "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        microphone = "(self)" if records else "()"
        response.headers["Permissions-Policy"] = f"camera=(), geolocation=(), microphone={microphone}"
        # Pages hold answers: no copy stays in any cache. Styles and scripts hold none.
        # That a style is missing is said on a page, and so is no style.
        static = request.endpoint == "static" and response.status_code < 400
        response.headers["Cache-Control"] = "public, max-age=3600" if static else "no-store"
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response
