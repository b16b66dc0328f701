"""A description of a study and its variables as DDI-Codebook 2.5, for archives and catalogues. It holds no answers.

Elements stand in the order of the standard's schema. Read back, it is parsed by another reader than its writer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO
from xml.etree import ElementTree  # nosec B405

from lxml import etree

from exports import described
from exports.collecting import Collected
from exports.comparing import Differs
from exports.described import Category, Described, DescribedFile, Group, Said
from exports.fitting import fitting, for_xml
from exports.losses import Losses
from exports.readme import Facts
from exports.tables import Row

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_IN = {"d": NAMESPACE}
NUMBER_IN_FILES = "In .sav and .dta files: "
MISSING = (
    "Why there is no answer stands in the file Status, under the same names; in .sav and .dta files in the place of "
    "the answer. Those codes are marked as missing here."
)


def write(collected: Collected, file: IO[bytes]) -> tuple[Losses, list[Row]]:
    """Write the description into `file`: what had to be changed (signs that XML cannot hold), and no Readme."""
    losses = Losses()
    root = etree.Element("codeBook", {"version": "2.5"}, {None: NAMESPACE, "xsi": _XSI})  # type: ignore[dict-item]
    root.set(f"{{{_XSI}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    writing = _Writing(losses)
    facts = collected.facts
    document = _under(_under(root, "docDscr"), "citation")
    writing.text(_under(_under(document, "titlStmt"), "titl"), facts.study_title, "title")
    made = _under(document, "prodStmt")
    _under(made, "prodDate", date=facts.now.date().isoformat()).text = facts.now.date().isoformat()
    _under(made, "software").text = facts.software
    _study(_under(root, "stdyDscr"), facts, writing)
    found = list(described.files(collected))
    for number, one in enumerate(found, start=1):
        _file(_under(root, "fileDscr", ID=f"F{number}"), one)
    for number, one in enumerate(found, start=1):
        if one.variables:
            _variables(_under(root, "dataDscr"), one, number)
    file.write(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
    return losses, []


class _Writing:
    """Puts words into elements, and tells what had to be changed in them."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def text(self, element: etree._Element, words: str, place: str) -> None:
        """Words that somebody typed."""
        fit, change = fitting(words)
        element.text = str(fit or "")
        if change is not None:
            self._losses.add("description", place, change)


def _under(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag)
    for key, value in attributes.items():
        if value:
            element.set(key, value)
    return element


def _said(parent: etree._Element, tag: str, said: Said, **attributes: str) -> None:
    """An element for each language."""
    for language, words in said.items():
        element = _under(parent, tag, **attributes)
        element.set(_LANG, language)
        element.text = words


def _study(study: etree._Element, facts: Facts, writing: _Writing) -> None:
    citation = _under(study, "citation")
    titles = _under(citation, "titlStmt")
    writing.text(_under(titles, "titl"), facts.study_title, "title")
    _under(titles, "IDNo").text = facts.study
    summary = _under(_under(study, "stdyInfo"), "sumDscr")
    _under(summary, "anlyUnit").text = "Individual"
    _under(summary, "dataKind").text = "Survey data"
    collecting = _under(_under(study, "method"), "dataColl")
    waves = dict.fromkeys(count.wave for count in facts.counts)
    _under(collecting, "timeMeth").text = f"Longitudinal: {', '.join(waves) or 'no moment yet'}"
    for used in facts.versions:
        said = f"{used.instrument}, version {used.version}: {used.title}. Definition's sha256: {used.sha256}"
        _under(collecting, "resInstru").text = for_xml(said)
    submitted = sum(count.submitted for count in facts.counts)
    _under(study, "notes").text = f"{facts.responses} responses, of which {submitted} submitted. {MISSING}"


def _file(element: etree._Element, one: DescribedFile) -> None:
    text = _under(element, "fileTxt")
    _under(text, "fileName").text = one.name
    _under(text, "fileCont").text = one.about
    counts = _under(text, "dimensns")
    _under(counts, "caseQnty").text = str(one.cases)
    _under(counts, "varQnty").text = str(one.fields)
    _under(text, "fileType").text = "CSV, UTF-8"


def _variables(parent: etree._Element, one: DescribedFile, number: int) -> None:
    for group in one.groups:
        members = " ".join(f"V{number}_{variable.name}" for variable in one.variables if variable.group == group.name)
        element = _under(parent, "varGrp", ID=f"G{number}_{group.name}", type=group.kind, var=members, name=group.name)
        _said(element, "labl", group.label)
    for variable in one.variables:
        _variable(parent, variable, number)


def _variable(parent: etree._Element, one: Described, number: int) -> None:
    element = _under(
        parent, "var", ID=f"V{number}_{one.name}", name=one.name, files=f"F{number}",
        intrvl="contin" if one.nature == "interval" else "discrete", measUnit=one.unit, nature=one.nature,
        representationType=one.represented,
    )  # fmt: skip
    _said(element, "labl", one.label, level="variable")
    for language, words in one.question.items():
        question = _under(_under(element, "qstn"), "qstnLit")
        question.set(_LANG, language)
        question.text = words
    if one.least or one.most:
        _under(_under(element, "valrng"), "range", min=one.least, max=one.most)
    missing = [category.value for category in one.categories if category.missing]
    if missing:
        invalid = _under(element, "invalrng")
        for value in missing:
            _under(invalid, "item", VALUE=value)
    if one.universe:
        _under(element, "universe", clusion="I").text = one.universe
    for category in one.categories:
        _category(element, category)
    if one.versions:
        _under(_under(element, "verStmt"), "version").text = one.versions
    kind = "numeric" if one.represented == "numeric" else "character"
    _under(element, "varFormat", type=kind, category="date" if one.represented == "datetime" else "other")


def _category(parent: etree._Element, one: Category) -> None:
    element = _under(parent, "catgry", missing="Y" if one.missing else "")
    _under(element, "catValu").text = one.value
    _said(element, "labl", one.words)
    if one.number:
        _under(element, "txt").text = f"{NUMBER_IN_FILES}{one.number}"


def changed(collected: Collected, file: IO[bytes]) -> int:
    """How many texts differ as far as XML demands: the title twice, or nothing. Raises Differs for all else."""
    file.seek(0)
    # It is the file that was written a moment ago, and no stranger's.
    root = ElementTree.parse(file).getroot()  # noqa: S314  # nosec B314
    meant = list(described.files(collected))
    found = list(_read_files(root))
    for due, there in zip(meant, found, strict=True):
        for one, other in zip(due.variables, there.variables, strict=True):
            if one != other:
                raise Differs(due.name, one.name, one, other)
        if due != there:
            raise Differs("description", due.name, due, there)
    return sum(_title_changed(title, collected.facts.study_title) for title in root.iterfind(".//d:titl", _IN))


def _title_changed(found: ElementTree.Element, meant: str) -> bool:
    fit, change = fitting(meant)
    if (found.text or "") != (fit or ""):
        raise Differs("description", "title", meant, found.text)
    return change is not None


def _read_files(root: ElementTree.Element) -> Iterator[DescribedFile]:
    variables: dict[str, list[Described]] = {}
    members: dict[str, str] = {}
    groups: dict[str, list[Group]] = {}
    for element in root.iterfind("d:dataDscr/d:varGrp", _IN):
        number, name = element.attrib["ID"][1:].split("_", 1)
        members |= dict.fromkeys(element.get("var", "").split(), name)
        kind = element.attrib["type"]
        groups.setdefault(f"F{number}", []).append(Group(name, kind, _read(element, "labl")))  # type: ignore[arg-type]
    for element in root.iterfind("d:dataDscr/d:var", _IN):
        one = _read_variable(element, members.get(element.attrib["ID"], ""))
        variables.setdefault(element.attrib["files"], []).append(one)
    for element in root.iterfind("d:fileDscr", _IN):
        key = element.attrib["ID"]
        yield DescribedFile(
            _only(element, "d:fileTxt/d:fileName"),
            _only(element, "d:fileTxt/d:fileCont"),
            int(_only(element, "d:fileTxt/d:dimensns/d:caseQnty")),
            tuple(variables.get(key, ())),
            tuple(groups.get(key, ())),
            int(_only(element, "d:fileTxt/d:dimensns/d:varQnty")),
        )


def _read(element: ElementTree.Element, path: str) -> Mapping[str, str]:
    return {one.attrib[_LANG]: one.text or "" for one in element.iterfind(f"d:{path}", _IN)}


def _only(element: ElementTree.Element, path: str) -> str:
    return element.findtext(path, "", _IN)


def _read_variable(element: ElementTree.Element, group: str) -> Described:
    span = element.find("d:valrng/d:range", _IN)
    ends = ("", "") if span is None else (span.get("min", ""), span.get("max", ""))
    return Described(
        element.attrib["name"],
        _read(element, "labl"),
        _read(element, "qstn/d:qstnLit"),
        element.attrib["representationType"],  # type: ignore[arg-type]
        element.get("nature", ""),  # type: ignore[arg-type]
        element.get("measUnit", ""),
        *ends,
        _only(element, "d:universe"),
        _only(element, "d:verStmt/d:version"),
        tuple(_read_category(one) for one in element.iterfind("d:catgry", _IN)),
        group,
    )


def _read_category(element: ElementTree.Element) -> Category:
    number = _only(element, "d:txt").removeprefix(NUMBER_IN_FILES)
    return Category(_only(element, "d:catValu"), _read(element, "labl"), element.get("missing") == "Y", number)
