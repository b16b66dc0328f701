"""What docs/fidelity.md says of models is true and complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from survey.commands import main
from survey.instruments.fidelity.bands import RANGES, Band, BandSet
from survey.instruments.fidelity.model import (
    EVIDENCE,
    RECORD_UNITS,
    VERDICTS,
    FidelityModel,
    Indicator,
    Requirement,
    Verdict,
)
from survey.instruments.fidelity.reading import read_model_text
from survey.instruments.library import Library, shelves

DOCS = (Path(__file__).parents[1] / "docs" / "fidelity.md").read_text(encoding="utf-8")


def test_model_in_the_docs_is_sound() -> None:
    (whole,) = re.findall(r"^```yaml fidelity\n(.*?)^```$", DOCS, flags=re.DOTALL | re.MULTILINE)
    assert read_model_text(whole, "docs", Library(shelves()).newest).fidelity == "my-model"


@pytest.mark.parametrize(
    "model",
    [FidelityModel, Verdict, BandSet, Band, Indicator, Requirement, *EVIDENCE.values()],
    ids=lambda one: one.__name__,
)
def test_every_setting_is_explained(model: type[BaseModel]) -> None:
    names = {field.alias or name for name, field in model.model_fields.items()}
    assert {name for name in names if f"`{name}`" not in DOCS and f"`{name}:" not in DOCS} == set()


def test_every_kind_unit_verdict_and_record_is_explained() -> None:
    words = [*EVIDENCE, *RANGES, *VERDICTS, *RECORD_UNITS]
    assert [word for word in words if f"`{word}`" not in DOCS] == []


def test_command_tells_the_mistake_of_the_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("my-definitions/fidelity/my-model.yaml")
    path.parent.mkdir(parents=True)
    (whole,) = re.findall(r"^```yaml fidelity\n(.*?)^```$", DOCS, flags=re.DOTALL | re.MULTILINE)
    path.write_text(whole.replace("to: 19", "to: 20"), encoding="utf-8")
    said = CliRunner().invoke(main, ["check", str(path)])
    assert said.exit_code == 1
    assert said.output.splitlines()[0] in DOCS
