"""Settings from the environment, and the secret key that is made once where none is given."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

SECRET_LENGTH = 32


class SettingsError(Exception):
    """A setting that the server cannot start with; the message says which, and what to write."""


@dataclass(frozen=True)
class Settings:
    """All that differs between installations.

    `idle`: how long a session lasts without a sign of life. `secure`: cookies only over https.
    """

    database_url: str
    secret_key: str
    own_definitions: tuple[Path, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8000
    idle: timedelta = timedelta(minutes=30)
    secure: bool = False


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
    )


def _given_secret(environment: Mapping[str, str]) -> str:
    secret = environment.get("KRACHTMETING_SECRET_KEY", "")
    if secret and len(secret) < SECRET_LENGTH:
        raise SettingsError(f"KRACHTMETING_SECRET_KEY is too short; take at least {SECRET_LENGTH} random characters")
    return secret


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    written = environment.get(name, str(default))
    if not written.isdecimal() or not least <= int(written) <= most:
        raise SettingsError(f"{name} is '{written}'; write a whole number from {least} to {most}")
    return int(written)


def kept_secret(path: Path) -> str:
    """The secret in a file that only its owner can read; made the first time. Raises SettingsError if others can."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise SettingsError(f"others can read {path}; run: chmod 600 {path}") from None
        secret = path.read_text().strip()
        if len(secret) < SECRET_LENGTH:
            raise SettingsError(f"{path} holds no secret; remove it and a new one is made") from None
        return secret
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(SECRET_LENGTH))
    return path.read_text()
