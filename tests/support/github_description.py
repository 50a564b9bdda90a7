"""Holds what workflows ask GitHub, and what tests let it answer, against the official description of its API.

The description is the npm package `@octokit/openapi`. It is looked for in the folders of NODE_PATH; without it nothing
is held against anything.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_NAME = "@octokit/openapi/generated/api.github.com.json"


@cache
def description() -> dict[str, Any] | None:
    """The description in OpenAPI; None where it is not installed."""
    folders = filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep))
    found = next((f for f in (Path(folder) / _NAME for folder in folders) if f.is_file()), None)
    return json.loads(found.read_text("utf-8")) if found else None


def check_against_description(answers: Path) -> None:
    """Asserts that every request is one that GitHub takes, and that every answer has only fields that it sends."""
    known = description()
    if known is None:
        return
    for line in (answers / "gh-asked").read_text().splitlines():
        verb, path, fields = json.loads(line)
        template, operation = _operation(known, verb, path)
        if verb == "GET":
            declared = {
                p["name"]: p for p in map(_resolver(known), operation.get("parameters", [])) if p["in"] == "query"
            }
            assert fields.keys() <= declared.keys(), f"{verb} {template}: {fields}"
            for name, value in fields.items():
                of_type = int(value) if declared[name]["schema"]["type"] == "integer" else value
                _validate(known, declared[name]["schema"], of_type)
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            unknown = _unknown(known, schema, json.loads((answers / f"{path}.json").read_text()))
            assert unknown == [], f"{verb} {template} answers no {unknown}"
        else:
            _validate(known, operation["requestBody"]["content"]["application/json"]["schema"], fields)


def _operation(known: dict[str, Any], verb: str, path: str) -> tuple[str, dict[str, Any]]:
    """The operation whose path has the fewest parameters."""
    fitting = [t for t in known["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", t), f"/{path}")]
    template = min(fitting, key=lambda t: t.count("{"))
    return template, known["paths"][template][verb.lower()]


def _resolver(known: dict[str, Any]) -> Any:
    def resolved(node: Any) -> Any:
        while "$ref" in node:
            target: Any = known
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    return resolved


def _validate(known: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    Draft202012Validator({**schema, "components": known["components"]}).validate(value)


def _unknown(known: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """Keys of an answer that the schema does not have."""
    schema = _resolver(known)(schema)
    for part in ("allOf", "anyOf", "oneOf"):
        if part in schema:
            schema = _resolver(known)(schema[part][0])
    if isinstance(value, list):
        return [k for item in value for k in _unknown(known, schema["items"], item)]
    if not isinstance(value, dict):
        return []
    has = schema.get("properties", {})
    inner = [k for key, item in value.items() if key in has for k in _unknown(known, has[key], item)]
    return [key for key in value if key not in has] + inner
