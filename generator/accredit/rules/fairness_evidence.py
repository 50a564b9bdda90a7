"""The group comparisons of a version: whether each is meaningful, and what it came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accredit.domain.criteria import FairnessCriteria
from accredit.domain.evaluation import GroupComparison
from accredit.domain.fairness_result import FairnessResult
from accredit.domain.group_fairness import fairness_results, impossible_counts
from accredit.domain.registry import ModelVersion
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.evaluations import HELD_OUT, Evidence, evaluation_path, evidence_of, is_retired, leak_of, see
from accredit.rules.rule import Verdict, fails

_AGAIN = "Count again, by group, on held-out data, for the artifact and the threshold that are used."


@dataclass(frozen=True)
class Compared:
    """One comparison of groups with its faults and, where it is meaningful, its results."""

    evidence: Evidence
    index: int
    record: GroupComparison
    faults: tuple[Verdict, ...]
    """Why it is not meaningful: what FAIR102 reports."""
    results: tuple[FairnessResult, ...]
    """One for every limit that applies; none where it is not meaningful, nor for an intersection without limits."""

    @property
    def name(self) -> str:
        """The attributes, as a person would say them."""
        return " and ".join(self.record.attributes)

    def place(self, *route: str | int) -> Location:
        """A place in the comparison."""
        return self.evidence.place("fairness", self.index, *route)

    @property
    def is_meaningful(self) -> bool:
        """Whether nothing speaks against the comparison."""
        return not any(f.outcome == "fail" for f in self.faults)


def comparisons_of(version: ModelVersion, context: Context) -> tuple[Compared, ...]:
    """The comparisons that count. One on training data counts only where there is none on held-out data."""
    return context.once("comparisons", version.key, lambda: tuple(_comparisons(version, context)))


def _comparisons(version: ModelVersion, context: Context) -> Iterator[Compared]:
    evidence = evidence_of(version, context)
    tested = {c.attributes for e in evidence for c in e.record.fairness}
    others = [
        Evidence(evaluation_path(version, name), record, {})
        for name, record in sorted(version.evaluations.items())
        if record.data.split not in HELD_OUT
    ]
    for e in (*evidence, *others):
        for index, comparison in enumerate(e.record.fairness):
            if e.record.data.split in HELD_OUT or comparison.attributes not in tested:
                yield _compared(e, index, version, context)


def _compared(evidence: Evidence, index: int, version: ModelVersion, context: Context) -> Compared:
    record, criteria = evidence.record.fairness[index], context.policy.fairness
    bare = Compared(evidence, index, record, (), ())
    faults = (
        *_count_faults(bare),
        *_group_faults(bare, criteria),
        *_setting_faults(bare, version, context),
    )
    unlimited = len(record.attributes) > 1 and not criteria.intersections.gate
    if unlimited or any(f.outcome == "fail" for f in faults):
        return Compared(evidence, index, record, faults, ())
    facts = context.standing(version).facts
    limits = (
        limit
        for limit in criteria.limits
        if limit.metric != "slice_gap"
        and (limit.attributes is None or set(record.attributes) <= set(limit.attributes))
        and (limit.when is None or limit.when.holds(facts) is not False)
    )
    results = fairness_results(record, limits, criteria)
    return Compared(evidence, index, record, faults, results)


def _count_faults(compared: Compared) -> Iterator[Verdict]:
    record = compared.record
    impossible = list(impossible_counts(record))
    for group, fault in impossible[:3]:
        more = f" (and {len(impossible) - 3} more)" if len(impossible) > 3 and group == impossible[2][0] else ""
        yield fails(f"{compared.name}, {group}: {fault}{more}", "Count again.", compared.place("groups", group))
    known, n = sum(g.n for g in record.groups.values()), compared.evidence.n
    if n is None:
        message = f"{compared.name}: the evaluation has no n, so nobody can see whether people were dropped"
        yield fails(message, "Record `n`.", compared.evidence.place())
    elif known + record.unknown_n != n and not record.reweighted:
        message = (
            f"{compared.name}: the groups have {known:,} people and {record.unknown_n:,} are unknown, "
            f"but the evaluation has {n:,}"
        )
        yield fails(
            message, "Count everybody: people whose group is unknown go to `unknown_n`.", compared.place("groups")
        )


def _group_faults(compared: Compared, criteria: FairnessCriteria) -> Iterator[Verdict]:
    record, name = compared.record, compared.name
    people = [group for group, g in record.groups.items() if g.n]
    if len(people) < 2:
        message = (
            f"{name} has {f'only the group {people[0]}' if people else 'no group with people'}: nothing to compare"
        )
        yield fails(message, "Count each group by itself.", compared.place("groups"))
    if record.favourable is None:
        message = f"{name} does not say which outcome is good for the person"
        yield fails(message, "Declare `favourable`, for example `approved`.", compared.place())
    if record.source == "inferred" and record.inference_error is None:
        message = f"{name} is inferred, and the error of the inference is not stated"
        yield fails(message, "Record `inference_error`, a share.", compared.place("source"))
    listed = criteria.groups.get(record.attributes[0], ()) if len(record.attributes) == 1 else ()
    if listed and set(listed) != set(record.groups):
        parts = [f"without {g}" for g in listed if g not in record.groups]
        parts += [f"with {g}" for g in record.groups if g not in listed]
        message = f"{name} is counted {', '.join(parts)}; the policy fixes the groups as {', '.join(listed)}"
        yield fails(message, "Count the policy's groups; one without people has `n: 0`.", compared.place("groups"))


def _setting_faults(compared: Compared, version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Faults of the evaluation as a whole. What PERF104 and PERF105 report of it counts here and is not reported."""
    record, place = compared.evidence.record, compared.evidence.place
    name, limit = compared.name, context.policy.fairness.max_age_days
    if record.data.split not in HELD_OUT:
        message = f"{name} is compared on the {record.data.split} split"
        is_reported = not evidence_of(version, context)
        yield see("fail", f"{message}: see PERF104") if is_reported else fails(message, _AGAIN, place("data", "split"))
    elif leak := leak_of(record, version, context):
        yield see("fail", f"{name} is not compared on held-out data, {leak}: see PERF104")
    if record.artifact_sha256 is None:
        yield see("unknown", f"nobody recorded for which artifact {name} is compared: see PERF105")
    elif record.artifact_sha256 not in {a.sha256 for a in version.record.artifacts}:
        yield see("fail", f"{name} is compared for the artifact {record.artifact_sha256[:12]}: see PERF105")
    used = version.record.decision_threshold
    if record.decision_threshold is not None and record.decision_threshold != used:
        yield see("fail", f"{name} is compared at the threshold {record.decision_threshold:g}, not {used}: see PERF105")
    age = (context.as_of - record.at.date()).days
    if limit is not None and age > limit and not is_retired(version, context):
        message = f"{name} was compared on {record.at.date()}, {age:,} days ago; at most {limit:,} are allowed"
        yield fails(message, _AGAIN, place("at"))
