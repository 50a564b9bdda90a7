"""Fairness as counts per group, and the tests of robustness that were really run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from worked.measures import MEASURES
from worked.sources import AGE_BANDS, Table

Score = Callable[[Table], np.ndarray]
MIN_CELL = 10
"""An intersection is reported where every cell has at least so many people."""


@dataclass(frozen=True)
class Decided:
    """Outcomes and decisions by row, which decision is the good one, and who says in which group a person is."""

    y: np.ndarray
    d: np.ndarray
    favourable: str
    source: str


def comparisons(decided: Decided, labels: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """Counts for each attribute, and for each pair of attributes whose cells are large enough."""
    records = [_compare(decided, (name,), values) for name, values in labels.items()]
    for first, second in combinations(labels, 2):
        joint = np.array([_join(a, b) for a, b in zip(labels[first], labels[second], strict=True)], dtype=object)
        record = _compare(decided, (first, second), joint)
        if all(cell["n"] >= MIN_CELL for cell in record["groups"].values()):
            records.append(record)
    return records


def _join(a: object, b: object) -> str | None:
    return f"{a} / {b}" if isinstance(a, str) and isinstance(b, str) else None


def _compare(decided: Decided, names: tuple[str, ...], labels: np.ndarray) -> dict[str, Any]:
    known = list(AGE_BANDS) if names == ("age-band",) else sorted({x for x in labels if isinstance(x, str)})
    unknown = sum(not isinstance(label, str) for label in labels)
    record: dict[str, Any] = {"attributes": list(names), "source": decided.source, "favourable": decided.favourable}
    if unknown:
        record["unknown_n"] = unknown
    return record | {
        "groups": {label: _counts(decided.y[labels == label], decided.d[labels == label]) for label in known}
    }


def _counts(y: np.ndarray, d: np.ndarray) -> dict[str, int]:
    return {
        "n": len(y),
        "selected": int(d.sum()),
        "positives": int(y.sum()),
        "true_positives": int((d & y).sum()),
        "negatives": int((1 - y).sum()),
        "false_positives": int((d & (1 - y)).sum()),
    }


def robustness(score: Score, table: Table, features: list[str], threshold: float) -> list[dict[str, Any]]:
    """Noise, missing values and a shift of the population: each changes the inputs and measures again."""
    base = score(table)
    y = table["outcome"].to_numpy(int)
    auc = _auc(y, base)
    return [
        _flips(base, score(_noisy(table, features)), threshold),
        _loss(
            "missing values in a tenth of the cells", "missing_data", auc, _auc(y, score(_holed(table, features))), 0.03
        ),
        _shift(table, y, base, next(name for name in features if table[name].nunique() > 2)),
    ]


def _auc(y: np.ndarray, s: np.ndarray) -> float:
    return MEASURES["auc"](y, s, s)


def _noisy(table: Table, features: list[str]) -> Table:
    rng = np.random.default_rng(11)
    out = table.copy()
    for name in features:
        if out[name].nunique() > 2:
            out[name] = out[name] + rng.normal(0, 0.05 * float(out[name].std()), len(out))
    return out


def _holed(table: Table, features: list[str]) -> Table:
    rng = np.random.default_rng(13)
    out = table.copy()
    for name in features:
        out[name] = out[name].astype(float).mask(rng.random(len(out)) < 0.1)
    return out


def _shift(table: Table, y: np.ndarray, s: np.ndarray, name: str) -> dict[str, Any]:
    kept = (table[name] > table[name].median()).to_numpy()
    return _loss(f"only people above the median of {name}", "shift", _auc(y, s), _auc(y[kept], s[kept]), 0.10)


def _flips(base: np.ndarray, noisy: np.ndarray, threshold: float) -> dict[str, Any]:
    share = float(((base >= threshold) != (noisy >= threshold)).mean())
    return {
        "name": "Gaussian noise of 5 % of a standard deviation on every measured input",
        "kind": "noise",
        "passed": share <= 0.05,
        "result": f"{share:.1%} of the decisions change; the limit is 5.0%",
    }


def _loss(name: str, kind: str, before: float, after: float, limit: float) -> dict[str, Any]:
    return {
        "name": name[0].upper() + name[1:],
        "kind": kind,
        "passed": before - after <= limit,
        "result": f"AUC {after:.3f} against {before:.3f}; the limit is a loss of {limit:.2f}",
    }
