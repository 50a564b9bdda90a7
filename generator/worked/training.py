"""One version from its recipe: trained, exported, evaluated on the held-out part."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from worked import estimators, groups, measures
from worked.catalogue import Prepared
from worked.provenance import code, environment
from worked.sources import KEY, Table, digest

Record = dict[str, Any]


@dataclass(frozen=True)
class Trained:
    """A version of a model with everything that was measured about it."""

    model: str
    version: str
    story: Record
    data: Prepared

    @property
    def recipe(self) -> Record:
        """Estimator, hyperparameters, features and threshold rule."""
        recipe = self.story["recipe"]
        return recipe | {"features": self.data.story["feature_sets"][recipe["feature_set"]]["features"]}

    @cached_property
    def parameters(self) -> Record:
        """The exported model."""
        table = self.data.tables["training"]
        weights = _reweigh(table, self.recipe["reweigh"]) if "reweigh" in self.recipe else None
        return estimators.fit(self.recipe, table, weights)

    @cached_property
    def artifact(self) -> bytes:
        """The model file."""
        return estimators.artifact_bytes(self.parameters)

    @cached_property
    def threshold(self) -> float:
        """Cut on the training scores that selects the agreed share, to three decimals."""
        scores = self.score(self.data.tables["training"])
        return round(float(np.quantile(scores, 1 - self.recipe["select"])), 3)

    def score(self, table: Table) -> np.ndarray:
        """Scores of rows."""
        return estimators.score(self.parameters, table)

    def record(self) -> Record:
        """`version.yaml`."""
        recipe = self.recipe
        config = json.dumps(recipe, sort_keys=True).encode()
        hyper = {"estimator": recipe["estimator"], **recipe["hyperparameters"], "selected_share": recipe["select"]}
        hyper |= {"reweighed_by": recipe["reweigh"]} if "reweigh" in recipe else {}
        return {
            "model": self.model,
            "version": self.version,
            "summary": self.story["summary"],
            "trained": self.story["trained"],
            "code": code("training"),
            "config": {"sha256": digest(config)},
            "environment": environment(),
            "library": {"name": "scikit-learn", "version": environment()["packages"]["scikit-learn"]},
            "hyperparameters": hyper,
            "seeds": {"split": self.data.source.seed, "training": recipe["seed"]},
            "datasets": [self._use("training"), self._use("evaluation")],
            "features": [
                {"features": recipe["feature_set"], "sha256": self.data.feature_sha256(recipe["feature_set"])}
            ],
            "artifacts": [self._artifact()],
            "decision_threshold": self.threshold,
            "separation": self._separation(),
            **({"protected_inputs": inputs} if (inputs := self._protected_inputs()) else {}),
        }

    def _use(self, state: str) -> Record:
        return {"dataset": self.data.id(state), "role": state, "sha256": self.data.sha256(state), "split": state}

    def _artifact(self) -> Record:
        sha = digest(self.artifact)
        uri = f"s3://example-models/{self.model}/{sha}.json"
        return {
            "name": "model",
            "uri": uri,
            "sha256": sha,
            "size_bytes": len(self.artifact),
            "format": "canonical JSON",
        }

    def _separation(self) -> Record:
        columns = [c for c in self.data.tables["training"].columns if c != KEY]
        train, test = self.data.tables["training"][columns], self.data.tables["evaluation"][columns]
        overlap = len(test.merge(train.drop_duplicates(), how="inner", on=columns))
        record = {"method": "random within each outcome, fixed seed", "overlap_rows": overlap}
        if overlap:
            record["overlap_justification"] = "Different people with the same values: their row numbers differ"
        return record | {"by_subject": True, "by_time": False}

    def _protected_inputs(self) -> list[Record]:
        facts = self.data.story["features"]
        listed = [(f, facts[f]) for f in self.recipe["features"] if "protected_attribute" in facts[f]]
        return [
            {"feature": name, "attribute": fact["protected_attribute"]}
            | ({"justification": fact["justification"]} if "justification" in fact else {})
            for name, fact in listed
        ]

    def evaluation(self) -> Record:
        """`evaluations/holdout.yaml`."""
        table = self.data.tables["evaluation"]
        y, s = table["outcome"].to_numpy(int), self.score(table)
        d = (s >= self.threshold).astype(int)
        labels = {name: table[name].to_numpy(object) for name in self.data.attributes}
        story = self.data.story
        return {
            "name": "Held-out evaluation",
            "at": self.story["evaluated"],
            "by": self.story["trained"]["by"],
            "data": {"dataset": self.data.id("evaluation"), "sha256": self.data.sha256("evaluation"), "split": "test"},
            "artifact_sha256": digest(self.artifact),
            "decision_threshold": self.threshold,
            "source": {"name": "generator/worked"},
            "n": len(y),
            "positives": int(y.sum()),
            "confusion": measures.confusion(y, d),
            "metrics": [*measures.metrics(y, s, d), *measures.sliced(y, s, d, labels)],
            "calibration": measures.calibration(y, s),
            "fairness": groups.comparisons(
                groups.Decided(y, d, story["favourable"], story["attribute_source"]), labels
            ),
            "robustness": groups.robustness(self.score, table, self.recipe["features"], self.threshold),
        }


def _reweigh(table: Table, attribute: str) -> np.ndarray:
    """Kamiran and Calders 2012: weights under which attribute and outcome are independent."""
    group, outcome = table[attribute], table["outcome"]
    weights = np.ones(len(table))
    for g in sorted(group.dropna().unique()):
        for o in (0, 1):
            cell = ((group == g) & (outcome == o)).to_numpy()
            if cell.any():
                weights[cell] = (group == g).mean() * (outcome == o).mean() / cell.mean()
    return weights
