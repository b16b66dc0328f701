"""Requests that a proxy and a server might read differently: nobody else's answer changes, nothing hidden is told."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from browser import HOST, Browser
from scene import Scene
from tried import Tried

HIDDEN = "/ready"
"""What is hidden in each trick. Nobody else asks for it here, so the logs of both tell who saw it."""

SECONDS = 0.6
AT_ONCE = 6


def _request(*headers: str, body: str = "", line: str = "POST /sign-in HTTP/1.1") -> bytes:
    return "\r\n".join([line, f"Host: {HOST}", *headers, "", body]).encode()


INNER = f"GET {HIDDEN} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
ZERO = f"0\r\n\r\n{INNER}"
CHUNKED = "Transfer-Encoding: chunked"
FORMS = "Content-Type: application/x-www-form-urlencoded"


def _all() -> dict[str, bytes]:
    """Each trick by its name."""
    length = f"Content-Length: {len(ZERO)}"
    odd = [
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding:\tchunked",
        "Transfer-Encoding: x, chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: CHUNKED",
        "Transfer-Encoding: \x0bchunked",
        "X: x\nTransfer-Encoding: chunked",
        " Transfer-Encoding: chunked",
        "Transfer-Encoding\r\n : chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
        "Transfer-Encoding: chunked, chunked",
        'Transfer-Encoding: "chunked"',
        "Transfer_Encoding: chunked",
        "Transfer-Encoding: chunk\xa0ed",
    ]
    lengths = ["+5", "-1", "0x5", "5, 6", "5 5", "٥", "5\x00", "1e1", "99999999999999999999", "", "00005", "5;6"]
    broken = [
        f"{size}\r\nhello\r\n0\r\n\r\n{INNER}"
        for size in ("5 ", "+5", "0x5", "5;a=\n", "5\n", "fffffffffffffffff0", "-5", "5_0", "5;\x00")
    ]
    return {
        "CL.TE": _request(FORMS, length, CHUNKED, body=ZERO),
        "TE.CL": _request(FORMS, CHUNKED, "Content-Length: 4", body=f"{len(INNER):x}\r\n{INNER}\r\n0\r\n\r\n"),
        "CL.CL": _request(FORMS, "Content-Length: 0", f"Content-Length: {len(INNER)}", body=INNER),
        "CL.0": _request(f"Content-Length: {len(INNER)}", body=INNER, line="GET /static/icon.svg HTTP/1.1"),
        "GET with a chunked body": _request(CHUNKED, body=ZERO, line="GET /health HTTP/1.1"),
        "1.0 chunked": _request(CHUNKED, body=ZERO, line="POST /sign-in HTTP/1.0"),
        "0.9": b"GET /health\r\n\r\n" + INNER.encode(),
        "bare line feeds": _request(FORMS, length, body=ZERO).replace(b"\r\n", b"\n"),
        "no end of headers": _request(f"X: {'a' * 70_000}"),
        "upgrade": _request(
            "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"
        ),
        "expect": _request(FORMS, "Expect: 100-continue", length, body=ZERO),
        "connect": _request(line=f"CONNECT {HOST}:80 HTTP/1.1"),
        **{f"TE.TE {one!r}": _request(FORMS, length, one, body=ZERO) for one in odd},
        **{f"length {one!r}": _request(FORMS, f"Content-Length: {one}", body=INNER) for one in lengths},
        **{f"chunk {one[:12]!r}": _request(FORMS, CHUNKED, body=one) for one in broken},
        **{
            f"trailer {one}": _request(FORMS, CHUNKED, body=f"0\r\n{one}: {HOST}\r\n\r\n")
            for one in ("Host", "Cookie", "Content-Length")
        },
    }


def through_the_proxy(scene: Scene) -> Tried:
    """Each trick through nginx, and straight at the server; between them an innocent visitor looks at a page."""
    tried = Tried("requests smuggled through the proxy (CL.TE, TE.CL, TE.TE, chunks)")
    ports = [(scene.place.port, False), *([(scene.place.outside, True)] if scene.place.nginx else [])]
    if scene.place.nginx is None:
        tried.note = "nginx is not installed: the server alone"
    seen_before = 0
    for port, outside in ports:
        seen_before = _seen_by_server(scene)
        with ThreadPoolExecutor(AT_ONCE) as several:
            done = list(several.map(partial(_tried, scene, port, outside), _all().values()))
        for name, (came, codes) in zip(_all(), done, strict=True):
            tried.times += 1 + len(codes)
            answers = came.count(b"HTTP/1.")
            # Straight at the server nobody else shares the connection; through a proxy two readings are two visitors.
            if outside and answers > 1 and name in ("CL.TE", "TE.CL", "CL.CL"):
                tried.wrong(f"{name} is read as {answers} requests through nginx")
            if b"Traceback" in came or b" 500 " in came.split(b"\r\n", 1)[0]:
                tried.wrong(f"{name}: the server stumbles")
            tried.wrong(*(f"after {name} somebody else is answered with {code}" for code in codes if code != 200))
    if scene.place.nginx is not None:
        lines = (scene.place.folder / "nginx-access.log").read_text(errors="replace").splitlines()
        passed_on = sum(f'"GET {HIDDEN} ' in line for line in lines)
        more = _seen_by_server(scene) - seen_before - passed_on
        if more > 0:
            tried.wrong(f"{more} hidden requests reached the server that nginx did not see")
    if not _seen_by_server(scene, "/health"):
        tried.wrong("the log of the server does not tell what it was asked: this tried nothing")
    return tried


def _seen_by_server(scene: Scene, rule: str = HIDDEN) -> int:
    """How many requests for this address the server has in its log."""
    lines = (scene.place.folder / "server.log").read_text(errors="replace").splitlines()
    return sum(json.loads(line).get("rule") == rule for line in lines if line.startswith("{"))


def _tried(scene: Scene, port: int, outside: bool, sent: bytes) -> tuple[bytes, list[int]]:
    """What comes back for a trick, and how an innocent visitor is answered right after it, twice."""
    came, codes = _exchange(port, sent), []
    for _ in range(2):
        innocent = Browser(scene.place, outside=outside)
        codes.append(innocent.get("/health").code)
        innocent.close()
    return came, codes


def _exchange(port: int, sent: bytes) -> bytes:
    """What comes back until the other side closes, or a moment passes."""
    came = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
            connection.sendall(sent)
            connection.settimeout(SECONDS)
            while piece := connection.recv(65536):
                came += piece
    except OSError:
        pass
    return came
