"""The demo's ways in, kept in a file that only its owner can read, so that a second start can tell them."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from survey.demo.staff import SignIn


@dataclass(frozen=True)
class SignInsFile:
    """The file of the demo's passwords. A server that holds a real study has none."""

    path: Path

    def keep(self, sign_ins: tuple[SignIn, ...]) -> None:
        """Write the ways in, in place of older ones."""
        text = json.dumps([asdict(one) for one in sign_ins], indent=1)
        self.path.unlink(missing_ok=True)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)

    def kept(self) -> list[SignIn]:
        """The ways in that were kept; none where there is no demo."""
        if not self.path.is_file():
            return []
        return [SignIn(**one) for one in json.loads(self.path.read_text())]


def sign_ins_file(instance: Path) -> SignInsFile:
    """The file in an instance's folder."""
    return SignInsFile(instance / "demo-sign-ins.json")
