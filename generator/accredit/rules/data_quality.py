"""DATA: whether data is good enough to learn from and to test on."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.dataset import Dataset
from accredit.domain.paths import dataset_path, version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.version import DatasetUse, Separation
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, passes, rule, unknown
from accredit.rules.upstream import settled, unseen, unsettled


@rule("DATA112", "Quality and representativeness report exists", severity="error", gate="review", waivable=True)
def quality_report(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Quality and representativeness report exists.

    What it checks:
        Every dataset that the version itself was trained, tuned or tested on has a `quality` report with size and
        missingness of each split, coverage and known gaps. No split is empty, and the splits together are not larger
        than the dataset.

    Why it matters:
        A model is wrong most often about the people that its data lacks. Somebody has to have looked, and to have
        written down what is missing.

    Example:
        `rows: 1000` with `quality: {splits: [{split: training, n: 8000, missing: 0.0}], ...}`.

    How to fix:
        Profile the data and record `quality` with `splits`, `coverage` and `known_gaps`.

    References:
        EU AI Act Art. 10(2)(f) to (h), 10(3) and 10(4). Croissant `rai:dataBiases` and `rai:dataLimitations`;
        OpenLineage `dataQualityMetrics`.
    """
    used = dict.fromkeys(use.dataset for use in version.record.datasets)
    held = [(name, context.registry.datasets[name]) for name in used if name in context.registry.datasets]
    found = [*unseen(context.upstream(version))]
    if not used and not found:
        found.append(unsettled("the version names no dataset of its own (LIN101)"))
    for name, dataset in held:
        found += _report(name, dataset)
    facts = (
        (f"{s.split}: {s.n} rows, {s.missing:.1%} missing", n) for n, d in held if d.quality for s in d.quality.splits
    )
    yield from settled(found, facts, "")


def _report(name: str, dataset: Dataset) -> Iterator[Verdict]:
    path, quality = dataset_path(name), dataset.quality
    if quality is None or not quality.splits:
        place = at(path) if quality is None else at(path, "quality", "splits")
        what = "no quality report" if quality is None else "a quality report without splits"
        yield fails(f"`{name}` has {what}", "Record `quality` with splits, coverage and known gaps.", place)
        return
    for i, split in enumerate(quality.splits):
        if split.n == 0:
            message = f"the split {split.split} of `{name}` has 0 rows"
            yield fails(message, "Count the rows again.", at(path, "quality", "splits", i, "n"))
    total = sum(split.n for split in quality.splits)
    if dataset.rows is not None and total > dataset.rows:
        message = f"the splits of `{name}` have {total} rows together, and the dataset has {dataset.rows}"
        yield fails(message, "Count the rows again.", at(path, "quality", "splits"), at(path, "rows"))


@rule("DATA113", "Train and test are separate", severity="error", gate="review", waivable=False)
def separation(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Train and test are separate.

    What it checks:
        `separation` in `version.yaml` says how the data was split and that no row is found on both sides, or why such
        rows do no harm. Where policy asks the model's tier for it, no person is on both sides
        (`data.separate_subjects_tiers`) and test data is later than training data (`data.out_of_time_tiers`). The
        same split of a dataset is not named for training and for evaluation.

    Why it matters:
        A model that is tested on what it has seen looks better than it is, and every number in the registry with it.

    Example:
        `separation: {method: random, overlap_rows: 212}` without `overlap_justification`.

    How to fix:
        Split again by person and time, train anew and evaluate; or explain in `overlap_justification` why equal rows
        are different people.

    References:
        EU AI Act Annex IV 2(d) and 2(g). FDA Good Machine Learning Practice, principle 4. Hugging Face and MLflow
        record splits as dataset context.
    """
    path = version_path(version.model_id, version.id)
    shared = [*_in_both(version.record.datasets, path)]
    found = version.record.separation
    if found is None:
        yield from shared
        help_ = "Record `separation` with `method` and `overlap_rows`."
        yield unknown("how training and test data were kept apart is not recorded", help_, at(path))
        return
    tier, criteria = context.standing(version).tier, context.policy.data
    place = at(path, "separation")
    problems = [*shared, *_overlap(found, at(path, "separation", "overlap_rows"))]
    if tier in criteria.separate_subjects_tiers:
        problems += _by_subject(found, tier, place)
    later = found.by_time or any(e.data.split == "out_of_time" for e in version.evaluations.values())
    if tier in criteria.out_of_time_tiers and not later:
        problems.append(
            unsettled(f"no test on a later period is recorded, and policy asks it of tier {tier} (PERF104)")
        )
    yield from problems or [passes(f"{found.method}; {found.overlap_rows} rows on both sides")]


def _in_both(uses: tuple[DatasetUse, ...], path: str) -> Iterator[Verdict]:
    trained = {(use.dataset, use.split) for use in uses if use.role == "training"}
    for i, use in enumerate(uses):
        if use.role == "evaluation" and (use.dataset, use.split) in trained:
            what = f"the split {use.split} of `{use.dataset}`" if use.split else f"`{use.dataset}`"
            message = f"{what} is both training and evaluation data"
            yield fails(message, "Evaluate on data that training has not seen.", at(path, "datasets", i))


def _overlap(found: Separation, place: Location) -> Iterator[Verdict]:
    if found.overlap_rows and found.overlap_justification is None:
        message = f"{found.overlap_rows} rows are in training and in test data, without a justification"
        yield fails(message, "Split again, or record `overlap_justification`.", place)


def _by_subject(found: Separation, tier: int, place: Location) -> Iterator[Verdict]:
    if found.by_subject is None:
        message = f"whether a person is on both sides is not recorded, and policy asks tier {tier} for separation"
        yield unknown(message, "Find out and record `by_subject`.", place)
    elif not found.by_subject:
        message = f"people are in training and in test data, and policy asks tier {tier} for separation"
        yield fails(message, "Split again by person, train and evaluate.", at(place.path, *place.route, "by_subject"))
