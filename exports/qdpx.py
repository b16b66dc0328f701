"""Open answers with their codes as a REFI-QDA project (.qdpx), which programs for qualitative analysis can open.

A zip as in REFI-QDA 1.5: `project.qde` (XML) has users, codes, cases and passages, and `sources/` a plain text for each
response, in UTF-8 with line feeds. A passage is told by its signs, counted in Unicode code points from 0; its end is
the position after its last one. Every identifier is made of what it names, so that a project made anew has the same.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree  # nosec B405
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree

from exports import csv_zip
from exports.collecting import Collected
from exports.comparing import Differs
from exports.fitting import fitting
from exports.losses import Losses
from exports.open_answers import CodedText, GivenCode
from exports.tables import Row
from survey.instruments.code_books.in_words import CodeInWords, GroupInWords

NAMESPACE = "urn:QDA-XML:project:1.0"
SCHEMA = "http://schema.qdasoftware.org/versions/Project/v1.0/Project.xsd"
PROJECT = "project.qde"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:krachtmeting")
_IN = {"q": NAMESPACE}
ABOUT = (
    "Whole answers, which were not made anonymous. What another coder gave stands here only where two people are done "
    "with an answer; a file made on the command line has everything."
)
VARIABLES = ("instrument", "wave")


@dataclass(frozen=True)
class Source:
    """The plain text of one response, and where each answer begins in it. `replaced`: units with signs that no text
    file can hold, each replaced by another one."""

    of: CodedText
    words: str
    begins: dict[str, int]
    replaced: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called in a program."""
        return f"{self.of.subject} {self.of.wave} {self.of.instrument}"

    def stretch(self, given: GivenCode) -> tuple[int, int]:
        """Where a passage begins in the text, and the sign after its last one."""
        begins = self.begins[given.unit]
        return begins + given.first, begins + given.beyond


def sources(collected: Collected) -> Iterator[Source]:
    """The text of each response: each question with its name, and the answer below it."""
    instruments = {one.name: one for one in collected.chosen}
    for one in collected.coded.texts():
        of = instruments[one.instrument]
        units, texts = of.merged.versions[one.version].units, of.texts[one.version]
        parts, begins, replaced, length = [], {}, [], 0
        for unit, words in one.answers:
            heading = f"{texts[units[unit].key].words} [{unit}]\n"
            kept, change = csv_zip.plain_signs(words)
            begins[unit] = length + len(heading)
            parts += [heading, kept, "\n\n"]
            length += len(heading) + len(kept) + 2
            if change is not None:
                replaced.append(unit)
        yield Source(one, "".join(parts), begins, tuple(replaced))


class _Guids:
    """Identifiers of a study's things: always the same for the same thing."""

    def __init__(self, study: str) -> None:
        self._study = study

    def of(self, *thing: object) -> str:
        """In small letters, as the standard writes them."""
        return str(uuid.uuid5(_OURS, "/".join([self._study, *map(str, thing)])))


def write(collected: Collected, file: IO[bytes]) -> tuple[Losses, list[Row]]:
    """Write the project into `file`, which must be seekable: what had to be changed, and no Readme."""
    losses, facts = Losses(), collected.facts
    guids = _Guids(facts.study)
    found: list[etree._Element] = []
    cases: dict[str, list[str]] = {}
    coders: set[str] = set()
    with ZipFile(file, "w", ZIP_DEFLATED) as whole:
        for source in sources(collected):
            guid = guids.of("source", source.of.response)
            whole.writestr(_part(f"sources/{guid}.txt", facts.now), source.words.encode("utf-8"))
            for unit in source.replaced:
                losses.add("sources", f"{source.name}, {unit}", "signs that no text file can hold were replaced")
            found.append(_source(source, guid, guids, losses))
            cases.setdefault(source.of.subject, []).append(guid)
            coders.update(given.coder for given in source.of.given)
        root = _under(None, "Project", name=facts.study_title, origin=facts.software)
        root.set("creationDateTime", _moment(facts.now))
        root.set(f"{{{_XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
        if coders:
            users = _under(root, "Users")
            for coder in sorted(coders):
                _under(users, "User", guid=guids.of("user", coder), name=coder, id=coder)
        _codes(root, collected.coded.groups, guids, losses)
        if found:
            variables = _under(root, "Variables")
            for name in VARIABLES:
                _under(variables, "Variable", guid=guids.of("variable", name), name=name, typeOfVariable="Text")
            of_people = _under(root, "Cases")
            for subject, theirs in cases.items():
                case = _under(of_people, "Case", guid=guids.of("case", subject), name=subject)
                for guid in theirs:
                    _under(case, "SourceRef", targetGUID=guid)
            _under(root, "Sources").extend(found)
        _under(root, "Description").text = ABOUT
        text = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
        whole.writestr(_part(PROJECT, facts.now), text)
    return losses, []


def _part(name: str, now: datetime.datetime) -> ZipInfo:
    """A part of the package as of this moment: the same codes make the same file, whatever the clock says meanwhile."""
    part = ZipInfo(name, now.timetuple()[:6])
    part.compress_type = ZIP_DEFLATED
    return part


def _moment(now: datetime.datetime) -> str:
    return now.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _under(parent: etree._Element | None, tag: str, /, **attributes: str) -> etree._Element:
    named = f"{{{NAMESPACE}}}{tag}"
    if parent is None:
        element = etree.Element(named, None, {None: NAMESPACE, "xsi": _XSI})  # type: ignore[dict-item]
    else:
        element = etree.SubElement(parent, named)
    for key, value in attributes.items():
        element.set(key, str(fitting(value)[0] or ""))
    return element


def _described(code: CodeInWords) -> str:
    """All that is said about a code, in lines."""
    said = (code.definition, code.use, code.not_use, code.example, code.memo)
    return "\n".join(words for words in said if words)


def _codes(root: etree._Element, groups: tuple[GroupInWords, ...], guids: _Guids, losses: Losses) -> None:
    """The code book: a code for each group, to which nothing is coded, and its codes below it."""
    if not any(group.codes for group in groups):
        return
    parent = _under(_under(root, "CodeBook"), "Codes")
    made: dict[str, etree._Element] = {}
    for group in groups:
        for code in group.codes:
            if group.name not in made:
                whole = guids.of("group", group.name)
                made[group.name] = _under(parent, "Code", guid=whole, name=group.title, isCodable="false")
            guid = guids.of("code", code.name)
            one = _under(made[group.name], "Code", guid=guid, name=code.title, isCodable="true", color=code.colour)
            described = _described(code)
            _under(one, "Description").text = str(fitting(described)[0] or "")
            for what, words in (("name", code.title), ("description", described)):
                if (change := fitting(words)[1]) is not None:
                    losses.add("codes", f"{code.name}, {what}", change)


def _source(source: Source, guid: str, guids: _Guids, losses: Losses) -> etree._Element:
    element = _under(None, "TextSource", guid=guid, name=source.name, plainTextPath=f"internal://{guid}.txt")
    for given in source.of.given:
        first, beyond = source.stretch(given)
        by = guids.of("user", given.coder)
        selection = _under(
            element, "PlainTextSelection", guid=guids.of("passage", given.passage), startPosition=str(first),
            endPosition=str(beyond), creatingUser=by,
        )  # fmt: skip
        if given.memo:
            kept, change = fitting(given.memo)
            _under(selection, "Description").text = str(kept or "")
            if change is not None:
                losses.add("passages", f"{source.name}, {given.unit}, memo", change)
        coding = _under(selection, "Coding", guid=guids.of("coding", given.passage), creatingUser=by)
        _under(coding, "CodeRef", targetGUID=guids.of("code", given.code))
    for name, value in zip(VARIABLES, (source.of.instrument, source.of.wave), strict=True):
        said = _under(element, "VariableValue")
        _under(said, "VariableRef", targetGUID=guids.of("variable", name))
        _under(said, "TextValue").text = value
    return element


def changed(collected: Collected, file: IO[bytes]) -> int:
    """How many texts differ from what was meant only as far as they must. Raises Differs for others.

    Read with another parser than wrote it: each text, each passage by its signs, its code and its coder.
    """
    guids, count = _Guids(collected.facts.study), 0
    with ZipFile(file) as whole:
        root = ElementTree.fromstring(whole.read(PROJECT))  # noqa: S314 - a file that was written a moment ago  # nosec B314
        coded = {one.get("guid"): one for one in root.iterfind("q:Sources/q:TextSource", _IN)}
        codes = {one.get("guid"): one for one in root.iterfind(".//q:Code[@isCodable='true']", _IN)}
        count += _codes_changed(collected.coded.groups, codes, guids)
        known = 0
        for source in sources(collected):
            known += 1
            guid = guids.of("source", source.of.response)
            there = whole.read(f"sources/{guid}.txt").decode("utf-8")
            if there != source.words or guid not in coded:
                raise Differs(PROJECT, source.name, source.words, there)
            count += len(source.replaced) + _passages_changed(source, coded[guid], there, codes, guids)
        if known != len(coded):
            raise Differs(PROJECT, "sources", known, len(coded))
    return count


def _codes_changed(
    groups: tuple[GroupInWords, ...], there: dict[str | None, ElementTree.Element], guids: _Guids
) -> int:
    count = 0
    for code in (code for group in groups for code in group.codes):
        one = there.get(guids.of("code", code.name))
        found = None if one is None else (one.get("name"), one.findtext("q:Description", "", _IN))
        meant = (code.title, _described(code))
        due = tuple(str(fitting(words)[0] or "") for words in meant)
        if found != due:
            raise Differs(PROJECT, code.name, due, found)
        count += sum(fitting(words)[1] is not None for words in meant)
    return count


def _passages_changed(
    source: Source, there: ElementTree.Element, words: str, codes: dict[str | None, ElementTree.Element], guids: _Guids
) -> int:
    answers, count = dict(source.of.answers), 0
    found = there.findall("q:PlainTextSelection", _IN)
    if len(found) != len(source.of.given):
        raise Differs(PROJECT, f"{source.name}, passages", len(source.of.given), len(found))
    for given, one in zip(source.of.given, found, strict=True):
        first, beyond = int(one.get("startPosition", -1)), int(one.get("endPosition", -1))
        code = one.find("q:Coding/q:CodeRef", _IN)
        memo, change = fitting(given.memo)
        said = (
            words[first:beyond], code.get("targetGUID") if code is not None else None, one.get("creatingUser"),
            one.findtext("q:Description", "", _IN),
        )  # fmt: skip
        due = (
            csv_zip.plain_signs(answers[given.unit][given.first : given.beyond])[0], guids.of("code", given.code),
            guids.of("user", given.coder), str(memo or ""),
        )  # fmt: skip
        if said != due or said[1] not in codes:
            raise Differs(PROJECT, f"{source.name}, passage {given.passage}", due, said)
        count += change is not None
    return count
