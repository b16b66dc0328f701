"""A browser that does as it is told: every header and field can be chosen, and no redirect is followed."""

from __future__ import annotations

import http.client
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from place import HOST, Place

SECRET_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATIENCE = 30


@dataclass(frozen=True)
class Answer:
    """What came back. `seconds`: how much of the server's processor it took, since others use the machine too."""

    code: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def kind(self) -> str:
        """The media type."""
        return self.headers.get_content_type() if self.headers["Content-Type"] else ""

    @property
    def location(self) -> str:
        """Where it sends one."""
        return self.headers["Location"] or ""


@dataclass
class Browser:
    """One visitor, with cookies of their own. `sent` counts what was asked."""

    place: Place
    cookie: str = ""
    outside: bool = False
    name: str = ""
    sent: int = field(default=0, init=False)
    _csrf: str = field(default="", init=False)
    _open: http.client.HTTPConnection | None = field(default=None, init=False)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask for something. Raises OSError or HTTPException where no answer comes."""
        self.sent += 1
        all_headers = {"Host": HOST, **({"Cookie": self.cookie} if self.cookie else {}), **(headers or {})}
        for last in (False, True):
            if self._open is None:
                port = self.place.outside if self.outside else self.place.port
                self._open = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            begun = self.place.processor
            try:
                self._open.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
                for name, value in all_headers.items():
                    self._open.putheader(name, value.encode("latin-1", "replace"))
                if body is not None and "Content-Length" not in all_headers:
                    self._open.putheader("Content-Length", str(len(body)))
                self._open.endheaders(body)
                came = self._open.getresponse()
                return Answer(came.status, came.headers, came.read(), self.place.processor - begun)
            except (OSError, http.client.HTTPException):
                self._open.close()
                self._open = None
                if last:
                    raise
        raise AssertionError

    def get(self, path: str, **headers: str) -> Answer:
        """GET."""
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(
        self, path: str, fields: Mapping[str, str] | Iterable[tuple[str, str]] = (), *, csrf: str | None = None
    ) -> Answer:
        """POST a form. `csrf`: another token than one's own; "" for none."""
        pairs = list(fields.items() if isinstance(fields, Mapping) else fields)
        token = self.csrf if csrf is None else csrf
        pairs = [pair for pair in pairs if pair[0] != "csrf_token"] + ([("csrf_token", token)] if token else [])
        body = urlencode(pairs, encoding="utf-8", errors="surrogatepass").encode()
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path: str, fields: Mapping[str, str], name: str, filename: str, kind: str, file: bytes) -> Answer:
        """POST a form with a file."""
        mark = secrets.token_hex(16)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in {**fields, "csrf_token": self.csrf}.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + file + f"\r\n--{mark}--\r\n".encode())
        return self.ask("POST", path, b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={mark}"})

    @property
    def csrf(self) -> str:
        """The token of this browser's forms."""
        if not self._csrf:
            came = self.get("/session")
            self._keep_cookie(came)
            found = re.search(r'"csrf":\s*"([^"]+)"', came.text)
            self._csrf = found[1] if found else ""
        return self._csrf

    def _keep_cookie(self, came: Answer) -> None:
        for line in came.headers.get_all("Set-Cookie") or ():
            self.cookie = line.split(";", 1)[0]

    def close(self) -> None:
        """Close the connection."""
        if self._open is not None:
            self._open.close()
            self._open = None


def signed_in(place: Place, name: str) -> Browser:
    """A browser in which this person is signed in; of nobody for ""."""
    return Browser(place, place.cookie(name) if name else "", name=name or "nobody")
