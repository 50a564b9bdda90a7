"""Lineage of columns as text to read and JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from accredit.domain.columns import ColumnSource, FeatureSources
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1


def features_text(name: str, found: Sequence[FeatureSources]) -> str:
    """Each feature, the columns it was computed from, and the datasets that declare them, nearest first."""
    lines = [f"features {name}"]
    for told in found:
        marks = "  personal" if told.feature.personal else ""
        marks += f"  protected: {told.feature.protected_attribute}" if told.feature.protected_attribute else ""
        lines.append(f"  {told.feature.name}{marks}")
        lines += [f"    {_source(source)}" for source in told.sources] or ["    no column is recorded"]
        if told.is_personal_unsaid:
            lines.append("    ! comes from a personal column and does not say that it is personal")
    return "\n".join(one_line(line) for line in lines) + "\n"


def _source(source: ColumnSource) -> str:
    marks = "  personal" if source.personal else ""
    marks += f"  protected: {source.protected_attribute}" if source.protected_attribute else ""
    return f"{source.column} in {' < '.join(source.trail) or 'no dataset that declares it'}{marks}"


def dataset_text(name: str, found: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """Each column of a dataset, and the features that come from it."""
    return "\n".join(one_line(line) for line in _columns(name, found)) + "\n"


def _columns(name: str, found: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    yield f"dataset {name}"
    if not found:
        yield "  no column is described"
    for column, features in found.items():
        yield f"  {column}"
        yield from (f"    {feature} in {features_id}" for features_id, feature in features)


def features_json(name: str, found: Sequence[FeatureSources]) -> str:
    """One JSON object: features with their columns."""
    features = [
        {
            "feature": told.feature.name,
            "personal": told.feature.personal,
            "protected_attribute": told.feature.protected_attribute,
            "from": [
                {
                    "column": source.column,
                    "datasets": list(source.trail),
                    "personal": source.personal,
                    "protected_attribute": source.protected_attribute,
                }
                for source in told.sources
            ],
        }
        for told in found
    ]
    return _object({"node": f"features:{name}", "features": features})


def dataset_json(name: str, found: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """One JSON object: columns with the features that come from them."""
    columns = [
        {"column": column, "features": [{"features": s, "feature": f} for s, f in pairs]}
        for column, pairs in found.items()
    ]
    return _object({"node": f"dataset:{name}", "columns": columns})


def _object(content: Mapping[str, object]) -> str:
    return json.dumps({"format": FORMAT, "tool": {"name": NAME, "version": VERSION}, **content}, indent=2) + "\n"
