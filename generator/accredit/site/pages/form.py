"""The format reference: a page for every kind of file, from the published schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accredit.domain.paths import GRAMMAR
from accredit.loading.json_schema import schema_id, schema_of
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys

LAYOUT = {
    "registry": ("registry.yaml", "Which registry this is"),
    "policy": ("policy.yaml", "What the organisation demands"),
    "person": ("people/<person>.yaml", "Somebody, with roles and keys"),
    "dataset": ("datasets/<dataset>.yaml", "Data in one fixed state"),
    "features": ("features/<feature-set>.yaml", "Features computed by one job"),
    "model": ("models/<model>/model.yaml", "One purpose, one owner, many versions"),
    "version": ("models/<model>/versions/<version>/version.yaml", "What was built, from what"),
    "card": ("models/<model>/versions/<version>/card.yaml", "What a person needs to know before using it"),
    "evaluation": ("models/<model>/versions/<version>/evaluations/<name>.yaml", "Numbers from one evaluation run"),
    "validation": ("models/<model>/versions/<version>/validations/<name>.yaml", "Report from outside development"),
    "monitoring": ("models/<model>/versions/<version>/monitoring/<name>.yaml", "A snapshot from production"),
    "deployment": ("models/<model>/versions/<version>/deployments/<name>.yaml", "Where it ran, since when"),
    "decisions": ("models/<model>/versions/<version>/decisions/<period>.yaml", "Manifest of stored predictions"),
    "record": ("models/<model>/versions/<version>/records/<class>.yaml", "A record that is kept elsewhere"),
    "verification": ("models/<model>/versions/<version>/verifications/<date>.yaml", "Who looked at stored objects"),
    "transition": ("models/<model>/versions/<version>/transitions/<NNNN>/request.yaml", "Asks to change the stage"),
    "approval": (
        "models/<model>/versions/<version>/transitions/<NNNN>/approvals/<person>.yaml",
        "A reviewer's decision on a request",
    ),
    "closing": (
        "models/<model>/versions/<version>/transitions/<NNNN>/closings/<NN>.yaml",
        "Says that a condition of an approval is met",
    ),
    "waiver": ("waivers/<id>.yaml", "Accepts for a time that a rule does not hold"),
    "hold": ("holds/<id>.yaml", "What must not be deleted"),
    "incident": ("incidents/<id>.yaml", "What went wrong in use"),
    "framework": ("frameworks/<id>.yaml", "Controls of the organisation's own, beside those that are shipped"),
    "determination": ("determinations/<id>.yaml", "What a person decided about a control"),
    "change": ("changes/<NNNN>/request.yaml", "Asks that people or policy change"),
    "change-approval": ("changes/<NNNN>/approvals/<person>.yaml", "A decision on such a change"),
}
"""Kind to the shape of its path and a few words; a test holds it against the grammar of paths."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a kind of file."""

    name: str
    type: tuple[tuple[str, bool], ...]
    """The type in words; True beside the name of a part that is described below on the page."""
    required: bool
    description: str
    example: str


@dataclass(frozen=True, slots=True)
class Part:
    """A kind, or a named part of it, with its fields."""

    name: str
    description: str
    fields: tuple[FieldRow, ...]
    example: str = ""


@dataclass(frozen=True)
class KindView:
    """One kind of file. Its schema is made when the page is drawn."""

    kind: str

    @property
    def path(self) -> str:
        """Shape of the path."""
        return LAYOUT[self.kind][0]

    @property
    def schema_id(self) -> str:
        """Address of the published schema."""
        return schema_id(self.kind)

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return schema_of(self.kind)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The kind itself, then each part that it is made of."""
        return parts_of(self._schema)


def parts_of(schema: Mapping[str, Any]) -> tuple[Part, ...]:
    """What a schema describes itself, then each part that it is made of, in the order of their first use."""
    defs = schema.get("$defs", {})
    own = defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    names, queue = {}, [own]
    while queue:
        for name in _references(queue.pop(0)):
            if name not in names and "properties" in defs.get(name, {}):
                names[name] = defs[name]
                queue.append(defs[name])
    return (_part("", own, defs), *(_part(name, found, defs) for name, found in names.items()))


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for item in node for name in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"].rpartition("/")[2]] if isinstance(node.get("$ref"), str) else []
    return own + [name for key, item in node.items() if key != "$defs" for name in _references(item)]


def _part(name: str, schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Part:
    required = schema.get("required", ())
    rows = tuple(
        _field(field, found, defs, required=field in required) for field, found in schema.get("properties", {}).items()
    )
    return Part(name, schema.get("description", ""), rows)


def _field(name: str, schema: Mapping[str, Any], defs: Mapping[str, Any], *, required: bool) -> FieldRow:
    refs = tuple(r for r in dict.fromkeys(_references(schema)) if "properties" in defs.get(r, {}))
    examples = schema.get("examples", ())
    example = json.dumps(examples[0], ensure_ascii=False) if examples else ""
    words = type_text(schema, defs)
    pieces = re.split("|".join(rf"\b({re.escape(r)})\b" for r in refs), words) if refs else [words]
    kinds = tuple((p, p in refs) for p in pieces if p)
    said = schema.get("description") or (defs[refs[0]].get("description", "") if refs else "")
    return FieldRow(name, kinds, required, said, example)


def type_text(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    """A JSON Schema as a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name if "properties" in defs.get(name, {}) else type_text(defs.get(name, {}), defs)
    if "const" in schema or "enum" in schema:
        return " | ".join(str(v) for v in schema.get("enum", (schema.get("const"),)))
    options = [o for o in (*schema.get("anyOf", ()), *schema.get("allOf", ())) if o.get("type") != "null"]
    if options:
        return " or ".join(dict.fromkeys(type_text(o, defs) for o in options))
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return f"list of {type_text(items, defs)}" if items else "list"
    if schema.get("type") == "object":
        return f"map to {type_text(schema.get('additionalProperties') or {}, defs)}"
    return _scalar(schema)


def _scalar(schema: Mapping[str, Any]) -> str:
    kind = {"string": "text", "boolean": "true or false"}.get(schema.get("type", ""), schema.get("type", "any value"))
    if "format" in schema:
        kind = {"date": "date", "date-time": "date and time with offset"}.get(schema["format"], schema["format"])
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind}, {low:g} to {high:g}"
    return f"{kind}, at least {low:g}" if low is not None else kind


def pages(catalogue: Catalogue, _keys: Keys) -> Iterator[Page]:
    """The reference's index, then every kind."""
    yield Page(
        url=urls.FORMAT,
        title="Format reference",
        template="format.html",
        data={"catalogue": catalogue, "layout": {k: LAYOUT[k] for k in GRAMMAR if k in LAYOUT}},
        summary="The files of a registry, where they stand and what they hold.",
        nav=("Reference", "Format"),
        key="format",
    )
    for kind in GRAMMAR:
        title = kind.replace("-", " ").capitalize()
        yield Page(
            url=urls.kind_url(kind),
            title=f"{title} file",
            template="kind.html",
            data={"catalogue": catalogue, "view": KindView(kind)},
            summary=LAYOUT[kind][1],
            nav=("Reference", "Format", title),
            key=f"format {kind}",
        )
