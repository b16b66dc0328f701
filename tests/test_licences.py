"""What the server stands on: every version pinned with its fingerprints, and no licence that binds who runs it."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[a-z,]+\])?==(?P<version>[^\s;]+)(\s*;.*?)?(?P<rest>\s+--hash.*)?")
FINGERPRINT = re.compile(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)")

FREE = re.compile(
    r"\b(MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|Python-2\.0|Zlib|HPND|Unlicense|CC0|MPL|Mozilla|ZPL"
    r"|Zope Public)",
    re.IGNORECASE,
)
BINDING = re.compile(r"\b[AL]?GPL|General Public License|EUPL|SSPL|BUSL", re.IGNORECASE)

WEAK = {
    "psycopg": "LGPL-3.0-only: used as a library as it is, and can be exchanged by who runs the server",
    "psycopg-binary": "LGPL-3.0-only: the same, built",
}
"""Licences that bind changes of the library itself and not what uses it, each with the reason why it may be here."""


def pinned(file: str) -> list[tuple[str, str, str]]:
    """Name, version and the rest of each line of requirements, with what goes on in the lines below it."""
    whole = (ROOT / file).read_text().replace("\\\n", " ")
    lines = [line for line in whole.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = [(PINNED.fullmatch(line.strip()), line) for line in lines]
    assert [line for match, line in found if match is None] == []
    return [(match["name"], match["version"], match["rest"] or "") for match, _ in found if match]


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-extras.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_fingerprints(file: str) -> None:
    required = pinned(file)
    assert len(required) > 20
    without = [name for name, _, rest in required if not FINGERPRINT.search(rest)]
    elsewhere = [name for name, _, rest in required if FINGERPRINT.sub("", rest).strip()]
    assert (without, elsewhere) == ([], [])


def test_server_needs_the_same_versions_as_its_tests() -> None:
    tested, extra, needed = (
        {(name, version) for name, version, _ in pinned(f"requirements{which}.txt")}
        for which in ("-dev", "-extras", "")
    )
    assert (needed - extra, extra - tested) == (set(), set())


def licence_of(name: str) -> str:
    """What a package says of its licence: the expression, else the classifiers, else the first words of its field."""
    about = metadata.metadata(name)
    classifiers = [one for one in about.get_all("Classifier") or () if one.startswith("License ::")]
    return about.get("License-Expression") or "; ".join(classifiers) or (about.get("License") or "")[:200]


def test_nothing_the_server_stands_on_has_a_licence_that_binds_who_runs_it() -> None:
    licences = {}
    for name, _, _ in pinned("requirements-extras.txt"):
        try:
            licences[name] = licence_of(name)
        except metadata.PackageNotFoundError:
            continue  # For another system than this one.
    assert len(licences) > 20
    binding = {name: said for name, said in licences.items() if BINDING.search(said) and name not in WEAK}
    unknown = {name: said for name, said in licences.items() if not FREE.search(said) and name not in WEAK}
    assert (binding, unknown) == ({}, {})
    # What was explained once and is gone, or has another licence now, is explained no longer.
    assert {name for name in WEAK if name in licences and not BINDING.search(licences[name])} == set()
