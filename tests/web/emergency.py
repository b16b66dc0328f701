"""A device that cannot reach the server and writes an emergency file, and the office where such a file is loaded."""

from __future__ import annotations

import base64
import io
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from seeing import seen
from small_interview import Desk

MINUTE = 60_000


class Device:
    """A browser that cannot reach the server: it has its journal's key, and writes a file."""

    def __init__(self, desk: Desk | Any) -> None:
        self.desk = desk
        sent = {"csrf_token": desk.form(desk.get("page/home"))["csrf_token"]}
        said = desk.client.post(desk.address("journal-key"), data=sent).json
        self.key, self.owner = AESGCM(base64.b64decode(said["key"])), said["owner"]
        self.entries: list[dict[str, Any]] = []

    def fills_in(self, batch: str, ago: int = 0, page: str = "home", base: int = 0, **fields: str) -> dict[str, Any]:
        """Something is filled in, so many minutes ago."""
        entry = {
            "kind": "answers",
            "batch": batch,
            "page": page,
            "units": [name[2:] for name in fields],
            "fields": [[name, value] for name, value in fields.items()],
            "base": base,
            "tab": "kitchen",
            "texts": "",
            "layout": "both",
            "at": self.desk.server.now().timestamp() * 1000 - ago * MINUTE,
        }
        self.entries.append(entry)
        return entry

    def hands_in(self) -> None:
        self.entries.append({"kind": "hand-in", "batch": "h", "at": self.desk.server.now().timestamp() * 1000})

    def sealed(self, entry: dict[str, Any]) -> dict[str, str]:
        nonce = secrets.token_bytes(12)
        bound = f"krachtmeting journal 1/{self.desk.token}/{self.owner}".encode()
        sealed = self.key.encrypt(nonce, json.dumps(entry).encode(), bound)
        return {"iv": base64.b64encode(nonce).decode(), "sealed": base64.b64encode(sealed).decode()}

    def file(self, **more: Any) -> bytes:
        journal = {"response": self.desk.token, "owner": self.owner, "entries": list(map(self.sealed, self.entries))}
        made = {"format": "krachtmeting emergency 1", "made": "2025-03-03T09:00:00Z", "journals": [journal | more]}
        return json.dumps(made).encode()

    def sends(self, entry: dict[str, Any]) -> Any:
        """The browser comes back with what was loaded meanwhile."""
        sent = {name: entry[name] for name in ("batch", "page", "tab", "texts", "layout", "base")}
        token = self.desk.form(self.desk.get("page/home"))["csrf_token"]
        units = {"units": " ".join(entry["units"]), "after": "", "age": "1000", "csrf_token": token}
        fields = {name: value.replace("\n", "\r\n") for name, value in entry["fields"]}
        return self.desk.client.post(self.desk.address("save"), data=sent | units | fields)


class Office:
    """The admin's browser."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def looks(self, content: bytes, name: str = "krachtmeting.json") -> Any:
        token = seen(self.client.get("/admin/emergency-file"), "//main//input[@name='csrf_token']/@value")[0]
        sent = {"csrf_token": token, "file": (io.BytesIO(content), name)}
        return self.client.post("/admin/emergency-file", data=sent)

    def saves(self, content: bytes, journal: str = "0", **more: str) -> Any:
        page = self.looks(content)
        hidden = zip(*(seen(page, f"//main//input[@type='hidden']/@{one}") for one in ("name", "value")), strict=True)
        return self.client.post("/admin/emergency-file/save", data=dict(hidden) | {"journal": journal} | more)
