"""Looking at a code that was typed: of the app, or a recovery code. Wrong ones are counted, and lock for a while."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.messages import locked_out
from survey.storage import audit, second_factors, sessions
from survey.storage.sealing import CannotOpen
from survey.storage.tables import Person
from survey.web.running.metrics import counted
from survey.web.server import server
from survey.web.signing_in.half import address_hash, counted_as, tell


def code_given(person: Person, typed: str) -> tuple[str | None, str]:
    """What was shown ("totp" or "recovery"); else None, and why not. A right code is used up, a wrong one counted."""
    here = server()
    now = here.now()
    if not typed.strip():
        with here.reading() as reading:
            app = second_factors.factors(reading, person.id).app
        if app:
            return None, gettext("Write the code that your app shows now.")
        return None, gettext("Write one of your recovery codes, or sign in on the sign-in page with your passkey.")
    with here.database.writing() as writing:
        locked = locked_for(writing, person)
        if locked:
            return None, locked
        factor = "recovery" if second_factors.looks_like_recovery_code(typed) else "totp"
        try:
            if factor == "recovery":
                right = second_factors.use_recovery_code(writing, person.id, typed, now)
            else:
                right = second_factors.app_code_is_right(writing, here.sealer, person, typed, now)
        except CannotOpen:
            return None, gettext("This server cannot check codes of your app any more. Use a recovery code.")
        if right:
            sessions.forget_failures(writing, counted_as(person))
            if factor == "recovery":
                audit.note(writing, "used a recovery code", person.id, now)
            return factor, ""
        wrong(writing, person)
    return None, gettext("This code is not right, or was used before. Wait for the next one, and type that.")


def locked_for(writing: Session, person: Person) -> str:
    """The sentence for a person whose codes are not looked at for now; "" where they are."""
    now = server().now()
    until = sessions.locked_until(writing, counted_as(person), now)
    until = until or sessions.address_locked_until(writing, address_hash(), now)
    if until:
        tell("second_factor_locked")
        counted("lock_outs")
        return locked_out(until - now)
    return ""


def wrong(writing: Session, person: Person) -> None:
    """Count a wrong second factor, and put it on record: whoever gave it knows the password."""
    now = server().now()
    sessions.note_failure(writing, counted_as(person), now, address_hash())
    audit.note(writing, "gave a wrong second factor", person.id, now)
    tell("second_factor_failed")
    counted("failed_sign_ins")
