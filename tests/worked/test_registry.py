"""What the worked registry must show: breadth, unbroken sign-offs, and a disparity that was refused, then mitigated."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from accredit import Assessment, Folder, assess, load

ROOT = Path(__file__).parents[2] / "registry"
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return assess(load(Folder(ROOT)), DAY)


def test_every_file_can_be_read(assessment: Assessment) -> None:
    assert assessment.registry.broken == frozenset()
    assert [f for f in assessment.findings if f.code == "REG001"] == []


def test_at_least_six_models_and_sixteen_versions_stand_in_all_four_stages(assessment: Assessment) -> None:
    stages = Counter(v.stage for m in assessment.models.values() for v in m.versions.values())
    assert len(assessment.models) >= 6
    assert stages.total() >= 16
    assert set(stages) == {"staging", "review", "production", "archived"}


def test_every_request_binds_the_files_as_they_are(assessment: Assessment) -> None:
    registry = assessment.registry
    for version in registry.versions():
        previous = "none"
        for transition in version.transitions:
            request = transition.request
            assert request.content == version.content, version.key
            assert request.policy == registry.digests["policy.yaml"], version.key
            assert {p: registry.digests[p] for p in request.context} == dict(request.context), version.key
            assert f"models/{version.model_id}/model.yaml" in request.context
            named = {f"datasets/{u.dataset}.yaml" for u in version.record.datasets}
            assert named < set(request.context), version.key
            assert request.previous == previous
            previous = transition.sha256


def test_no_step_of_any_chain_is_broken(assessment: Assessment) -> None:
    steps = [s for m in assessment.models.values() for v in m.versions.values() for s in v.lifecycle.steps]
    assert Counter(s.status for s in steps)["effective"] > 20
    assert [s for s in steps if s.status == "broken"] == []


def test_the_version_with_disparity_by_race_is_refused_and_the_mitigated_one_is_in_use(assessment: Assessment) -> None:
    refused = assessment.version("mortgage-approval@1.0.0")
    assert refused.stage == "review"
    assert [s.status for s in refused.lifecycle.steps] == ["effective", "rejected"]
    assert assessment.version("mortgage-approval@2.0.0").stage == "production"


def test_what_is_in_production_keeps_its_gate_open(assessment: Assessment) -> None:
    inside = [v for m in assessment.models.values() for v in m.versions.values() if v.stage == "production"]
    assert len(inside) >= 4
    closed = {v.version.key: v.next_gate.blocking for v in inside if v.next_gate and not v.next_gate.is_open}
    assert closed == {}


def test_lineage_of_production_goes_from_raw_data_to_a_deployment(assessment: Assessment) -> None:
    raw = {f"dataset:{name}" for name, d in assessment.registry.datasets.items() if d.kind == "raw"}
    for model in assessment.models.values():
        for version in model.versions.values():
            if version.stage == "production":
                node = f"version:{version.version.key}"
                assert raw & set(assessment.lineage.upstream(node)), node
                below = assessment.lineage.downstream(node)
                assert any(n.startswith("deployment:") for n in below), node
