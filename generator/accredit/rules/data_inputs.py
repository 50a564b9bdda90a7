"""DATA: whether what a model looks at about people is necessary and justified."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.dataset import Dataset
from accredit.domain.features import Feature, FeatureSet
from accredit.domain.lineage import Upstream
from accredit.domain.paths import dataset_path, features_path, version_path
from accredit.domain.registry import ModelVersion
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, rule, unknown
from accredit.rules.upstream import listed, settled, unseen, unsettled


@rule("DATA106", "Personal features are justified", severity="error", gate="review", waivable=True)
def personal_features(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Personal features are justified.

    What it checks:
        Every personal feature in the version's feature sets says why it is needed. A personal column of its training
        data is used by a feature of some feature set of the same origin, or kept for a reason: it holds a protected
        attribute, by which fairness is measured, or `kept_for` names another, such as the outcome to learn.

    Why it matters:
        Data that is not needed must not be kept. Unused columns leak, and tempt the next version.

    Example:
        A feature `{name: age_years, type: int64, personal: true}` without `necessity`.

    How to fix:
        Write `necessity` in a sentence, drop the feature, or drop the column from the training data.

    References:
        GDPR Art. 5(1)(c) (data minimisation). HIPAA 45 CFR 164.502(b) (minimum necessary).
    """
    upstream = context.upstream(version)
    found = [*unseen(upstream)]
    if not upstream.features:
        found.append(unsettled("the version names no feature set, so its inputs are not known (DATA115)"))
    for name, features in upstream.features.items():
        for i, feature in enumerate(features.features):
            if feature.personal and feature.necessity is None:
                message = f"the personal feature `{feature.name}` of `{name}` gives no reason why it is needed"
                found.append(fails(message, "Record `necessity`, or drop it.", at(features_path(name), "features", i)))
    found += _unused_columns(version, context)
    every = [(name, f) for name, s in upstream.features.items() for f in s.features if f.personal]
    facts = ((f"{f.name}: {f.necessity}", name) for name, f in every)
    yield from settled(found, facts, f"no feature is personal in {listed(upstream.features)}")


def _unused_columns(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    trained = dict.fromkeys(use.dataset for use in version.record.datasets if use.role == "training")
    for name in trained:
        dataset = context.registry.datasets.get(name)
        for i, column in enumerate(dataset.columns if dataset else ()):
            kept = column.protected_attribute or column.kept_for
            if column.personal and not kept and column.name not in context.columns_in_use[name]:
                message = f"the personal column `{column.name}` of `{name}` is used by no feature"
                yield fails(message, "Drop it, or record `kept_for`.", at(dataset_path(name), "columns", i))


@rule(
    "DATA115", "Protected attributes or proxies as inputs are justified", severity="error", gate="review", waivable=True
)
def protected_inputs(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Protected attributes or proxies as inputs are justified.

    What it checks:
        Every feature that holds or stands for a protected attribute, whether its feature set or `protected_inputs` in
        `version.yaml` says so, has a legal and a statistical justification. A feature that is computed from a column
        with a protected attribute is marked with that attribute.

    Why it matters:
        Such an input treats people differently for who they are. Sometimes the law allows it and the statistics need
        it; nobody may find that out by accident.

    Example:
        `{name: married, from_columns: [marital], protected_attribute: marital-status}` without `justification`.

    How to fix:
        Have counsel and the validator write `justification` with `legal` and `statistical`, or drop the input. Mark
        features that are computed from protected columns.

    References:
        ECOA Regulation B, 12 CFR 1002.6(b). EU AI Act Art. 10(2)(f) and (g). Directive 2004/113/EC Art. 5.
    """
    upstream = context.upstream(version)
    found = [*unseen(upstream)]
    listed_in_version = {p.feature: p.attribute for p in version.record.protected_inputs}
    justified = {p.feature for p in version.record.protected_inputs if p.justification}
    inputs = {f.name: f for s in upstream.features.values() for f in s.features}
    path = version_path(version.model_id, version.id)
    if not upstream.features:
        help_ = "List the feature set under `features`, and register it in `features/`."
        found.append(unknown("the version names no feature set, so its inputs are not known", help_, at(path)))
    for i, entry in enumerate(version.record.protected_inputs):
        of_feature = inputs[entry.feature].justification if entry.feature in inputs else None
        if entry.feature not in justified and of_feature is None:
            found.append(_unjustified(entry.feature, entry.attribute, path, ("protected_inputs", i)))
    for name, features in upstream.features.items():
        found += _of_set(name, features, upstream, frozenset(listed_in_version))
    protected = {f.name: f.protected_attribute for f in inputs.values() if f.protected_attribute} | listed_in_version
    facts = ((f"{attribute} is justified", feature) for feature, attribute in protected.items())
    yield from settled(found, facts, f"no input holds a protected attribute in {listed(upstream.features)}")


def _of_set(name: str, features: FeatureSet, upstream: Upstream, elsewhere: frozenset[str]) -> Iterator[Verdict]:
    """Faults of the features of a set, but for those that `version.yaml` lists and answers for."""
    sources = [upstream.datasets[i.dataset] for i in features.inputs if i.dataset in upstream.datasets]
    columns = _protected_columns(sources)
    for i, feature in enumerate(features.features):
        if feature.name in elsewhere:
            continue
        if feature.protected_attribute and feature.justification is None:
            yield _unjustified(feature.name, feature.protected_attribute, features_path(name), ("features", i))
        elif not feature.protected_attribute:
            yield from _unmarked(name, i, feature, columns)


def _protected_columns(datasets: list[Dataset]) -> dict[str, str]:
    return {c.name: c.protected_attribute for d in datasets for c in d.columns if c.protected_attribute}


def _unjustified(feature: str, attribute: str, path: str, route: tuple[str | int, ...]) -> Verdict:
    message = f"the input `{feature}` holds or stands for {attribute}, without a justification"
    return fails(message, "Record `justification` with `legal` and `statistical`, or drop the input.", at(path, *route))


def _unmarked(name: str, index: int, feature: Feature, columns: dict[str, str]) -> Iterator[Verdict]:
    protected = next((c for c in feature.from_columns if c in columns), None)
    if protected is not None:
        attribute = columns[protected]
        message = f"the feature `{feature.name}` of `{name}` is computed from `{protected}`, which holds {attribute}"
        help_ = f"Record `protected_attribute: {attribute}` with a `justification`, or drop the feature."
        yield fails(message, help_, at(features_path(name), "features", index))
