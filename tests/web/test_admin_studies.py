"""The admin's pages about studies: by a protocol or by hand; teams, versions, drawing by lot. They show no answers."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html
from planned_study import PlannedStudy, krachtwerk
from seeing import seen
from sqlalchemy import func, select

from survey.forms import people as people_forms
from survey.forms import studies as forms
from survey.instruments.protocols import model
from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.reading import kept_protocol
from survey.storage import course, participants, people, protocols, studies
from survey.storage.database import Database
from survey.storage.tables import Allocation, Participant, Person, Task, Wave
from survey.web.server import Server


@pytest.fixture
def here(house: Any, app: Flask, clock: Any) -> Server:
    """The server of a test, with the protocol that is shipped."""
    first = app.extensions["krachtmeting"]
    made = Server(first.settings, first.database, first.library, clock, {"krachtwerk": krachtwerk()})
    app.extensions["krachtmeting"] = made
    return made


@pytest.fixture
def database(here: Server) -> Database:
    return here.database


def version(number: int, *changes: tuple[str, str]) -> FiledProtocol:
    """The shipped protocol as a later version, with words of its file replaced by others."""
    source = krachtwerk().source
    for old, new in (("version: 2\ntitle", f"version: {number}\ntitle"), *changes):
        assert old in source
        source = source.replace(old, new, 1)
    return FiledProtocol(kept_protocol(source), source)


TRIAL = (
    "arms:\n  krachtwerk:\n",
    "randomisation: {blocks: [4, 6], within: team}\narms:\n  usual: {nl: Gewoon, en: Usual}\n  krachtwerk:\n",
)
"""Two arms, drawn by lot in each team."""


STUDY = {
    "title": "Nijmegen 2026",
    "slug": "nijmegen-2026",
    "time_zone": "Europe/Amsterdam",
    "waves": "t0 Start\r\n\r\nt1: Six months\n",
}


def test_study_is_added_with_its_waves(admin: Any, send: Any, database: Database, house: Any, trail: Any) -> None:
    answer = send(admin, "/admin/studies/new", **STUDY)
    assert (answer.status_code, answer.location) == (302, "/admin/studies/nijmegen-2026")
    assert seen(admin.get("/admin/studies"), "//tbody/tr[1]/td") == [
        "Nijmegen 2026", "nijmegen-2026", "none", "Europe/Amsterdam", "t0 Startt1 Six months", "0", "2025-03-03",
    ]  # fmt: skip
    with database.reading() as reading:
        found = studies.study_with(reading, "nijmegen-2026")
        assert found is not None
        assert [(wave.code, wave.title) for wave in studies.waves(reading, found.id)] == [
            ("t0", "Start"),
            ("t1", "Six months"),
        ]
    assert trail() == [("added a study", house.codes["admin"], {"study": "nijmegen-2026", "waves": ["t0", "t1"]})]


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("title", "", "Write a title."),
        ("slug", "", "Write a short name."),
        ("slug", "new", "The server needs this word for itself. Choose another short name."),
        ("slug", "demo", "There is a study with this short name already. Choose another one."),
        (
            "slug",
            "Nijmegen 2026",
            "Use small letters, digits and dashes only, and begin with a letter. At most 40 in all.",
        ),
        (
            "time_zone",
            "Europe/Nimwegen",
            "This time zone does not exist. Choose one from the list, such as Europe/Amsterdam.",
        ),
        (
            "time_zone",
            "localtime",
            "This time zone does not exist. Choose one from the list, such as Europe/Amsterdam.",
        ),
        ("waves", "", "Write at least one wave, such as: t0 Start"),
        ("waves", "t0", "Wave 1: write a title behind the code “t0”, of at most 100 characters."),
        ("waves", "t0 Start\nt0 Again", "Wave 2: the code “t0” is there already. Each wave has a code of its own."),
        (
            "waves",
            "Start now",
            "Wave 1: “Start” cannot be its code. "
            "A code has one to three small letters and digits and begins with a letter, such as t0.",
        ),
    ],
)
def test_study_that_does_not_do_is_explained_and_stays(
    field: str, typed: str, problem: str, admin: Any, send: Any, trail: Any
) -> None:
    page = send(admin, "/admin/studies/new", **(STUDY | {field: typed}))
    assert (page.status_code, seen(page, "//p[@class='error']")) == (422, [problem])
    shown = {name: seen(page, f"//input[@name='{name}']/@value")[0] for name in ("title", "slug", "time_zone")}
    assert shown == {name: (STUDY | {field: typed})[name] for name in shown}
    assert trail() == []


def test_waves_stay_as_they_were_typed(admin: Any, send: Any) -> None:
    page = send(admin, "/admin/studies/new", **(STUDY | {"slug": "", "waves": "t0 Start\n!"}))
    assert html.fromstring(page.data).xpath("//textarea")[0].text.strip().splitlines() == ["t0 Start", "!"]


def test_forms_storage_and_protocols_have_the_same_rules() -> None:
    assert tuple(people_forms.ROLE_WORDS) == people.ROLES
    assert people_forms.PASSWORD_LENGTH == people.PASSWORD_LENGTH
    assert Person.__table__.c.name.type.length == people_forms.NAME_LIMIT
    assert (forms.SLUG, forms.WAVE_CODE) == (studies.SLUG, studies.WAVE_CODE)
    (rule,) = (one for one in model.ShortName.__metadata__)
    assert [(code, bool(forms.TEAM_CODE.fullmatch(code))) for code in ("north_1", "a" * 20, "a" * 21, "1a", "A")] == [
        ("north_1", True),
        ("a" * 20, True),
        ("a" * 21, False),
        ("1a", False),
        ("A", False),
    ]
    assert (rule.pattern, rule.max_length) == ("^[a-z][a-z0-9_]*$", 20)


# By a protocol


def test_study_by_protocol_gets_its_waves_and_teams_and_says_beforehand_what_is_planned(
    admin: Any, send: Any, database: Database, trail: Any, house: Any
) -> None:
    page = admin.get("/admin/studies/new")
    assert seen(page, "//input[@name='protocol'][@checked]/@value") == ["krachtwerk"]
    assert seen(page, "//details//li//li")[0].endswith(
        "– participants; an interviewer asks; 14 days after registration; from day 0 to day 42"
    )
    answer = send(admin, "/admin/studies/new", **(STUDY | {"waves": "", "protocol": "krachtwerk"}))
    page = admin.get(answer.location)
    assert seen(page, "//ul[@class='plan']/li/strong") == ["Start", "After six months", "End of the trajectory"]
    assert seen(page, "//ul[contains(@class, 'teams')]/li//strong") == ["Team Noord", "Team Zuid"]
    assert trail() == [
        ("added a study", house.codes["admin"], {"study": "nijmegen-2026", "protocol": "krachtwerk", "version": 2})
    ]


def test_page_of_a_study_shows_who_works_there(admin: Any, planned: PlannedStudy) -> None:
    cells = seen(admin.get("/admin/studies/planned"), "//section[@id='people']//td")
    assert cells[:3] == ["coen", planned.codes["coen"], "coach (Team Noord)"]
    assert len(cells) == 3 * 8


def test_study_that_is_not_there_is_an_error(admin: Any, send: Any) -> None:
    assert admin.get("/admin/studies/lost").status_code == 404
    assert send(admin, "/admin/studies/lost", do="title", title="Found").status_code == 404
    assert send(admin, "/admin/studies/demo", do="remove").status_code == 400


# Teams and title


def test_team_is_added_and_renamed_and_its_code_stays(
    admin: Any, send: Any, database: Database, planned: PlannedStudy, trail: Any
) -> None:
    send(admin, "/admin/studies/planned", do="team", team_title="Team West", team_code="west")
    send(admin, "/admin/studies/planned", do="team-title", team="west", renamed="Team  Waalsprong")
    with database.reading() as reading:
        assert [(team.code, team.title) for team in protocols.teams(reading, planned.study)] == [
            ("north", "Team Noord"),
            ("west", "Team Waalsprong"),
            ("south", "Team Zuid"),
        ]
    assert [(action, details) for action, _, details in trail()] == [
        ("added a team", {"study": "planned", "team": "west"}),
        ("renamed a team", {"study": "planned", "team": "west"}),
    ]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"team_title": "", "team_code": "west"}, "Write the name of the team."),
        ({"team_title": "West", "team_code": "north"}, "There is a team with this code already. Choose another code."),
        (
            {"team_title": "West", "team_code": "Team West"},
            "A code has one to twenty small letters, digits and underscores, and begins with a letter.",
        ),
    ],
)
def test_team_that_does_not_do_is_explained_and_stays(
    typed: dict[str, str], problem: str, admin: Any, send: Any, planned: PlannedStudy, trail: Any
) -> None:
    page = send(admin, "/admin/studies/planned", do="team", **typed)
    assert (page.status_code, seen(page, "//*[@role='alert']")) == (422, [problem])
    assert {name: seen(page, f"//input[@name='{name}']/@value")[0] for name in typed} == typed
    assert trail() == []


def test_study_gets_another_title(admin: Any, send: Any, house: Any) -> None:
    send(admin, "/admin/studies/demo", do="title", title="Another title")
    assert seen(admin.get("/admin/studies/demo"), "//h1") == ["Another title"]
    assert send(admin, "/admin/studies/demo", do="title", title=" ").status_code == 422


# A newer version

NEW_WAVE = (
    "  end:\n    title: {nl: Einde",
    "  t2:\n    title: {nl: Na een jaar, en: After a year}\n    after: t0\n    due: 365\n    window: [-14, 42]\n"
    "  end:\n    title: {nl: Einde",
)
ASKED_THEN = ("waves: [t0, t1], by: interviewer}", "waves: [t0, t2], by: interviewer}")
COMPARED = ("  last: t1\n", "  last: t1\n  comparison: usual\n")
LOOKED_AT_THEN = ("  last: t1\n", "  last: t2\n")
NEW_TEAM = ("  south: {title: Team Zuid}\n", "  south: {title: Team Zuid}\n  east: {title: Team Oost}\n")


def test_newer_version_says_what_it_changes_and_everybody_is_planned_by_it(
    admin: Any, send: Any, here: Server, planned: PlannedStudy, clock: Any, trail: Any
) -> None:
    here.protocols["krachtwerk"] = version(3, NEW_WAVE, ASKED_THEN, LOOKED_AT_THEN, NEW_TEAM)  # type: ignore[index]
    with here.database.writing() as session:
        one = participants.register(session, planned.study, planned.people["ilse"], clock.now)
        course.set_status(session, one, "active", planned.people["ilse"], clock.now)
        one_id = one.id
    page = admin.get("/admin/studies/planned")
    title = seen(page, "//ul[@class='plan']//li[1]/span[@lang]")[0]
    assert seen(page, "//div[@class='message']//li") == [
        "New moment: After a year",
        f"New: {title} at “After a year”, of participants",
        f"No longer asked: {title} at “After six months”, of participants. What was answered stays.",
        "New team: Team Oost",
        "Other outcomes than were declared before. Who saw answers already should say so in every report.",
    ]
    stale = send(admin, "/admin/studies/planned", do="adopt", version="7")
    answer = send(admin, "/admin/studies/planned", do="adopt", version="3")
    assert (stale.status_code, answer.status_code) == (422, 302)
    with here.database.reading() as reading:
        assert [one.version for one in protocols.adopted(reading, planned.study)] == [3, 2]
        assert [wave.code for wave in studies.waves(reading, planned.study)] == ["t0", "t1", "t2", "end"]
        assert protocols.team_with(reading, planned.study, "east") is not None
        kept = select(Wave.code, Task.instrument).join(Task).where(Task.participant_id == one_id)
        tasks = [tuple(row) for row in reading.execute(kept.where(Task.dropped_at.is_(None)).order_by(Task.id))]
    assert tasks == [("t0", "client-interview")]
    assert trail()[-2:] == [
        (
            "adopted a protocol",
            planned.codes["admin"],
            {"study": "planned", "protocol": "krachtwerk", "version": 3},
        ),
        ("planned everybody anew", planned.codes["admin"], {"study": "planned"}),
    ]
    assert seen(admin.get("/admin/studies/planned"), "//button[@value='adopt']") == []


def test_many_participants_are_planned_in_several_goes(
    admin: Any, send: Any, here: Server, planned: PlannedStudy, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.web.admin.studies.BATCH", 1)
    monkeypatch.setattr("survey.web.admin.studies.BATCHES", 2)
    with here.database.writing() as session:
        ids = [participants.register(session, planned.study, 1, clock.now).id for _ in range(3)]
        session.query(Task).filter(Task.participant_id.in_(ids)).delete()
    first = send(admin, "/admin/studies/planned/plan")
    page = admin.get(first.location)
    assert seen(page, "//section[@id='left']/p") == ["1 participant still has the plan of before."]
    (after,) = seen(page, "//input[@name='after']/@value")
    last = send(admin, "/admin/studies/planned/plan", after=after)
    assert seen(admin.get(last.location), "//section[@id='left']") == []
    with here.database.reading() as reading:
        assert reading.scalar(select(func.count(Task.participant_id.distinct()))) == 3


# Drawing by lot


@pytest.fixture
def trial(here: Server, planned: PlannedStudy, clock: Any) -> list[str]:
    """The study follows a version with two arms, and five participants of Team North were drawn: their codes."""
    filed = version(3, TRIAL, COMPARED)
    codes = []
    with here.database.writing() as session:
        protocols.adopt(session, planned.study, filed, None, clock.now)
        study = studies.study_with(session, "planned")
        assert study is not None
        study.seed = 4711
        for _ in range(5):
            one = participants.register(session, planned.study, 1, clock.now, team_id=planned.teams["north"])
            protocols.draw_arm(session, one, filed.protocol, clock.now)
            codes.append(one.code)
    return codes


def test_drawn_places_are_shown_and_handed_out_and_what_comes_next_is_not(
    admin: Any, here: Server, trial: list[str], trail: Any
) -> None:
    page = admin.get("/admin/studies/planned")
    section = "//section[@id='drawing']"
    with here.database.reading() as reading:
        made = reading.scalar(select(func.count()).select_from(Allocation))
        arms = dict(reading.execute(select(Participant.code, Participant.arm)).all())
    assert made == 24
    assert sorted(seen(page, f"{section}//td[@class='code']")) == sorted(trial)
    counts = [list(arms.values()).count(arm) for arm in ("usual", "krachtwerk")]
    assert seen(page, f"{section}//table[contains(@class, 'figures')]//td") == [str(count) for count in counts]
    assert "4711" not in page.text
    file = admin.get("/admin/studies/planned/drawn")
    lines = file.text.splitlines()
    assert lines[0] == "stratum,position,arm,participant,drawn_at"
    assert lines[1:] == [
        f"north,{place},{arms[code]},{code},2025-03-03T09:00:00Z" for place, code in enumerate(trial, start=1)
    ]
    assert trail()[-1][2] == {"study": "planned", "places": 5, "sha256": file.headers["X-Content-SHA256"]}


def test_look_at_the_seed_is_on_record_and_refused_to_who_registers(
    admin: Any, send: Any, here: Server, trial: list[str], planned: PlannedStudy, trail: Any
) -> None:
    shown = send(admin, "/admin/studies/planned/seed")
    assert (shown.status_code, "4711" in shown.text, trail()[-1][0]) == (200, True, "looked at a seed")
    with here.database.writing() as session:
        people.set_scopes(session, planned.people["admin"], planned.study, {"interviewer": None})
    refused = send(admin, "/admin/studies/planned/seed")
    assert (refused.status_code, "4711" in refused.text, len(trail())) == (422, False, 1)


def test_version_that_draws_otherwise_is_refused_once_somebody_was_drawn(
    admin: Any, send: Any, here: Server, trial: list[str]
) -> None:
    more = (TRIAL[0], TRIAL[1].replace("[4, 6]", "[2]"))
    here.protocols["krachtwerk"] = version(4, more, COMPARED)  # type: ignore[index]
    page = send(admin, "/admin/studies/planned", do="adopt", version="4")
    assert (page.status_code, seen(page, "//*[@role='alert']")) == (
        422,
        [
            "This version draws arms in another way, and participants were drawn already: their list could not go on. "
            "Begin a new study with it."
        ],
    )
