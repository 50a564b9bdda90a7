"""Models, trained with scikit-learn and exported as canonical JSON: what is digested is what is evaluated.

Parameters are rounded on export, and the exported model scores the evaluation data, so that a difference in the last
bits of two processors changes neither the artifact nor a metric.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from worked.sources import Table

DIGITS = 6
Parameters = dict[str, Any]


def fit(recipe: dict[str, Any], table: Table, weights: np.ndarray | None = None) -> Parameters:
    """Trains the recipe's estimator and returns its parameters as plain values."""
    features = list(recipe["features"])
    x = table[features].to_numpy(float)
    fill = np.round(np.nanmedian(x, axis=0), DIGITS)
    x = np.where(np.isnan(x), fill, x)
    base: Parameters = {"estimator": recipe["estimator"], "features": features, "fill": fill.tolist()}
    fitted = _FITTERS[recipe["estimator"]](recipe, x, table["outcome"].to_numpy(int), weights)
    return base | fitted


def artifact_bytes(parameters: Parameters) -> bytes:
    """The model file: JSON with sorted keys and LF."""
    return (json.dumps(parameters, sort_keys=True, separators=(",", ":")) + "\n").encode()


def score(parameters: Parameters, table: Table) -> np.ndarray:
    """Probability of the positive class, by the exported parameters alone."""
    x = table[parameters["features"]].to_numpy(float)
    x = np.where(np.isnan(x), np.array(parameters["fill"]), x)
    if parameters["estimator"] == "logistic":
        z = (x - np.array(parameters["mean"])) / np.array(parameters["scale"])
        return _sigmoid(z @ np.array(parameters["coefficients"]) + parameters["intercept"])
    leaves = np.stack([_leaf_values(tree, x) for tree in parameters["trees"]])
    if parameters["estimator"] == "forest":
        return np.round(leaves.mean(axis=0), 9)
    return _sigmoid(parameters["start"] + parameters["rate"] * leaves.sum(axis=0))


def reasons(parameters: Parameters, table: Table) -> list[str]:
    """For each row the input that lowered the score most; empty for trees, which give no reason."""
    if parameters["estimator"] != "logistic":
        return [""] * len(table)
    x = table[parameters["features"]].to_numpy(float)
    x = np.where(np.isnan(x), np.array(parameters["fill"]), x)
    z = (x - np.array(parameters["mean"])) / np.array(parameters["scale"])
    return [parameters["features"][i] for i in (z * np.array(parameters["coefficients"])).argmin(axis=1)]


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return np.round(1 / (1 + np.exp(-z)), 9)


def _logistic(recipe: dict[str, Any], x: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> Parameters:
    mean = np.round(x.mean(axis=0), DIGITS)
    scale = np.round(x.std(axis=0), DIGITS)
    scale[scale == 0] = 1
    model = LogisticRegression(**recipe["hyperparameters"])
    model.fit((x - mean) / scale, y, sample_weight=weights)
    return {
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "coefficients": np.round(model.coef_[0], DIGITS).tolist(),
        "intercept": round(float(model.intercept_[0]), DIGITS),
    }


def _boosting(recipe: dict[str, Any], x: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> Parameters:
    model = GradientBoostingClassifier(random_state=recipe["seed"], **recipe["hyperparameters"])
    model.fit(x, y, sample_weight=weights)
    share = float(model.init_.class_prior_[1])
    return {
        "start": round(float(np.log(share / (1 - share))), DIGITS),
        "rate": model.learning_rate,
        "trees": [_export(tree[0].tree_, tree[0].tree_.value[:, 0, 0]) for tree in model.estimators_],
    }


def _forest(recipe: dict[str, Any], x: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> Parameters:
    model = RandomForestClassifier(random_state=recipe["seed"], n_jobs=1, **recipe["hyperparameters"])
    model.fit(x, y, sample_weight=weights)
    return {
        "trees": [_export(t.tree_, t.tree_.value[:, 0, 1] / t.tree_.value[:, 0].sum(axis=1)) for t in model.estimators_]
    }


_FITTERS = {"logistic": _logistic, "boosting": _boosting, "forest": _forest}


def _export(tree: Any, values: np.ndarray) -> dict[str, list[float]]:
    return {
        "feature": tree.feature.tolist(),
        "threshold": np.round(tree.threshold, DIGITS).tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "value": np.round(values, DIGITS).tolist(),
    }


def _leaf_values(tree: dict[str, list[float]], x: np.ndarray) -> np.ndarray:
    feature, threshold = np.array(tree["feature"]), np.array(tree["threshold"])
    left, right = np.array(tree["left"]), np.array(tree["right"])
    node = np.zeros(len(x), dtype=int)
    rows = np.arange(len(x))
    while (inner := left[node] >= 0).any():
        goes_left = x[rows, np.maximum(feature[node], 0)] <= threshold[node]
        node = np.where(inner, np.where(goes_left, left[node], right[node]), node)
    return np.array(tree["value"])[node]
