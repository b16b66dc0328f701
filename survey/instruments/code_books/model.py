"""A code book: groups of codes, each with what it means, when to use it and an example, as frozen values."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from survey.instruments.kinds.question import Frozen
from survey.instruments.model import InstrumentId
from survey.instruments.protocols.model import InLanguages

CodeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=28)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]


class Code(Frozen):
    """One code. `use` and `not_use` help two coders to come to the same; the example is invented."""

    title: InLanguages
    definition: InLanguages
    use: InLanguages = Field(description="when to give this code")
    not_use: InLanguages = Field(description="when to give another one, or none")
    example: InLanguages = Field(description="an invented passage that gets this code")
    colour: Colour = Field(description="such as '#17595e'; it is beside the name, never instead of it")


class Group(Frozen):
    """Codes that belong together, such as all that say what changed."""

    title: InLanguages
    about: InLanguages = Field(description="what the codes of this group have in common")
    codes: Annotated[dict[CodeName, Code], Field(min_length=1)]


class CodeBook(Frozen):
    """The codes for the open answers of a study. A study can add codes of its own, with a memo."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, title="Krachtmeting code book")

    code_book: InstrumentId
    version: int = Field(ge=1, strict=True)
    title: InLanguages
    groups: Annotated[dict[CodeName, Group], Field(min_length=1)]

    @cached_property
    def codes(self) -> dict[str, Code]:
        """All codes by name, group after group."""
        return {name: code for group in self.groups.values() for name, code in group.codes.items()}
