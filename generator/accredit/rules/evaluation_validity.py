"""PERF: whether an evaluation is of this artifact, on data that it has not seen, and recent."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.evaluations import (
    Evidence,
    digest_of,
    evaluation_path,
    evidence_of,
    is_retired,
    leak_of,
    no_criteria,
    no_evidence,
    task_criteria,
)
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown


@rule("PERF104", "Evaluation is on held-out data", severity="blocker", gate="review", waivable=False)
def held_out(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Evaluation is on held-out data.

    What it checks:
        At least one evaluation has the split `test`, `out_of_time`, `external` or `cross_validation`, and none of these
        is on data that the version learnt from: neither the dataset nor its digest is that of a training or validation
        dataset, or of anything that those were made from. `cross_validation` is accepted on training data, because each
        row is predicted by a model that has not seen it. Evaluations on a `training` or `validation` split may be kept
        and are no evidence. For the tiers in `data.out_of_time_tiers`, one evaluation must be `out_of_time`, or the
        version must state `separation.by_time: true`.

    Why it matters:
        A model remembers what it learnt from. Measured there, it looks better than it will ever be in use.

    Example:
        The evaluation names the dataset that `version.yaml` lists with `role: training`.

    How to fix:
        Evaluate on rows that neither training nor tuning has read. Register a split as a dataset of its own, with its
        own digest.

    References:
        Kapoor and Narayanan 2023, Leakage and the reproducibility crisis in machine-learning-based science; Good
        Machine Learning Practice (IMDRF N88), principle 4.
    """
    if not version.evaluations:
        yield no_evidence()
        return
    evidence = evidence_of(version, context)
    if not evidence:
        name = min(version.evaluations)
        place = at(evaluation_path(version, name), "data", "split")
        split = version.evaluations[name].data.split
        yield fails(f"the version is evaluated on the {split} split only", "Evaluate on held-out data.", place)
    for e in evidence:
        yield _held_out(e, version, context)
    yield from _out_of_time(version, evidence, context)


def _held_out(evidence: Evidence, version: ModelVersion, context: Context) -> Verdict:
    data = evidence.record.data
    reason = leak_of(evidence.record, version, context)
    if reason:
        place = evidence.place("data", "sha256" if reason.startswith("the data") and data.sha256 else "dataset")
        return fails(f"the split is called {data.split}, but {reason}", "Evaluate on rows kept out of training.", place)
    if digest_of(evidence.record, context) is None:
        message = f"neither the evaluation nor the dataset {data.dataset} has a digest, so a leak cannot be ruled out"
        return unknown(message, "Record `data.sha256`.", evidence.place("data"))
    return passes(f"{data.dataset} ({data.split}) is not in the lineage of the training data")


def _out_of_time(version: ModelVersion, evidence: tuple[Evidence, ...], context: Context) -> Iterator[Verdict]:
    tier = context.standing(version).tier
    separation = version.record.separation
    if not evidence or tier not in context.policy.data.out_of_time_tiers or (separation and separation.by_time):
        return
    if not any(e.record.data.split == "out_of_time" for e in evidence):
        splits = ", ".join(sorted({e.record.data.split for e in evidence}))
        yield fails(
            f"tier {tier} asks for an evaluation on a later period, and the splits are {splits}",
            "Evaluate on data from after the training period, with `split: out_of_time`.",
            evidence[0].place("data", "split"),
        )


@rule("PERF105", "Evaluation is of this artifact", severity="blocker", gate="review", waivable=False)
def of_this_artifact(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Evaluation is of this artifact.

    What it checks:
        `artifact_sha256` of every evaluation on held-out data is the digest of one of the version's artifacts, and the
        `decision_threshold` of both is the same.

    Why it matters:
        Numbers of another artifact say nothing about the one that is deployed, and at another threshold the same
        scores become other decisions: other recall, other selection rates, other people refused.

    Example:
        `version.yaml` decides at 0.3, and the evaluation counted decisions at 0.5.

    How to fix:
        Evaluate the artifact that is registered, at the threshold that is used, and record both.

    References:
        EU AI Act Art. 15; in-toto attestations, which bind a statement to a subject by its digest.
    """
    evidence = evidence_of(version, context)
    if not evidence:
        yield no_evidence()
    digests = {a.sha256 for a in version.record.artifacts}
    for e in evidence:
        verdicts = [v for v in (_artifact(e, digests, version), _threshold(e, version)) if v]
        yield from verdicts
        if not verdicts:
            yield passes(f"{e.record.name} is of the artifact {str(e.record.artifact_sha256)[:12]}")


def _artifact(evidence: Evidence, digests: set[str], version: ModelVersion) -> Verdict | None:
    found = evidence.record.artifact_sha256
    if found is None:
        message = f"{evidence.record.name} does not say which artifact it is of"
        return unknown(message, "Record `artifact_sha256`.", evidence.place())
    if found in digests:
        return None
    listed = ", ".join(sorted(d[:12] for d in digests)) or "none"
    return fails(
        f"{evidence.record.name} is of the artifact {found[:12]}; the version's are {listed}",
        "Evaluate the artifact that `version.yaml` registers.",
        evidence.place("artifact_sha256"),
        _version_place(version, "artifacts"),
    )


def _threshold(evidence: Evidence, version: ModelVersion) -> Verdict | None:
    wanted, found = version.record.decision_threshold, evidence.record.decision_threshold
    if wanted == found or (found is None and not (evidence.record.confusion or evidence.record.fairness)):
        return None
    remedy = "Evaluate at the threshold that is used, and record it in both files."
    if found is None:
        return unknown(f"{evidence.record.name} does not say at which threshold it counted", remedy, evidence.place())
    message = f"{evidence.record.name} counts decisions at {found:g}; the version decides at " + (
        "no recorded threshold" if wanted is None else f"{wanted:g}"
    )
    related = _version_place(version, "decision_threshold") if wanted is not None else _version_place(version)
    return fails(message, remedy, evidence.place("decision_threshold"), related)


def _version_place(version: ModelVersion, *route: str) -> Location:
    return at(version_path(version.model_id, version.id), *route)


@rule("PERF106", "Evaluation is recent", severity="warning", gate="production", waivable=True)
def recent(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Evaluation is recent.

    What it checks:
        The newest evaluation on held-out data is not older than `max_age_days` of the task in `policy.yaml`, counted to
        the day of the assessment. Archived versions are not evaluated anew.

    Why it matters:
        The world moves on while the model stays. What was measured long ago may no longer be so.

    Example:
        The evaluation is of 5 August 2025, the assessment of 23 November 2026, and the limit is 365 days.

    How to fix:
        Evaluate again on recent data and add the evaluation. For a version under sign-off this is a revalidation: a
        transition from its stage to the same stage.

    References:
        EU AI Act Art. 72 on post-market monitoring.
    """
    criteria = task_criteria(version, context)
    if criteria is None or criteria.max_age_days is None:
        yield not_applicable(no_criteria(version, context, "age of evaluations"))
    elif is_retired(version, context):
        yield not_applicable("the version is archived")
    elif not evidence_of(version, context):
        yield no_evidence()
    else:
        newest = max(evidence_of(version, context), key=lambda e: e.record.at.timestamp())
        day = newest.record.at.date()
        age = (context.as_of - day).days
        message = f"the newest evaluation is of {day}, {age:,} days ago; at most {criteria.max_age_days:,} are allowed"
        if age <= criteria.max_age_days:
            yield passes(message)
        else:
            yield fails(message, "Evaluate again on recent data.", newest.place("at"))
