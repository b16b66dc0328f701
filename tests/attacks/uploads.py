"""Hostile files wherever a file can be sent: none is kept, and each is refused in a second and without much memory."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from forged import counted
from judged import MARKUP, SLOW_SECONDS, wrongs
from scene import Scene
from tried import Tried

MEMORY_BYTES = 200 * 1024 * 1024
LIMIT = 2 * 1024 * 1024
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
) + "]><x>&a11;</x>"  # fmt: skip
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"


def _zip(**files: bytes) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def _link() -> bytes:
    made, inside = io.BytesIO(), ZipInfo("xl/worksheets/sheet1.xml")
    inside.external_attr = 0o120777 << 16
    with ZipFile(made, "w") as package:
        package.writestr(inside, "/etc/passwd")
    return made.getvalue()


SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WEBM = b"\x1a\x45\xdf\xa3"
ZEROS = bytes(60_000_000)


def hostile() -> dict[str, tuple[str, str, bytes]]:
    """What it is -> file name, media type and content."""
    return _sounds() | _packages() | _emergencies()


def _sounds() -> dict[str, tuple[str, str, bytes]]:
    sound, drawing = "audio/webm", b"<svg xmlns='http://www.w3.org/2000/svg' onload='zq(1)'/>"
    return {
        "nothing": ("a.webm", sound, b""),
        "a page as a sound": ("a.webm", sound, b"<html><script>zq(1)</script>"),
        "a page as a page": ("a.html", "text/html", MARKUP.encode()),
        "a drawing with a script": ("a.svg", "image/svg+xml", drawing),
        "another sound than it says": ("a.ogg", "audio/ogg", WEBM + bytes(100)),
        "a sound that says it is a page": ("a.webm", "text/html; x=audio/webm", WEBM + bytes(100)),
        "a name with line ends": ("a%0d%0aX-Zq: 1", sound, b"x"),
        "more than a server takes": ("a.webm", sound, WEBM + bytes(LIMIT)),
        "a little too much sound": ("a.webm", sound, WEBM + bytes(1_048_577)),
    }


def _packages() -> dict[str, tuple[str, str, bytes]]:
    catalogue = f'msgid ""\nmsgstr ""\n\nmsgid "a"\nmsgstr "{MARKUP}"'.encode()
    return {
        "a path as its name": ("../../../../tmp/zq.xlsx", SHEET, _zip(a=b"b")),
        "an absolute path": ("/etc/cron.d/zq", SHEET, b"* * * * * root true"),
        "a zip bomb": ("a.xlsx", SHEET, _zip(xl__worksheets__sheet1_xml=ZEROS)),
        "a link in a package": ("a.xlsx", SHEET, _link()),
        "a package that leads out": ("a.xlsx", SHEET, _zip(**{"..__..__zq": b"zq"})),
        "a billion laughs": ("a.xlsx", SHEET, _zip(xl__workbook_xml=LAUGHS.encode())),
        "laughs as a catalogue": ("a.xml", "application/xml", LAUGHS.encode()),
        "an entity from outside": ("a.xml", "application/xml", OUTSIDE.encode()),
        "markup in a catalogue": ("a.po", "text/x-gettext-translation", catalogue),
    }


def _emergencies() -> dict[str, tuple[str, str, bytes]]:
    sealed = base64.b64encode(os.urandom(64)).decode()
    whole = [{"response": "x" * 24, "owner": "P-22", "entries": [{"iv": sealed[:16], "sealed": sealed}]}]
    deep = b"[" * 100_000 + b"]" * 100_000
    contents = {
        "a packed bomb": gzip.compress(ZEROS),
        "nested without end": deep,
        "nested in an emergency file": _emergency([])[:-3] + deep + b"}",
        "another format": b'{"format": "zq"}',
        "no file of journals": b'[7, null, "a"]',
        "strange kinds in it": _emergency({"a": [None, 7]}),
        "strange kinds further in": _emergency([{"response": 7, "owner": [], "entries": "x"}, 7, None]),
        "entries that nobody sealed": _emergency(whole),
        "very many journals": _emergency(whole * 5000),
        "figures without end": b'{"format": ' + b"9" * 500_000 + b"}",
        "signs that are none": b'{"format": "\xff\xfe\\ud800\\u0000"}',
    }
    return {what: ("a.json", "application/json", content) for what, content in contents.items()}


def _emergency(journals: object) -> bytes:
    """An emergency file as browsers make them, with these journals."""
    made = {"format": "krachtmeting emergency 1", "made": "2025-03-03T09:00:00Z", "journals": journals}
    return json.dumps(made).encode()


def everywhere(scene: Scene) -> Tried:
    """Every hostile file at every form that takes one."""
    tried = Tried("hostile files at every form that takes a file")
    before, memory = counted(scene), scene.place.memory
    places = {}
    for name, reached in scene.reached.items():
        for form in reached.forms:
            if form.files:
                places.setdefault((name, form.action.rsplit("/", 3)[0]), form)
    for (name, _), form in places.items():
        browser = scene.browsers[name]
        for what, (filename, kind, content) in hostile().items():
            try:
                came = browser.upload(form.action, dict(form.fields), form.files[0], filename, kind, content)
            except OSError:
                # The server closed while more was on its way than it takes.
                tried.times += 1
                continue
            tried.times += 1
            tried.wrong(*(f"{one} ({what})" for one in wrongs(f"POST {form.action}", came)))
            if came.seconds > SLOW_SECONDS:
                again = browser.upload(form.action, dict(form.fields), form.files[0], filename, kind, content)
                if again.seconds > SLOW_SECONDS:
                    tried.wrong(f"{what} takes {again.seconds:.1f} s at {form.action}")
    if counted(scene) != before:
        tried.wrong(f"something was kept: {set(counted(scene).items()) - set(before.items())}")
    if scene.place.memory - memory > MEMORY_BYTES:
        tried.wrong(f"it took {(scene.place.memory - memory) >> 20} MB")
    if not places:
        tried.wrong("no form that takes a file was reached")
    return tried
