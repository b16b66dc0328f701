"""A file that is there whole or not at all: written beside its target, and renamed when it is done."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path


@contextmanager
def whole_file(target: Path) -> Iterator[BufferedRandom]:
    """A file to write and read, which takes the target's place at the end; on any error the target stays as it was.

    Only its owner may read it: mode 600.
    """
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    file = os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    # The new name must survive a power cut too; Windows has no such call.
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
