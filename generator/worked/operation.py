"""Versions in production: deployments, monitoring and prediction logs, from rows that were scored month by month."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

import numpy as np

from worked import estimators, measures
from worked.groups import MIN_CELL
from worked.sources import KEY, Table, digest
from worked.training import Trained

Record = dict[str, Any]
_NOTE = """The outcome is known at once because the rows are a held-out part of the file.
In operation it would be known only later."""


def deployments(trained: Trained) -> dict[str, Record]:
    """Name to `deployments/<name>.yaml`; the artifact is the version's."""
    sha = digest(trained.artifact)
    return {
        name: {"environment": story["environment"], "slot": story["slot"], "artifact_sha256": sha}
        | {k: v for k, v in story.items() if k not in ("environment", "slot")}
        for name, story in trained.story.get("deployments", {}).items()
    }


def monitoring(trained: Trained) -> dict[str, Record]:
    """Name to `monitoring/<name>.yaml`, one a month."""
    return {month: _snapshot(trained, month, rows) for month, rows in _months(trained).items()}


def decisions(trained: Trained) -> dict[str, Record]:
    """Name to `decisions/<period>.yaml`, one a month."""
    return {month: _manifest(trained, month, rows) for month, rows in _months(trained).items()}


def _months(trained: Trained) -> dict[str, Table]:
    months = trained.story.get("operated", [])
    table = trained.data.tables.get("operation")
    if not months or table is None:
        return {}
    order = np.random.default_rng(17).permutation(len(table))
    return {m: table.iloc[np.sort(part)] for m, part in zip(months, np.array_split(order, len(months)), strict=True)}


def _period(month: str) -> tuple[dt.date, dt.date]:
    year, number = map(int, month.split("-"))
    return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])


def _snapshot(trained: Trained, month: str, rows: Table) -> Record:
    first, last = _period(month)
    s, y = trained.score(rows), rows["outcome"].to_numpy(int)
    d = (s >= trained.threshold).astype(int)
    reference = trained.score(trained.data.tables["evaluation"])
    figures = measures.metrics(y, s, d, ("auc", "brier", "selection-rate"))
    psi = {"type": "population-stability-index", "value": _psi(reference, s), "n": len(rows)}
    return {
        "observed_at": dt.datetime.combine(last + dt.timedelta(days=5), dt.time(6), dt.UTC),
        "period_from": first,
        "period_to": last,
        "source": {"name": "generator/worked"},
        "n": len(rows),
        "metrics": [*figures, psi],
        "notes": _NOTE,
    }


def _psi(expected: np.ndarray, actual: np.ndarray) -> float:
    """Population stability index over ten bins of equal size of the expected scores."""
    edges = np.quantile(expected, np.linspace(0, 1, 11)[1:-1])
    e, a = (np.bincount(np.digitize(x, edges), minlength=10) / len(x) for x in (expected, actual))
    e, a = np.maximum(e, 1e-4), np.maximum(a, 1e-4)
    return round(float(((a - e) * np.log(a / e)).sum()), 4)


def _manifest(trained: Trained, month: str, rows: Table) -> Record:
    first, last = _period(month)
    s = trained.score(rows)
    d = (s >= trained.threshold).astype(int)
    keys = rows[KEY].to_numpy()
    reasons = estimators.reasons(trained.parameters, rows)
    lines = [f"{k},{v:.9f},{c},{r}\n" for k, v, c, r in zip(keys, s, d, reasons, strict=True)]
    outcomes = [_outcomes(trained, rows, d, name) for name in trained.data.attributes]
    log = "".join(["row,score,selected,reason\n", *lines]).encode()
    return {
        "period_from": first,
        "period_to": last,
        "uri": f"s3://example-decisions/{trained.model}/{digest(log)}.csv",
        "sha256": digest(log),
        "records": len(rows),
        "with_reasons": sum(map(bool, reasons)) / len(rows),
        "outcomes": [o for o in outcomes if min(g["n"] for g in o["groups"].values()) >= MIN_CELL],
    }


def _outcomes(trained: Trained, rows: Table, d: np.ndarray, name: str) -> Record:
    labels = rows[name].to_numpy(object)
    known = sorted({g for g in labels if isinstance(g, str)})
    counts = {g: {"n": int((labels == g).sum()), "selected": int(d[labels == g].sum())} for g in known}
    record: Record = {"attributes": [name], "source": trained.data.story["attribute_source"]}
    record["favourable"] = trained.data.story["favourable"]
    if unknown := len(rows) - sum(c["n"] for c in counts.values()):
        record["unknown_n"] = unknown
    return record | {"groups": counts}
