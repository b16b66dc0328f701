"""A whole study in small: five short instruments and a protocol; what is filled in alone also in Arabic."""

from __future__ import annotations

from pathlib import Path

import polib

from survey.instruments.catalogues import merge, sources
from survey.instruments.reading import read

TALK = """
instrument: talk
version: 1
language: en
title: A short talk
about: participant
role: interviewer
purpose: To hear how you are.
missing: [refused, dont_know]
pages:
  - page: only
    title: You
    questions:
      - {kind: number, name: age, text: How old are you?, min: 18, max: 110}
      - kind: choice
        name: gender
        text: What is your gender?
        choices: {woman: Woman, man: Man}
      - kind: scale
        name: mood
        text: How are you?
        choices: {1: Bad, 2: , 3: Good}
        items: {mo_home: At home, mo_out: Outside}
"""

LAST_TALK = """
instrument: last-talk
version: 1
language: en
title: The last talk
about: participant
role: interviewer
purpose: To look back.
pages:
  - page: only
    title: Looking back
    questions:
      - {kind: number, name: grade, text: Which grade do you give?, min: 1, max: 10}
"""

RATE = """
instrument: rate
version: 1
language: en
title: Your coach
about: participant
role: participant
purpose: To hear what your coach does.
missing: [refused]
pages:
  - page: only
    title: Your coach
    questions:
      - kind: scale
        name: coach_items
        text: How often is it like this?
        choices: {1: Never, 2: , 3: Always}
        items: {co_asks: My coach asks what I want., co_waits: My coach waits for me.}
"""

OWN_WORK = """
instrument: own-work
version: 1
language: en
title: Your work
about: person
role: coach
purpose: To hear how you work.
pages:
  - page: only
    title: Your work
    questions:
      - {kind: number, name: caseload, text: How many participants do you have?, min: 0, max: 99}
"""

SEEN = """
instrument: seen
version: 1
language: en
title: What you saw
about: person
role: observer
purpose: To keep how a meeting went.
pages:
  - page: only
    title: The meeting
    questions:
      - kind: scale
        name: seen_items
        text: How far was this so?
        choices: {1: Not at all, 2: , 3: Wholly}
        items: {se_question: There was a question., se_ideas: Everybody had ideas.}
"""

PROTOCOL = """
protocol: in-small
version: 1
title: {nl: In het klein, en: In small}
teams:
  north: {title: North}
  south: {title: South}
arms:
  method: {nl: Methode, en: Method}
consent:
  - version: 1
    words: {nl: Doet u mee?, en: Do you take part?}
    keeping: {nl: Mogen de antwoorden blijven?, en: May the answers stay?}
    purposes:
      talks: {needed: true, words: {nl: Ik doe mee., en: I take part in the talks.}}
waves:
  t0: {title: {nl: Start, en: Start}, after: registration, due: 7, window: [-7, 21]}
  t1: {title: {nl: Na zes maanden, en: After six months}, after: t0, due: 183, window: [-14, 42]}
  end: {title: {nl: Einde, en: End}, after: round_off, due: 7, window: [-7, 30]}
asks:
  - {instrument: talk, waves: [t0, t1], by: interviewer}
  - {instrument: rate, waves: [t1], by: participant, link_days: 60, reminders: [7]}
  - {instrument: last-talk, waves: [end], by: interviewer}
  - instrument: own-work
    waves: [t0]
    by: coach
    of: coach
    timing: {after: study, due: 14, window: [-14, 60]}
    link_days: 60
    reminders: [7]
  - instrument: seen
    waves: [t1]
    by: observers
    of: meeting
    observers: 2
    steps:
      question: {nl: De vraag, en: The question}
      ideas: {nl: Ideeën, en: Ideas}
background:
  instrument: talk
  wave: t0
  variables:
    age: [18, 40, 60]
    gender:
"""

ARABIC = {
    "title": "مدرّبك",
    "purpose": "نود أن نسمع ما يفعله مدرّبك.",
    "pages/only/title": "مدرّبك",
    "coach_items/text": "كم مرة يحدث هذا؟",
    "coach_items/choices/1": "أبدًا",
    "coach_items/choices/3": "دائمًا",
    "coach_items/items/co_asks": "يسألني مدرّبي عمّا أريد.",
    "coach_items/items/co_waits": "ينتظرني مدرّبي.",
}


def write_own_study(folder: Path) -> Path:
    """A folder for KRACHTMETING_DEFINITIONS."""
    for words in (TALK, LAST_TALK, RATE, OWN_WORK, SEEN):
        name = words.split()[1]
        definition = folder / "instruments" / name / "v1.yaml"
        definition.parent.mkdir(parents=True)
        definition.write_text(words, encoding="utf-8")
    (folder / "protocols").mkdir()
    (folder / "protocols" / "in-small.yaml").write_text(PROTOCOL, encoding="utf-8")
    catalogue = folder / "translations" / "ar" / "LC_MESSAGES" / "rate.po"
    merge(catalogue, sources([read(folder / "instruments" / "rate" / "v1.yaml")]), "ar")
    entries = polib.pofile(str(catalogue))
    for entry in entries:
        entry.msgstr = ARABIC.get(entry.msgctxt.removeprefix("rate/"), "")
    entries.save()
    return folder
