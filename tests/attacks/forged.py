"""Forms of other sites, forged names and sessions, redirects to elsewhere, personal links, headers on everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote, urlsplit

from browser import HOST, Answer, Browser, signed_in
from crossing import REST
from judged import wrongs
from scene import Scene
from sqlalchemy import text
from tried import Tried

EVIL = "evil.example"
ELSEWHERE = (
    f"//{EVIL}", f"https://{EVIL}", f"/\\{EVIL}", f"\\\\{EVIL}", f"/\t/{EVIL}", f"/\r\n/{EVIL}", f"///{EVIL}",
    f"/%2f{EVIL}", f"https:{EVIL}", f"javascript:zq(1)//{EVIL}", f"/..//{EVIL}", f"http://{HOST}@{EVIL}", f" //{EVIL}",
    f"/.{EVIL}", f"\x01//{EVIL}", f"//{HOST}.{EVIL}", f"/\u2028/{EVIL}", f"/%09/{EVIL}", f"/%5c{EVIL}", f"/;@{EVIL}",
)  # fmt: skip
FORGED_HOSTS = (
    EVIL, f"{EVIL}:80", f"{HOST}.{EVIL}", f"{EVIL}/{HOST}", f"{HOST}@{EVIL}", f"{HOST}:80@{EVIL}", f"{EVIL}#{HOST}",
    f"{HOST} {EVIL}", "", ".", f"{HOST},{EVIL}", f"x'\"><{EVIL}", f"[{EVIL}]", "0.0.0.0", f"{HOST}\t{EVIL}",
)  # fmt: skip


def _filled(rule: str) -> str:
    for part, value in {**REST, "<token>": "x", "<code>": "x", "<meeting>": "x"}.items():
        rule = rule.replace(part, value)
    return re.sub(r"<[^>]+>", "1", rule)


def _rules(scene: Scene, method: str) -> Iterator[str]:
    rules = scene.place.app.url_map.iter_rules()
    yield from sorted({_filled(rule.rule) for rule in rules if method in (rule.methods or ())})


def counted(scene: Scene) -> dict[str, int]:
    """How many rows each table has, without those of signing in and looking."""
    with scene.place.database.reading() as session:
        names = session.execute(text("SELECT name FROM sqlite_master WHERE type='table'")).scalars().all()
        left = ("sign_in_session", "sign_in_failure", "audit_entry")
        return {
            one: session.execute(text(f'SELECT count(*) FROM "{one}"')).scalar_one() for one in names if one not in left
        }


def other_sites(scene: Scene) -> Tried:
    """Every POST route: without a token, with a wrong one, with another session's, as text/plain and as JSON."""
    tried = Tried("forms of other sites (CSRF), every POST route")
    before, other = counted(scene), signed_in(scene.place, "neighbour").csrf
    for address in _rules(scene, "POST"):
        for name in ("", "neighbour") if scene.short else ("", "neighbour", "beheer", "onderzoek"):
            browser = scene.browsers[name]
            answers = [browser.post(address, {"go": "stay"}, csrf=token) for token in ("", "forged", other, other[:-4])]
            for kind in ("text/plain", "application/json"):
                body = b'{"csrf_token": "forged"}'
                answers.append(browser.ask("POST", address, body, {"Content-Type": kind, "Origin": f"https://{EVIL}"}))
            for came in answers:
                tried.times += 1
                if came.code != 400:
                    tried.wrong(f"{came.code} for POST {address} as {name or 'nobody'}")
                tried.wrong(*wrongs(f"POST {address}", came))
    if counted(scene) != before:
        tried.wrong("something was written")
    return tried


def headers(scene: Scene) -> Tried:
    """Headers on every route, error and static file; every method that no route has."""
    tried = Tried("headers against framing, sniffing and caches: every route, error and file")
    static = Path(scene.place.app.static_folder or "")
    from_disk = [f"/static/{one.name}" for one in static.iterdir() if one.is_file()]
    asked = [
        *_rules(scene, "GET"),
        *from_disk,
        "/static/none.css",
        "/nowhere",
        "/static/../app.py",
        "/%00",
        "/sign-in?next=%00",
    ]
    for address in asked:
        for name in ("neighbour",) if scene.short else ("", "neighbour", "beheer"):
            tried.times += 1
            tried.wrong(*wrongs(address, scene.browsers[name].get(address)))
        for method in ("TRACE",) if scene.short else ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "OPTIONS"):
            came = scene.browsers["neighbour"].ask(method, address)
            tried.times += 1
            tried.wrong(*(one for one in wrongs(f"{method} {address}", came) if "no-store" not in one))
            if came.code < 400 and method != "OPTIONS":
                tried.wrong(f"{came.code} for {method} {address}")
    return tried


def hosts(scene: Scene) -> Tried:
    """Names that the server does not have, in every way that a request can say one."""
    tried = Tried("forged host names, directly and through the proxy")
    for outside in (False, True) if scene.place.nginx else (False,):
        for name in ("", "onderzoek", "interview"):
            browser = Browser(scene.place, scene.browsers[name].cookie, outside)
            for address in ("/", "/sign-in", "/l/abc", "/study/demo/links", "/study/demo/links/", "/nowhere"):
                for host in FORGED_HOSTS:
                    tried.wrong(
                        *_forged(
                            tried, browser, address, {"Host": host}, refused=bool(host.strip(" .")) and not outside
                        )
                    )
                for header in ("X-Forwarded-Host", "Forwarded", "X-Original-Host", "X-Host", "X-Forwarded-Server"):
                    value = f"host={EVIL}" if header == "Forwarded" else EVIL
                    tried.wrong(*_forged(tried, browser, address, {header: value}))
                tried.wrong(*_forged(tried, browser, f"http://{EVIL}{address}", {}))
    return tried


def _forged(tried: Tried, browser: Browser, address: str, sent: dict[str, str], refused: bool = False) -> Iterator[str]:
    tried.times += 1
    try:
        came = browser.ask("GET", address, headers=sent)
    except (OSError, HTTPException):
        # A connection that was closed is an answer too.
        return
    told = EVIL in came.text or EVIL in came.location
    if told and not address.startswith("http"):
        yield f"{sent} is believed at {address}: {came.code} {came.location}"
    if came.code >= 500:
        yield f"{sent} is answered with {came.code} at {address}"
    if refused and came.code < 400:
        yield f"{sent} is answered with {came.code} at {address}"


def elsewhere(scene: Scene) -> Tried:
    """Redirects that lead to another server, by every parameter that says where to go."""
    tried = Tried("redirects to elsewhere (next=, Referer)")
    signed, nobody = scene.browsers["neighbour"], Browser(scene.place)
    for wished in ELSEWHERE:
        asked = quote(wished, safe="")
        answers = [
            signed.get(f"/sign-in?next={asked}"),
            signed.post("/account/language", {"language": "en", "next": wished}),
            signed.post("/sign-in", {"next": wished, "name": "neighbour", "password": "seven quiet herons"}),
            signed.ask("GET", "/nowhere", headers={"Referer": f"https://{EVIL}/"}),
            nobody.get(quote("/" + wished.strip().lstrip("/"), safe="/:%;@.")),
            nobody.get(quote(wished, safe="/:%;@.") if wished.startswith("/") else "/nowhere"),
        ]
        for came in answers:
            tried.times += 1
            if leads_away(came):
                tried.wrong(f"'{wished}' leads to {came.location}")
        signed = scene.fresh("neighbour")
    return tried


def leads_away(came: Answer) -> bool:
    """Whether a browser would go to another server: it drops tabs and line ends, and takes \\ for /."""
    plain = re.sub(r"[\t\r\n]", "", came.location).strip("\x00 ").replace("\\", "/")
    return bool(plain) and (not plain.startswith("/") or plain.startswith("//")) and urlsplit(plain).hostname != HOST


def sessions(scene: Scene) -> Tried:
    """Sessions that were set beforehand, stolen, forged, ended, or signed by somebody else."""
    tried = Tried("sessions: fixed, forged, ended, changed")
    place = scene.place
    fixed = Browser(place)
    before = fixed.csrf and fixed.cookie
    came = fixed.post("/sign-in", {"name": "neighbour", "password": "seven quiet herons"})
    after = [line.split(";")[0] for line in came.headers.get_all("Set-Cookie") or ()]
    tried.times += 2
    if not after or before in after:
        tried.wrong("the cookie from before signing in goes on")
    if Browser(place, before).get("/account/").code != 302:
        tried.wrong("the cookie from before signing in opens something")
    live = signed_in(place, "onderzoek")
    name, _, value = live.cookie.partition("=")
    # Not the last sign of all: of its six bits two belong to nothing, so another sign may be the same signature.
    changed = [
        f"{name}={value[:at]}{'A' if value[at] != 'A' else 'B'}{value[at + 1 :]}" for at in range(0, len(value) - 1, 3)
    ]
    contents: list[dict[str, object]] = [
        {"token": "' OR 1=1--"}, {"link": "x", "token": ""}, {"link": "x", "seen": "x"}, {"token": "\x00"},
    ]  # fmt: skip
    forged = [f"{name}={one}" for one in ("", "eyJ0b2tlbiI6IngifQ.x.x", value.split(".")[0], "A" * 5000)]
    forged += [*changed, *(place.signed(content) for content in contents)]
    for cookie in forged:
        came = Browser(place, cookie).get("/study/demo/responses/")
        tried.times += 1
        if came.code not in (302, 400, 431):
            tried.wrong(f"{came.code} for a forged cookie {cookie[:60]}")
    live.post("/sign-out")
    tried.times += 1
    if Browser(place, live.cookie).get("/account/").code != 302:
        tried.wrong("a session goes on after signing out")
    return tried


def links(scene: Scene) -> Tried:
    """Personal links: guessing is stopped, and a wrong one looks like one that is over. Joining a screen likewise."""
    tried = Tried("guessing personal links and codes of screens")
    guess = Browser(scene.place)
    said = {re.sub(r'value="[^"]{20,}"', "", guess.get(f"/l/{'a' * 31}{sign}").text) for sign in "bcdefgh2345"}
    tried.times += 11
    if len(said) != 1:
        tried.wrong("two wrong links are told apart")
    codes = [guess.get(f"/l/{number:032}").code for number in range(80)]
    screens = [guess.post("/screen/join", {"code": f"{number:08}"}).code for number in range(80)]
    tried.times += 160
    if 429 not in codes:
        tried.wrong("links can be guessed without end")
    if 429 not in screens:
        tried.wrong(f"codes of screens can be guessed without end: {sorted(set(screens))}")
    for policy in {guess.get(address).headers["Referrer-Policy"] for address in ("/l/abc", "/l/", "/screen/join")}:
        tried.times += 1
        if policy not in ("strict-origin", "same-origin", "no-referrer"):
            tried.wrong(f"an address is told by Referer: {policy}")
    return tried
