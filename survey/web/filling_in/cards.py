"""One question as a participant sees it alone: its words, its options, and what is chosen, ready for the template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from survey.answers.flow import reason, value
from survey.instruments.errors import Invalid
from survey.instruments.figures import date, digits, percent
from survey.instruments.kinds.question import Question, Unit
from survey.instruments.kinds.share import Share
from survey.instruments.texts import Texts
from survey.web.filling_in.sitting import Sitting
from survey.web.filling_in.sound import sounds
from survey.web.filling_in.talk import participants_texts
from survey.web.server import server

Sort = Literal["pick", "several", "tell", "note"]
TAPPED: Mapping[str, Sort] = {"choice": "pick", "scale": "pick", "several": "several"}
"""The kinds of which an answer can be tapped; all others are told to the interviewer."""


@dataclass(frozen=True)
class Said:
    """Words that can be read aloud. `sound` is the address of a recording. Untranslated ones must not be shown."""

    key: str
    words: str
    language: str
    direction: str
    translated: bool
    sound: str | None


@dataclass(frozen=True)
class Option:
    """An option, or a reason for no answer. `figure` stands where it has no words; `value` is what is sent."""

    value: str
    said: Said | None
    figure: str
    pictogram: str | None
    chosen: bool
    exclusive: bool = False


@dataclass(frozen=True)
class Card:
    """One question alone. `above` is the question of which `text` is a row; `ends` the words at both ends of a row of
    figures, which lies in `row_direction`; `answer` what was recorded, in figures, where it is not one of the options.
    """

    name: str
    sort: Sort
    texts: Texts
    above: Said | None
    text: Said
    hint: Said | None
    more: Said | None
    pictogram: str | None
    options: tuple[Option, ...]
    reasons: tuple[Option, ...]
    ends: tuple[Said | None, Said | None] | None
    row_direction: str
    answer: str
    tapped: bool

    def control(self, name: str) -> Said:
        """The words of a control."""
        return _said(self.texts, f"controls/{name}", {})

    @property
    def untranslated(self) -> bool:
        """Whether any of its words are missing in the participant's language."""
        parts = [self.above, self.text, self.hint, *(option.said for option in self.options), *(self.ends or ())]
        return any(part is not None and not part.translated for part in parts)


def sounding(session: Session, here: Sitting, names: Iterable[str], under: str = "") -> dict[str, str]:
    """Text key -> address of its recording, of everything on these cards. `under`: the path under which it is asked."""
    keys = dict.fromkeys(key for name in names for key in _keys(here, name))
    found = sounds(server().library, session, participants_texts(here), keys)
    return {key: f"{under}{address}" for key, address in found.items()}


def card(here: Sitting, name: str, sounding: Mapping[str, str], tapped: Any = None) -> Card | None:
    """The card of a unit, or of a note by its name; None where there is none. `sounding`: recordings by text key.

    `tapped` is what the participant tapped and nobody settled yet; it stands as chosen before what is recorded.
    """
    question, unit = _found(here, name)
    if question is None:
        return None
    chosen = tapped if tapped is not None else here.record.answers.get(name)
    return _card(here, question, unit, participants_texts(here), sounding, chosen, tapped is not None)


def _found(here: Sitting, name: str) -> tuple[Question | None, Unit | None]:
    unit = here.instrument.units.get(name)
    if unit is not None:
        return unit.question, unit
    question = here.instrument.questions.get(name)
    return (None if question is None or question.units() else question), None


def _card(
    here: Sitting,
    question: Question,
    unit: Unit | None,
    texts: Texts,
    sounding: Mapping[str, str],
    chosen: Any,
    tapped: bool,
) -> Card:
    def said(key: str) -> Said:
        return _said(texts, key, sounding)

    key = unit.key if unit else f"{question.name}/text"
    own = unit is None or unit.role != "other"
    sort: Sort = "note" if unit is None else TAPPED.get(question.kind, "tell") if own else "tell"
    options: tuple[Option, ...] = ()
    if sort in ("pick", "several"):
        options = tuple(_options(question, texts, sounding, value(chosen)))
    elif isinstance(question, Share):
        options = tuple(_parts(question, texts, sounding, value(chosen)))
    labelled = [option.said is not None for option in options]
    in_row = question.kind == "scale" and not all(labelled)
    return Card(
        name=unit.name if unit else question.name,
        sort=sort,
        texts=texts,
        above=said(f"{question.name}/text") if key != f"{question.name}/text" else None,
        text=said(key),
        hint=said(f"{question.name}/hint") if question.hint and own else None,
        more=said("controls/choose_more") if sort == "several" and not question.hint else None,
        pictogram=question.topic,
        options=options,
        reasons=tuple(
            Option(why, said(f"controls/{why}"), "", None, reason(chosen) == why)
            for why in (unit.missing if unit else ())
        ),
        ends=(options[0].said, options[-1].said) if in_row else None,
        row_direction="ltr" if here.instrument.scale_order == "left_to_right" else texts.direction,
        answer=_in_figures(question, texts, value(chosen)) if sort == "tell" and own else "",
        tapped=tapped,
    )


def _options(question: Question, texts: Texts, sounding: Mapping[str, str], chosen: Any) -> Iterator[Option]:
    codes = chosen if isinstance(chosen, list) else [chosen]
    for position, (code, option) in enumerate(question.options.items(), start=1):
        said = _said(texts, f"{question.choices_key}/{code}", sounding) if option.text else None
        # Without words of its own, or with words in another language, an option is known by its number.
        number = code if isinstance(code, int) else position
        yield Option(
            str(code), said, digits(texts.language, number), question.picture(position), code in codes,
            option.exclusive,
        )  # fmt: skip


def _parts(question: Share, texts: Texts, sounding: Mapping[str, str], shares: Any) -> Iterator[Option]:
    """The parts of a whole, each with its recorded share."""
    for part in question.parts:
        said = _said(texts, f"{question.name}/parts/{part}", sounding)
        yield Option(part, said, percent(texts.language, shares[part]) if shares else "", None, False)


def _keys(here: Sitting, name: str) -> Iterator[str]:
    """The text keys of everything that can be read aloud on a card."""
    question, unit = _found(here, name)
    if question is None:
        return
    yield f"{question.name}/text"
    if question.hint:
        yield f"{question.name}/hint"
    if unit is not None:
        yield unit.key
        yield from (key for _, key in question.labels() if key)
        yield from (key for key in question.own_texts() if "/parts/" in key)
        yield "controls/choose_more"
        yield from (f"controls/{why}" for why in unit.missing)


def _said(texts: Texts, key: str, sounding: Mapping[str, str]) -> Said:
    text = texts[key]
    return Said(key, text.words, text.language, text.direction, text.translated, sounding.get(key))


def _in_figures(question: Question, texts: Texts, answer: Any) -> str:
    """A recorded answer in the figures of a language; nothing for words, which stand there in the interviewer's own."""
    language = texts.language
    if answer is None:
        return ""
    match question.kind:
        case "number":
            behind = texts.get(f"{question.name}/unit")
            return f"{digits(language, answer)} {behind.words if behind and behind.translated else ''}".strip()
        case "date":
            return date(language, answer)
        case "duration":
            hours, minutes = (texts[f"controls/{part}"].words for part in ("hours", "minutes"))
            return f"{hours} {digits(language, answer // 60)}, {minutes} {digits(language, answer % 60)}"
    return ""


def sent_answer(unit: Unit, sent: MultiDict[str, str]) -> Any:
    """The answer, or {"missing": reason}, in what was tapped. Raises Invalid."""
    why = sent.get("reason", "")
    if why:
        if why not in unit.missing:
            raise Invalid("choice.unknown")
        return {"missing": why}
    if unit.role == "other" or unit.question.kind not in TAPPED:
        raise Invalid("choice.unknown")
    answer = unit.parse({"": sent.getlist("answer")})
    if answer is None:
        raise Invalid("answer.required" if unit.missing else "answer.only")
    return answer
