"""What is wrong with data is known for all that was made from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from tests.support.cases import assessed, base_registry, patched
from tests.support.sealing import sealed

from accredit.domain.lineage import lineage_of
from accredit.problems import Problem, Status, statuses_of

ERASED = {
    "date": date(2026, 5, 1), "authority": "Request 7", "method": "Deleted", "reason": "A person asked",
    "note": "It cannot be repeated",
}  # fmt: skip
PATH = "models/loan-default/versions/2.0.0/version.yaml"


def statuses(patches: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Status]:
    return statuses_of(assessed(sealed(patched(base_registry(), patches))))


def reached_by(found: Mapping[str, Status], node: str) -> set[str]:
    return {n for n, status in found.items() if any(p.node == node for p in status.upstream)}


def test_where_all_holds_nothing_is_marked() -> None:
    assert statuses({}) == {}


def test_a_dataset_without_a_legal_basis_marks_everything_made_from_it_and_nothing_else() -> None:
    found = statuses({"datasets/loans-training.yaml": {"legal_basis": None}})
    lineage = lineage_of(assessed(base_registry()).registry)
    assert [p.code for p in found["dataset:loans-training"].own] == ["DATA103"]
    assert reached_by(found, "dataset:loans-training") == set(lineage.downstream("dataset:loans-training"))
    assert set(found) == {"dataset:loans-training", *lineage.downstream("dataset:loans-training")}
    assert "deployment:loan-default@2.0.0/branches" in found


def test_erased_data_marks_everything_made_from_it() -> None:
    found = statuses({"datasets/loans-raw.yaml": {"tombstone": ERASED}})
    lineage = lineage_of(assessed(base_registry()).registry)
    told = Problem("dataset:loans-raw", "", "`loans-raw` was erased on 2026-05-01")
    assert told in found["dataset:loans-raw"].own
    assert {n for n, s in found.items() if told in s.upstream} == set(lineage.downstream("dataset:loans-raw"))


def test_data_that_is_not_registered_marks_what_names_it() -> None:
    uses = [{"dataset": name, "role": "training"} for name in ("loans-training", "lost")]
    found = statuses({PATH: {"datasets": uses}})
    assert [p.code for p in found["dataset:lost"].own] == ["REF002"]
    assert {"version:loan-default@2.0.0", "deployment:loan-default@2.0.0/branches"} == reached_by(found, "dataset:lost")


def test_data_may_be_fit_for_one_version_and_not_for_another() -> None:
    files = base_registry()
    added = {"datasets/extra.yaml": files["datasets/loans-training.yaml"]}
    uses = [{"dataset": name, "role": "training"} for name in ("loans-training", "extra")]
    patches = {PATH: {"datasets": uses}, "datasets/extra.yaml": {"permitted_purposes": ["marketing"]}}
    found = statuses_of(assessed(sealed(patched(files | added, patches))))
    assert "DATA104" in {p.code for p in found["version:loan-default@2.0.0"].upstream}
    assert "version:loan-default@1.0.0" not in found


def test_a_waived_failure_is_no_problem() -> None:
    path = "datasets/loans-training.yaml"
    unwaived = statuses({path: {"quality": None}})
    assert {p.code for p in unwaived["dataset:loans-training"].own} == {"DATA112"}
    assessment = assessed(sealed(patched(base_registry(), {path: {"quality": None}})))
    waived = {
        code: result for code, result in assessment.version("loan-default@2.0.0").results.items() if result.waiver
    }
    assert waived == {}, "the base has no waiver, so the failure above is one for want of it"


@pytest.mark.parametrize("broken", ["policy.yaml", "models/loan-default/model.yaml"])
def test_a_registry_that_cannot_be_read_in_part_is_still_told(broken: str) -> None:
    statuses_of(assessed(base_registry() | {broken: b"- nothing"}))
