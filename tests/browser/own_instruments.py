"""Instruments of an institute's own: every kind of question, with a catalogue that is written from right to left."""

from __future__ import annotations

from pathlib import Path

import polib

from survey.instruments.catalogues import merge, sources
from survey.instruments.controls import CONTROLS
from survey.instruments.reading import read

EVERY_KIND = """
instrument: every-kind
version: 1
language: nl
title: Van alles wat
about: participant
role: interviewer
purpose: Een kort gesprek met elke soort vraag.
missing: [refused, dont_know, not_applicable]
lists:
  seven: {1: Heel weinig, 2: , 3: , 4: , 5: , 6: , 7: Heel veel}
  five: {1: Nooit, 2: Een enkele keer, 3: Soms, 4: Vaak, 5: Heel vaak}
pages:
  - page: home
    title: Uw huis
    intro: Eerst iets over waar u woont.
    interviewer: Neem de tijd.
    questions:
      - {kind: note, name: hello, text: Fijn dat u er bent.}
      - kind: choice
        name: housed
        text: Heeft u een huis?
        choices: {"yes": Ja, "no": Nee}
        required: true
        pictograms: yes_no
      - {kind: text, name: where, text: Waar slaapt u dan?, when: housed == 'no', hint: Een woord is genoeg.}
      - {kind: number, name: age, text: Hoe oud bent u?, min: 18, max: 110, unit: jaar}
      - {kind: number, name: rooms, text: Hoeveel kamers heeft u?, when: housed == 'yes', min: 0, max: 20, decimals: 1}
      - {kind: open, name: story, text: Wat wilt u vertellen?, max_length: 90000, probes: [Wat helpt u?]}
  - page: days
    title: Uw dagen
    questions:
      - kind: several
        name: worries
        text: Waar denkt u vaak aan?
        at_most: 3
        choices:
          money: Geld
          health: Gezondheid
          children: De kinderen
          work: Werk
          past: Vroeger
          other: {text: "Iets anders, namelijk", other: true}
          none: {text: Niets van dit alles, exclusive: true}
      - kind: scale
        name: support
        text: Hoeveel steun kreeg u?
        hint: 1 is heel weinig en 7 is heel veel.
        choices: seven
        items:
          sup_family: Van familie
          sup_friends: Van vrienden
          sup_money: {text: "Bij zorgen over geld", when: "'money' in worries"}
      - kind: scale
        name: often
        text: Hoe vaak was dit zo?
        choices: five
        pictograms: faces
        items: {of_calm: Ik was rustig., of_out: Ik ging naar buiten.}
      - {kind: date, name: moved, text: Wanneer verhuisde u?, earliest: "1950-01-01", latest: "2030-12-31"}
      - {kind: date, name: since, text: Sinds welke maand woont u hier?, precision: month}
      - {kind: duration, name: walk, text: Hoe lang wandelde u?, max: 1440}
      - {kind: share, name: places, text: Waar was u?, parts: {inside: Binnen, outside: Buiten, away: Ergens anders}}
  - page: last
    title: Tot slot
    questions:
      - {kind: number, name: children, text: Hoeveel kinderen heeft u?, min: 0, max: 20}
      - kind: number
        name: children_home
        text: Hoeveel kinderen wonen bij u?
        when: children > 0
        check: {that: children_home <= children, message: Dit is meer dan alle kinderen. Wilt u nog eens tellen?}
      - kind: choice
        name: known
        text: Hoe kent u ons?
        missing: []
        choices: {friend: Via een vriend, letter: Door een brief, other: {text: "Anders, namelijk", other: true}}
      - {kind: number, name: grown, text: Hoeveel kinderen zijn ouder dan u toen u verhuisde?, when: age >= 40}
"""

TURNING_SCALE = """
instrument: turning-scale
version: 1
language: nl
title: Een schaal die draait
about: participant
role: interviewer
purpose: Een schaal die de leesrichting volgt.
scale_order: reading_direction
pages:
  - page: only
    title: Alleen dit
    questions:
      - kind: scale
        name: turning
        text: Hoe vaak was dit zo?
        choices: {1: Nooit, 2: , 3: Vaak}
        items: {tu_one: Ik was rustig.}
"""

RIGHT_TO_LEFT = "qrl"
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "אבגדהוזחטיכלמנסעפצקרשתאבגד")


def pseudo(words: str) -> str:
    """The same words in letters that are written from right to left."""
    return words.lower().translate(LETTERS)


def write_own_instruments(folder: Path) -> Path:
    """A folder for KRACHTMETING_DEFINITIONS."""
    for name, words in {"every-kind": EVERY_KIND, "turning-scale": TURNING_SCALE}.items():
        definition = folder / "instruments" / name / "v1.yaml"
        definition.parent.mkdir(parents=True)
        definition.write_text(words, encoding="utf-8")
        catalogue = folder / "translations" / RIGHT_TO_LEFT / "LC_MESSAGES" / f"{name}.po"
        merge(catalogue, sources([read(definition)]), RIGHT_TO_LEFT)
        entries = polib.pofile(str(catalogue))
        for entry in entries:
            entry.msgstr = pseudo(entry.msgid)
        entries.save()
    controls = folder / "translations" / RIGHT_TO_LEFT / "LC_MESSAGES" / "controls.po"
    merge(controls, list(CONTROLS.items()), RIGHT_TO_LEFT)
    entries = polib.pofile(str(controls))
    for entry in entries:
        entry.msgstr = pseudo(entry.msgid)
    entries.save()
    return folder
