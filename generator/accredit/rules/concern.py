"""What of a fault in the registry concerns one version: a broken file of one model closes no gate of another."""

from __future__ import annotations

from collections.abc import Iterable

from accredit.domain.paths import dataset_path, features_path, model_path, version_path
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, passes


def concerning(verdicts: Iterable[Verdict], version: ModelVersion, context: Context) -> tuple[Verdict, ...]:
    """The verdicts about the registry that concern a version, or a pass that says there are none.

    Its own files do, its model's, those of the data that it was made from, and all that every model shares: identity,
    policy, people, waivers and holds. A verdict without a place concerns everybody.
    """
    own = _own_files(version, context)
    kept = tuple(v for v in verdicts if _concerns(v, version_path(version.model_id, version.id, ""), own))
    return kept or (passes("nothing in the files that concern this version"),)


def _own_files(version: ModelVersion, context: Context) -> frozenset[str]:
    upstream = context.upstream(version)
    names = [*(f"dataset:{d}" for d in upstream.datasets), *(f"features:{f}" for f in upstream.features)]
    paths = {"dataset": dataset_path, "features": features_path}
    nodes = (node.partition(":") for node in (*names, *upstream.missing))
    return frozenset([model_path(version.model_id), *(paths[kind](name) for kind, _, name in nodes if kind in paths)])


def _concerns(verdict: Verdict, folder: str, own: frozenset[str]) -> bool:
    places = [verdict.at] if verdict.at else verdict.related
    return not places or any(
        p.path in own or p.path.startswith(folder) or not p.path.startswith(("models/", "datasets/", "features/"))
        for p in places
    )
