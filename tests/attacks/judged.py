"""What an answer must never show: markup that was typed, a template that ran, a missing header, our own mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator

from browser import Answer
from lxml import html

MARK = "zqx"
MARKUP = f"=1+1'\"><{MARK} onload=zq(1)>zq{{{{7*7}}}}zq${{7*7}}zq</script></textarea></title><!--"
"""What is typed everywhere: ends attributes, scripts and text fields, begins an element, and is a template and a
formula. It stays below the length of most fields."""
RAN = "zq49zq"
SLOW_SECONDS = 1.0

HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "",
    "Permissions-Policy": "camera=()",
    "Cache-Control": "",
}
STRICT = ("'unsafe-", "http:", "https:", "*")
WITHOUT = ("Server", "X-Powered-By", "Access-Control-Allow-Origin")


def wrongs(asked: str, came: Answer) -> Iterator[str]:
    """What is wrong with an answer; nothing for one as it should be."""
    if came.code >= 500:
        yield f"{came.code} at {asked}"
    if RAN in came.text:
        yield f"a template ran at {asked}"
    yield from unsafe_headers(asked, came)
    if came.kind in ("text/html", "image/svg+xml", "application/xhtml+xml") and came.body.strip():
        yield from unsafe_markup(asked, came)


def unsafe_headers(asked: str, came: Answer) -> Iterator[str]:
    """The headers that an answer lacks, or should not have."""
    for name, needed in HEADERS.items():
        if needed not in (came.headers[name] or "") or not came.headers[name]:
            yield f"{name} is '{came.headers[name]}' at {asked}"
    policy = came.headers["Content-Security-Policy"] or ""
    for part in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"):
        if part not in policy:
            yield f"the policy lacks {part} at {asked}"
    yield from (f"the policy has {one} at {asked}" for one in STRICT if one in policy)
    yield from (f"{name} is told at {asked}" for name in WITHOUT if came.headers[name])
    static = asked.startswith("/static/") and came.code == 200
    cache = came.headers["Cache-Control"] or ""
    if not static and "no-store" not in cache:
        yield f"a cache may keep {asked} ({cache})"
    for cookie in came.headers.get_all("Set-Cookie") or ():
        if static:
            yield f"a cookie comes with {asked}"
        if "HttpOnly" not in cookie or "SameSite" not in cookie:
            yield f"a cookie that scripts or other sites can use comes with {asked}"
    yield from (f"a header was smuggled in at {asked}" for name in came.headers if name.lower() == "x-zq")


def unsafe_markup(asked: str, came: Answer) -> Iterator[str]:
    """Markup that runs, is typed, or comes from elsewhere."""
    if f"<{MARK}".encode() in came.body:
        yield f"what was typed is markup at {asked}"
    tree = html.fromstring(came.body)
    if tree.xpath(
        "//script[not(@src)][not(@type='application/json')]|//style|//@style|//object|//embed|//iframe|//base"
    ):
        yield f"there is a script, style or frame in the page at {asked}"
    for name in tree.xpath("//@*"):
        attribute = name.attrname or ""
        if attribute.startswith("on") or attribute == MARK:
            yield f"an attribute {attribute} runs at {asked}"
        if attribute in ("href", "src", "action", "formaction", "data", "poster", "xlink:href"):
            value = re.sub(r"[\x00-\x20]", "", str(name)).lower()
            if value.startswith(("javascript:", "vbscript:")) or (value.startswith("data:") and attribute != "src"):
                yield f"an address runs at {asked}: {value[:40]}"
    for address in tree.xpath("//@src|//link/@href|//form/@action"):
        if re.match(r"(?i)\s*([a-z]+:)?//", str(address)):
            yield f"{asked} loads from elsewhere: {address}"
