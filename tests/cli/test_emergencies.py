"""In an emergency one command stops a version, brings one back or deploys one for hours, and everybody is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.support.office import AS_OF, MODEL, Office
from tests.support.program import run

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)
URGENT = {
    "emergency": {
        "suspend": {"role": ["owner", "risk"], "review_days": 2},
        "rollback": {"sign": [{"role": ["owner"]}, {"role": ["release"]}]},
        "deploy": {"sign": [{"role": ["risk"]}, {"role": ["release"]}], "max_hours": 72, "never_skip": ["OWN"]},
    },
    "transitions.production->production": {"sign": [{"role": ["validator"]}]},
    "transitions.archived->review": {"sign": [{"role": ["owner"]}]},
}
ALONE = {
    "separation_of_duties": {"small_team": {"enabled": True, "tiers": [3]}},
    "tiers.1.when": {"fact": "domain", "any_in": ["insurance"]},
}
ASK = ("request", MODEL, "1.0.0", "--emergency")
GATE = ("gate", MODEL, "1.0.0", "--to", "production", "--as-of")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Office(folder, {"policy.yaml": URGENT})


def done(office: Office, person: str, *arguments: object) -> str:
    """What a command says that works; what it wrote is committed."""
    result = office.by(person, *arguments)
    assert result.exit_code == 0, result.output
    office.commit()
    return result.output


def test_a_suspended_version_is_not_deployable_and_everything_says_so(office: Office) -> None:
    office.in_production()
    assert run(*GATE, AS_OF).exit_code == 0
    asked = done(office, "rolf", *ASK, "suspend", "--incident", "INC-7: wrong scores")
    assert "It takes effect where it lands" in asked
    gate = run(*GATE, AS_OF)
    assert gate.exit_code == 1
    assert f"Against it: the version is suspended since {AS_OF} by rolf: INC-7: wrong scores" in gate.stdout
    assert "LIFE104 fail BLOCKS" in gate.stdout
    assert "suspended; review due 2026-11-25" in run("status").stdout
    history = run("history", MODEL).stdout
    assert "production -> production (emergency suspend: INC-7: wrong scores), effective, review due" in history
    doctor = run("doctor", "--as-of", "2026-11-27")
    assert f"the emergency suspend of {MODEL}@1.0.0 is to be reviewed by 2026-11-25" in doctor.stdout
    done(office, "olga", "request", MODEL, "1.0.0", "--to", "production", "--reason", "The feed is right again")
    done(office, "vera", "approve", MODEL, "1.0.0", "--yes")
    assert run(*GATE, AS_OF).exit_code == 0
    assert "suspended" not in run("status").stdout


def test_a_version_comes_back_by_a_rollback_with_two_signers(office: Office) -> None:
    office.in_production()
    office.moved("1.0.0", "archived", "dana", "olga")
    output = done(office, "dana", *ASK, "rollback", "--incident", "INC-8: 2.0.0 fails")
    assert "Wanted: owner (olga, otto)" in output
    assert "Wanted: release (rita)" in output
    done(office, "olga", "approve", MODEL, "1.0.0", "--yes")
    waits = run(*GATE, AS_OF)
    assert (waits.exit_code, "missing: release (rita)" in waits.stdout) == (1, True)
    done(office, "rita", "approve", MODEL, "1.0.0", "--yes")
    gate = run(*GATE, AS_OF, "--format", "json")
    assert gate.exit_code == 0
    assert json.loads(gate.stdout)["remarks"] == ["rolled back; review due 2026-11-28"]


def test_a_rollback_to_what_never_was_in_production_is_refused_before_anybody_signs(office: Office) -> None:
    office.moved("1.0.0", "review", "dana", "olga")
    result = office.by("dana", *ASK, "rollback", "--incident", "INC-8")
    assert result.exit_code == 2
    assert "never in production" in result.stderr


def test_an_emergency_deploy_asks_for_what_is_never_skipped_and_ends_by_itself(office: Office) -> None:
    office.moved("1.0.0", "review", "dana", "olga")
    done(office, "dana", *ASK, "deploy", "--incident", "INC-9: fraud wave", "--hours", "24")
    done(office, "rolf", "approve", MODEL, "1.0.0", "--yes")
    done(office, "rita", "approve", MODEL, "1.0.0", "--yes")
    gate = json.loads(run(*GATE, AS_OF, "--format", "json").stdout)
    assert gate["deployable"] is True
    assert {rule["code"][:3] for rule in gate["rules"]} == {"OWN", "LIF"}
    assert gate["remarks"] == ["emergency until 2026-11-24 09:00 UTC; review due 2026-11-28"]
    later = run(*GATE, "2026-11-24")
    assert later.exit_code == 1
    assert "Against it: the emergency deploy held from 2026-11-23 09:00 to 2026-11-24 09:00 UTC only" in later.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--emergency", "suspend"), "an emergency is about production, and has an incident"),
        (("--emergency", "suspend", "--incident", "INC-7", "--hours", "4"), "only a deploy has --hours"),
        (("--emergency", "suspend", "--incident", "INC-7", "--to", "review"), "an emergency is about production"),
        (("--emergency", "suspend", "--incident", "INC-7"), "no emergency suspend"),
        (("--emergency", "deploy", "--incident", "INC-7"), "no emergency deploy"),
        (("--incident", "INC-7"), "there is no --to"),
        ((), "there is no --to"),
    ],
)
def test_an_emergency_that_cannot_be_is_refused_with_a_hint(
    office: Office, arguments: tuple[str, ...], said: str
) -> None:
    result = office.by("olga", "request", MODEL, "1.0.0", *arguments)
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert "hint: " in result.stderr


def test_nobody_suspends_without_a_role_for_it(office: Office) -> None:
    office.in_production()
    result = office.by("vera", *ASK, "suspend", "--incident", "INC-7")
    assert (result.exit_code, "holds none of the roles that may suspend" in result.stderr) == (2, True)


def test_a_small_team_approves_its_own_work_and_everything_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    patches = {"policy.yaml": ALONE, f"models/{MODEL}/model.yaml": {"risk.tier": 3}}
    office = Office(folder, patches)
    done(office, "olga", "request", MODEL, "1.0.0", "--to", "review")
    signed = done(office, "olga", "approve", MODEL, "1.0.0", "--yes")
    said = "Separation of duties not achieved"
    assert f"{said}: olga asked for this move" in signed
    assert said in run("status").stdout
    assert f"{said} (requester): olga asked for it" in run("verify").stdout
    assert said in run("history", MODEL).stdout
    gate = run("gate", MODEL, "1.0.0", "--to", "review", "--as-of", AS_OF)
    assert f"Note: {said}: olga asked for it; policy lets a small team do so" in gate.stdout
