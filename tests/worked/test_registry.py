"""What the worked registry must show: breadth, sign-offs that history proves, and a disparity that was refused.

It is looked at as whoever takes it over sees it: in a repository of its own, into which it came as one commit.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.support.repository import a_repository

from accredit import Assessment, Folder, assess, load
from accredit.assess import VersionAssessment
from accredit.domain.calendar import months_after
from accredit.domain.verification import Verification, at_least
from accredit.signing.asking import clone_asked_for
from accredit.signing.clone import asks_for_proof, clone_of

ROOT = Path(__file__).parents[2] / "registry"
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def taken_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("taken-over")
    files = {f"registry/{f.path}": (ROOT / f.path).read_bytes() for f in Folder(ROOT).files()}
    repository = a_repository(folder).by("Import", "import@northlake.example").on(DAY.isoformat())
    return repository.write(files).commit("Take over the registry").checkout(folder / "clone") / "registry"


@pytest.fixture(scope="module")
def verification(taken_over: Path) -> Verification:
    return clone_of(taken_over).verification()


@pytest.fixture(scope="module")
def assessment(taken_over: Path) -> Assessment:
    clone = clone_asked_for(taken_over)
    return assess(load(Folder(taken_over)), DAY, clone.verification() if clone else None)


def test_every_sign_off_counts_with_the_assurance_that_policy_asks(
    verification: Verification, assessment: Assessment
) -> None:
    policy = assessment.registry.policy
    assert asks_for_proof(policy)
    assert policy is not None
    assert len(verification.signoffs) > 80
    assert {p: s.doubts for p, s in verification.signoffs.items() if not s.counts} == {}
    assert verification.breaches == ()
    unsigned = []
    for path, signoff in verification.signoffs.items():
        wanted = policy.profiles[assessment.models[path.split("/")[1]].standing.profile].assurance
        unsigned += [path] if not at_least(signoff.assurance, wanted) else []
    assert unsigned == []


def test_the_story_has_a_rejection_an_expired_approval_and_an_archive(assessment: Assessment) -> None:
    versions = [v for m in assessment.models.values() for v in m.versions.values()]
    assert any(s.status == "rejected" for v in versions for s in v.lifecycle.steps)
    assert any(s.transition.request.to_stage == "archived" for v in versions for s in v.lifecycle.steps)
    assert any(_ran_on(v, assessment) for v in versions)


def _ran_on(found: VersionAssessment, assessment: Assessment) -> bool:
    """Whether a version was in use after its approval had lapsed."""
    approved = [s.at for s in found.lifecycle.steps if s.at and s.transition.request.to_stage == "production"]
    policy = assessment.registry.policy
    assert policy is not None
    months = policy.tiers[str(assessment.models[found.version.model_id].standing.tier)].approval_valid_months
    ends = [d.until.date() for d in found.version.deployments.values() if d.until]
    return bool(approved and months) and any(end > months_after(approved[-1].date(), months) for end in ends)


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
