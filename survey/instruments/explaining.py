"""What is wrong in a definition and what to do about it, for one of pydantic's errors, in an author's words."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

MOST_MISTAKES = 300
"""So many are told at once: nobody mends more before looking again, and a file that is none at all has thousands."""


def explained(error: Any, place: tuple[str | int, ...], known: Sequence[str], kinds: Sequence[str] = ()) -> str:
    """What is wrong and what to do. `place` is where it stands in the file, `known` what can be set there.

    `kinds` are the words that tell one sort of part from another, as the kinds of a question.
    """
    kind, given = error["type"], error.get("input")
    last = next((part for part in reversed(place) if part != "[key]"), "")
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        close = get_close_matches(str(last), known, n=1)
        return f"'{last}' is no setting here; " + (
            f"did you mean '{close[0]}'?" if close else "known are " + ", ".join(known)
        )
    if kind == "missing":
        return f"'{last}' is missing; add it"
    if kind == "union_tag_not_found":
        return f"'kind' is missing; add one of {', '.join(kinds)}"
    if kind == "union_tag_invalid":
        close = get_close_matches(str(context.get("tag")), list(kinds), n=1)
        return f"'{context.get('tag')}' is no kind of question; " + (
            f"did you mean '{close[0]}'?" if close else f"kinds are {', '.join(kinds)}"
        )
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind == "string_pattern_mismatch":
        return f"{given!r} cannot be a name or code; use small letters, digits and underscores, a letter first"
    if kind == "string_too_long":
        return f"{given!r} is too long; use at most {context.get('max_length')} letters"
    if kind == "literal_error":
        return f"{given!r} is not possible here; use {context.get('expected')}"
    if kind in ("string_type", "string_too_short"):
        return f"'{last}' must be a text; write it out, in quotes where it looks like a number"
    if kind == "invalid_key":
        return f"{given!r} is no setting; a setting is a word"
    if kind == "too_short":
        return f"'{last}' needs at least {context.get('min_length')}, and has {context.get('actual_length')}"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        subject = {"questions": "a question", "pages": "a page"}.get(str(place[-2:-1] and place[-2]), f"'{last}'")
        return f"{subject} needs lines such as 'key: value' of its own, and has {str(given)[:60]!r}"
    if kind == "tuple_type":
        return f"'{last}' must be a list, of lines that begin with a dash; found {str(given)[:60]!r}"
    return f"{error['msg'][:1].lower()}{error['msg'][1:]}; found {str(given)[:60]!r}"
