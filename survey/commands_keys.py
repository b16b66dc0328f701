"""The command that puts a new master key in the place of an old one."""

from __future__ import annotations

import os

import click

from survey.commands_beginning import database_of, now, settings_here
from survey.storage import audit, identities, second_factors
from survey.storage.sealing import CannotOpen, Sealer
from survey.web.settings import SettingsError, old_master_key


@click.command("rewrap-keys")
def rewrap_keys() -> None:
    """Wrap the keys of names and addresses under the present master key, from KRACHTMETING_OLD_MASTER_KEY."""
    settings = settings_here()
    try:
        old = old_master_key(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    if not old:
        raise click.ClickException("give the key before this one in KRACHTMETING_OLD_MASTER_KEY")
    before, after = Sealer(old), Sealer(settings.master_key)
    database = database_of(settings)
    try:
        with database.writing() as session:
            count = identities.rewrap(session, before, after) + second_factors.rewrap(session, before, after)
            marks = {"before": before.fingerprint, "after": after.fingerprint}
            audit.note(session, "wrapped keys anew", None, now(), keys=count, **marks)
    except CannotOpen as refused:
        why = {
            "other_key": "some were sealed under a third key, neither the old one nor the present one",
            "changed": "something that is kept is not what was sealed",
            "no_key": "there is no present key",
        }[refused.why]
        raise click.ClickException(f"nothing was changed: {why}") from None
    click.echo(f"{count} keys are under the present master key now")
