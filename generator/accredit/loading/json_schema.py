"""The published JSON Schemas (draft 2020-12) of every kind of file, for editors and other programs."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from accredit.loading.schema import KINDS

DIALECT = GenerateJsonSchema.schema_dialect
BASE = "urn:accredit:schema:v1:"


def schema_id(kind: str) -> str:
    """The name of a kind's schema. It is no address: editors find the schema beside the registry, in `.schema/`."""
    return f"{BASE}{kind}"


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file. It takes dates as strings, because JSON has no dates."""
    schema = KINDS[kind].model_json_schema(by_alias=True, mode="validation")
    title = kind.replace("-", " ").capitalize()
    polished: dict[str, Any] = _polished(schema)
    return {"$schema": DIALECT, "$id": schema_id(kind), **polished, "title": title}


@cache
def schema_text(kind: str) -> str:
    """The JSON Schema of a kind of file as it lies in `.schema/` and in `schema/` of the site."""
    return json.dumps(schema_of(kind), indent=2) + "\n"


def _polished(node: Any) -> Any:
    """The schema without noise, open to `x-` extensions where the format is, and with descriptions where one hovers."""
    if isinstance(node, list):
        return [_polished(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {k: _named(v) if k in ("properties", "$defs") else _polished(v) for k, v in node.items()}
    if kept.get("additionalProperties") is False:
        kept["patternProperties"] = {"^x-": {}}
    if isinstance(kept.get("description"), str):
        kept["description"] = _flowing(str(kept["description"]))
    return kept


def _named(members: dict[str, Any]) -> dict[str, Any]:
    return {name: _property(_polished(member)) for name, member in members.items()}


def _property(member: dict[str, Any]) -> dict[str, Any]:
    """A property without a title that repeats its name or a default that is empty, with the description of its type."""
    plain = isinstance(member.get("default"), (str, int, float))
    kept = {k: v for k, v in member.items() if k != "title" and (k != "default" or plain)}
    options = [o for o in kept.get("anyOf", ()) if o != {"type": "null"}]
    if "description" not in kept and len(options) == 1 and "description" in options[0]:
        kept["description"] = options[0]["description"]
    return kept


def _flowing(text: str) -> str:
    """Paragraphs without the line breaks of the source."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
