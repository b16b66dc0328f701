"""Translators' pages: how far each language is, the texts of one, and one text beside the page on which it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from survey.forms.translating import FIELD_WORDS, FILTER_WORDS, STATUS_HELP, STATUS_WORDS, fault_words
from survey.instruments import controls
from survey.instruments.catalogues import STATUSES
from survey.instruments.model import LANGUAGE
from survey.instruments.round_trip import FIELDS, OUTDATED, Edited, Row, settle
from survey.instruments.texts import direction
from survey.instruments.to_translate import names, own_language, rows_of, standings
from survey.instruments.what_changed import what_changed
from survey.storage.codes import COMMAND_LINE
from survey.storage.recordings import MEDIA_TYPES, audio, fingerprint, heard
from survey.storage.translations import Edit, edits, keep_edit, newest_edit
from survey.web.access import me
from survey.web.filling_in.sound import sound_address
from survey.web.server import server
from survey.web.titles import shown_title
from survey.web.translators.adopting import adopt_now
from survey.web.translators.preview import preview

blueprint = Blueprint("translating", __name__, url_prefix="/translations")

READERS = frozenset({"translator", "researcher", "interviewer"})


def roles_anywhere() -> frozenset[str]:
    """The roles of the person who is asking, in any study: instruments and their translations belong to all of them."""
    return frozenset(role for roles in me().roles.values() for role in roles)


def translators_only() -> None:
    """404 for everyone who does not translate."""
    if "translator" not in roles_anywhere():
        abort(404)


@blueprint.get("/")
def overview() -> Any:
    """How far each instrument is in each language."""
    roles = roles_anywhere()
    if not roles & READERS and not me().admin:
        abort(404)
    library = server().library
    with server().reading() as reading:
        table = [(one, heard(library, reading, one.name, one.language)) for one in standings(library)]
    return render_template(
        "translating/overview.html",
        by_name=[(name, title(name), [row for row in table if row[0].name == name]) for name in names(library)],
        statuses=STATUSES,
        status_words=STATUS_WORDS,
        translates="translator" in roles,
    )


def title(name: str) -> Any:
    """What an instrument is called, in the reader's language where it can be: a text with its language."""
    return None if name == controls.NAME else shown_title(name)


def translated_rows(language: str, name: str) -> list[Row]:
    """The texts of an instrument or of the controls in a language; 404 where that cannot be translated into."""
    library = server().library
    if name not in names(library) or not re.fullmatch(LANGUAGE, language) or own_language(library, name) == language:
        abort(404)
    return rows_of(library, name, language)


@blueprint.get("/<language>/<instrument>/")
def texts(language: str, instrument: str) -> Any:
    """The texts of one instrument in one language, narrowed to what is to be done or what was searched for."""
    translators_only()
    name, rows = instrument, translated_rows(language, instrument)
    chosen, words = _filter(request.args.get("show")), request.args.get("q", "").strip()
    return render_template(
        "translating/texts.html",
        language=language,
        name=name,
        title=title(name),
        rows=[row for row in rows if _among(row, chosen) and _found(row, words)],
        counts={one: sum(_among(row, one) for row in rows) for one in FILTER_WORDS},
        chosen=chosen,
        words=words,
        filters=FILTER_WORDS,
        status_words=STATUS_WORDS,
        own=own_language(server().library, name),
        target=direction(language),
    )


def _filter(wished: str | None) -> str:
    return wished if wished in FILTER_WORDS else "open"


def _among(row: Row, chosen: str) -> bool:
    return chosen == "all" or (row.open if chosen == "open" else row.status == chosen)


def _found(row: Row, words: str) -> bool:
    return words.lower() in "\n".join((row.context, row.source, row.words, row.comment, row.where)).lower()


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of the form, on which edit it is based, and what is wrong with it."""

    values: Mapping[str, str]
    base: int
    faults: tuple[str, ...] = ()
    theirs: Edit | None = None


@blueprint.get("/<language>/text/<path:context>")
def text(language: str, context: str) -> Any:
    """One text."""
    translators_only()
    row_of(language, context)
    with server().reading() as reading:
        # First which edit is the newest, then the words: if one comes between, saving notices it.
        base = newest_edit(reading, language, context)
    adopt_now(server())
    row = row_of(language, context)
    return _page(language, row, Typed({field: getattr(row, field) for field in FIELDS}, base))


def row_of(language: str, context: str) -> Row:
    """One text in a language; 404 where there is none."""
    rows = translated_rows(language, context.partition("/")[0])
    return next((row for row in rows if row.context == context), None) or abort(404)


@blueprint.post("/<language>/text/<path:context>", endpoint="save")
def save(language: str, context: str) -> Any:
    """Keep one text, or show it on its page without keeping it. Nothing that was typed is lost."""
    translators_only()
    row = row_of(language, context)
    base = request.form.get("base", "")
    if not base.isdecimal() or len(base) > 9:
        abort(400)
    typed = Typed({field: request.form.get(field, getattr(row, field)) for field in FIELDS}, int(base))
    if request.form.get("do") == "show":
        return _page(language, row, typed)
    kept = _keep(language, context, typed)
    if isinstance(kept, Typed):
        return _page(language, row_of(language, context), kept), 409 if kept.theirs else 422
    adopt_now(server())
    _tell(kept)
    return _onwards(language, context)


def _keep(language: str, context: str, typed: Typed) -> Edited | Typed:
    """The text as it was kept; or the form as it must be shown again, and nothing is kept."""
    here = server()
    with here.database.writing() as writing:
        newest = newest_edit(writing, language, context, for_writing=True)
        # Another node may have kept something that this one does not know yet.
        adopt_now(here)
        edited = settle(row_of(language, context), typed.values)
        if isinstance(edited, list):
            return Typed(typed.values, typed.base, tuple(fault_words(fault) for fault in edited))
        if edited.differences and newest != typed.base:
            return Typed(typed.values, newest, theirs=edits(writing, language, context)[-1])
        if edited.differences:
            keep_edit(writing, language, edited, me().id, here.now())
    return edited


def _tell(edited: Edited) -> None:
    if edited.back_to_draft:
        flash(gettext("Saved. The words changed, so this text is a draft again."))
    elif edited.outdated:
        flash(gettext("Saved. The text is still outdated: choose a status when the translation fits the new source."))
    else:
        flash(gettext("Saved."))


def _onwards(language: str, context: str) -> Any:
    """To the next text of the list that the translator works through, or to this one again."""
    chosen, words = _filter(request.form.get("show")), request.form.get("q", "")
    more: dict[str, Any] = {"show": chosen, "q": words or None}
    if request.form.get("do") != "next":
        return redirect(url_for("translating.text", language=language, context=context, **more))
    name = context.partition("/")[0]
    rows = translated_rows(language, name)
    here = next(i for i, row in enumerate(rows) if row.context == context)
    following = (row for row in [*rows[here + 1 :], *rows[:here]] if _among(row, chosen) and _found(row, words))
    after = next(following, None)
    if after is None:
        flash(gettext("There is no further text in this list."))
        return redirect(url_for("translating.texts", language=language, instrument=name, **more))
    return redirect(url_for("translating.text", language=language, context=after.context, **more))


def _page(language: str, row: Row, typed: Typed) -> str:
    here = server()
    library, name = here.library, row.context.partition("/")[0]
    own = own_language(library, name)
    arguments: Any = request.form if request.method == "POST" else request.args
    with here.reading() as reading:
        history = edits(reading, language, row.context)
        sound = audio(library, reading, language, row.context, row.words) if not row.open else None
    return render_template(
        "translating/text.html",
        language=language,
        target=direction(language),
        name=name,
        title=title(name),
        row=row,
        typed=typed,
        own=own,
        own_direction=direction(own),
        others=_other_sources(row, name, language),
        changed=what_changed(row.previous, row.source) if row.previous else [],
        offered=[OUTDATED, *STATUSES] if row.outdated else list(STATUSES),
        status_words=STATUS_WORDS,
        status_help=STATUS_HELP,
        field_words=FIELD_WORDS,
        history=list(reversed(history)),
        command_line=COMMAND_LINE,
        sound=sound,
        sound_at=sound_address(language, row.context, row.words) if sound else "",
        media_types=MEDIA_TYPES,
        fingerprint=fingerprint(row.words),
        shown=preview(library, row, language, typed.values["words"].strip()),
        chosen=_filter(arguments.get("show")),
        words=arguments.get("q", ""),
    )


def _other_sources(row: Row, name: str, language: str) -> Iterable[tuple[str, str, str]]:
    """The same text in Dutch and English, where those are neither its source nor the language at hand."""
    library = server().library
    for other in ("nl", "en"):
        if other not in (language, own_language(library, name)):
            there = library.catalogue(name, other).get((row.context, row.source))
            if there is not None and there.words and not there.outdated:
                yield other, direction(other), there.words
