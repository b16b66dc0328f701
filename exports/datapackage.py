"""The description of a package of CSV files: a Frictionless tabular data package, version 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exports.readme import Facts
from exports.tables import Field, Table

TIME_FORMAT = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True)
class Resource:
    """One CSV file: its table, its place in the package, its size in bytes and its sha256."""

    table: Table
    path: str
    size: int
    sha256: str


def descriptor(facts: Facts, resources: Sequence[Resource]) -> dict[str, Any]:
    """What stands in datapackage.json."""
    return {
        "profile": "tabular-data-package",
        "name": facts.study.lower().replace(" ", "-"),
        "title": facts.study_title,
        "description": "Responses of one study with their code book and trail; README.txt tells how to read them.",
        "created": facts.now.isoformat(timespec="seconds"),
        "resources": [_resource(resource) for resource in resources],
    }


def _name(path: str) -> str:
    return path.replace("/", "-")


def _resource(resource: Resource) -> dict[str, Any]:
    table = resource.table
    schema: dict[str, Any] = {"fields": [_field(field) for field in table.fields], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.belongs and table.parent:
        reference = {"resource": _name(table.parent), "fields": list(table.belongs)}
        schema["foreignKeys"] = [{"fields": list(table.belongs), "reference": reference}]
    return {
        "profile": "tabular-data-resource",
        "name": _name(table.path),
        "title": table.name,
        "description": " ".join([table.description, *table.above]),
        "path": resource.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": resource.size,
        "hash": f"sha256:{resource.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _field(field: Field) -> dict[str, Any]:
    said: dict[str, Any] = {"name": field.name, "type": field.type}
    if field.title:
        said["title"] = field.title
    if field.type == "datetime":
        said["format"] = TIME_FORMAT
    if field.codes:
        said["constraints"] = {"enum": list(field.codes)}
    return said
