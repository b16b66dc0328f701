"""The page to compare with: ten bilingual questions in plain Flask and Flask-WTF, drawn by WTForms' own widgets.

One SQLite upsert a page; no trail, no missing reasons, no notes, no roles.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from flask import Flask, g, redirect, render_template_string, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

YES_NO = [("yes", "Ja / Yes"), ("no", "Nee / No")]
OFTEN = [("never", "Nooit / Never"), ("seldom", "Zelden / Seldom"), ("sometimes", "Soms / Sometimes"),
         ("often", "Vaak / Often"), ("always", "Altijd / Always")]  # fmt: skip
LIKES = [("walk", "Wandelen / Walking"), ("cook", "Koken / Cooking"), ("read", "Lezen / Reading"),
         ("music", "Muziek / Music"), ("sport", "Sport / Sports"), ("garden", "Tuinieren / Gardening")]  # fmt: skip

PAGE = """<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><title>Tien vragen / Ten questions</title></head><body>
<h1>Tien vragen / Ten questions</h1>
<form method="post">{{ form.csrf_token }}
{% for field in form if field.name != "csrf_token" %}
<div>{{ field.label }} {{ field }}
{% for error in field.errors %}<p>{{ error }}</p>{% endfor %}</div>
{% endfor %}
<button>Volgende / Next</button></form></body></html>"""


class TenQuestions(FlaskForm):
    """Ten fields like those of `ten_questions.yaml`."""

    works = RadioField("Werkt u op dit moment? / Do you work at the moment?", [Optional()], choices=YES_NO)
    outside = RadioField("Hoe vaak komt u buiten? / How often do you get out?", [Optional()], choices=OFTEN)
    visits = RadioField("Hoe vaak krijgt u bezoek? / How often do you have visitors?", [Optional()], choices=OFTEN)
    rested = RadioField("Hoe vaak bent u uitgerust? / How often are you rested?", [Optional()], choices=OFTEN)
    plans = RadioField("Hoe vaak maakt u plannen? / How often do you make plans?", [Optional()], choices=OFTEN)
    age = IntegerField("Hoe oud bent u? / How old are you?", [Optional(), NumberRange(16, 110)])
    hours = IntegerField(
        "Hoeveel uur bent u onderweg? / How many hours do you travel?", [Optional(), NumberRange(0, 168)]
    )
    street = StringField("In welke wijk woont u? / In which quarter do you live?", [Length(max=200)])
    likes = SelectMultipleField(
        "Wat doet u graag? / What do you like to do?",
        choices=LIKES,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    wish = TextAreaField("Wat wenst u voor het komende half jaar? / What do you wish for?", [Length(max=10_000)])


def create_app(path: Path) -> Flask:
    """The bare app over one SQLite file, with the same durability as ours."""
    app = Flask(__name__)
    app.secret_key = "bench" * 8
    with sqlite3.connect(path) as first:
        first.execute("CREATE TABLE answers (respondent INTEGER PRIMARY KEY, document TEXT NOT NULL)")

    def database() -> sqlite3.Connection:
        if "database" not in g:
            g.database = sqlite3.connect(path, timeout=15)
            g.database.execute("PRAGMA journal_mode=WAL")
            g.database.execute("PRAGMA synchronous=FULL")
        found: sqlite3.Connection = g.database
        return found

    @app.teardown_appcontext
    def close(error: BaseException | None) -> None:
        if "database" in g:
            g.database.close()

    @app.route("/page/<int:respondent>", methods=["GET", "POST"])
    def page(respondent: int) -> str | Response:
        row = database().execute("SELECT document FROM answers WHERE respondent = ?", (respondent,)).fetchone()
        form = TenQuestions(data=json.loads(row[0]) if row else None)
        if form.validate_on_submit():
            document = json.dumps({name: value for name, value in form.data.items() if name != "csrf_token"})
            upsert = (
                "INSERT INTO answers VALUES (?, ?) ON CONFLICT (respondent) DO UPDATE SET document = excluded.document"
            )
            with database() as writing:
                writing.execute(upsert, (respondent, document))
            return redirect(url_for("page", respondent=respondent))
        return render_template_string(PAGE, form=form)

    return app
