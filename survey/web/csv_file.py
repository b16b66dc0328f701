"""A CSV file written for one request: UTF-8, safe to open in a spreadsheet, gone from the server afterwards."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO

from flask import send_file
from werkzeug.wrappers import Response

from exports.csv_zip import fitting, said
from exports.tables import Cell

IN_MEMORY = 1 << 20


@dataclass(frozen=True)
class CsvFile:
    """A file at its beginning, with its number of rows, the heading not counted, and its fingerprint."""

    content: IO[bytes]
    rows: int
    sha256: str

    def answer(self, name: str) -> Response:
        """Hand the file over under this name."""
        answer = send_file(self.content, mimetype="text/csv; charset=utf-8", as_attachment=True, download_name=name)
        answer.headers["X-Content-SHA256"] = self.sha256
        return answer


def csv_file(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> CsvFile:
    """A file of these rows. A text that a spreadsheet would run as a formula gets an apostrophe, as in exports."""
    content = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is closed with the answer
    digest, lines = hashlib.sha256(), 0
    for row in chain([heading], rows):
        line = io.StringIO(newline="")
        csv.writer(line).writerow(said(fitting(cell)[0]) for cell in row)
        written = line.getvalue().encode("utf-8", errors="replace")
        content.write(written)
        digest.update(written)
        lines += 1
    content.seek(0)
    return CsvFile(content, lines - 1, digest.hexdigest())
