"""Settings from the environment, and the keys that are made once where none is given."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

SECRET_LENGTH = 32
MASTER_KEY_BYTES = 32


class SettingsError(Exception):
    """A setting that the server cannot start with; the message says which, and what to write."""


@dataclass(frozen=True)
class Settings:
    """All that differs between installations.

    `idle`: how long a session lasts without a sign of life. `secure`: cookies only over https. `master_key`: the 32
    bytes under which names and addresses are sealed; without one (b"") none are kept, and nothing weaker takes its
    place. From the environment there always is one. `smtp_url` and `mail_from`: by which server and as whom e-mail is
    sent; "" for none. `public_url`: where people reach the server, without a slash at the end; "": as the request says.
    `second_factor`: whether roles that see names or take answers out must have one. `proxies`: how many reverse proxies
    stand before the server. `oidc_issuer`: the organisation's own sign-in, "" for none; `oidc_acr`: what its `acr` says
    when it asked for a second factor itself. `metrics_port`: where this machine can fetch counters; 0: nowhere.
    `statement`: the file with what the organisation says about accessibility, see `survey.web.statement`.
    """

    database_url: str
    secret_key: str
    own_definitions: tuple[Path, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8000
    idle: timedelta = timedelta(minutes=30)
    secure: bool = False
    master_key: bytes = field(default=b"", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    public_url: str = ""
    second_factor: bool = False
    proxies: int = 0
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_acr: str = ""
    metrics_port: int = 0
    statement: Path | None = None


def from_environment(environment: Mapping[str, str], instance: Path) -> Settings:
    """Read all settings. Raises SettingsError. `instance` is the folder for the database and the secret."""
    instance.mkdir(parents=True, exist_ok=True)
    own = tuple(Path(part) for part in environment.get("KRACHTMETING_DEFINITIONS", "").split(os.pathsep) if part)
    return Settings(
        database_url=environment.get("KRACHTMETING_DATABASE_URL")
        or f"sqlite:///{instance.resolve() / 'krachtmeting.sqlite'}",
        secret_key=_given_secret(environment) or kept_secret(instance / "secret-key"),
        own_definitions=own,
        host=environment.get("HOST", "127.0.0.1"),
        port=_whole(environment, "PORT", 8000, 0, 65535),
        idle=timedelta(minutes=_whole(environment, "KRACHTMETING_IDLE_MINUTES", 30, 3, 24 * 60)),
        secure=_whole(environment, "KRACHTMETING_HTTPS", 0, 0, 1) == 1,
        master_key=_given_key(environment, "KRACHTMETING_MASTER_KEY") or kept_master_key(instance / "master-key"),
        **_mail(environment),
        public_url=_address(environment, "KRACHTMETING_PUBLIC_URL", ("https", "http")).rstrip("/"),
        second_factor=_whole(environment, "KRACHTMETING_SECOND_FACTOR", 1, 0, 1) == 1,
        proxies=_whole(environment, "KRACHTMETING_PROXIES", 0, 0, 9),
        **_oidc(environment),
        metrics_port=_whole(environment, "KRACHTMETING_METRICS_PORT", 0, 0, 65535),
        statement=instance / "accessibility.toml",
    )


def _mail(environment: Mapping[str, str]) -> dict[str, str]:
    """By which server e-mail is sent, and as whom; neither goes without the other."""
    smtp_url = _address(environment, "KRACHTMETING_SMTP_URL", ("smtp", "smtps"))
    mail_from = environment.get("KRACHTMETING_MAIL_FROM", "").strip()
    if smtp_url and "@" not in mail_from:
        raise SettingsError("KRACHTMETING_MAIL_FROM is no address; write the one that e-mail comes from")
    if any(not sign.isprintable() for sign in mail_from):
        raise SettingsError("KRACHTMETING_MAIL_FROM holds signs that no address has; write it on one line")
    return {"smtp_url": smtp_url, "mail_from": mail_from}


def _oidc(environment: Mapping[str, str]) -> dict[str, str]:
    """The organisation's own sign-in: its address and what it knows this server by, or nothing of it."""
    issuer = _address(environment, "KRACHTMETING_OIDC_ISSUER", ("https", "http"))
    if issuer.startswith("http:") and urlsplit(issuer).hostname not in ("localhost", "127.0.0.1"):
        raise SettingsError("KRACHTMETING_OIDC_ISSUER begins with http:; write the one with https:")
    client_id = environment.get("KRACHTMETING_OIDC_CLIENT_ID", "").strip()
    secret = environment.get("KRACHTMETING_OIDC_CLIENT_SECRET", "").strip()
    acr = environment.get("KRACHTMETING_OIDC_ACR", "").strip()
    if issuer and not (client_id and secret):
        raise SettingsError(
            "KRACHTMETING_OIDC_CLIENT_ID or KRACHTMETING_OIDC_CLIENT_SECRET is missing; write what the provider gave"
        )
    return {"oidc_issuer": issuer, "oidc_client_id": client_id, "oidc_client_secret": secret, "oidc_acr": acr}


def _address(environment: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    """An address of one of these kinds, or "" where none is given. What stands in it is not repeated: passwords do."""
    written = environment.get(name, "").strip()
    try:
        parts = urlsplit(written)
        fits = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if written and not fits:
        raise SettingsError(f"{name} is no address; write it as {' or '.join(f'{one}://host:port' for one in schemes)}")
    return written


def old_master_key(environment: Mapping[str, str]) -> bytes:
    """The master key before the present one, for wrapping keys anew; b"" where none is given. Raises SettingsError."""
    return _given_key(environment, "KRACHTMETING_OLD_MASTER_KEY")


def backup_key(environment: Mapping[str, str], file: Path | None = None) -> bytes:
    """The 32 bytes that seal backups, of a file or the environment; b"" where none are given. Raises SettingsError."""
    if file is None:
        return _given_key(environment, "KRACHTMETING_BACKUP_KEY")
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise SettingsError(f"others can read {file}; run: chmod 600 {file}")
    # Whatever is too long is no key: it need not be read.
    with file.open("rb") as opened:
        return _given_key({str(file): opened.read(1000).decode("ascii", "replace")}, str(file)) or _no_key(file)


def _no_key(file: Path) -> bytes:
    raise SettingsError(f"{file} is empty; put a key into it")


def _given_secret(environment: Mapping[str, str]) -> str:
    secret = environment.get("KRACHTMETING_SECRET_KEY", "")
    if secret and len(secret) < SECRET_LENGTH:
        raise SettingsError(f"KRACHTMETING_SECRET_KEY is too short; take at least {SECRET_LENGTH} random characters")
    return secret


def _given_key(environment: Mapping[str, str], name: str) -> bytes:
    written = environment.get(name, "").strip()
    if not written:
        return b""
    key = _key_of(written)
    if key is None:
        # The key itself is not told: what stands on a screen may stand in a log.
        raise SettingsError(
            f"{name} is no key of {MASTER_KEY_BYTES} bytes; write it as base64, or as {2 * MASTER_KEY_BYTES} "
            'hexadecimal digits. A new one: python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    return key


def _key_of(written: str) -> bytes | None:
    """A key that is written as hexadecimal digits or as base64 of either alphabet; None where it is none."""
    try:
        if len(written) == 2 * MASTER_KEY_BYTES:
            return bytes.fromhex(written)
        padded = written.rstrip("=").translate(str.maketrans("-_", "+/"))
        key = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None
    return key if len(key) == MASTER_KEY_BYTES else None


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    written = environment.get(name, str(default))
    if not written.isdecimal() or not least <= int(written) <= most:
        raise SettingsError(f"{name} is '{written}'; write a whole number from {least} to {most}")
    return int(written)


def kept_secret(path: Path) -> str:
    """The secret in a file that only its owner can read; made the first time. Raises SettingsError if others can."""
    secret = _kept(path)
    if len(secret) < SECRET_LENGTH:
        raise SettingsError(f"{path} holds no secret; remove it and a new one is made")
    return secret


def kept_master_key(path: Path) -> bytes:
    """The master key in a file that only its owner can read; made the first time. Raises SettingsError."""
    key = _key_of(_kept(path))
    if key is None:
        # A new key would open nothing that was kept under the lost one.
        raise SettingsError(
            f"{path} holds no master key; put the one from your backup there. Remove the file only if no names were "
            "kept yet: then a new key is made"
        )
    return key


def _kept(path: Path) -> str:
    """What stands in a file that only its owner can read: 32 random bytes the first time. Raises SettingsError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise SettingsError(f"others can read {path}; run: chmod 600 {path}") from None
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(SECRET_LENGTH))
    return path.read_text()
