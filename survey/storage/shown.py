"""What stood on the screen at one save: the texts, the languages, who was there, the answers, what was played."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.answers.company import Company
from survey.instruments.texts import Words, kept_words
from survey.storage.events import Happened, events
from survey.storage.record import Layout, Record
from survey.storage.responses import replay
from survey.storage.segments import segments
from survey.storage.tables import Person, TextSet, Visit


@dataclass(frozen=True)
class AsShown:
    """One save of one page. `record` is the response as it stood then; `texts` and `second` are the words of that time,
    with the fingerprints under which they are kept. `happened` is what happened since the save before.
    `by` is None where a participant filled in alone."""

    record: Record
    page: str
    at: datetime.datetime
    by: str | None
    kind: str
    texts: Words
    second: Words | None
    fingerprints: tuple[str, ...]
    company: Company | None
    happened: list[Happened]


def as_shown(session: Session, record: Record, version: int) -> AsShown | None:
    """What the save that made this version of a response showed; None where there is none, or none of a page."""
    query = select(Visit, Person.code).outerjoin(Person, Visit.person_id == Person.id)
    found = session.execute(query.where(Visit.response_id == record.id, Visit.version == version)).first()
    if found is None or found.Visit.page is None or found.Visit.texts is None:
        return None
    visit = found.Visit
    kept = dict(session.execute(select(TextSet.sha256, TextSet.document).where(TextSet.sha256.in_(_both(visit)))).all())
    texts = kept_words(kept[visit.texts])
    second = kept_words(kept[visit.second_texts]) if visit.second_texts else None
    layout: Layout = visit.layout or "both"
    languages = {"language": texts.language, "second_language": second.language if second else None, "layout": layout}
    then = {"version": version, "document": replay(session, record.id, until=version), "page": visit.page}
    return AsShown(
        Record(**(vars(record) | languages | then | {"segment": visit.segment or 0, "changed_at": visit.at})),
        visit.page,
        visit.at,
        found.code,
        visit.kind,
        texts,
        second,
        tuple(_both(visit)),
        segments(session, record.id).get(visit.segment or 0),
        _since_the_save_before(session, record, visit),
    )


def _both(visit: Visit) -> list[str]:
    return [sha256 for sha256 in (visit.texts, visit.second_texts) if sha256]


def _since_the_save_before(session: Session, record: Record, visit: Visit) -> list[Happened]:
    before = session.scalar(
        select(func.max(Visit.at)).where(Visit.response_id == record.id, Visit.version < visit.version)
    )
    since = before or record.started_at
    return [one for one in events(session, record.id) if (before is None or since < one.at) and one.at <= visit.at]
