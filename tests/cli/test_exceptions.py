"""Waivers that would count are written, and legal holds begin and end."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from tests.support.office import MODEL, Office
from tests.support.program import base_on_disk, run

from accredit.domain.policy import Policy
from accredit.loading.folder import Folder
from accredit.loading.schema import read_entry
from accredit.loading.tree import load
from accredit.rules.context import Context
from accredit.rules.waiver_validity import covers

VERSION = "2.0.0"
TODAY = dt.datetime.now(dt.UTC).date()
GIVEN = {
    "reason": "Too few people under 30",
    "risk": "Too few approvals",
    "ticket": "RISK-7",
    "until": TODAY + dt.timedelta(days=60),
    "accepted-by": "rolf",
    "as": "risk",
    "control": "A second officer looks",
    "evidence": "Report 7",
    "by": "dana",
}
WRITTEN = f"waivers/{MODEL}-{VERSION}-fair103.yaml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return base_on_disk(tmp_path)


def waiver(rule: str = "FAIR103", **options: object) -> tuple[object, ...]:
    given = GIVEN | {name.replace("_", "-"): value for name, value in options.items()}
    named = [part for name, value in given.items() for part in (f"--{name}", value) if value is not None]
    return ("waive", MODEL, VERSION, rule, *named)


def covered(root: Path) -> dict[str, str]:
    registry = load(Folder(root)).registry
    assert registry.policy is not None
    return dict(covers(registry.models[MODEL].versions[VERSION], Context(registry, registry.policy, TODAY)))


def test_a_waiver_that_is_written_covers_its_rule(root: Path) -> None:
    result = run(*waiver())
    assert result.exit_code == 0, result.output
    assert result.stdout == f"wrote registry/{WRITTEN}\n"
    assert covered(root) == {"FAIR103": WRITTEN.removeprefix("waivers/").removesuffix(".yaml")}


def test_a_second_waiver_is_a_renewal_and_a_third_is_more_than_policy_allows(root: Path) -> None:
    assert run(*waiver()).exit_code == 0
    assert run(*waiver()).exit_code == 0
    assert "renewals: 1\n" in (root / f"waivers/{MODEL}-{VERSION}-fair103-2.yaml").read_text()
    third = run(*waiver())
    assert third.exit_code == 2
    assert "WVR103 this is renewal 2, and policy allows 1" in third.stderr
    assert len(list((root / "waivers").iterdir())) == 2


def test_a_waiver_that_would_cover_nothing_is_not_written_and_every_fault_is_said(root: Path) -> None:
    result = run(
        *waiver("RISK101", reason="TBD", until=TODAY + dt.timedelta(days=400), accepted_by="olga", by="nobody-yet")
    )
    assert result.exit_code == 2
    assert "nobody-yet is nobody registered" in result.stderr
    result = run(*waiver("RISK101", reason="TBD", until=TODAY + dt.timedelta(days=400), accepted_by="olga"))
    assert result.exit_code == 2
    for part in (
        "WVR101 `reason` says nothing yet",
        "WVR102 Olga Owner did not hold",
        "WVR102 `olga` accepts the risk",
    ):
        assert part in result.stderr
    assert "WVR103 the term is 401 days" in result.stderr
    assert "WVR105 RISK101 cannot be waived" in result.stderr
    assert not (root / "waivers").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"until": TODAY - dt.timedelta(days=1)}, "WVR103 it would have ended on"),
        ({"until": "soon"}, "--until soon is not a date"),
        ({"accepted_by": "dana", "as": "risk"}, "WVR102 `dana` accepts the risk and trained the version"),
        ({"id": "../policy"}, "has no place in a registry"),
        ({"rule": "FAIR*", "id": "all"}, "the record would not be accepted"),
        ({"rule": "FAIR999"}, "WVR105 `FAIR999` is no rule"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused_with_a_hint(root: Path, options: dict[str, object], message: str) -> None:
    rule = str(options.pop("rule", "FAIR103"))
    result = run(*waiver(rule, **options))
    assert result.exit_code == 2
    assert message in result.stderr
    assert "hint: " in result.stderr
    assert not (root / "waivers").exists()


def test_a_waiver_never_replaces_a_file(root: Path) -> None:
    (root / "waivers").mkdir()
    (root / WRITTEN).write_bytes(b"mine, and not a waiver\n")
    result = run(*waiver())
    assert result.exit_code == 2
    assert f"registry/{WRITTEN} exists already" in result.stderr
    assert (root / WRITTEN).read_bytes() == b"mine, and not a waiver\n"


def test_each_control_has_its_evidence(root: Path) -> None:
    assert "2 controls have 1 evidences" in run(*waiver(), "--control", "Another").stderr
    assert run(*waiver(), "--control", "Another: one", "--evidence", "Report 8 #2").exit_code == 0
    assert 'control: "Another: one"' in (root / WRITTEN).read_text()


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH, with which people sign, is absent")
def test_who_asks_for_a_waiver_is_known_by_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    office = Office(folder)
    assert office.by("dana", *waiver(by=None)).exit_code == 0
    assert "requested_by: dana\n" in (office.root / WRITTEN).read_text()


HOLD = "holds/complaint-7.yaml"
PLACED = ("hold", "place", "complaint-7", "--reason", "Complaint 7", "--by", "lars", "--model", MODEL)
RELEASED = ("hold", "release", "complaint-7", "--reason", "Settled: paid", "--by", "lena")


def second_counsel(root: Path) -> None:
    text = (root / "people/lars.yaml").read_text()
    (root / "people/lena.yaml").write_text(text.replace("Lars", "Lena").replace("lars@", "lena@"))


def test_a_hold_is_placed_and_released_by_a_second_legal_person(root: Path) -> None:
    second_counsel(root)
    placed = run(*PLACED, "--dataset", "loans-raw", "--dataset", "loans-training")
    assert placed.exit_code == 0, placed.output
    path = root / HOLD
    before = path.read_bytes().replace(b"reason:", b"# keep: \xc3\xa4\nreason:  ").rstrip(b"\n")
    path.write_bytes(before)
    assert run(*RELEASED).exit_code == 0
    assert path.read_bytes().startswith(before + b"\nreleased:\n")
    hold = load(Folder(root)).registry.holds["complaint-7"]
    assert (hold.models, hold.datasets, hold.issued_by) == ((MODEL,), ("loans-raw", "loans-training"), "lars")
    assert hold.released is not None
    assert (hold.released.by, hold.released.date, hold.released.reason) == ("lena", TODAY, "Settled: paid")
    again = run(*RELEASED)
    assert again.exit_code == 2
    assert "was released on" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*PLACED[:-2],), "a hold covers models or datasets"),
        ((*PLACED, "--dataset", "nothing"), "nothing cannot be found"),
        ((*PLACED, "--by", "olga"), "olga does not hold the role legal"),
        ((*PLACED, "--by", "ghost"), "ghost is nobody who works here"),
        (("hold", "place", "../x", *PLACED[3:]), "../x is no id of a hold"),
        ((*PLACED[:2], "here", *PLACED[3:]), "exists already"),
        (("hold", "release", "gone", *RELEASED[3:]), "is not there"),
        (("hold", "release", "here", *RELEASED[3:-1], "lars"), "lars placed this hold and cannot release it"),
        (("hold", "release", "here", *RELEASED[3:-1], "rolf"), "rolf does not hold the role legal"),
        (("hold", "release", "flow", *RELEASED[3:]), "cannot be added to holds/flow.yaml"),
        (("hold", "release", "broken", *RELEASED[3:]), "holds/broken.yaml cannot be read"),
    ],
)
def test_a_hold_that_cannot_be_is_refused_with_a_hint(root: Path, arguments: tuple[str, ...], message: str) -> None:
    second_counsel(root)
    (root / "holds").mkdir()
    fields = f"reason: Matter, models: [{MODEL}], issued_by: lars, issued: 2026-01-05"
    (root / "holds/here.yaml").write_text(fields.replace(", ", "\n") + "\n")
    (root / "holds/flow.yaml").write_text(f"{{{fields}}}\n")
    (root / "holds/broken.yaml").write_text("reason: [\n")
    before = {path: path.read_bytes() for path in (root / "holds").iterdir()}
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "hint: " in result.stderr
    assert {path: path.read_bytes() for path in (root / "holds").iterdir()} == before


def test_without_a_legal_role_in_policy_anybody_who_works_here_places_a_hold(root: Path) -> None:
    policy = (root / "policy.yaml").read_text()
    (root / "policy.yaml").write_text(policy.replace("  legal: {", "  counsel: {").replace("[legal]", "[counsel]"))
    value, _ = read_entry("policy", "policy.yaml", (root / "policy.yaml").read_bytes())
    assert isinstance(value, Policy)
    assert "legal" not in value.roles
    assert run(*PLACED, "--by", "rolf").exit_code == 0


def test_whoever_waives_a_rule_that_holds_is_told(root: Path) -> None:
    assert "FAIR103 holds for loan-default@2.0.0 today" in run(*waiver()).stderr
    patched_away = root / f"models/{MODEL}/versions/{VERSION}/evaluations/held-out.yaml"
    patched_away.unlink()
    assert "holds for" not in run(*waiver("PERF101", id="second")).stderr
