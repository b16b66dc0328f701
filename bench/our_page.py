"""Our app with one study, one interviewer and the ten-question instrument in Dutch and English."""

from __future__ import annotations

import datetime
from pathlib import Path

from flask import Flask

from survey.instruments.library import Library, Shelf
from survey.storage import participants, people, responses, studies
from survey.storage.database import Database
from survey.storage.responses import Opening
from survey.web.app import create_app
from survey.web.settings import Settings

ENGLISH = {
    "Tien vragen": "Ten questions",
    "Een pagina om snelheid te meten.": "A page to measure speed.",
    "Werkt u op dit moment?": "Do you work at the moment?",
    "Hoe vaak komt u buiten?": "How often do you get out?",
    "Hoe vaak krijgt u bezoek?": "How often do you have visitors?",
    "Hoe vaak bent u uitgerust?": "How often are you rested?",
    "Hoe vaak maakt u plannen?": "How often do you make plans?",
    "Hoe oud bent u?": "How old are you?",
    "Hoeveel uur bent u onderweg?": "How many hours do you travel?",
    "In welke wijk woont u?": "In which quarter do you live?",
    "Wat doet u graag?": "What do you like to do?",
    "Wat wenst u voor het komende half jaar?": "What do you wish for?",
}

PASSWORD = "only for measuring"


def make(
    folder: Path, responses_wanted: int, url: str | None = None, second: str | None = "en"
) -> tuple[Settings, list[str]]:
    """A database with as many open responses as wanted, with or without a second language: its settings, and the
    responses' tokens."""
    shelf = folder / "own"
    definition = shelf / "instruments" / "ten-questions" / "v1.yaml"
    definition.parent.mkdir(parents=True)
    definition.write_bytes((Path(__file__).parent / "ten_questions.yaml").read_bytes())
    catalogue = shelf / "translations" / "en" / "LC_MESSAGES" / "ten-questions.po"
    catalogue.parent.mkdir(parents=True)
    instrument = Library([Shelf(shelf, shelf / "translations")]).newest["ten-questions"]
    entries = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n']
    for key, source in instrument.texts.items():
        translated = ENGLISH.get(source, f"{source} (English)")
        entries.append(f'msgctxt "ten-questions/{key}"\nmsgid "{source}"\nmsgstr "{translated}"\n')
    catalogue.write_text("\n".join(entries), encoding="utf-8")
    settings = Settings(url or f"sqlite:///{folder / 'ours.sqlite'}", "bench" * 8, (shelf,))
    database = Database(settings.database_url)
    database.upgrade()
    now = datetime.datetime.now(datetime.UTC)
    with database.writing() as session:
        study = studies.add_study(session, "bench", "Bench", [("t0", "Start")], now)
        interviewer = people.add_person(session, "ilse", PASSWORD, now)
        people.set_roles(session, interviewer, study, frozenset({"interviewer"}))
        wave = studies.waves(session, study)[0].id
        tokens = [
            responses.open_response(
                session,
                Opening(
                    study,
                    wave,
                    "ten-questions",
                    1,
                    interviewer,
                    "nl",
                    second,
                    participant_id=participants.register(session, study, interviewer, now).id,
                ),
                now,
            )
            for _ in range(responses_wanted)
        ]
    database.close()
    return settings, tokens


def app(settings: Settings) -> Flask:
    """Our app over that database."""
    return create_app(settings)
