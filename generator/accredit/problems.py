"""What is wrong with data, and everything made from it that is wrong for that reason: status travels along edges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from accredit.assess import Assessment, VersionAssessment
from accredit.domain.lineage import Lineage
from accredit.domain.operation import Deployment
from accredit.domain.paths import parse_path
from accredit.findings import Severity

_FAMILIES = ("DATA", "LIN")
_DATA = ("dataset", "features")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with a node of the lineage."""

    node: str
    code: str
    """The rule that does not hold; empty for a plain fact, such as that data was erased."""
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    """What is wrong with a node itself, and what is wrong with something that it was made from."""

    own: tuple[Problem, ...] = ()
    upstream: tuple[Problem, ...] = ()


Found = dict[str, frozenset[Problem]]


def statuses_of(assessment: Assessment) -> Mapping[str, Status]:
    """Node to what is wrong with it or upstream of it; nodes with which nothing is wrong are left out.

    A version answers for what its own rules say of its data, since data may be fit for one purpose and not for
    another. Facts, such as erasure, reach all that was made from the data. What a waiver covers is no problem.
    """
    lineage = assessment.lineage
    facts = _facts(assessment)
    told = {v.version.key: dict(_told(v, assessment)) for v in _versions(assessment)}
    own = {node: set(found) for node, found in facts.items()}
    for problem in {p for found in told.values() for p, due in found.items() if due}:
        own.setdefault(problem.node, set()).add(problem)
    everything = _downstream(lineage, {node: frozenset(found) for node, found in own.items()})
    plain = _downstream(lineage, facts)
    found = {}
    for node in lineage.nodes:
        kind, _, name = node.partition(":")
        if kind in _DATA:
            reached = everything.get(node, frozenset())
        else:
            known = told.get(name.partition("/")[0], {})
            reached = plain.get(node, frozenset()) | {p for p in known if p in own.get(p.node, ())}
        mine = frozenset(own.get(node, ()))
        if mine or reached:
            found[node] = Status(tuple(sorted(mine)), tuple(sorted(reached - mine)))
    return found


def _versions(assessment: Assessment) -> Iterator[VersionAssessment]:
    for model in assessment.models.values():
        yield from model.versions.values()


def _told(version: VersionAssessment, assessment: Assessment) -> Iterator[tuple[Problem, bool]]:
    """What rules say against the version and its data, each with whether the version's stage asks for it already."""
    model = assessment.models[version.version.model_id]
    policy = assessment.registry.policy
    enforced = policy.profiles[model.standing.profile].severities if policy else ()
    for code, result in version.results.items():
        rule = result.rule
        if rule.family not in _FAMILIES or result.waiver or rule.severity < Severity.ERROR:
            continue
        for verdict in result.verdicts if rule.severity.label in enforced else ():
            if verdict.at is not None and verdict.outcome in ("fail", "unknown", "inconclusive"):
                problem = Problem(_node(verdict.at.path, version.version.key), code, verdict.message)
                yield problem, rule.applies_from(version.stage)


def _node(path: str, version: str) -> str:
    entry = parse_path(path)
    return f"{entry.kind}:{entry.id}" if entry and entry.kind in _DATA else f"version:{version}"


def _facts(assessment: Assessment) -> Found:
    found: dict[str, set[Problem]] = {}
    for node, known in assessment.lineage.nodes.items():
        if known.missing:
            found[node] = {Problem(node, "REF002", f"`{node.partition(':')[2]}` is not registered")}
    for name, dataset in assessment.registry.datasets.items():
        if dataset.tombstone is not None:
            told = f"`{name}` was erased on {dataset.tombstone.date.isoformat()}"
            found.setdefault(f"dataset:{name}", set()).add(Problem(f"dataset:{name}", "", told))
    for version in _versions(assessment):
        for name, deployment in version.version.deployments.items():
            if version.stage == "archived" and in_use(deployment, assessment.as_of):
                node = f"deployment:{version.version.key}/{name}"
                found[node] = {Problem(node, "", f"in use though `{version.version.key}` is archived")}
    return {node: frozenset(problems) for node, problems in found.items()}


def in_use(deployment: Deployment, day: date) -> bool:
    """Whether a deployment still runs at the end of a day."""
    return deployment.until is None or deployment.until > datetime.combine(day, time.max, UTC)


def _downstream(lineage: Lineage, own: Mapping[str, frozenset[Problem]]) -> Found:
    """What reaches each node from upstream. Nodes that were made from each other get what is known when they come."""
    reached: Found = {}
    if not own:
        return reached
    for node in lineage.order():
        sources = dict.fromkeys(edge.source for edge in lineage.into.get(node, ()))
        parts = [p for s in sources for p in (own.get(s), reached.get(s)) if p]
        if parts:
            reached[node] = frozenset().union(*parts)
    return reached
