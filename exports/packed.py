"""Whether a workbook that comes from elsewhere can be opened: of a decent size, and without what runs or calls out."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

FILE_BYTES = 16 * 1024 * 1024
"""So large may a file be that translators send; all texts in one language take less than one megabyte."""

OPENED_BYTES = 64 * 1024 * 1024
"""So large may all that is packed in it be together, and one part of it half of that."""

PARTS = 400
RATIO = 250
"""So many times may a part grow when it is unpacked, beyond the first megabyte: the most that sheets of texts reach is
less than a tenth of it."""

_PIECE = 1 << 16
_DECLARED = re.compile(rb"""<!\s*(?:DOCTYPE|ENTITY)""", re.IGNORECASE)
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_PLAIN = (b"utf-8", b"us-ascii", b"ascii")
_LINK = 0o120000


class Unsafe(ValueError):
    """Why a file is not opened, for who sent it."""


def check_size(path: Path) -> None:
    """Raises Unsafe for a file that is larger than any that is sent in earnest."""
    if path.stat().st_size > FILE_BYTES:
        raise Unsafe(f"it is larger than {FILE_BYTES >> 20} MB")


def check_workbook(path: Path) -> None:
    """Raises Unsafe for a package that is a trap. What its parts say of their own size is not believed."""
    check_size(path)
    try:
        with ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > PARTS:
                raise Unsafe(f"it holds more than {PARTS} files")
            left = OPENED_BYTES
            for part in parts:
                left -= _checked(package, part, min(left, OPENED_BYTES // 2))
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OverflowError) as error:
        raise Unsafe(f"it is damaged: {error}") from None


def _checked(package: ZipFile, part: ZipInfo, most: int) -> int:
    """How many bytes a part has when it is unpacked. Raises Unsafe."""
    name = part.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name or "\x00" in name:
        raise Unsafe("a file in it leads out of it")
    if (part.external_attr >> 16) & 0o170000 == _LINK:
        raise Unsafe("a file in it is a link")
    is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
    size, before = 0, b""
    with package.open(part) as opened:
        while piece := opened.read(_PIECE):
            if size == 0 and is_xml:
                _check_beginning(piece)
            size += len(piece)
            if size > most or (size > 1 << 20 and size > RATIO * max(1, part.compress_size)):
                raise Unsafe("it grows beyond measure when it is unpacked")
            # What is declared may lie across two pieces.
            if is_xml and _DECLARED.search(before + piece):
                raise Unsafe("it declares entities, as no workbook does")
            before = piece[-64:]
    return size


def _check_beginning(piece: bytes) -> None:
    """Only what is written in single bytes can be looked through for declarations."""
    said = _ENCODING.match(piece.removeprefix(b"\xef\xbb\xbf"))
    if b"\x00" in piece[:64] or piece[:2] in (b"\xff\xfe", b"\xfe\xff") or (said and said[1].lower() not in _PLAIN):
        raise Unsafe("it is written in another way than UTF-8")
