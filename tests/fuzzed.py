"""How long fuzzing goes on: briefly in the tests, and by the hundredfold in `make attack`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("KRACHTMETING_FUZZ", "1"))
"""So many times as many cases as in the tests."""

COUNTED = os.environ.get("KRACHTMETING_FUZZ_COUNT")
"""A file that grows by a sign for each case."""

MOST_SECONDS = 1.0
MOST_BYTES = 200 * 1024 * 1024
OWN = Path("/proc/self")
"""Where Linux tells about this process; elsewhere memory is not looked at."""

NASTY = st.one_of(
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "99999999999999999999",
            "1e999",
            "NaN",
            "٣",
            "²",
            "½",
            "a\x00b",
            "\ud800",
            "' OR 1=1--",
            "{{7*7}}",
            "\r\nX: 1",
            "2025-02-30",
            "24:61",
            "<zqx onload=1>",
            "=1+1",
            "../../etc/passwd",
            "%s%n",
            "true",
            "null",
            "[]",
            "{}",
            "\u202e",
            "9" * 5000,
            "0000-00-00",
            "99999-01-01",
            "-0",
            "1,5",
            "1.5.1",
            "😀" * 300,
            "[" * 3000,
            "((((((((((",
            "None",
            "refused",
            "-99",
        ]
    ),
    st.text(max_size=60),
)


def fuzzed(examples: int) -> Callable[[Any], Any]:
    """Settings of a test over so many cases, which takes no notice of slow machines: `quickly` does."""
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        suppress_health_check=quiet,
        database=None,
        derandomize=TIMES == 1,
    )


@contextmanager
def quickly() -> Iterator[None]:
    """What is done here must take less than a second of the processor, however busy the machine is, and 200 MB."""
    if COUNTED:
        with Path(COUNTED).open("ab") as file:
            file.write(b".")
    before = _resident(anew=True)
    begun = time.process_time()
    yield
    took, more = time.process_time() - begun, _resident() - before
    assert took < MOST_SECONDS, f"{took:.1f} s"
    assert more < MOST_BYTES, f"{more >> 20} MB"


def _resident(*, anew: bool = False) -> int:
    """The most memory that this process held since it was last asked `anew`, in bytes; 0 where nobody tells."""
    if not (OWN / "clear_refs").exists():
        return 0
    if anew:
        (OWN / "clear_refs").write_text("5")
    lines = dict(line.split(":", 1) for line in (OWN / "status").read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024
