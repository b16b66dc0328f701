"""One handed-in response as the measures look at it: its scores, their items, and the answers that count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from survey.answers.flow import flow
from survey.answers.flow import reason as reason_of
from survey.answers.missing import State
from survey.instruments.kinds.open import Open
from survey.instruments.kinds.text import Text
from survey.instruments.model import Instrument
from survey.measures.coding import wording_of
from survey.measures.scales import Scored, Scorer, of_items

Value = TypeVar("Value")


class Places(Mapping[str, Value], Generic[Value]):
    """Names -> values, of which the names are shared by many rows: ten thousand responses fit in little memory."""

    __slots__ = ("_places", "_row")

    def __init__(self, places: Mapping[str, int], row: tuple[Value | None, ...]) -> None:
        self._places = places
        self._row = row

    def __getitem__(self, name: str) -> Value:
        found = self._row[self._places[name]]
        if found is None:
            raise KeyError(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """As of every mapping; without the exception that makes the usual one slow."""
        place = self._places.get(name)
        found = None if place is None else self._row[place]
        return default if found is None else found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return (name for name, place in self._places.items() if self._row[place] is not None)

    def __len__(self) -> int:
        return len(self._row) - self._row.count(None)

    def __repr__(self) -> str:
        return repr(dict(self))


class Subject(NamedTuple):
    """Whose response it is: a participant's or a person's code, and what is known of them.

    `team`, `arm` and `coach` are codes, None where there is none; `person` the id of who filled in about the own work.
    """

    code: str
    team: str | None = None
    arm: str | None = None
    coach: str | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """One handed-in response.

    `items`: item of a score -> its value, turned back where the score wants it; no entry without an answer. `states`:
    item -> why it has no answer. `values`: unit -> answer, of all that count but texts. `wordings`: open question
    -> fingerprint of its answer, so that no words are kept. `interpreted`: somebody interpreted in some part of it.
    """

    response: str
    instrument: str
    version: int
    wave: str
    subject_of: Subject
    mode: str
    interpreted: bool
    scores: Mapping[str, Scored]
    items: Mapping[str, float]
    states: Mapping[str, State]
    values: Mapping[str, Any]
    wordings: Mapping[str, str]

    @property
    def subject(self) -> str:
        """The code of whose response it is."""
        return self.subject_of.code

    @property
    def team(self) -> str | None:
        """The code of the subject's team."""
        return self.subject_of.team

    @property
    def arm(self) -> str | None:
        """The code of the participant's arm."""
        return self.subject_of.arm

    @property
    def coach(self) -> str | None:
        """The code of the participant's coach."""
        return self.subject_of.coach

    @property
    def person(self) -> int | None:
        """The id of who filled it in about the own work, where it is of no participant."""
        return self.subject_of.person


class Measurer:
    """Makes measurements of one version of an instrument. It remembers what is the same for all of them."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._items = list(dict.fromkeys(item for score in instrument.scores.values() for item in score.items))
        self._item_places = {item: place for place, item in enumerate(self._items)}
        self._scorers = {name: Scorer(instrument, name) for name in instrument.scores}
        self._open = [name for name, unit in instrument.units.items() if isinstance(unit.question, Open)]
        self._said: dict[Any, Any] = {}

    @cached_property
    def _places(self) -> dict[str, int]:
        units = self.instrument.units.items()
        names = [name for name, unit in units if not isinstance(unit.question, Open | Text) and unit.role != "other"]
        return {name: place for place, name in enumerate(names)}

    def measurement(
        self, response: str, wave: str, subject: Subject, answers: Mapping[str, Any], *, mode: str, interpreted: bool
    ) -> Measurement:
        """One response with these answers."""
        found = flow(self.instrument, answers)
        values = found.scope
        scores: dict[str, Scored] = {}
        items: list[float | None] = [None] * len(self._items)
        for name, scorer in self._scorers.items():
            given = scorer.items(values)
            scores[name] = of_items(scorer.score, given)
            for item, value in zip(scorer.score.items, given, strict=True):
                items[self._item_places[item]] = value
        states = {
            item: self._state(item, found.on_path, answers)
            for item, value in zip(self._items, items, strict=True)
            if value is None
        }
        wordings = {name: wording_of(said) for name in self._open if isinstance(said := values.get(name), str)}
        row = tuple(map(self._kept, map(values.get, self._places)))
        return Measurement(
            response, self.instrument.instrument, self.instrument.version, wave, subject, mode, interpreted, scores,
            Places(self._item_places, tuple(items)), states, Places(self._places, row), wordings,
        )  # fmt: skip

    def _state(self, item: str, on_path: frozenset[str], answers: Mapping[str, Any]) -> State:
        if item not in on_path:
            return State.NOT_ASKED
        why = reason_of(answers.get(item))
        return State(why) if why else State.NOT_REACHED

    def _kept(self, value: Any) -> Any:
        """The same value, as one object where many responses have it."""
        return self._said.setdefault(value, value) if isinstance(value, str) else value


def by_subject(measurements: Iterable[Measurement]) -> dict[str, dict[str, Measurement]]:
    """Subject -> wave -> measurement. Of one wave there is one; of an observer, who has several, the last counts."""
    found: dict[str, dict[str, Measurement]] = defaultdict(dict)
    for one in measurements:
        found[one.subject][one.wave] = one
    return dict(found)
