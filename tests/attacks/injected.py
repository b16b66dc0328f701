"""SQL, templates, paths and signs in every parameter, every address and every field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPException
from urllib.parse import quote, urlencode

import words
from browser import Answer, Browser
from crawl import Form, endpoint_of
from judged import SLOW_SECONDS, wrongs
from scene import Scene
from tried import Tried

USUAL = ("page", "sort", "down", "q", "show", "format", "language", "team", "wave", "code", "from", "to", "next", "w")
SENT_ALONE = frozenset({"sign_in.sign_out", "account.end_sessions", "account.password", "link.begin"})


def judge(tried: Tried, browser: Browser, asked: str, came: Answer, again: bool = True) -> None:
    """Note what is wrong with an answer, a slow one only if it is slow again."""
    tried.times += 1
    tried.wrong(*(f"{one} as {browser.name}" for one in wrongs(asked, came)))
    if came.seconds > SLOW_SECONDS and again:
        quickest = min(browser.get(asked).seconds for _ in range(3)) if asked.startswith("/") else came.seconds
        if quickest > SLOW_SECONDS:
            tried.wrong(f"{quickest:.1f} s at {asked[:120]}")


def in_parameters(scene: Scene) -> Tried:
    """Every parameter of every list and report, as everybody who reaches it."""
    tried = Tried("SQL, templates, paths, signs and figures in every parameter")
    seen = set()
    wanted: list[tuple[Browser, str, dict[str, str]]] = []
    alone: list[tuple[Browser, str, dict[str, str]]] = []
    for name, reached in scene.reached.items():
        browser = scene.browsers[name]
        paths = {path.split("?")[0] for path, came in reached.pages.items() if came.code == 200}
        for path in sorted(paths):
            endpoint = endpoint_of(browser, path)
            if endpoint in ("", "static", "downloads.file") or endpoint in seen:
                continue
            seen.add(endpoint)
            known = sorted({*reached.parameters.get(path, ()), *USUAL} - {"csrf_token"})
            own = sorted(reached.parameters.get(path, ()))[:4]
            wanted += [(browser, path, dict.fromkeys(known, word)) for word in scene_words(scene)]
            # All at once finds what one alone would, if nothing before it refuses; so in the long run each alone too.
            alone += [(browser, path, {one: word}) for one in own for word in words.FEW if not scene.short]
    for browser, path, parameters in scene.within(tried, [*wanted, *alone]):
        _ask(tried, browser, path, parameters)
    return tried


def scene_words(scene: Scene) -> tuple[str, ...]:
    """The words to try: a few of each sort in a short run."""
    return words.FEWEST if scene.short else words.ALL


def _ask(tried: Tried, browser: Browser, path: str, parameters: dict[str, str]) -> None:
    asked = f"{path}?{urlencode(parameters, errors='surrogatepass')}"
    came = browser.get(asked)
    judge(tried, browser, asked, came)


def in_addresses(scene: Scene) -> Tried:
    """Every part of every address that stands for something."""
    tried = Tried("the same in every part of every address")
    app, seen = scene.place.app, set[str]()
    for rule in scene.within(tried, sorted(app.url_map.iter_rules(), key=lambda one: one.rule)):
        parts = re.findall(r"<[^>]+>", rule.rule)
        if not parts or "GET" not in (rule.methods or ()):
            continue
        for word in scene_words(scene):
            address = rule.rule
            for part in parts:
                usual = "demo" if part == "<slug>" else quote(word, safe="", errors="surrogatepass") or "x"
                address = address.replace(part, usual)
            if address in seen or address.endswith("/file"):
                continue
            seen.add(address)
            for name in ("neighbour",) if scene.short else ("neighbour", "beheer"):
                judge(tried, scene.browsers[name], address, scene.browsers[name].get(address))
    return tried


def filled(form: Form, word: str, press: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    """The fields of a form with this word in each that takes words; `press`: the button."""
    pairs = [(name, word if name in form.free and name != "csrf_token" else value) for name, value in form.fields]
    return pairs + ([press] if press else [])


def different(forms: list[Form], browser: Browser) -> Iterator[tuple[str, Form]]:
    """One form of each sort that is posted: of each view and each set of fields."""
    seen = set()
    for form in forms:
        endpoint = endpoint_of(browser, form.action, "POST")
        sort = (endpoint, frozenset(name for name, _ in form.fields), form.buttons[:1])
        if form.method == "post" and endpoint and endpoint not in SENT_ALONE and sort not in seen:
            seen.add(sort)
            yield endpoint, form


def in_fields(scene: Scene) -> Tried:
    """Every field of every form: first those that take words, then all of them, also what is chosen or hidden."""
    tried = Tried("the same in every field of every form")
    done: dict[str, int] = {}
    for name, reached in scene.reached.items():
        for endpoint, form in scene.within(tried, different(reached.forms, scene.browsers[name])):
            done[endpoint] = done.get(endpoint, 0) + 1
            if done[endpoint] > (2 if scene.short else 6) or endpoint.startswith("admin.") or "erasing" in endpoint:
                continue
            browser = scene.browsers[name]
            for word in scene_words(scene):
                every = [(field, word) for field, _ in form.fields if field not in ("csrf_token", "go")]
                came = _post(browser, form.action, every)
                if came.code == 401 or "/sign-in" in came.location:
                    browser = scene.fresh(name)
                judge(tried, browser, f"POST {form.action} {word[:24]!r}", came)
                _hang(tried, browser, form, every, came)
    return tried


def _post(browser: Browser, action: str, fields: list[tuple[str, str]]) -> Answer:
    try:
        return browser.post(action, fields)
    except HTTPException:
        return browser.post(action, fields)


def _hang(tried: Tried, browser: Browser, form: Form, fields: list[tuple[str, str]], came: Answer) -> None:
    if (
        came.seconds > SLOW_SECONDS
        and min(_post(browser, form.action, fields).seconds for _ in range(3)) > SLOW_SECONDS
    ):
        tried.wrong(f"{came.seconds:.1f} s for POST {form.action}")
