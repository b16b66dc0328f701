"""Loading a journal of an emergency file: each batch as the browser would have sent it, in order, as its owner's.

It goes the way of every save, so a browser that comes back later with the same gets the same receipts, and changes
nothing more. Loading twice changes nothing either.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from survey.answers.document import Key
from survey.instruments.model import Page
from survey.storage import receipts, responses
from survey.storage.merging import Conflict, Difference, changes
from survey.storage.receipts import Batch, OtherContent
from survey.storage.record import Saving
from survey.storage.rescue import CannotOpenJournal, Entry, Opened, SealedJournal, opened
from survey.web.access import me
from survey.web.filling_in.alone import saved_alone
from survey.web.filling_in.conflict import choice_of
from survey.web.filling_in.interview import handed_in, hindrances, sent_values
from survey.web.filling_in.saving import content
from survey.web.filling_in.set_aside import on_record, set_aside
from survey.web.filling_in.sitting import Sitting, Writer, saved_but_conflicts, sitting_of
from survey.web.server import server

Standing = Literal["new", "here", "elsewhere", "both"]
"""Not here yet; here already; changed elsewhere since, and not touched in this journal; changed in both."""

HandIn = Literal["", "done", "hindered", "before", "waits"]
"""Not asked for; handed in; something hinders it; it was handed in before; first something must be chosen."""


@dataclass
class Told:
    """What a file says of one question, or of one of its rows: the last that was filled in there, by key.

    `theirs` has what another device made of it, where both changed it.
    """

    page: Page
    values: dict[Key, Any]
    standing: Standing
    at: datetime.datetime
    since: int
    theirs: dict[Key, Difference] = field(default_factory=dict)


@dataclass
class Loaded:
    """What became, or would become, of a journal.

    `told`: by the input's name what it says. `batches`, and how many of them were here `before`. `broken`: how many
    entries cannot be opened or belong to no page. `version`: that of the response before.
    """

    here: Sitting
    opened: Opened
    told: dict[str, Told] = field(default_factory=dict)
    batches: int = 0
    before: int = 0
    broken: int = 0
    version: int = 0
    hand_in: HandIn = ""
    hindered_by: list[tuple[Page, str, str]] = field(default_factory=list)
    was_submitted: bool = False
    was_locked: bool = False

    @property
    def open(self) -> dict[str, Told]:
        """What two devices changed, of which nobody chose yet."""
        return {name: one for name, one in self.told.items() if one.standing == "both"}


@dataclass(frozen=True)
class Wishes:
    """What the admin chose: by input "theirs" or "mine", seen at which version; and the reason of a correction.

    `looking`: nothing will be kept, so that what must not change is shown as if it could.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    seen: int = 0
    reason: str = ""
    looking: bool = False


def load(session: Session, journal: SealedJournal, wishes: Wishes) -> Loaded:
    """Save all of a journal that is not here yet.

    Raises CannotOpenJournal; Locked, and ReasonNeeded where the response was handed in and no reason is given.
    """
    record = responses.response(session, journal.token, for_writing=True)
    if record is None:
        raise CannotOpenJournal("other_response")
    found = opened(session, journal, record.id)
    was = (record.submitted_at is not None, record.locked_at is not None)
    if wishes.looking:
        record = replace(record, locked_at=None)
    alone: Any = ("coach" if record.person_id else "participant") if found.alone else ""
    writer = Writer(record.person_id if found.alone else found.person_id)
    here = replace(sitting_of(record), alone=alone, writer=writer)
    loaded = Loaded(here, found, broken=found.broken, version=record.version, was_submitted=was[0], was_locked=was[1])
    for entry in found.entries:
        if entry.kind == "answers":
            _load_batch(session, loaded, entry, wishes)
    _choose(session, loaded, wishes)
    if any(entry.kind == "hand-in" for entry in found.entries):
        _hand_in(session, loaded)
    return loaded


def _load_batch(session: Session, loaded: Loaded, entry: Entry, wishes: Wishes) -> None:
    here = loaded.here
    page = here.instrument.page(entry.page)
    if page is None:
        loaded.broken += 1
        return
    about = {"units": entry.units, "page": entry.page, "tab": entry.tab, "texts": entry.texts, "layout": entry.layout}
    form = MultiDict([*about.items(), *entry.fields])
    values = sent_values(here, page, form, set(entry.units.split()))
    batch = Batch(entry.batch, content(form))
    loaded.batches += 1
    try:
        given = receipts.given(session, here.record, batch)
    except OtherContent:
        # A browser of another version counted something else to the same batch. What it held is looked at below.
        given = receipts.Given(entry.batch, entry.base, entry.at, "", tuple(name for _, name in values))
    if given is not None:
        loaded.before += 1
        _tell_of_before(session, loaded, page, entry, values, given.conflicting)
        return
    sent = {**about, "base": str(entry.base), "age": _age(here, entry), "reason": wishes.reason}
    conflict: Conflict | None = None
    if here.alone:
        after = saved_alone(here, session, "autosave", page, values, sent)
    else:
        after, conflict = saved_but_conflicts(here, session, "autosave", page, values, sent)
    both = {difference.key: difference for difference in conflict.differences} if conflict else {}
    units = sorted({name for _, name in both})
    receipts.give(session, after.record, batch, here.person_id, server().now(), units)
    loaded.here = after
    for name, keys in _by_input(values).items():
        theirs = {key: both[key] for key in keys if key in both}
        standing: Standing = "both" if theirs else _standing(here, after, keys)
        _tell(session, loaded, name, Told(page, keys, standing, entry.at, entry.base, theirs))


def _age(here: Sitting, entry: Entry) -> str:
    """How long ago it was filled in, in milliseconds; not before the response was opened, if the clock was wrong."""
    now = server().now()
    ago = min(now - entry.at, now - here.record.started_at)
    return str(max(0, ago // datetime.timedelta(milliseconds=1)))


def _by_input(values: Mapping[Key, Any]) -> dict[str, dict[Key, Any]]:
    """What belongs to one choice: an answer and a draft of one unit go together."""
    found: dict[str, dict[Key, Any]] = {}
    for key, value in values.items():
        found.setdefault(choice_of(key), {})[key] = value
    return found


def _standing(before: Sitting, after: Sitting, keys: Mapping[Key, Any]) -> Standing:
    was, now = before.record.document, after.record.document
    if any(was[part].get(unit) != now[part].get(unit) for part, unit in keys):
        return "new"
    return "here" if all(now[part].get(unit) == value for (part, unit), value in keys.items()) else "elsewhere"


def _tell_of_before(
    session: Session, loaded: Loaded, page: Page, entry: Entry, values: Mapping[Key, Any], conflicting: tuple[str, ...]
) -> None:
    """A batch that was here already: nothing is saved, but what two devices changed may still be to choose."""
    here = loaded.here
    for name, keys in _by_input(values).items():
        standing: Standing = _standing(here, here, keys)
        theirs: dict[Key, Difference] = {}
        if standing == "elsewhere" and not here.alone and {unit for _, unit in keys} & set(conflicting):
            theirs = _still_open(session, here, keys, entry)
        _tell(session, loaded, name, Told(page, keys, "both" if theirs else "here", entry.at, entry.base, theirs))


def _still_open(session: Session, here: Sitting, keys: Mapping[Key, Any], entry: Entry) -> dict[Key, Difference]:
    differing = {
        key: value
        for key, value in keys.items()
        if value is not None and value != here.record.document[key[0]].get(key[1])
    }
    if all(on_record(session, here, key, value, entry.base) for key, value in differing.items()):
        return {}
    again = Saving("autosave", None, here.person_id, entry.base, keys, tab=entry.tab or None)
    try:
        changes(session, here.record, again)
    except Conflict as conflict:
        return {one.key: one for one in conflict.differences}
    return {}


def _tell(session: Session, loaded: Loaded, name: str, told: Told) -> None:
    """The last word on a question counts; what stood open before it goes on record."""
    before = loaded.told.get(name)
    if before is not None and before.standing == "both" and before.values != told.values:
        set_aside(session, loaded.here, before.page, before.values)
    if before is not None and before.standing == "new" and told.standing == "here":
        told = replace(told, standing="new")
    loaded.told[name] = told


def _choose(session: Session, loaded: Loaded, wishes: Wishes) -> None:
    """What the admin chose between two versions, under the admin's own number: nobody else said so."""
    for name, told in loaded.open.items():
        here = replace(loaded.here, writer=Writer(me().id), alone="")
        choice = wishes.choices.get(name)
        if choice == "mine":
            sent = {"base": str(wishes.seen), "reason": wishes.reason}
            try:
                after = here.saved(session, "page", told.page, told.values, sent)
            except Conflict:
                continue
            loaded.here = replace(after, writer=loaded.here.writer, alone=loaded.here.alone)
            told.standing = "new"
        elif choice == "theirs":
            set_aside(session, here, told.page, told.values)
            told.standing = "here"


def _hand_in(session: Session, loaded: Loaded) -> None:
    here = loaded.here
    if here.submitted:
        loaded.hand_in = "before"
    elif loaded.open or loaded.broken:
        loaded.hand_in = "waits"
    else:
        loaded.hindered_by = hindrances(here)
        loaded.hand_in = "hindered" if loaded.hindered_by else "done"
        if not loaded.hindered_by:
            loaded.here = handed_in(session, here)
