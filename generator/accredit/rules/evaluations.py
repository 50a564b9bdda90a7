"""What a version's evaluations say, as rules on performance and fairness read them.

An evaluation is evidence where it is on held-out data: a test set, a later period, another organisation's data, or
cross-validation, in which every row is predicted by a model that has not seen it. Training and validation splits are
records, never evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accredit.domain.confusion import metrics_of, total
from accredit.domain.criteria import MetricThreshold, TaskCriteria
from accredit.domain.dataset import Dataset
from accredit.domain.evaluation import Evaluation, Metric
from accredit.domain.metric import canonical
from accredit.domain.paths import version_path
from accredit.domain.policy import Outcome
from accredit.domain.registry import ModelVersion
from accredit.domain.slices import recorded
from accredit.domain.statistics import Estimate
from accredit.findings import Location, Route
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at

HELD_OUT = ("test", "out_of_time", "external", "cross_validation")


@dataclass(frozen=True, slots=True)
class Number:
    """One metric over all the data of an evaluation."""

    estimate: Estimate
    """Bounds are infinite where no interval is recorded."""
    n: int | None
    """Rows of the evaluation that it rests on."""
    level: float
    """Confidence of the interval."""
    route: Route
    is_counted: bool = False
    """Whether it was computed from counts here, and not taken as recorded."""


@dataclass(frozen=True)
class Evidence:
    """One evaluation on held-out data."""

    path: str
    record: Evaluation
    numbers: Mapping[str, Number]
    """Metric to number; counts go before what was recorded."""

    def place(self, *route: str | int) -> Location:
        """A place in the evaluation's file."""
        return at(self.path, *route)

    @property
    def n(self) -> int | None:
        """Rows of the evaluation."""
        if self.record.n is not None:
            return self.record.n
        return total(self.record.confusion) if self.record.confusion else None


def evidence_of(version: ModelVersion, context: Context) -> tuple[Evidence, ...]:
    """The evaluations of a version on held-out data, by name."""
    return context.once("evidence", version.key, lambda: tuple(_evidence(version)))


def _evidence(version: ModelVersion) -> list[Evidence]:
    return [
        Evidence(evaluation_path(version, name), record, _numbers(record))
        for name, record in sorted(version.evaluations.items())
        if record.data.split in HELD_OUT
    ]


def evaluation_path(version: ModelVersion, name: str) -> str:
    """Path of one evaluation's file."""
    return version_path(version.model_id, version.id, f"evaluations/{name}.yaml")


def _numbers(record: Evaluation) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for index, metric in enumerate(record.metrics):
        if not metric.slice:
            found.setdefault(canonical(metric.type), _recorded(record, metric, index))
    if record.confusion:
        n = total(record.confusion)
        for name, estimate in metrics_of(record.confusion).items():
            route = found[name].route if name in found else ("confusion",)
            found[name] = Number(estimate, n, 0.95, route, is_counted=True)
    return found


def _recorded(record: Evaluation, metric: Metric, index: int) -> Number:
    level = metric.interval.level if metric.interval else 0.0
    return Number(recorded(metric), metric.n if record.n is None else record.n, level, ("metrics", index))


def see(outcome: Outcome, message: str) -> Verdict:
    """A verdict that counts and is not reported, because the rule that it names reports the cause."""
    return Verdict(outcome, message)


def no_evidence(outcome: Outcome = "unknown") -> Verdict:
    """For a version without evidence: the one cause is reported once."""
    return see(outcome, "there is no evaluation on held-out data: see PERF101 and PERF104")


def is_unreadable(version: ModelVersion, context: Context) -> bool:
    """Whether some evaluation of the version exists and could not be read, which REG001 reports."""
    folder = evaluation_path(version, "").removesuffix(".yaml")
    return any(path.startswith(folder) for path in context.registry.broken)


def task_criteria(version: ModelVersion, context: Context) -> TaskCriteria | None:
    """What the policy asks of the model's task."""
    return context.policy.performance.tasks.get(context.model(version).record.task)


def no_criteria(version: ModelVersion, context: Context, what: str) -> str:
    """Why a rule on performance does not apply."""
    return f"policy.yaml sets no {what} for the task {context.model(version).record.task}"


def thresholds_of(version: ModelVersion, context: Context) -> Mapping[str, MetricThreshold]:
    """Metric to threshold: those of the task, then those of the overrides whose condition holds.

    Where a condition depends on a fact that nobody recorded, the stricter of both thresholds holds.
    """
    criteria = task_criteria(version, context)
    found = {canonical(m): t for m, t in criteria.thresholds.items()} if criteria else {}
    for override in context.policy.performance.overrides:
        holds = override.when.holds(context.standing(version).facts)
        if holds is False:
            continue
        for metric, threshold in override.thresholds.items():
            name = canonical(metric)
            found[name] = threshold if holds or name not in found else _stricter(found[name], threshold)
    return found


def _stricter(one: MetricThreshold, other: MetricThreshold) -> MetricThreshold:
    lows = [t.min for t in (one, other) if t.min is not None]
    highs = [t.max for t in (one, other) if t.max is not None]
    return MetricThreshold(min=max(lows, default=None), max=min(highs, default=None))


def digest_of(record: Evaluation, context: Context) -> str | None:
    """Digest of the data that was evaluated on: as the evaluation says, else as the dataset's entry says."""
    dataset = context.registry.datasets.get(record.data.dataset)
    return record.data.sha256 or (dataset.sha256 if dataset else None)


def training_lineage(version: ModelVersion, context: Context) -> Mapping[str, Dataset | None]:
    """Every dataset that the version learnt from or was tuned on, and all that these were made from, by id."""
    return context.once("training-lineage", version.key, lambda: _training_lineage(version, context))


def _training_lineage(version: ModelVersion, context: Context) -> dict[str, Dataset | None]:
    found: dict[str, Dataset | None] = {}
    for use in version.record.datasets:
        if use.role == "evaluation" or use.dataset in found:
            continue
        for name in (use.dataset, *_upstream_datasets(use.dataset, context)):
            found[name] = context.registry.datasets.get(name)
    return found


def _upstream_datasets(dataset: str, context: Context) -> tuple[str, ...]:
    def reach() -> tuple[str, ...]:
        reached = context.lineage.upstream(f"dataset:{dataset}")
        return tuple(node.removeprefix("dataset:") for node in reached if node.startswith("dataset:"))

    return context.once("upstream-datasets", dataset, reach)


def leak_of(record: Evaluation, version: ModelVersion, context: Context) -> str:
    """Why the data of an evaluation is not held out; empty where nothing shows that."""
    if record.data.split == "cross_validation":
        return ""
    learnt = training_lineage(version, context)
    if record.data.dataset in learnt:
        return f"the dataset {record.data.dataset} is in the lineage of the training data"
    digest = digest_of(record, context)
    used = {u.sha256: u.dataset for u in version.record.datasets if u.role != "evaluation"}
    used |= {d.sha256: name for name, d in learnt.items() if d}
    if digest is not None and digest in used:
        return f"the data has the digest {digest[:12]} of {used[digest]}, which is in the training lineage"
    return ""


def is_retired(version: ModelVersion, context: Context) -> bool:
    """Whether the version is archived: nobody evaluates it anew."""
    return context.stage(version) == "archived"
