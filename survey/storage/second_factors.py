"""What proves, besides a password, who signs in: an authenticator app (RFC 6238), passkeys, and recovery codes."""

from __future__ import annotations

import base64
import datetime
import hmac
import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from survey.storage.codes import ALPHABET
from survey.storage.people import HASHER, Somebody
from survey.storage.sealing import Sealed, Sealer
from survey.storage.tables import Passkey, Person, RecoveryCode, Totp

NEEDED_FOR = frozenset({"interviewer", "researcher"})
"""Roles that see who participants are, or take answers out of the server; admins need a second factor as well."""

SECONDS, DIGITS, WINDOW = 30, 6, 1
"""A code of the app is of so many seconds, and counts so many steps before and after as well: clocks differ."""

SECRET_BYTES = 20
RECOVERY_CODES = 10


@dataclass(frozen=True)
class Factors:
    """What somebody has: the app, how many passkeys, and how many recovery codes that were not used."""

    app: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        """Whether a second factor is asked for at the sign-in."""
        return self.app or self.passkeys > 0


def needed(person: Somebody) -> bool:
    """Whether somebody with these roles must have a second factor."""
    return person.admin or any(roles & NEEDED_FOR for roles in person.roles.values())


def factors(session: Session, person_id: int) -> Factors:
    """What a person has."""
    app = session.scalar(select(Totp.person_id).where(Totp.person_id == person_id, Totp.confirmed_at.is_not(None)))
    keys = session.scalar(select(func.count()).select_from(Passkey).where(Passkey.person_id == person_id))
    unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    codes = session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused))
    return Factors(app is not None, keys or 0, codes or 0)


# The app


def new_secret() -> bytes:
    """A new secret for an authenticator app: 160 random bits, as RFC 4226 recommends."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """A secret as it is typed into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def app_address(secret: bytes, name: str, issuer: str) -> str:
    """The address in a QR code from which an app takes the secret."""
    return _totp(secret).get_provisioning_uri(name, issuer)


def step_of(secret: bytes, typed: str, now: datetime.datetime) -> int | None:
    """The time step (seconds since 1970 / 30) of which a typed code is; None where it is of none around now."""
    code = "".join(sign for sign in typed if not sign.isspace())
    present = int(now.timestamp()) // SECONDS
    # All are looked at, so that the time it takes says nothing about which one it was.
    found = [step for step in range(present - WINDOW, present + WINDOW + 1) if _same(secret, step, code)]
    return found[-1] if found else None


def _same(secret: bytes, step: int, code: str) -> bool:
    return hmac.compare_digest(_totp(secret).generate(step * SECONDS), code.encode())


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), SECONDS)  # noqa: S303 - what apps know; HMAC does not lean on collisions.  # nosec B303


def keep_app(
    session: Session, sealer: Sealer, person: Person, secret: bytes, step: int, now: datetime.datetime
) -> None:
    """Keep the secret of a person's app, in the place of one before; the code of `step` counts as used.

    Raises CannotOpen where the server has no master key.
    """
    sealed = sealer.seal(secret, _bound_to(person))
    session.execute(delete(Totp).where(Totp.person_id == person.id))
    row = {
        "person_id": person.id, "wrapped_key": sealed.wrapped_key, "sealed": sealed.sealed, "master": sealed.master,
        "made_at": now, "confirmed_at": now, "last_step": step,
    }  # fmt: skip
    session.execute(insert(Totp), row)


def app_code_is_right(session: Session, sealer: Sealer, person: Person, typed: str, now: datetime.datetime) -> bool:
    """Whether this is a code of the person's app that was not used before; it is used then. Raises CannotOpen."""
    row = session.get(Totp, person.id)
    if row is None:
        return False
    secret = sealer.open(Sealed(row.wrapped_key, row.sealed, row.master), _bound_to(person))
    step = step_of(secret, typed, now)
    if step is None:
        return False
    # One statement: of two who come with the same code at the same moment, one gets in.
    mine = update(Totp).where(Totp.person_id == person.id, Totp.last_step < step)
    return session.execute(mine.values(last_step=step).returning(Totp.person_id)).first() is not None


def remove_app(session: Session, person_id: int) -> None:
    """Forget the secret of a person's app."""
    session.execute(delete(Totp).where(Totp.person_id == person_id))


def rewrap(session: Session, old: Sealer, new: Sealer) -> int:
    """Wrap the keys of all apps' secrets under another master key, and count them. Raises CannotOpen."""
    count = 0
    for row, person in session.execute(select(Totp, Person).join(Person, Totp.person_id == Person.id)):
        if row.master != new.fingerprint:
            wrapped = old.rewrap(Sealed(row.wrapped_key, row.sealed, row.master), _bound_to(person), new)
            row.wrapped_key, row.master = wrapped.wrapped_key, wrapped.master
            count += 1
    session.flush()
    return count


def _bound_to(person: Person) -> str:
    return f"totp/{person.code}"


# Recovery codes


def new_recovery_codes(session: Session, person_id: int, now: datetime.datetime) -> list[str]:
    """Ten codes in the place of those before: twelve signs of 31, nearly 60 bits each. Only hashes are kept.

    They are hashed as passwords are, with one salt for all ten: then one typed code takes one hashing to look for.
    """
    codes = [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3)) for _ in range(RECOVERY_CODES)
    ]
    salt = secrets.token_hex(8)
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    rows = [{"person_id": person_id, "code_hash": _code_hash(code, salt), "made_at": now} for code in codes]
    session.execute(insert(RecoveryCode), rows)
    return codes


def use_recovery_code(session: Session, person_id: int, typed: str, now: datetime.datetime) -> bool:
    """Whether this is a recovery code of the person that was not used before; it is used then."""
    mine = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    kept = session.scalars(select(RecoveryCode.code_hash).where(*mine).limit(1)).first()
    if kept is None:
        return False
    salt = kept.split("$")[0]
    found = update(RecoveryCode).where(*mine, RecoveryCode.code_hash == _code_hash(typed, salt)).values(used_at=now)
    return session.execute(found.returning(RecoveryCode.id)).first() is not None


def looks_like_recovery_code(typed: str) -> bool:
    """Whether what was typed has the length of a recovery code, and not that of an app's."""
    return len(_tidy(typed)) > DIGITS + 2


def _tidy(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def _code_hash(code: str, salt: str) -> str:
    """The salt and the argon2id hash of a code, 60 signs at most."""
    raw = hash_secret_raw(
        _tidy(code).encode(), salt.encode(), HASHER.time_cost, HASHER.memory_cost, HASHER.parallelism, 30, Type.ID
    )
    return f"{salt}${base64.urlsafe_b64encode(raw).decode()}"


# Passkeys


def passkeys(session: Session, person_id: int) -> list[Passkey]:
    """The passkeys of a person, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)))


def passkey_with(session: Session, person_id: int, credential: str) -> Passkey | None:
    """The passkey of this id (base64url), where it is this person's."""
    return session.scalar(select(Passkey).where(Passkey.person_id == person_id, Passkey.credential == credential))


def passkey_known(session: Session, credential: str) -> bool:
    """Whether somebody has the passkey of this id."""
    return session.scalar(select(Passkey.id).where(Passkey.credential == credential)) is not None


def add_passkey(
    session: Session, person_id: int, credential: str, public_key: bytes, sign_count: int, label: str,
    now: datetime.datetime,
) -> None:  # fmt: skip
    """Keep a passkey that was just made. `label`: what its owner calls it."""
    row = {
        "person_id": person_id, "credential": credential, "public_key": public_key, "sign_count": sign_count,
        "label": label[:80], "transports": "", "made_at": now, "used_at": now,
    }  # fmt: skip
    session.execute(insert(Passkey), row)


def use_passkey(session: Session, passkey: Passkey, sign_count: int, asked_at: datetime.datetime,
                now: datetime.datetime) -> bool:  # fmt: skip
    """Note that a passkey was used; False where it was used since `asked_at`: no answer counts twice."""
    fresh = update(Passkey).where(Passkey.id == passkey.id, (Passkey.used_at.is_(None)) | (Passkey.used_at < asked_at))
    used = fresh.values(sign_count=sign_count, used_at=now).returning(Passkey.id)
    return session.execute(used).first() is not None


def remove_passkey(session: Session, person_id: int, passkey_id: int) -> bool:
    """Remove one passkey of this person; whether there was one."""
    mine = delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id)
    return session.execute(mine.returning(Passkey.id)).first() is not None


def remove_all(session: Session, person_id: int) -> bool:
    """Remove all second factors and recovery codes of a person; whether there were any."""
    found = factors(session, person_id)
    for table in (Totp, Passkey, RecoveryCode):
        session.execute(delete(table).where(table.person_id == person_id))
    return found.any or found.recovery_codes > 0
