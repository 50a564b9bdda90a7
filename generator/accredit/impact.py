"""What hangs on one dataset or feature set: everything made from it, and what closes if its data may not be used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from accredit.assess import Assessment, assess
from accredit.domain.dataset import Dataset
from accredit.domain.lineage import Lineage, Node
from accredit.domain.value import Stage
from accredit.domain.verification import Verification
from accredit.loading.tree import Loaded
from accredit.policies.change import Effect, version_effects
from accredit.problems import in_use

_STAGES: tuple[Stage | None, ...] = ("production", "review", "staging", "archived", None)


@dataclass(frozen=True, slots=True)
class Affected:
    """One thing that was made from the data, near or far."""

    node: Node
    hops: int
    owner: str
    """Who answers for it: of a version or deployment, the model's owner."""
    stage: Stage | None = None
    in_use: bool | None = None
    """Of a deployment: whether it still runs."""


def affected_by(node: str, assessment: Assessment) -> tuple[Affected, ...]:
    """Everything downstream of a node: versions by stage, those in production first, then the rest by distance."""
    reached = assessment.lineage.downstream(node)
    found = [_affected(assessment.lineage, assessment, other, hops) for other, hops in reached.items()]
    return tuple(sorted(found, key=lambda a: (_STAGES.index(a.stage), a.hops, a.node.id)))


def _affected(lineage: Lineage, assessment: Assessment, node: str, hops: int) -> Affected:
    known, owner = lineage.nodes[node], owner_of(node, assessment)
    key, _, deployment = node.partition(":")[2].partition("/")
    if known.kind in ("dataset", "features") or key.partition("@")[0] not in assessment.models:  # without a policy
        return Affected(known, hops, owner)
    version = assessment.version(key)
    if not deployment:
        return Affected(known, hops, owner, version.stage)
    return Affected(known, hops, owner, in_use=in_use(version.version.deployments[deployment], assessment.as_of))


def owner_of(node: str, assessment: Assessment) -> str:
    """Id of the person who answers for a node that is registered; of a version or deployment, the model's owner."""
    kind, _, name = node.partition(":")
    found = assessment.registry
    if kind == "dataset":
        return found.datasets[name].owner
    if kind == "features":
        return found.features[name].owner
    return found.models[name.partition("@")[0]].record.owner


def if_withdrawn(
    loaded: Loaded, dataset: str, as_of: date, proof: Verification | None = None
) -> tuple[Assessment, tuple[Effect, ...]]:
    """The registry as it is, and what would become another for versions if the dataset lost its basis in law.

    The dataset keeps what it says about its contents; its legal basis and its permitted purposes are taken away.
    """
    now = assess(loaded, as_of, proof)
    known = loaded.registry.datasets
    datasets = {**known, dataset: _without_basis(known[dataset])}
    then = assess(replace(loaded, registry=replace(loaded.registry, datasets=datasets)), as_of, proof)
    reached = [n.partition(":")[2] for n in now.lineage.downstream(f"dataset:{dataset}") if n.startswith("version:")]
    return now, tuple(e for key in sorted(reached) for e in version_effects(now.version(key), then.version(key)))


def _without_basis(dataset: Dataset) -> Dataset:
    return dataset.model_copy(update={"legal_basis": None, "permitted_purposes": (), "compatibility": ()})
