"""Random interleavings of saves, losses, repeats and crashes, by the tests of `tests/storage/test_never_lost.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from place import Found, House
from servers import ROOT

TESTS = "tests/storage/test_never_lost.py"
LONGEST = 1200
"""Seconds in which they must come to an end."""


def interleaved(house: House, times: int) -> Found:
    """So many interleavings of about forty steps each, on either database."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-s", TESTS]
    wished = os.environ | {"KRACHTMETING_INTERLEAVINGS": str(times)}
    done = subprocess.run(command, cwd=ROOT, env=wished, capture_output=True, text=True, timeout=LONGEST, check=False)
    found = Found("interleavings", "both")
    told = [json.loads(line.lstrip(".")) for line in done.stdout.splitlines() if line.lstrip(".").startswith("{")]
    found.times = sum(one.get("interleavings", 0) for one in told)
    found.receipts = sum(one.get("receipts looked up", 0) for one in told)
    batches, died = (sum(one.get(name, 0) for one in told) for name in ("batches", "servers that died"))
    found.note = f"{batches} batches by two people on three devices, {died} servers that died"
    if done.returncode:
        found.wrong.append(done.stdout[-2000:])
    return found
