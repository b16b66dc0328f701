"""Going through all pages that somebody can reach, with their links and forms."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from browser import Answer, Browser
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

A_RULE = 3
"""So many addresses of one route are looked at, and of one set of parameters."""

LEFT_ALONE = frozenset({"sign_in.sign_out", "link.begin"})


@dataclass(frozen=True)
class Form:
    """A form on a page: where it goes, its fields with what stands in them, and those that take words."""

    page: str
    method: str
    action: str
    fields: tuple[tuple[str, str], ...]
    free: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


@dataclass
class Crawled:
    """What one person reached: address -> answer; the forms; and the parameters of each path."""

    pages: dict[str, Answer] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    parameters: dict[str, set[str]] = field(default_factory=dict)


def endpoint_of(browser: Browser, path: str, method: str = "GET") -> str:
    """The view behind an address, "" for none."""
    urls = browser.place.app.url_map.bind("localhost")
    try:
        return str(urls.match(urlsplit(path).path, method)[0])
    except (HTTPException, RequestRedirect):
        return ""


def crawl(browser: Browser, most: int, *begin: str) -> Crawled:
    """All that is reached from the start page by links, at most `most` pages, breadth first."""
    found, seen = Crawled(), Counter[tuple[str, frozenset[str]]]()
    queue, known = deque(["/", *begin]), {"/", *begin}
    while queue and len(found.pages) < most:
        address = queue.popleft()
        came = browser.get(address)
        found.pages[address] = came
        if came.location:
            _add(came.location, address, browser, queue, known, seen, found)
        if came.kind != "text/html" or not came.body.strip():
            continue
        tree = html.fromstring(came.body)
        for link in (*tree.xpath("//a/@href"), *tree.xpath("//@src"), *tree.xpath("//link/@href")):
            _add(str(link), address, browser, queue, known, seen, found)
        for form in tree.xpath("//form"):
            one = _form(form, address)
            found.forms.append(one)
            if one.method == "get":
                query = urlencode([(name, value) for name, value in one.fields if value])
                _add(f"{one.action}?{query}", address, browser, queue, known, seen, found)
                path = urlsplit(one.action).path
                found.parameters.setdefault(path, set()).update({*one.free, *(name for name, _ in one.fields)})
    return found


def _add(
    link: str, page: str, browser: Browser, queue: deque[str], known: set[str],
    seen: Counter[tuple[str, frozenset[str]]], found: Crawled,
) -> None:  # fmt: skip
    parts = urlsplit(urljoin(f"http://here{page}", urldefrag(link)[0]))
    if parts.netloc != "here":
        return
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    names = frozenset(name for name, _ in parse_qsl(parts.query))
    if names:
        found.parameters.setdefault(parts.path, set()).update(names)
    endpoint = endpoint_of(browser, parts.path)
    which = (endpoint or parts.path, names)
    if address in known or endpoint in LEFT_ALONE or seen[which] >= A_RULE:
        return
    seen[which] += 1
    known.add(address)
    queue.append(address)


def _form(form: html.HtmlElement, page: str) -> Form:
    fields: list[tuple[str, str]] = []
    free: list[str] = []
    buttons: list[tuple[str, str]] = []
    for one in form.xpath(".//input[@name]|.//textarea[@name]|.//select[@name]|.//button[@name]"):
        name, kind = one.get("name"), (one.get("type") or one.tag).lower()
        if one.tag == "select":
            chosen = one.xpath(".//option[@selected]/@value") or one.xpath(".//option/@value")[:1]
            fields += [(name, value) for value in chosen[:1]]
        elif one.tag == "textarea":
            fields.append((name, one.text or ""))
            free.append(name)
        elif one.tag == "button" or kind == "submit":
            buttons.append((name, one.get("value", "")))
        elif kind in ("radio", "checkbox"):
            if one.get("checked") is not None or (kind == "radio" and name not in dict(fields)):
                fields = [pair for pair in fields if kind == "checkbox" or pair[0] != name]
                fields.append((name, one.get("value", "on")))
        elif kind != "file":
            fields.append((name, one.get("value", "")))
            if kind in ("text", "search", "textarea", "email", "tel", "input", "url", "password"):
                free.append(name)
    files = tuple(str(name) for name in form.xpath(".//input[@type='file']/@name"))
    action = urlsplit(urljoin(f"http://here{page}", form.get("action") or page))
    target = action.path + (f"?{action.query}" if action.query else "")
    return Form(page, (form.get("method") or "get").lower(), target, tuple(fields), tuple(free), tuple(buttons), files)


def html_pages(found: Crawled) -> Iterator[tuple[str, Answer]]:
    """Those of the pages that a browser draws."""
    for address, came in found.pages.items():
        if came.kind in ("text/html", "image/svg+xml", "application/xhtml+xml"):
            yield address, came
