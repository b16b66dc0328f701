"""Everything of a team, a study or a person, asked for by everybody whose it is not: it is as if it were not there."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from browser import Answer, Browser
from scene import Scene
from sqlalchemy import select
from tried import Tried

from survey.storage.tables import Meeting, Participant, Query, Response, StepTime, Study, Task

CLOSE_SECONDS = 0.004
"""So far apart may be the times of what is not yours and what is not there; a query more is a tenth of it."""

SIGNED = re.compile(r'(csrf[_a-z]*"?[:\s][^>]*?"|nonce="|value="Ij)[A-Za-z0-9_.\-]{20,}')


@dataclass(frozen=True)
class Thing:
    """A thing in addresses: what stands for it, those that a stranger may not see, and one that does not exist."""

    placeholder: str
    theirs: tuple[str, ...]
    nothing: str


def _things(scene: Scene) -> list[Thing]:
    """All of the demo study that is of no team of the neighbour, and of nobody in the strangers' study."""
    team = scene.place.team
    with scene.place.database.reading() as session:
        study = session.scalars(select(Study.id).where(Study.slug == "demo")).one()

        def of(column: object, table: type) -> tuple[str, ...]:
            where = [table.study_id == study]  # type: ignore[attr-defined]
            rows = session.execute(select(column, table.team_id).where(*where).limit(400))  # type: ignore[attr-defined, call-overload]
            return tuple(str(key) for key, whose in rows if whose != team)

        query = select(Query.id).join(Response, Response.id == Query.response_id)
        queries = session.scalars(query.where(Response.team_id != team)).all()
        times = session.scalars(select(StepTime.id)).all()
        return [
            Thing("<token>", of(Response.token, Response), "zz22zz22zz22zz22zz22zz22"),
            Thing("<code>", of(Participant.code, Participant), "ZZ-222-2"),
            Thing("<int:task_id>", of(Task.id, Task), "2000000000"),
            Thing("<meeting>", of(Meeting.code, Meeting), "MEE-999"),
            Thing("<int:query>", tuple(str(one) for one in queries), "2000000000"),
            Thing("<int:time>", tuple(str(one) for one in times), "2000000000"),
        ]


REST = {
    "<slug>": "demo", "<instrument>": "client-interview", "<wave>": "t0", "<name>": "welcome", "<unit>": "mood_today",
    "<item>": "session_rhythm", "<int:version>": "1", "<int:passage>": "1", "<int:time>": "1", "<int:person_id>": "1",
    "<language>": "ar", "<path:context>": "client-interview/mood_today/text", "<secret>": "a", "<link>": "a",
}  # fmt: skip


def _addresses(scene: Scene) -> Iterator[tuple[str, str, Thing]]:
    """Method, rule and thing for every route of something that belongs to somebody."""
    things = _things(scene)
    for rule in sorted(scene.place.app.url_map.iter_rules(), key=lambda one: one.rule):
        if not rule.rule.startswith(("/study/", "/response/")):
            continue
        for thing in things:
            if thing.placeholder in rule.rule:
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    yield method, rule.rule, thing


def _put(rule: str, thing: Thing, value: str) -> str:
    for part, usual in {**REST, thing.placeholder: value}.items():
        rule = rule.replace(part, usual)
    return re.sub(r"<[^>]+>", "1", rule)


def _ask(browser: Browser, method: str, address: str) -> Answer:
    return browser.get(address) if method == "GET" else browser.post(address, {"base": "0", "page": "welcome"})


def _plain(came: Answer, address: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    """An answer without what is new each time, and without what was asked for."""
    body = SIGNED.sub("", came.text).replace(address, "").encode()
    left = ("date", "content-length", "set-cookie", "x-request-id")
    return came.code, body, sorted(pair for pair in came.headers.items() if pair[0].lower() not in left)


def theirs(scene: Scene) -> Tried:
    """Every route about everything that is another team's or study's, for both strangers: 404, as for nothing."""
    tried = Tried("others' people, responses, tasks, meetings and queries, every route")
    each = 2 if scene.short else 12
    tried.wrong(*(f"there is nothing of others for {one.placeholder}" for one in _things(scene) if not one.theirs))
    for name in ("neighbour", "stranger"):
        browser = scene.browsers[name]
        for method, rule, thing in _addresses(scene):
            absent = _put(rule, thing, thing.nothing)
            nothing = _plain(_ask(browser, method, absent), absent)
            for value in thing.theirs[:each]:
                address = _put(rule, thing, value)
                came = _plain(_ask(browser, method, address), address)
                tried.times += 1
                if came[0] != 404:
                    tried.wrong(f"{came[0]} for {method} {address} as {name}")
                elif came != nothing:
                    tried.wrong(f"{method} {address} is told from nothing, as {name}")
    tried.wrong(*_own(scene, tried))
    return tried


def _own(scene: Scene, tried: Tried) -> Iterator[str]:
    """What a coach or observer fills in is nobody else's: each response against each role that is not its owner's."""
    with scene.place.database.reading() as session:
        owned = session.execute(select(Response.token, Response.person_id).where(Response.person_id.is_not(None))).all()
    for token, _ in owned[: 3 if scene.short else 30]:
        for name in ("beheer", "teamleider", "vertaling", "stranger", ""):
            came = scene.browsers[name].get(f"/response/{token}/")
            tried.times += 1
            if came.code not in (302, 404) or "/page/" in came.location:
                yield f"{came.code} for /response/{token}/ as {name or 'nobody'}"


def by_time(scene: Scene) -> Tried:
    """Whether the time that an answer takes tells what exists."""
    tried = Tried("the time of what is not yours against what is not there")
    browser, times = scene.browsers["neighbour"], 15 if scene.short else 60
    known = {"/response/<token>/": "<token>", "/study/<slug>/participants/<code>": "<code>"}
    things = {one.placeholder: one for one in _things(scene)}
    for rule, placeholder in known.items():
        thing = things[placeholder]
        asked = {"yours": thing.theirs[0], "nothing": thing.nothing}
        for attempt in range(3):
            took: dict[str, list[float]] = {"yours": [], "nothing": []}
            for _ in range(times):
                for which, value in asked.items():
                    begun = time.perf_counter()
                    _ask(browser, "GET", _put(rule, thing, value))
                    took[which].append(time.perf_counter() - begun)
                    tried.times += 1
            apart = abs(median(took["yours"]) - median(took["nothing"]))
            if apart < CLOSE_SECONDS:
                break
            if attempt == 2:
                tried.wrong(f"{apart * 1000:.1f} ms apart at {rule}")
    return tried
