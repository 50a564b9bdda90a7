"""A fault in one place of the registry closes the gates of those whom it concerns, and of nobody else."""

from __future__ import annotations

import pytest
from tests.support.cases import SUBJECT, assessed, base_registry

from accredit.assess import VersionAssessment

OTHER = "models/loan-default/versions/1.0.0/card.yaml"


def with_fault(path: str) -> VersionAssessment:
    return assessed({**base_registry(), path: b"name: [broken"}).version(SUBJECT)


@pytest.mark.parametrize("path", [OTHER, "models/another/model.yaml", "datasets/unused.yaml", "features/unused.yaml"])
def test_a_broken_file_elsewhere_closes_no_gate_of_this_version(path: str) -> None:
    result = with_fault(path).results["REG001"]
    assert (result.outcome, [v.outcome for v in result.verdicts]) == ("pass", ["pass"])


@pytest.mark.parametrize(
    "path",
    [
        "models/loan-default/versions/2.0.0/evaluations/holdout.yaml",
        "models/loan-default/versions/2.0.0/decisions/june.yaml",
        "datasets/loans-training.yaml",
        "people/somebody.yaml",
        "waivers/exception.yaml",
        "holds/matter.yaml",
    ],
)
def test_a_broken_file_that_concerns_the_version_closes_its_gates(path: str) -> None:
    version = with_fault(path)
    assert version.results["REG001"].outcome == "fail"
    assert all("REG001" in gate.blocking for gate in version.gates.values())
