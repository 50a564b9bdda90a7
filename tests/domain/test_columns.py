"""Lineage of columns on the base registry of the cases."""

from __future__ import annotations

from tests.support.cases import assessed, base_registry, patched
from tests.support.sealing import sealed

from accredit.domain.columns import sources_of, uses_of_columns
from accredit.domain.registry import Registry

FEATURES = "features/loan-features.yaml"


def registry(**routes: object) -> Registry:
    changed = {FEATURES: {route.replace("__", "."): value for route, value in routes.items()}}
    return assessed(sealed(patched(base_registry(), changed))).registry


def test_a_feature_is_followed_back_to_the_raw_data() -> None:
    known = registry()
    income, debt = sources_of(known.features["loan-features"], known)
    assert income.feature.name == "income"
    assert income.sources[0].trail == ("loans-cleaned", "loans-raw")
    assert income.sources[0].personal
    assert debt.undeclared == ()


def test_a_column_that_no_dataset_describes_is_told() -> None:
    known = registry(features__0__from_columns=["income", "shoe_size"])
    told = sources_of(known.features["loan-features"], known)[0]
    assert told.undeclared == ("shoe_size",)


def test_a_feature_of_a_protected_column_carries_the_attribute_and_must_say_that_it_is_personal() -> None:
    known = registry(features__0__from_columns=["gender"], features__0__personal=False)
    told = sources_of(known.features["loan-features"], known)[0]
    assert told.sources[0].protected_attribute == "gender"
    assert told.is_personal_unsaid


def test_a_raw_column_leads_to_the_features_that_come_from_it() -> None:
    uses = uses_of_columns(registry())
    assert uses["loans-raw", "income"] == (("loan-features", "income"),)
    assert ("loans-raw", "gender") not in uses
