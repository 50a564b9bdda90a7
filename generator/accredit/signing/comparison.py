"""What changed between two versions of a model, field by field, and metric by metric with the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accredit.domain.evaluation import Evaluation
from accredit.domain.metric import loss
from accredit.domain.registry import ModelVersion
from accredit.domain.value import Value
from accredit.rules.context import Context

Fields = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs. None stands for a field that is not there."""

    file: str
    field: str
    before: object
    after: object
    worse: float | None = None
    """For a metric in both: how much worse it is, in its own unit; negative where it is better."""


def last_approved(context: Context, version: ModelVersion) -> ModelVersion | None:
    """The version of the model that went to production last, not the version itself; None where none did."""
    found = [
        (str(step.at), other)
        for other in context.model(version).versions.values()
        for step in context.lifecycles[other.key].steps
        if other.id != version.id and step.status == "effective" and step.transition.request.to_stage == "production"
    ]
    return max(found, key=lambda item: item[0])[1] if found else None


def differences(before: ModelVersion, after: ModelVersion) -> Iterator[Difference]:
    """Every field of the records, cards and evaluations of two versions that differs, by file."""
    old, new = _files(before), _files(after)
    for file in dict.fromkeys([*new, *old]):
        was, now = _fields(old.get(file)), _fields(new.get(file))
        for name in dict.fromkeys([*now, *was]):
            if was.get(name) != now.get(name):
                yield Difference(file, name, was.get(name), now.get(name), _worse(name, was.get(name), now.get(name)))


def _files(version: ModelVersion) -> dict[str, Value]:
    files: dict[str, Value] = {"version.yaml": version.record}
    if version.card is not None:
        files["card.yaml"] = version.card
    return files | {f"evaluations/{name}.yaml": e for name, e in version.evaluations.items()}


def _fields(entry: Value | None) -> Fields:
    if entry is None:
        return {}
    values: dict[str, Any] = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    fields: dict[str, object] = {}
    if isinstance(entry, Evaluation):
        del values["metrics"]
        for metric in entry.metrics:
            part = ", ".join(f"{k}={v}" for k, v in sorted(metric.slice.items()))
            fields[f"metric {metric.type}{f' [{part}]' if part else ''}"] = metric.value
    return fields | dict(_flat(values, ""))


def _flat(value: object, name: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for index, item in enumerate(value):
            yield from _flat(item, f"{name}[{index}]")
    elif value != []:
        yield name, value


def _worse(name: str, before: object, after: object) -> float | None:
    if not name.startswith("metric ") or not isinstance(before, float) or not isinstance(after, float):
        return None
    return loss(name.removeprefix("metric ").partition(" [")[0], before, after)
