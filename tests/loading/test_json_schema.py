from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.support.cases import base_registry

from accredit.domain.paths import parse_path
from accredit.loading.json_schema import schema_of
from accredit.loading.schema import KINDS, read_entry
from accredit.loading.yaml import parse

WORKED = Path(__file__).parents[2] / "registry"
PERSON = {"name": "Ada Lovelace", "roles": [{"role": "owner", "from": "2026-01-01"}], "x-desk": 7}


def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(v) for key, v in value.items()}
    if isinstance(value, tuple):
        return [as_json(v) for v in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema and isinstance(schema.get("additionalProperties"), bool):
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_valid_by_its_meta_schema_and_has_a_name(kind: str) -> None:
    schema = schema_of(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:accredit:schema:v1:{kind}"
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_closed_object_takes_extensions(kind: str) -> None:
    closed = list(objects(schema_of(kind)))
    assert closed
    for found in closed:
        assert found["additionalProperties"] is False
        assert found["patternProperties"] == {"^x-": {}}


def files() -> Iterator[tuple[str, bytes]]:
    for path, content in base_registry().items():
        yield f"base/{path}", content
    for path in sorted(WORKED.rglob("*.yaml")):
        yield path.relative_to(WORKED).as_posix(), path.read_bytes()


def test_every_file_of_our_registries_validates() -> None:
    checked = set()
    validators = {kind: validator(kind) for kind in KINDS}
    for path, content in files():
        entry = parse_path(path.removeprefix("base/"))
        if entry is not None:
            faults = [e.message for e in validators[entry.kind].iter_errors(as_json(parse(content).data))]
            assert faults == [], path
            checked.add(entry.kind)
    assert {"registry", "policy", "person", "dataset", "model", "version", "card", "evaluation"} <= checked


@pytest.mark.parametrize(
    "change",
    [
        {"name": 7},
        {"name": "two\nlines"},
        {"nmae": "Ada"},
        {"kind": "robot"},
        {"teams": "model-risk"},
        {"roles": [{"role": "owner"}]},
        {"roles": [{"role": "owner", "from": "2026-01-01", "until": "2027-01-01"}]},
        {"roles": [{"role": "Owner", "from": "2026-01-01"}]},
        {"active_from": "yesterday"},
        {"forge": {"github": "ada"}},
    ],
    ids=json.dumps,
)
def test_what_the_loader_refuses_for_its_type_the_schema_refuses(change: dict[str, Any]) -> None:
    schema = validator("person")
    assert schema.is_valid(PERSON)
    assert read_entry("person", "people/ada.yaml", as_yaml(PERSON))[1] == []
    broken = {**PERSON, **change}
    assert not schema.is_valid(broken)
    assert read_entry("person", "people/ada.yaml", as_yaml(broken))[1] != []


def as_yaml(data: dict[str, Any]) -> bytes:
    """JSON is YAML; only dates are plain scalars in the one and text in the other."""
    return json.dumps(data).replace('"2026-01-01"', "2026-01-01").replace('"2027-01-01"', "2027-01-01").encode()


def test_dates_are_strings_with_a_format() -> None:
    properties = schema_of("person")["properties"]
    assert {"type": "string", "format": "date"} in properties["active_from"]["anyOf"]
    moments = schema_of("version")["$defs"]["Training"]["properties"]["at"]
    assert (moments["type"], moments["format"]) == ("string", "date-time")


@pytest.mark.parametrize("kind", ["registry", "person", "dataset", "model", "version", "card", "evaluation"])
def test_every_field_that_a_person_writes_has_something_to_hover(kind: str) -> None:
    schema = schema_of(kind)
    bare = [
        f"{name}.{field}"
        for name, node in [(kind, schema), *schema.get("$defs", {}).items()]
        for field, member in node.get("properties", {}).items()
        if '"description"' not in json.dumps(member) and "$ref" not in json.dumps(member)
    ]
    assert bare == []
