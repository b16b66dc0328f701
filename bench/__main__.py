"""`make bench`: the speed of pages and exports against bare ones in the same run.

Absolute figures belong to the machine; the ratios are what counts.
"""

from __future__ import annotations

import socket
import sys
import tempfile
from pathlib import Path

from bench import exporting, interviewers, long_lists, long_reports, our_page, page_turns, whole_interviews

SECONDS = 6.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def pages() -> None:
    """Print the figures of page turns."""
    with tempfile.TemporaryDirectory() as name:
        found = page_turns.compare(Path(name))
    print("Page turn (POST, redirect, GET) of ten bilingual questions, in one process")
    _tell_compared(found, "bare Flask-WTF page", "ours, with trail", "bare / ours")
    with tempfile.TemporaryDirectory() as name:
        found = page_turns.compare_languages(Path(name))
    print("The same page in two languages with buttons for the interpreter, and in one")
    _tell_compared(found, "two languages", "one language", "two / one")


def _tell_compared(found: page_turns.Compared, first: str, second: str, ratio: str) -> None:
    print(f"  {first:<20} wall {found.bare_wall:6.2f} ms   CPU {found.bare_cpu:6.2f} ms")
    print(f"  {second:<20} wall {found.ours_wall:6.2f} ms   CPU {found.ours_cpu:6.2f} ms")
    print("  {:<20} wall {:.2f} (from {:.2f} to {:.2f})".format(ratio, *found.wall_ratio))
    print("  {:<20} CPU  {:.2f} (from {:.2f} to {:.2f})".format("", *found.cpu_ratio))


def http_load() -> None:
    """Print the figures of interviewers over HTTP."""
    print(f"Over HTTP, one server process with 8 threads on SQLite, {SECONDS:.0f} s each")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings, tokens = our_page.make(folder, 32)
        port = free_port()
        with interviewers.Server("ours", folder, settings.database_url, port):
            for count in (1, 8, 32):
                _tell("ours", interviewers.load(port, count, SECONDS, interviewers.our_visit(port, tokens)))
            a_minute, turned = whole_interviews.a_minute(port, SECONDS)
            print(
                f"  whole client interviews: {a_minute:.0f} a minute by one client without a pause, {turned} pages each"
            )
        port = free_port()
        with interviewers.Server("bare", folder, "", port):
            for count in (1, 8, 32):
                _tell("bare", interviewers.load(port, count, SECONDS, interviewers.bare_visit(port)))


def _tell(name: str, found: interviewers.Load) -> None:
    print(
        f"  {name}  {found.interviewers:>2} interviewers: {found.a_second:6.1f} turns/s, "
        f"p50 {found.p50:6.1f} ms, p99 {found.p99:6.1f} ms"
    )


def exports() -> None:
    """Print the figures of exports."""
    print("Excel export of responses x 150 variables against a bare openpyxl write-only loop over the same cells")
    exporting.report()


def lists() -> None:
    """Print the figures of long lists."""
    print(f"A page of each list, with {long_lists.LARGE:,} participants and with {long_lists.SMALL}, on SQLite")
    with tempfile.TemporaryDirectory() as name:
        long_lists.report(Path(name))


def reports() -> None:
    """Print the figures of reports."""
    print("The report of a study with 10,000 responses, on SQLite")
    with tempfile.TemporaryDirectory() as name:
        long_reports.report(Path(name))


PARTS = {"pages": pages, "http": http_load, "exports": exports, "lists": lists, "reports": reports}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
        print()
