"""The admin's pages: people, studies, instruments and the audit trail; refused to everyone else."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
from flask import Flask
from lxml import html
from seeing import seen
from sqlalchemy import insert

from survey.forms import people as forms
from survey.storage import audit, people, sessions, studies
from survey.storage.database import Database
from survey.storage.tables import Person

PASSWORD = re.compile(r"([23456789a-hjkmnp-z]{4}-){3}[23456789a-hjkmnp-z]{4}")


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["krachtmeting"].database
    return found


@pytest.fixture
def admin(sign_in: Any) -> Any:
    return sign_in("admin")


@pytest.fixture
def act(admin: Any, send: Any, house: Any) -> Any:
    """Presses a button on a person's page."""
    return lambda name, do, **fields: send(admin, f"/admin/people/{house.people[name]}", do=do, **fields)


@pytest.fixture
def trail(database: Database) -> Any:
    """The audit trail without signing in, the oldest first: action, who, details."""

    def entries() -> list[tuple[str, str | None, Any]]:
        with database.reading() as reading:
            found = [(entry.action, code, json.loads(entry.details)) for entry, code in audit.newest(reading, 100)]
        return [one for one in reversed(found) if one[0] != "signed in"]

    return entries


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
        if rule.endpoint.startswith("admin."):
            _, address = rule.build(
                {"person_id": house.people["admin"]} if rule.arguments else {}, append_unknown=False
            )
            answers += [browser.get(address)] if "GET" in rule.methods else []
            answers += [send(browser, address, do="close", name="new")] if "POST" in rule.methods else []
    assert [(answer.status_code, seen(answer, "//h1")) for answer in answers] == [(403, ["Not for your role"])] * 10
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
    assert [tuple(cells[i : i + 4]) for i in range(0, len(cells), 4)] == [
        ("admin", house.codes["admin"], "admin", "open"),
        ("coen", house.codes["coen"], "The demo study: coach", "closed"),
        ("ilse", house.codes["ilse"], "The demo study: interviewer", "open locked for now"),
        ("olga", house.codes["olga"], "The demo study: observer", "open"),
        ("otto", house.codes["otto"], "The other study: interviewer, coach, observer, team leader, researcher, translator", "open"),
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
    assert seen(pages[1], "//nav[@class='pager']/a/@href") == ["/admin/?page=1&q=pool", "/admin/?page=3&q=pool"]


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
        assert people.all_roles(reading, house.people["ilse"]) == {
            demo: frozenset({"coach", "observer"}),
            other: frozenset({"researcher"}),
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


def test_page_shows_the_roles_that_somebody_has(admin: Any, act: Any, house: Any) -> None:
    page = admin.get(f"/admin/people/{house.people['otto']}")
    other = house.studies["other"]
    assert seen(page, "//input[@name='roles'][@checked]/@value") == [f"{other}/{role}" for role in people.ROLES]


@pytest.mark.parametrize("role", ["1/emperor", "99/coach", "admin"])
def test_role_that_does_not_exist_changes_nothing(
    role: str, act: Any, database: Database, house: Any, trail: Any
) -> None:
    page = act("ilse", "rights", language="en", roles=[role])
    assert (page.status_code, seen(page, "//*[@role='alert']")) == (
        422,
        ["Something on this page was no longer up to date. Please look and save once more."],
    )
    with database.reading() as reading:
        assert people.roles(reading, house.people["ilse"], house.studies["demo"]) == frozenset({"interviewer"})
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


# Studies

STUDY = {
    "title": "Nijmegen 2026",
    "slug": "nijmegen-2026",
    "time_zone": "Europe/Amsterdam",
    "waves": "t0 Start\r\n\r\nt1: Six months\n",
}


def test_study_is_added_with_its_waves(admin: Any, send: Any, database: Database, house: Any, trail: Any) -> None:
    answer = send(admin, "/admin/studies/new", **STUDY)
    assert (answer.status_code, answer.location) == (302, "/admin/studies")
    assert seen(admin.get("/admin/studies"), "//tbody/tr[1]/td") == [
        "Nijmegen 2026", "nijmegen-2026", "Europe/Amsterdam", "t0 Startt1 Six months", "0",
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


def test_forms_and_storage_have_the_same_rules() -> None:
    assert tuple(forms.ROLE_WORDS) == people.ROLES
    assert (forms.PASSWORD_LENGTH, forms.NAME_LIMIT) == (people.PASSWORD_LENGTH, people.NAME_LIMIT)
    assert (forms.SLUG, forms.WAVE_CODE) == (studies.SLUG, studies.WAVE_CODE)


# The audit trail and the instruments


def test_audit_trail_comes_a_hundred_at_a_time_with_the_newest_first(
    admin: Any, database: Database, house: Any, clock: Any
) -> None:
    with database.writing() as writing:
        for number in range(120):
            audit.note(writing, "opened a response", house.people["ilse"], clock.now, number=number, waves=["t0", "t1"])
    first, second = (admin.get("/admin/audit", query_string={"page": page}) for page in (1, 2))
    assert [len(seen(page, "//tbody/tr")) for page in (first, second)] == [100, 21]
    assert seen(first, "//tbody/tr[1]/td") == [
        "2025-03-03 09:00:00",
        house.codes["ilse"],
        "opened a response",
        "number: 119; waves: t0, t1",
    ]
    assert seen(second, "//tbody/tr[last()]/td") == ["2025-03-03 09:00:00", house.codes["admin"], "signed in", ""]


TRANSLATED = {"client-interview", "coach-fidelity", "team-meeting"}
SHIPPED_LANGUAGES = "Dutch: completeArabic: complete for participantsEnglish: complete" + "".join(
    f"{language}: complete for participants"
    for language in ("Persian", "Polish", "Somali", "Tigrinya", "Turkish", "Ukrainian")
)


def test_instruments_are_listed_with_languages_and_fingerprint(admin: Any, app: Flask) -> None:
    library = app.extensions["krachtmeting"].library
    cells = seen(admin.get("/admin/instruments"), "//tbody//td")
    assert [tuple(cells[i + k] for k in (1, 3, 4)) for i in range(0, len(cells), 5)] == [
        (
            str(one.version),
            SHIPPED_LANGUAGES if one.instrument in TRANSLATED else "Dutch: completeEnglish: complete",
            hashlib.sha256(library.files[one.instrument, one.version].read_bytes()).hexdigest(),
        )
        for one in library
    ]
