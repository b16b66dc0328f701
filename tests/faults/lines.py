"""Requests that never end, are cut off, or come by the hundred."""

from __future__ import annotations

import random
import socket
import time

from place import Found, House, Try, one_try

LOOKS = 20


def half_sent(house: House, kind: str, times: int) -> Found:
    """So many requests with half a head, half a body, or a body that ends before it should; then the lines are cut."""
    chance = random.Random(times)
    with one_try(house, kind, "half-sent requests") as now:
        now.saves(5)
        one = now.people[0]
        before = len(now.notebook.receipts)
        lines = []
        for number in range(times):
            _, _, fields = one.batch()
            body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
            head = (
                f"POST /response/{one.seat.token}/save HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{now.port}\r\nCookie: {one.cookie}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode()
            whole = head + body
            line = socket.create_connection(("127.0.0.1", now.port), timeout=5)
            line.sendall(whole[: chance.randrange(1, len(whole))])
            lines.append(line)
            if number % 3 == 0:
                lines.pop(chance.randrange(len(lines))).close()
            now.found.times += 1
        now.saves(5)
        slowest = _slowest_page(now)
        for line in lines:
            line.close()
        now.saves(5)
        assert len(now.notebook.receipts) >= before
    now.found.note = f"a page took {1000 * slowest:.0f} ms at most meanwhile"
    return now.found


def many_lines(house: House, kind: str, count: int) -> Found:
    """So many open lines: a third say nothing, a third send a byte now and then, a third come back for pages."""
    with one_try(house, kind, f"{count} open connections") as now:
        now.saves(5)
        lines = []
        for number in range(count):
            line = socket.create_connection(("127.0.0.1", now.port), timeout=10)
            if number % 3 == 1:
                line.sendall(b"GET / HTTP/1.1\r\nHost: local")
            if number % 3 == 2:
                line.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            lines.append(line)
        now.found.times = len(lines)
        for number, line in enumerate(lines):
            if number % 3 == 2 and not line.recv(200).startswith(b"HTTP/1.1 200"):
                now.notebook.wrong.append("one of many was not answered")
            if number % 3 == 1:
                line.sendall(b"h")
        now.saves(5)
        slowest = _slowest_page(now)
        if slowest > 5:
            now.notebook.wrong.append(f"a page took {slowest:.1f} s")
        for line in lines:
            line.close()
        now.saves(5)
    now.found.note = f"a page took {1000 * slowest:.0f} ms at most meanwhile"
    return now.found


def _slowest_page(now: Try) -> float:
    slowest = 0.0
    for _ in range(LOOKS):
        began = time.monotonic()
        status, _page = now.page("en", f"/response/{now.people[0].seat.token}/page/home")
        slowest = max(slowest, time.monotonic() - began)
        if status != 200:
            now.notebook.wrong.append(f"a page among many lines: {status}")
    return slowest
