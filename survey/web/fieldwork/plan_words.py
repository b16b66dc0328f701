"""A protocol in words: at each wave what is asked of whom, who fills it in, and when; and what a newer one changes."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext, lazy_gettext

from survey.instruments.protocols.model import Ask, Protocol, said
from survey.instruments.texts import ShownText
from survey.planning.revision import Asked, revision
from survey.web.interface import interface_language
from survey.web.titles import shown_title, title_of

OF_WORDS = {
    "participant": lazy_gettext("participants"),
    "coach": lazy_gettext("coaches"),
    "team_leader": lazy_gettext("team leaders"),
    "meeting": lazy_gettext("team meetings"),
}

BY_WORDS = {
    "interviewer": lazy_gettext("an interviewer asks"),
    "participant": lazy_gettext("the participant fills it in alone"),
    "coach": lazy_gettext("the coach fills it in, by a personal link"),
    "observers": lazy_gettext("observers fill it in, each alone"),
}

ANCHOR_WORDS = {
    "registration": lazy_gettext("registration"),
    "round_off": lazy_gettext("the end of the trajectory"),
    "study": lazy_gettext("the first day of the study"),
}


@dataclass(frozen=True)
class PlanLine:
    """One instrument at one wave, in words."""

    title: ShownText
    of: str
    by: str
    when: str


@dataclass(frozen=True)
class PlanWave:
    """What is asked at one wave."""

    code: str
    title: str
    lines: list[PlanLine]


def plan(protocol: Protocol) -> list[PlanWave]:
    """What will be asked, wave by wave."""
    return [
        PlanWave(
            code,
            said(wave.title, interface_language()),
            [_line(protocol, ask, code) for ask in protocol.asks if code in ask.waves],
        )
        for code, wave in protocol.waves.items()
    ]


def _line(protocol: Protocol, ask: Ask, wave: str) -> PlanLine:
    return PlanLine(
        shown_title(ask.instrument), str(OF_WORDS[ask.of]), str(BY_WORDS[ask.by]), _when(protocol, ask, wave)
    )


def _when(protocol: Protocol, ask: Ask, wave: str) -> str:
    if ask.of == "meeting":
        return gettext("within two weeks after a meeting")
    timing = protocol.timing(ask, wave)
    first, last = timing.window
    return gettext(
        "%(due)s days after %(what)s; from day %(first)s to day %(last)s",
        due=timing.due,
        what=_anchor(protocol, timing.after),
        first=timing.due + first,
        last=timing.due + last,
    )


def _anchor(protocol: Protocol, after: str) -> str:
    if after in protocol.waves:
        return gettext("the interview of “%(wave)s”", wave=said(protocol.waves[after].title, interface_language()))
    return str(ANCHOR_WORDS[after])


def changes(old: Protocol, new: Protocol) -> list[str]:
    """What a newer version changes, a sentence each."""
    found, language = revision(old, new), interface_language()

    def asked(one: Asked) -> dict[str, str]:
        wave, instrument, of = one
        waves = new.waves if wave in new.waves else old.waves
        return {"what": title_of(instrument), "wave": said(waves[wave].title, language), "of": str(OF_WORDS[of])}

    told = [gettext("New moment: %(wave)s", wave=said(new.waves[code].title, language)) for code in found.waves_added]
    told += [
        gettext("No longer a moment: %(wave)s. Its answers stay.", wave=said(old.waves[code].title, language))
        for code in found.waves_removed
    ]
    told += [gettext("New: %(what)s at “%(wave)s”, of %(of)s", **asked(one)) for one in found.added]
    told += [
        gettext("No longer asked: %(what)s at “%(wave)s”, of %(of)s. What was answered stays.", **asked(one))
        for one in found.removed
    ]
    told += [
        gettext("By others or on other days: %(what)s at “%(wave)s”, of %(of)s", **asked(one))
        for one in found.otherwise
    ]
    told += [gettext("New team: %(team)s", team=new.teams[code].title) for code in found.teams_added]
    if found.consent:
        told.append(gettext("Other words of consent. Whoever agreed before agreed to the earlier words."))
    if found.drawing:
        told.append(gettext("Other arms, or another way of drawing. This cannot be adopted once somebody was drawn."))
    if found.outcomes:
        what = gettext(
            "Other outcomes than were declared before. Who saw answers already should say so in every report."
        )
        told.append(what)
    return told or [gettext("Other words only; nothing else changes.")]
