"""Records as YAML that is pleasant to read in a diff: block style, literal prose, no anchors, one spelling a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import yaml

WIDTH = 118
FLOW = 96
"""Columns up to which a small collection of scalars stays on one line."""


class _Writer(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().increase_indent(flow, indentless=False)


def _text(writer: _Writer, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else ">" if len(value) > FLOW and " " in value else None
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _instant(writer: _Writer, value: dt.datetime) -> yaml.ScalarNode:
    text = value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return writer.represent_scalar("tag:yaml.org,2002:timestamp", text)


def _is_scalar(value: object) -> bool:
    return not isinstance(value, Mapping | list | tuple) and not (isinstance(value, str) and len(value) > FLOW)


def _mapping(writer: _Writer, value: Mapping[str, Any]) -> yaml.MappingNode:
    node = writer.represent_mapping("tag:yaml.org,2002:map", list(value.items()))
    small = bool(value) and all(_is_scalar(v) for v in value.values())
    node.flow_style = small and len(str(dict(value))) < FLOW
    return node


def _sequence(writer: _Writer, value: list[Any] | tuple[Any, ...]) -> yaml.SequenceNode:
    small = all(_is_scalar(v) for v in value) and len(str(list(value))) < FLOW
    return writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=small)


_Writer.add_representer(str, _text)
_Writer.add_representer(dt.datetime, _instant)
_Writer.add_representer(dict, _mapping)
_Writer.add_representer(list, _sequence)
_Writer.add_representer(tuple, _sequence)


class _Record(dict[str, Any]):
    """The top level, which is always in block style."""


def _record(writer: _Writer, value: _Record) -> yaml.MappingNode:
    return writer.represent_mapping("tag:yaml.org,2002:map", list(value.items()), flow_style=False)


_Writer.add_representer(_Record, _record)


def to_yaml(record: Mapping[str, Any]) -> bytes:
    """A record as UTF-8 YAML."""
    text: str = yaml.dump(_Record(record), Dumper=_Writer, sort_keys=False, width=WIDTH, allow_unicode=True)
    return text.encode()
