"""The admin's pages about people: who signs in, with which roles in which teams; refused to everyone else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import insert, select

from survey.storage import identities, participants, people, sessions
from survey.storage.database import Database
from survey.storage.sealing import Sealer
from survey.storage.tables import Identity, Person, Task

PASSWORD = re.compile(r"([23456789a-hjkmnp-z]{4}-){3}[23456789a-hjkmnp-z]{4}")


@pytest.fixture
def act(admin: Any, send: Any, house: Any) -> Any:
    """Presses a button on the page of a person, who is named, or else given by number."""
    return lambda name, do, **fields: send(admin, f"/admin/people/{house.people.get(name, name)}", do=do, **fields)


def can_sign_in(app: Flask, send: Any, name: str, password: str) -> bool:
    answer = send(app.test_client(), "/sign-in", "/sign-in", name=name, password=password)
    return bool(answer.status_code == 302)


# Who may come in


@pytest.mark.parametrize("name", ["ilse", "coen", "olga", "rik", "otto"])
def test_every_other_role_is_refused_every_admin_page(
    name: str, sign_in: Any, send: Any, app: Flask, house: Any, trail: Any
) -> None:
    browser = sign_in(name)
    answers = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/admin/"):
            values = {"person_id": house.people["admin"], "slug": "demo", "code": "K7F-3QH"}
            _, address = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
            answers += [browser.get(address)] if "GET" in rule.methods else []
            answers += [send(browser, address, do="close", name="new")] if "POST" in rule.methods else []
    refused = [(answer.status_code, seen(answer, "//h1")) for answer in answers]
    assert (refused, len(refused) > 20) == ([(403, ["Not for your role"])] * len(refused), True)
    assert trail() == []


def test_admin_who_is_one_no_longer_is_refused_at_once(sign_in: Any, database: Database, house: Any) -> None:
    browser = sign_in("admin")
    with database.writing() as writing:
        people.set_admin(writing, house.people["otto"], True)
        people.set_admin(writing, house.people["admin"], False)
    assert browser.get("/admin/").status_code == 403


# The list of people


def test_people_are_listed_by_name_with_roles_and_state(
    admin: Any, act: Any, database: Database, house: Any, clock: Any
) -> None:
    act("coen", "close")
    with database.writing() as writing:
        for _ in range(sessions.FAILURES):
            sessions.note_failure(writing, "Ilse", clock.now)
        people.set_roles(writing, house.people["rik"], house.studies["other"], frozenset({"coach", "interviewer"}))
    cells = seen(admin.get("/admin/"), "//tbody//td")
    assert [tuple(cells[i : i + 4]) for i in range(0, len(cells), 5)] == [
        ("admin", house.codes["admin"], "admin", "open"),
        ("coen", house.codes["coen"], "The demo study: coach", "closed"),
        ("ilse", house.codes["ilse"], "The demo study: interviewer", "open locked for now"),
        ("olga", house.codes["olga"], "The demo study: observer", "open"),
        (
            "otto",
            house.codes["otto"],
            "The other study: interviewer, coach, observer, team leader, researcher, translator",
            "open",
        ),
        ("rik", house.codes["rik"], "The demo study: researcher The other study: interviewer, coach", "open"),
        ("tara", house.codes["tara"], "The demo study: translator", "open"),
    ]


def test_people_are_found_by_part_of_a_name_and_by_code(admin: Any, house: Any) -> None:
    code = house.codes["rik"]
    found = {
        words: seen(admin.get("/admin/", query_string={"q": words}), "//tbody/tr/td[1]")
        for words in ("L", code, code.replace("-", "").lower(), "%")
    }
    assert found == {"L": ["ilse", "olga"], code: ["rik"], code.replace("-", "").lower(): ["rik"], "%": []}


def test_search_without_result_says_what_to_do(admin: Any) -> None:
    page = admin.get("/admin/", query_string={"q": "<b>"})
    assert seen(page, "//*[@class='empty']") == [
        "Nobody's name holds “<b>”, and nobody's code begins so. Look for a shorter part of it."
    ]
    assert seen(page, "//input[@type='search']/@value") == ["<b>"]


def test_long_list_comes_fifty_at_a_time(admin: Any, database: Database, clock: Any) -> None:
    with database.writing() as writing:
        one_hash = people.HASHER.hash("a password for all")
        rows = [
            {
                "name": f"pool{i:03}",
                "code": f"X-{i:03}",
                "password_hash": one_hash,
                "language": "nl",
                "admin": False,
                "made_at": clock.now,
            }
            for i in range(120)
        ]
        writing.execute(insert(Person), rows)
    pages = [
        admin.get("/admin/", query_string={"q": "pool", "page": number}) for number in ("1", "2", "3", "4", "0", "zero")
    ]
    assert [(len(seen(page, "//tbody/tr")), seen(page, "//tbody/tr[1]/td[1]")) for page in pages] == [
        (50, ["pool000"]),
        (50, ["pool050"]),
        (20, ["pool100"]),
        (20, ["pool100"]),
        (50, ["pool000"]),
        (50, ["pool000"]),
    ]
    assert seen(pages[1], "//nav[@class='pager']/*") == ["Previous", "2 of 3", "Next"]
    assert seen(pages[1], "//nav[@class='pager']/a/@href") == [
        f"/admin/?sort=name&q=pool&page={page}" for page in (1, 3)
    ]


def test_people_are_narrowed_by_role_study_and_state_and_sorted(admin: Any, act: Any, planned: PlannedStudy) -> None:
    act(planned.people["oscar"], "close")
    found = {
        query: seen(admin.get(f"/admin/?{query}"), "//tbody/tr/td[1]")
        for query in (
            "role=coach",
            "role=coach&study=planned&sort=name&down=1",
            "role=interviewer&study=demo",
            "state=closed",
            "state=admin",
            "state=no_role",
            "role=emperor&study=none&state=lost",
        )
    }
    everybody = found.popitem()[1]
    assert found == {
        "role=coach": ["coen", "cora", "otto"],
        "role=coach&study=planned&sort=name&down=1": ["cora", "coen"],
        "role=interviewer&study=demo": ["ilse"],
        "state=closed": ["oscar"],
        "state=admin": ["admin"],
        "state=no_role": ["admin"],
    }
    assert len(everybody) == 11
    page = admin.get("/admin/?role=team_leader&study=planned")
    assert seen(page, "//tbody/tr/td[3]") == ["Krachtwerk in practice: team leader (Team Noord)"]


# Adding a person


def test_new_person_signs_in_with_the_password_that_is_shown_once(
    admin: Any, send: Any, app: Flask, database: Database
) -> None:
    answer = send(admin, "/admin/people/new", name="  Nora  de Vries ", language="en")
    page = admin.get(answer.location)
    password = seen(page, "//*[@class='secret']")[0]
    assert (answer.status_code, seen(page, "//h1"), bool(PASSWORD.fullmatch(password))) == (
        302,
        ["nora de vries"],
        True,
    )
    assert seen(admin.get(answer.location), "//*[@class='secret']") == []
    assert can_sign_in(app, send, "Nora de Vries", password)


def test_password_is_in_no_cookie_table_or_later_page(
    admin: Any, send: Any, app: Flask, database: Database, tmp_path: Any
) -> None:
    answer = send(admin, "/admin/people/new", name="nora", language="nl")
    with admin.session_transaction() as cookie:
        carried = json.dumps(dict(cookie))
    password = seen(admin.get(answer.location), "//*[@class='secret']")[0]
    with admin.session_transaction() as cookie:
        left = "told" in cookie
    pages = [admin.get(address).text for address in ("/admin/", "/admin/audit", answer.location)]
    database.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("test.sqlite*"))
    assert [password in text for text in (carried, *pages)] == [False] * 4
    assert (password.encode() in kept, left) == (False, False)


def test_password_for_one_person_is_not_shown_on_the_page_of_another(admin: Any, act: Any, house: Any) -> None:
    act("coen", "password")
    assert seen(admin.get(f"/admin/people/{house.people['ilse']}"), "//*[@class='secret']") == []
    assert seen(admin.get(f"/admin/people/{house.people['coen']}"), "//*[@class='secret']") == []


def test_made_passwords_differ() -> None:
    made = [people.new_password() for _ in range(50)]
    assert (len(set(made)), [one for one in made if not PASSWORD.fullmatch(one)]) == (50, [])


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "Write a name."),
        ("   ", "Write a name."),
        ("ILSE", "Somebody has this name already. Choose another one."),
        ("x" * 81, "Choose a name of at most 80 characters."),
        ("a\u202eb", "Use letters, digits and ordinary signs only."),
    ],
)
def test_name_that_does_not_do_is_explained_and_stays(
    name: str, problem: str, admin: Any, send: Any, trail: Any
) -> None:
    page = send(admin, "/admin/people/new", name=name, language="en", admin="y")
    assert (page.status_code, seen(page, "//p[@class='error']")) == (422, [problem])
    assert seen(page, "//input[@name='name']/@value") == [name.strip()]
    assert seen(page, "//input[@checked]/@value") == ["en", "y"]
    assert trail() == []


# One person


def test_roles_are_given_and_taken_per_study(act: Any, database: Database, house: Any, trail: Any) -> None:
    demo, other = house.studies["demo"], house.studies["other"]
    act("ilse", "rights", language="en", roles=[f"{demo}/coach", f"{demo}/observer", f"{other}/researcher"])
    with database.reading() as reading:
        assert people.scopes(reading, house.people["ilse"]) == {
            demo: {"coach": None, "observer": None},
            other: {"researcher": None},
        }
    mine, ilse = house.codes["admin"], house.codes["ilse"]
    assert trail() == [
        (
            "changed roles",
            mine,
            {"person": ilse, "study": "demo", "old": ["interviewer"], "new": ["coach", "observer"]},
        ),
        ("changed roles", mine, {"person": ilse, "study": "other", "old": [], "new": ["researcher"]}),
    ]


def test_coach_who_could_read_of_themselves_is_pointed_out(admin: Any, act: Any, house: Any) -> None:
    demo, other = house.studies["demo"], house.studies["other"]
    warned = []
    for roles in ([f"{demo}/coach", f"{other}/researcher"], [f"{demo}/coach", f"{demo}/researcher"]):
        act("coen", "rights", language="en", roles=roles)
        warned.append("can also read what participants say" in admin.get(f"/admin/people/{house.people['coen']}").text)
    assert warned == [False, True]


def test_page_shows_the_roles_that_somebody_has(admin: Any, act: Any, house: Any) -> None:
    page = admin.get(f"/admin/people/{house.people['otto']}")
    other = house.studies["other"]
    assert seen(page, "//input[@name='roles'][@checked]/@value") == [f"{other}/{role}" for role in people.ROLES]


def test_roles_are_given_per_team_and_the_tasks_follow(
    admin: Any, act: Any, database: Database, planned: PlannedStudy, trail: Any
) -> None:
    study, north, south = planned.study, planned.teams["north"], planned.teams["south"]
    both = [f"{study}/coach/{north}", f"{study}/coach/{south}", f"{study}/observer", f"{study}/observer/{north}"]
    act(planned.people["tess"], "rights", language="en", roles=both)
    page = admin.get(f"/admin/people/{planned.people['tess']}")
    assert seen(page, "//input[@name='roles'][@checked]/@value") == [*both[:2], f"{study}/observer"]
    assert seen(page, "//details[@class='of-study'][@open]/summary") == [
        "Krachtwerk in practice coach (Team Noord, Team Zuid), observer"
    ]
    open_tasks = select(Task.instrument).where(Task.person_id == planned.people["tess"], Task.dropped_at.is_(None))
    with database.reading() as reading:
        assert people.scopes(reading, planned.people["tess"]) == {
            study: {"coach": frozenset({north, south}), "observer": None}
        }
        tasks = reading.scalars(open_tasks).all()
    assert sorted(tasks) == ["coach-fidelity", "coach-fidelity", "professional-interview"]
    assert trail()[-1][2] == {
        "person": planned.codes["tess"],
        "study": "planned",
        "old": ["team_leader:north"],
        "new": ["coach:north", "coach:south", "observer"],
    }
    act(planned.people["tess"], "close")
    with database.reading() as reading:
        assert reading.scalars(open_tasks).all() == []


def test_page_says_how_many_participants_count_on_somebody(
    admin: Any, database: Database, planned: PlannedStudy, clock: Any
) -> None:
    with database.writing() as session:
        for coach in ("coen", "coen", "cora"):
            participants.register(session, planned.study, 1, clock.now, coach_id=planned.people[coach])
    said = [
        seen(admin.get(f"/admin/people/{planned.people[name]}"), "//p[@class='message']") for name in ("coen", "rik")
    ]
    assert ([len(one) for one in said], said[0][0][:39]) == ([1, 0], "2 participants have this person as coac")


@pytest.mark.parametrize("role", ["researcher", "translator"])
def test_role_of_a_whole_study_is_given_in_no_team(role: str, act: Any, planned: PlannedStudy) -> None:
    place = f"{planned.study}/{role}/{planned.teams['north']}"
    assert act(planned.people["tess"], "rights", language="en", roles=[place]).status_code == 422


def test_team_of_another_study_is_no_place_for_a_role(act: Any, planned: PlannedStudy, house: Any) -> None:
    place = f"{house.studies['demo']}/coach/{planned.teams['north']}"
    assert act(planned.people["tess"], "rights", language="en", roles=[place]).status_code == 422


@pytest.fixture
def with_key(app: Flask) -> Sealer:
    """A server that can keep addresses."""
    here = app.extensions["krachtmeting"]
    here.__dict__["sealer"] = Sealer(b"k" * 32)
    return here.sealer


def test_email_address_is_kept_sealed_replaced_and_removed_and_never_shown(
    admin: Any, act: Any, database: Database, house: Any, with_key: Sealer, trail: Any
) -> None:
    page = f"/admin/people/{house.people['coen']}"
    kept = []
    for email in ("coen@example.org", "new@example.org", ""):
        assert act("coen", "email", email=email).status_code == 302
        with database.reading() as reading:
            kept.append(identities.email_of_person(reading, with_key, house.people["coen"]))
            rows = reading.scalars(select(Identity.sealed)).all()
        assert [email.encode() in row for row in rows] == [False] * len(rows)
        assert "example.org" not in admin.get(page).text.replace("name@example.org", "")
    assert kept == ["coen@example.org", "new@example.org", None]
    assert [(action, details) for action, _, details in trail()] == [
        ("kept an e-mail address", {"person": house.codes["coen"]}),
        ("kept an e-mail address", {"person": house.codes["coen"]}),
        ("removed an e-mail address", {"person": house.codes["coen"]}),
    ]


def test_what_is_no_email_address_is_explained_and_stays(act: Any, with_key: Sealer, trail: Any) -> None:
    page = act("coen", "email", email="coen at home")
    assert (page.status_code, seen(page, "//*[@role='alert']"), seen(page, "//input[@name='email']/@value")) == (
        422,
        ["Write one e-mail address, such as name@example.org."],
        ["coen at home"],
    )
    assert trail() == []


def test_server_without_a_key_says_that_no_address_can_be_kept(admin: Any, act: Any, house: Any) -> None:
    page = admin.get(f"/admin/people/{house.people['coen']}")
    said = "This server has no key to keep addresses with. Ask who runs the server."
    assert (seen(page, "//input[@name='email']"), seen(page, "//section[1]/p[@class='muted']")) == ([], [said])
    assert seen(act("coen", "email", email="coen@example.org"), "//*[@role='alert']") == [said]


@pytest.mark.parametrize("role", ["1/emperor", "99/coach", "admin", "1/coach/99"])
def test_role_that_does_not_exist_changes_nothing(
    role: str, act: Any, database: Database, house: Any, trail: Any
) -> None:
    page = act("ilse", "rights", language="en", roles=[role])
    assert (page.status_code, seen(page, "//*[@role='alert']")) == (
        422,
        ["Something on this page was no longer up to date. Please look and save once more."],
    )
    with database.reading() as reading:
        assert people.scopes(reading, house.people["ilse"])[house.studies["demo"]] == {"interviewer": None}
    assert trail() == []


def test_person_is_made_an_admin_and_no_longer(act: Any, sign_in: Any, house: Any, trail: Any) -> None:
    browser = sign_in("otto")
    roles = [f"{house.studies['other']}/{role}" for role in people.ROLES]
    act("otto", "rights", language="nl", roles=roles, admin="y")
    assert browser.get("/admin/").status_code == 200
    act("otto", "rights", language="nl", roles=roles)
    assert browser.get("/admin/").status_code == 403
    mine, otto = house.codes["admin"], house.codes["otto"]
    assert trail() == [
        ("changed a language", mine, {"person": otto, "language": "nl"}),
        ("made an admin", mine, {"person": otto}),
        ("made no longer an admin", mine, {"person": otto}),
    ]


def test_admin_stays_one_when_saving_their_own_page(admin: Any, act: Any) -> None:
    assert act("admin", "rights", language="en").status_code == 302
    assert admin.get("/admin/").status_code == 200


def test_admin_cannot_close_their_own_account(admin: Any, act: Any, trail: Any) -> None:
    page = act("admin", "close")
    assert (page.status_code, seen(page, "//*[@role='alert']")) == (
        422,
        ["You cannot close your own account. Ask another admin."],
    )
    assert (admin.get("/admin/").status_code, trail()) == (200, [])
    assert seen(page, "//button[@name='do']/@value") == ["rights"]


def test_admin_changes_their_own_password_elsewhere(admin: Any, act: Any, app: Flask, send: Any, house: Any) -> None:
    assert act("admin", "password").status_code == 422
    assert can_sign_in(app, send, "admin", house.password)


def test_closed_account_is_signed_out_and_opens_again(
    act: Any, sign_in: Any, app: Flask, send: Any, house: Any, trail: Any
) -> None:
    browser = sign_in("coen")
    assert act("coen", "close").status_code == 302
    assert browser.get("/account/").status_code == 302
    assert not can_sign_in(app, send, "coen", house.password)
    act("coen", "reopen")
    assert can_sign_in(app, send, "coen", house.password)
    mine, coen = house.codes["admin"], house.codes["coen"]
    assert trail() == [("closed an account", mine, {"person": coen}), ("reopened an account", mine, {"person": coen})]


def test_new_password_replaces_the_old_one_and_opens_a_locked_name(
    admin: Any, act: Any, sign_in: Any, app: Flask, send: Any, house: Any, trail: Any
) -> None:
    browser = sign_in("coen")
    for number in range(5):
        can_sign_in(app, send, "coen", f"guess {number}")
    page = admin.get(act("coen", "password").location)
    new = seen(page, "//*[@class='secret']")[0]
    assert browser.get("/account/").status_code == 302
    assert [can_sign_in(app, send, "coen", password) for password in (house.password, new)] == [False, True]
    assert trail() == [("made a new password", house.codes["admin"], {"person": house.codes["coen"]})]


def test_locked_name_is_opened_by_hand(admin: Any, act: Any, app: Flask, send: Any, house: Any, trail: Any) -> None:
    for number in range(5):
        can_sign_in(app, send, "coen", f"guess {number}")
    page = f"/admin/people/{house.people['coen']}"
    assert "unlock" in seen(admin.get(page), "//button[@name='do']/@value")
    act("coen", "unlock")
    assert can_sign_in(app, send, "coen", house.password)
    assert "unlock" not in seen(admin.get(page), "//button[@name='do']/@value")
    assert trail() == [("unlocked signing in", house.codes["admin"], {"person": house.codes["coen"]})]


def test_browsers_of_a_person_are_ended_one_by_one_or_all(
    admin: Any, act: Any, sign_in: Any, house: Any, trail: Any
) -> None:
    browsers = [sign_in("coen") for _ in range(3)]
    somebody_else = sign_in("ilse")
    keys = seen(admin.get(f"/admin/people/{house.people['coen']}"), "//input[@name='session']/@value")
    act("coen", "end", session=keys[0])
    assert sorted(browser.get("/account/").status_code for browser in browsers) == [200, 200, 302]
    act("coen", "end-all")
    assert [browser.get("/account/").status_code for browser in (*browsers, somebody_else, admin)] == [
        302,
        302,
        302,
        200,
        200,
    ]
    assert [action for action, _, _ in trail()] == ["ended a session", "ended all sessions"]


def test_button_or_person_that_does_not_exist_is_an_error(admin: Any, act: Any, send: Any) -> None:
    assert (act("coen", "promote").status_code, admin.get("/admin/people/999").status_code) == (400, 404)
    assert send(admin, "/admin/people/999", do="close").status_code == 404
