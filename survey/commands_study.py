"""The commands for beginning: a study by its protocol, and the people who sign in."""

from __future__ import annotations

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.commands_beginning import database_of, library_of, now, settings_here
from survey.forms.people import EVERYWHERE
from survey.forms.studies import time_zones
from survey.instruments.errors import InstrumentError
from survey.instruments.protocols.collection import FiledProtocol, read_protocols
from survey.instruments.protocols.model import LANGUAGES
from survey.storage import audit, course, passwords, people, protocols, second_factors, studies
from survey.storage.scopes import Scopes
from survey.storage.tables import Person, Study
from survey.web.settings import Settings


@click.group()
def study() -> None:
    """Studies."""


@study.command("add")
@click.argument("slug")
@click.option("--protocol", "chosen", required=True, help="The protocol by which it is done, such as krachtwerk.")
@click.option("--title", default="", help="Else the protocol's own title.")
@click.option("--time-zone", default="Europe/Amsterdam", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="nl", show_default=True, help="Of titles of waves.")
@click.option("--seed", type=click.IntRange(0, 2**62 - 1), help="Begins the list of arms; else chance takes one.")
def add_study(slug: str, chosen: str, title: str, time_zone: str, language: str, seed: int | None) -> None:
    """Make a study called SLUG by a protocol: with its waves and teams."""
    settings = settings_here()
    database, filed = database_of(settings), _protocol(settings, chosen)
    try:
        if time_zone not in time_zones():
            raise ValueError(f"there is no time zone '{time_zone}'; write one such as Europe/Amsterdam")
        with database.writing() as session:
            study_id = protocols.add_study_with(
                session, slug, filed, language, None, now(), title=title, time_zone=time_zone, seed=seed
            )
            teams = [team.code for team in protocols.teams(session, study_id)]
            about = {"study": slug, "protocol": chosen, "version": filed.protocol.version}
            audit.note(session, "added a study", None, now(), by="command line", **about)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The study {slug} is there, with waves {', '.join(filed.protocol.waves)} and teams {', '.join(teams)}.")


def _protocol(settings: Settings, chosen: str) -> FiledProtocol:
    try:
        known = read_protocols(library_of(settings))
    except InstrumentError as error:
        raise click.ClickException(str(error)) from None
    if chosen not in known:
        raise click.ClickException(f"there is no protocol '{chosen}'; there are: {', '.join(known) or 'none'}")
    return known[chosen]


WEAK = {
    "short": f"a password has at least {passwords.SHORTEST} characters",
    "long": f"a password has at most {passwords.LONGEST} characters",
    "common": "this password is soon guessed; take a few words that do not belong together",
    "own_words": "this password is made of the name or of well-known words; take others",
}
"""Why a password does not do -> what to say of it."""


@click.group()
def person() -> None:
    """People who sign in."""


@person.command("add")
@click.argument("name")
@click.option("--admin", is_flag=True, help="Make this person an administrator.")
@click.option("--study", "slug", help="A study in which the person gets roles.")
@click.option("--role", "roles", multiple=True, type=click.Choice(people.ROLES))
@click.option("--team", "teams", multiple=True, help="The roles hold in this team only; may be given several times.")
@click.password_option(help="Asked for where it is not given.")
def add_person(
    name: str, admin: bool, slug: str | None, roles: tuple[str, ...], teams: tuple[str, ...], password: str
) -> None:
    """Make an account called NAME: the way in for the first administrator."""
    database = database_of(settings_here())
    weak = passwords.problem(password, (name,))
    try:
        if weak is not None:
            raise ValueError(WEAK[weak])
        with database.writing() as session:
            person_id = people.add_person(session, name, password, now(), admin=admin)
            about: dict[str, object] = {"admin": admin, "roles": sorted(roles)}
            if teams and not roles:
                raise ValueError("say with --role what the person does in these teams")
            if roles:
                within = _study(session, slug)
                people.set_scopes(session, person_id, within.id, _scopes(session, within, roles, teams))
                course.plan_people(session, within.id, now())
                about |= {"study": within.slug, "teams": sorted(teams)}
            audit.note(session, "added a person", None, now(), by="command line", **about)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{name} can sign in now.")


@person.command("reset-second-factor")
@click.argument("name")
def reset_second_factor(name: str) -> None:
    """Take away the second factor of NAME, and end their sessions: for the last admin who lost the phone."""
    database = database_of(settings_here())
    with database.writing() as session:
        found = session.scalar(select(Person).where(Person.name == people.tidy_name(name)))
        if found is None:
            raise click.ClickException(f"there is no person called '{people.tidy_name(name)}'")
        had = second_factors.remove_all(session, found.id)
        people.end_sessions(session, found.id, now())
        audit.note(session, "reset a second factor", None, now(), by="command line", person=found.code)
    click.echo(f"{found.name} {'signs in with the password now' if had else 'had no second factor'}.")


def _study(session: Session, slug: str | None) -> Study:
    found = studies.study_with(session, slug) if slug else None
    if found is None:
        known = ", ".join(one.slug for one in studies.studies(session)) or "none"
        raise ValueError(f"name the study of these roles with --study; there are: {known}")
    return found


def _scopes(session: Session, within: Study, roles: tuple[str, ...], teams: tuple[str, ...]) -> Scopes:
    """Role -> where it holds. Raises ValueError for a team that is not there, and a role that holds in none."""
    if not teams:
        return dict.fromkeys(roles)
    known = {team.code: team.id for team in protocols.teams(session, within.id)}
    unknown = [team for team in teams if team not in known]
    if unknown:
        raise ValueError(f"there is no team '{unknown[0]}' in {within.slug}; there are: {', '.join(known) or 'none'}")
    whole = sorted(EVERYWHERE & set(roles))
    if whole:
        raise ValueError(f"a {whole[0]} works for a whole study; leave --team out")
    return dict.fromkeys(roles, frozenset(known[team] for team in teams))
