"""Attack a server of our own with the demo study, and print what was tried, how often, and what was found.

`python tests/attacks` in full, up to half an hour; `--short` in a minute and a half. Ends with 1 on any finding.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import crossing
import forged
import injected
import programs
import smuggled
import stored
import uploads
from place import Place
from scene import Scene
from tried import SHOWN, Tried, table

ATTACKS = (
    crossing.theirs, crossing.by_time, forged.other_sites, forged.headers, forged.hosts, forged.elsewhere,
    forged.sessions, smuggled.through_the_proxy, injected.in_parameters, injected.in_addresses, uploads.everywhere,
    injected.in_fields, programs.wapiti, stored.everywhere, stored.in_exports, forged.links, programs.bandit,
    programs.fuzzing,
)  # fmt: skip
"""In this order: what writes comes after what must find everything as it was."""

PAGES_SHORT, PAGES = 40, 300
NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"


def main() -> int:
    """Run all attacks; the number of kinds that found something."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--short", action="store_true")
    reading.add_argument("--only", help="a word in the names of the attacks to run")
    chosen = reading.parse_args()
    # Who is told to stop ends the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="krachtmeting-attacked-") as folder:
        place = Place(Path(folder))
        try:
            place.start()
            scene = Scene(place, chosen.short)
            scene.go_through(PAGES_SHORT if chosen.short else PAGES)
            done = [
                _run(attack, scene)
                for attack in ATTACKS
                if (chosen.only or "") in f"{attack.__module__}.{attack.__name__}"
            ]
            last = Tried("mistakes of its own in the server's log", len(done))
            last.wrong(*place.errors)
        finally:
            place.stop()
    print(table([*done, last]))
    missing = NOTHING_SKIPPED and any("not installed" in one.note.lower() for one in done)
    return 1 if missing or any(one.found for one in [*done, last]) else 0


def _run(attack: object, scene: Scene) -> Tried:
    begun = time.monotonic()
    tried: Tried = attack(scene)  # type: ignore[operator]
    print(
        f"{time.monotonic() - begun:6.1f} s  {tried.what}",
        *tried.found[:SHOWN],
        sep="\n  ",
        file=sys.stderr,
        flush=True,
    )
    return tried


if __name__ == "__main__":
    sys.exit(main())
