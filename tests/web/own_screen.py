"""A participant's device in a test: a browser of its own that joins a talk and looks at its screen."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from lxml import html

from survey.storage import participants, responses, studies
from survey.storage.events import Happened, events
from survey.storage.record import Record, Saving
from survey.storage.responses import Opening


def signed(client: FlaskClient, page: str) -> str:
    """The token of a form on a page."""
    return client.get(page).text.split('csrf_token" value="')[1].split('"')[0]


class Talk:
    """An interviewer's browser at the client interview with a new participant, and the tools for the other screen."""

    def __init__(self, house: Any, client: FlaskClient, second: str | None = "ar") -> None:
        self.house, self.client, self.app = house, client, house.app
        self.server = house.app.extensions["krachtmeting"]
        now, study, by = self.server.now(), house.studies["demo"], house.people["ilse"]
        with self.server.database.writing() as session:
            wave = studies.waves(session, study)[0].id
            participant = participants.register(session, study, by, now)
            opening = Opening(study, wave, "client-interview", 1, by, "nl", second, participant_id=participant.id)
            self.token = responses.open_response(session, opening, now)

    def address(self, part: str = "") -> str:
        """An address of this response."""
        return f"/response/{self.token}/{part}"

    def get(self, part: str = "") -> Any:
        """What stands there."""
        return self.client.get(self.address(part))

    def post(self, part: str, **fields: Any) -> Any:
        """Press something that belongs to this response."""
        return self.client.post(self.address(part), data={"csrf_token": signed(self.client, "/account/"), **fields})

    @property
    def record(self) -> Record:
        """The response as the database has it."""
        with self.server.database.reading() as session:
            found = responses.response(session, self.token)
        assert found is not None
        return found

    def answer(self, unit: str, value: Any) -> None:
        """Record an answer, as the page would."""
        with self.server.database.writing() as session:
            record = responses.response(session, self.token, for_writing=True)
            assert record is not None
            by = self.house.people["ilse"]
            saving = Saving("autosave", "welcome", by, record.version, {("answers", unit): value})
            responses.save(session, record, saving, self.server.now())

    def hand_in(self) -> None:
        """Hand the interview in."""
        with self.server.database.writing() as session:
            record = responses.response(session, self.token, for_writing=True)
            assert record is not None
            saving = Saving("submit", None, self.house.people["ilse"], record.version)
            responses.submit(session, record, saving, self.server.now())

    def words(self, key: str, language: str = "ar") -> str:
        """The words of a text key as the catalogue has them."""
        library = self.server.library
        return str(library.texts(library.newest["client-interview"], language)[key].words)

    def invite(self) -> str:
        """The code of a new invitation, as the page shows it."""
        page = html.fromstring(self.post("screen/pair").data)
        return str(page.xpath("//*[@class='short-code']")[0].text_content())

    def device(self) -> Device:
        """A device that joined this talk."""
        device = Device(self.app.test_client())
        assert device.join(code=self.invite()).status_code == 302
        return device

    def show(self, page: str, unit: str) -> Any:
        """Show a unit of a page, as the script of the page does."""
        return self.post("screen/show", page=page, unit=unit).json

    def show_unit(self, unit: str) -> Any:
        """Show a unit, or a note by its name, on the page where it stands."""
        pages = self.server.library.newest["client-interview"].pages
        names = {page.page: {one.name for one in page.questions} | {one.name for one in page.units()} for page in pages}
        return self.show(next(page for page, known in names.items() if unit in known), unit)

    def state(self) -> Any:
        """How the screen stands, as the script of the page hears it."""
        return self.get("screen/state").json

    def events(self) -> list[Happened]:
        """What happened."""
        with self.server.database.reading() as session:
            return events(session, self.record.id)

    def happened(self) -> list[tuple[Any, ...]]:
        """Kind, who and unit of each event."""
        names = {code: name for name, code in self.house.codes.items()}
        return [(one.kind, names.get(one.by or "", "participant"), one.unit) for one in self.events()]


class Device:
    """A tablet in the hands of a participant: nobody signed in on it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def join(self, **fields: str) -> Any:
        """Send the form with a code or a link."""
        fields["csrf_token"] = signed(self.client, "/screen/join")
        return self.client.post("/screen/join", data=fields)

    def now(self, step: str = "") -> Any:
        """What stands on it."""
        return self.client.get("/screen/now", query_string={"step": step}).json

    def sees(self) -> list[str]:
        """The words on it, piece by piece, without those that only a screen reader says."""
        return words(self.now()["html"])

    def tap(self, unit: str, **fields: Any) -> Any:
        """Tap something."""
        sent = {"csrf_token": self.now()["csrf"], "unit": unit, "script": "1"}
        return self.client.post("/screen/tap", data=sent | fields)


def words(markup: str) -> list[str]:
    """The visible words of a piece of markup, in order."""
    if not markup.strip():
        return []
    tree = html.fromstring(f"<div>{markup}</div>")
    for hidden in tree.xpath("//*[@hidden or contains(@class, 'one-hidden')]"):
        hidden.drop_tree()
    return [" ".join(text.split()) for text in tree.itertext() if text.strip()]


def chosen(markup: str) -> list[str]:
    """The values that stand as chosen."""
    tree = html.fromstring(f"<div>{markup}</div>")
    return [one.get("value") for one in tree.xpath("//button[@aria-pressed='true'] | //input[@checked]")]
