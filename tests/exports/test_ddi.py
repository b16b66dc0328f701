"""The description by DDI-Codebook: variables, questions and categories in their languages, and no answer."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from fieldwork import META, Fieldwork

from exports import ddi
from exports.comparing import Differs

IN = {"d": ddi.NAMESPACE}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
ORDER = ("labl", "qstn", "valrng", "invalrng", "universe", "catgry", "verStmt", "varFormat")
"""What a variable can have, as the schema orders it."""

QUESTIONS = """
kind: choice, name: housed, text: Huis?, choices: {yes: Ja, no: Nee}
kind: number, name: months, text: Hoe lang?, min: 0, max: 400, unit: maanden, when: housed == 'no'
kind: several, name: worry, text: Zorgen?, choices: {debt: Schulden, home: Wonen}
kind: open, name: why, text: Waarom?
"""


@pytest.fixture
def described(fieldwork: Fieldwork) -> Fieldwork:
    fieldwork.ask(QUESTIONS)
    catalogue = fieldwork.folder / "translations" / "en" / "LC_MESSAGES" / "small.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgctxt "small/housed/text"\nmsgid "Huis?"\nmsgstr "House?"\n'
    )
    fieldwork.said({"housed": "no", "why": "Om een xylofoon"}, done=True)
    return fieldwork


def texts(element: ElementTree.Element, path: str) -> list[tuple[str | None, str | None]]:
    return [(one.get(LANGUAGE), one.text) for one in element.iterfind(path, IN)]


def test_variables_have_questions_categories_missing_flags_and_universe(described: Fieldwork) -> None:
    written = described.export("out.xml")
    root = ElementTree.parse(written.path).getroot()
    assert (root.tag, root.get("version"), written.losses.count) == ("{ddi:codebook:2_5}codeBook", "2.5", 0)
    assert [one.tag.split("}")[1] for one in root] == ["docDscr", "stdyDscr", "fileDscr", "fileDscr", "dataDscr"]
    names = [one.text for one in root.iterfind("d:fileDscr/d:fileTxt/d:fileName", IN)]
    assert names == ["data.csv", "wide.csv"]
    variables = {one.attrib["name"]: one for one in root.iterfind("d:dataDscr/d:var", IN)}
    assert [*variables][META:] == ["housed", "months", "worry_debt", "worry_home", "why"]
    for one in variables.values():
        places = [ORDER.index(part.tag.split("}")[1]) for part in one]
        assert places == sorted(places)
    housed = variables["housed"]
    assert texts(housed, "d:qstn/d:qstnLit") == [("nl", "Huis?"), ("en", "House?")]
    categories = housed.findall("d:catgry", IN)
    assert [(one.findtext("d:catValu", None, IN), one.get("missing")) for one in categories] == [
        ("yes", None), ("no", None), ("-99", "Y"), ("-98", "Y"), ("-96", "Y"), ("-95", "Y"), ("-94", "Y"),
    ]  # fmt: skip
    assert texts(categories[0], "d:labl") == [("nl", "Ja")]
    assert categories[1].findtext("d:txt", None, IN) == "In .sav and .dta files: 2"
    months = variables["months"]
    assert months.findtext("d:universe", None, IN) == "housed == 'no'"
    assert (months.attrib["nature"], months.attrib["measUnit"]) == ("interval", "maanden")
    assert [one.attrib for one in months.iterfind("d:valrng/d:range", IN)] == [{"min": "0", "max": "400"}]
    group = root.find("d:dataDscr/d:varGrp", IN)
    assert group is not None
    assert (group.attrib["type"], group.attrib["var"]) == ("multipleResp", "V1_worry_debt V1_worry_home")
    assert b"xylofoon" not in written.path.read_bytes()


def test_a_category_that_got_lost_is_found(described: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = ddi._category
    monkeypatch.setattr(ddi, "_category", lambda parent, one: None if one.value == "-98" else honest(parent, one))
    with pytest.raises(Differs) as found:
        described.export("out.xml")
    assert (found.value.table, found.value.cell) == ("data.csv", "housed")


def test_signs_that_xml_forbids_are_replaced_in_the_words_of_a_definition(fieldwork: Fieldwork) -> None:
    fieldwork.ask(
        r"""
        kind: choice, name: housed, text: "Huis\x01? ]]> &x; <b>", choices: {yes: "Ja\ufffe", no: Nee}
        kind: number, name: months, text: Hoe lang?, unit: "maanden\x1b"
        """
    )
    fieldwork.said({"housed": "no", "months": 3})
    written = fieldwork.export("out.xml")
    words = [element.text for element in ElementTree.parse(written.path).getroot().iter() if element.text]
    assert {"Huis\ufffd? ]]> &x; <b>", "Ja\ufffd"} <= {*words}
