"""One response as a view works with it: its record, its instrument, its words and its flow."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from flask import abort, redirect, url_for
from flask_babel import gettext
from sqlalchemy import event
from sqlalchemy.orm import Session

from survey.answers.document import OF_QUESTIONS, Key
from survey.answers.flow import Flow, flow
from survey.answers.relay import tidied
from survey.forms.messages import message
from survey.forms.page_form import PageForm, page_form
from survey.instruments.errors import Invalid
from survey.instruments.model import Instrument, Page
from survey.instruments.texts import Texts
from survey.storage import responses
from survey.storage.merging import Conflict
from survey.storage.record import LAYOUTS, Layout, Record, Saving
from survey.web.access import me, response_to_fill_in
from survey.web.filling_in.alone_words import AloneWording
from survey.web.filling_in.mistakes import mistake
from survey.web.filling_in.prepared import Alone, Look, Prepared, Wording, prepare
from survey.web.guests import guest
from survey.web.interface import interface_language
from survey.web.server import server

Kind = Literal["page", "autosave"]

KEPT_REASON = 500
KEPT_TAB = 24


@dataclass(frozen=True)
class Writer:
    """Who filled something in, where that is not who asks; None: a participant, alone."""

    person_id: int | None


@dataclass(frozen=True)
class Sitting:
    """A response with what belongs to it. `alone`: who fills it in without anybody beside them, if somebody does.

    `writer`: who filled in what is saved; None for who asks.
    """

    record: Record
    instrument: Instrument
    texts: Texts
    second: Texts | None
    alone: Alone = ""
    writer: Writer | None = None

    @property
    def person_id(self) -> int | None:
        """Under whose number something is saved; None where a participant fills in alone."""
        return self.writer.person_id if self.writer else me().id

    @cached_property
    def flow(self) -> Flow:
        """What is asked, given the answers so far."""
        return flow(self.instrument, self.record.answers)

    @property
    def submitted(self) -> bool:
        """Whether it was handed in, so that a change needs a reason."""
        return self.record.submitted_at is not None

    def page(self, name: str) -> Page:
        """The page of this name; 404 where there is none."""
        return self.instrument.page(name) or abort(404)

    def prepared(self, page: Page, *, interpreted: bool) -> Prepared:
        """The page, rendered once for these languages. `interpreted`: somebody interprets now."""
        cache = server().prepared
        second = self.second.sha256 if self.second else None
        look = Look(self.record.layout, self.submitted, interpreted and not self.alone, self.alone)
        key = (self.texts.sha256, second, page.page, interface_language(), look)
        found = cache.get(key)
        if found is None:
            alone = self.alone == "participant"
            words = AloneWording(self.texts) if alone else Wording(self.texts, self.second, look.layout)
            found = prepare(
                self.instrument, page, words, look, self.record.second_language, " ".join(self.fingerprints)
            )
            # Another request may empty the cache at any moment, when translators' work is adopted.
            cache[key] = found
        return found

    def form(self, page: Page, formdata: Any) -> PageForm:
        """What was sent of a page."""
        cache = server().forms
        key = (self.instrument.instrument, self.instrument.version, page.page)
        if key not in cache:
            cache[key] = page_form(page)
        return cache[key](formdata)

    def message(self, invalid: Invalid) -> str:
        """The sentence for a mistake, in the staff's language, or in that of a participant who fills in alone.

        A check has words of its own, where the definition has them.
        """
        if invalid.code == "check.failed":
            return self.texts[f"{invalid.figures['question']}/check"].words
        if self.alone == "participant":
            return mistake(self.texts, invalid)
        return message(invalid)

    def saved(
        self, session: Session, kind: Kind, page: Page | None, values: Mapping[Key, Any], sent: Mapping[str, str]
    ) -> Sitting:
        """This sitting after saving. `sent` says on which version it is based, from which tab, and for which reason.

        Raises Conflict and ReasonNeeded.
        """
        saving = Saving(
            kind="correction" if self.submitted else kind,
            page=page.page if page else None,
            person_id=self.person_id,
            base_version=based_on(sent),
            values={**values, **self._translated_on_sight(values)},
            reason=sent.get("reason", "").strip()[:KEPT_REASON] or None,
            tab=sent.get("tab", "")[:KEPT_TAB] or None,
            filled_in=self.filled_in(sent),
            layout=_layout(sent.get("layout", "")),
            **self._kept_texts(session, sent.get("texts", "")),
        )
        return self.after(responses.save(session, self.record, saving, server().now()))

    def filled_in(self, sent: Mapping[str, str]) -> datetime.datetime | None:
        """When this was filled in, where it comes later; None for now. Never before the response was opened: a clock
        that jumped, or somebody who means harm, says so."""
        moment = filled_in(sent, server().now())
        return None if moment is None else max(moment, self.record.started_at)

    def _translated_on_sight(self, values: Mapping[Key, Any]) -> dict[Key, Any]:
        """How questions of which the words were not translated were relayed, once they have an answer: on sight."""
        second = self.second
        found: dict[Key, Any] = {}
        if second is None or self.record.layout == "staff" or second.complete_for_participants:
            return found
        for part, name in values:
            question = self.instrument.questions[name] if part in OF_QUESTIONS else self.instrument.units[name].question
            answers = [
                values.get(("answers", unit.name), self.record.answers.get(unit.name)) for unit in question.units()
            ]
            if second[f"{question.name}/text"].translated or all(answer is None for answer in answers):
                continue
            codes = values.get(("relay", question.name), self.record.relay.get(question.name)) or ()
            found["relay", question.name] = tidied([*codes, "on_sight"])
        return found

    def handed_in(self, session: Session) -> Sitting:
        """This sitting after handing in; the second time nothing changes."""
        saving = Saving("submit", None, self.person_id, self.record.version, **self._kept_texts(session, ""))
        return self.after(responses.submit(session, self.record, saving, server().now()))

    @property
    def all_texts(self) -> list[Texts]:
        """The words in one or two languages."""
        return [self.texts] if self.second is None else [self.texts, self.second]

    @property
    def fingerprints(self) -> list[str]:
        """Of the words in one or two languages, as they are now."""
        return [texts.sha256 for texts in self.all_texts]

    def keep_texts(self) -> None:
        """Keep the words that are about to be shown, so that what comes back from the page can point to them."""
        if not server().kept_texts.issuperset(self.fingerprints):
            with server().database.writing() as writing:
                self._kept_texts(writing, "")

    def _kept_texts(self, session: Session, shown: str) -> dict[str, Any]:
        """The fingerprints of the words that were on the page, as it says itself; else of those that are there now."""
        found = [kept(session, texts) for texts in self.all_texts]
        said = shown.split()
        if said and said != found and responses.are_kept(session, self.record, said):
            found = said
        return {"texts": found[0], "second_texts": found[1] if len(found) > 1 else None}

    def after(self, record: Record) -> Sitting:
        """The same sitting with the record as it is now."""
        return replace(self, record=record)


def saved_but_conflicts(
    here: Sitting, session: Session, kind: Kind, page: Page | None, values: Mapping[Key, Any], sent: Mapping[str, str]
) -> tuple[Sitting, Conflict | None]:
    """The sitting after saving all that nobody else changed, and what was changed on both sides, which is not saved.

    Raises ReasonNeeded and Locked.
    """
    try:
        return here.saved(session, kind, page, values, sent), None
    except Conflict as conflict:
        both = {difference.key for difference in conflict.differences}
        rest = {key: value for key, value in values.items() if key not in both}
        return here.saved(session, kind, page, rest, sent), conflict


LATE = datetime.timedelta(seconds=30)
"""What comes within this time of being filled in came at once: the moment of saving is its moment."""

LATEST = datetime.timedelta(days=30)


def filled_in(sent: Mapping[str, str], now: datetime.datetime) -> datetime.datetime | None:
    """When this was filled in, where it comes later; None for now.

    The device says how many milliseconds ago it was ("age"), so that a clock that is wrong by hours does no harm.
    """
    age = sent.get("age", "")
    ago = datetime.timedelta(milliseconds=int(age)) if age.isdecimal() and len(age) < 13 else datetime.timedelta()
    return now - min(ago, LATEST) if ago > LATE else None


def _layout(written: str) -> Layout | None:
    return next((layout for layout in LAYOUTS if layout == written), None)


def based_on(sent: Mapping[str, str]) -> int:
    """The version on which a page was based, as it was sent; 400 for anything else."""
    written = sent.get("base", "")
    return int(written) if written.isdecimal() and len(written) < 10 else abort(400)


def kept(session: Session, texts: Texts) -> str:
    """The fingerprint of texts that are in the database for certain."""
    known = server().kept_texts
    if texts.sha256 not in known:
        responses.keep_texts(session, texts, server().now())
        event.listen(session, "after_commit", lambda _: known.add(texts.sha256), once=True)
    return texts.sha256


def sitting(session: Session, token: str, *, for_writing: bool = False, by_script: bool = False) -> Sitting:
    """The response of this token for who may fill it in; 404 for everyone else.

    `by_script`: also where nothing changes any more, which a script is told in another way than with a page.
    """
    record = response_to_fill_in(session, token, for_writing=for_writing)
    visitor = guest()
    if visitor is None:
        return sitting_of(record)
    if not by_script and (record.locked_at is not None or record.submitted_at is not None):
        # Nothing changes any more: the calm page says what there is to say.
        abort(redirect(url_for("link.here")))
    return replace(sitting_of(record), alone="coach" if visitor.link.by == "coach" else "participant")


def instrument_of(record: Record) -> Instrument:
    """The instrument version of a response; 410 where its definition is not here any more."""
    try:
        return server().library.instrument(record.instrument, record.instrument_version)
    except KeyError:
        abort(410, gettext("The definition of this questionnaire is not on this server any more."))


def sitting_of(record: Record) -> Sitting:
    """A record with its instrument and its words."""
    library, instrument = server().library, instrument_of(record)
    second = library.texts(instrument, record.second_language) if record.second_language else None
    return Sitting(record, instrument, library.texts(instrument, record.language), second)
