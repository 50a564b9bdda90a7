"""An auditor, a deploy pipeline and a colleague each get their answer from the clone."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.office import AS_OF, MODEL, Office
from tests.support.program import run

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)
GATE = ("gate", MODEL, "1.0.0", "--to", "production", "--as-of", AS_OF)
VERSION = f"models/{MODEL}/versions/1.0.0"


@pytest.fixture
def office(in_production: Office) -> Office:
    return in_production


def verified(*arguments: object) -> tuple[int, dict[str, object]]:
    result = run("verify", *arguments, "--format", "json")
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.usefixtures("office")
def test_every_sign_off_is_shown_with_key_landing_and_whether_it_counts() -> None:
    code, found = verified(MODEL, "1.0.0")
    assert code == 0
    assert found["clean"] is True
    signoffs = found["signoffs"]
    assert [(s["person"], s["decision"]) for s in signoffs][:2] == [("dana", "request"), ("olga", "approve")]
    assert len(signoffs) == 8
    for signoff in signoffs:
        assert (signoff["assurance"], signoff["counts"], signoff["doubts"]) == ("signed", True, [])
        assert signoff["key"].startswith("SHA256:")
        assert len(signoff["landed"]["commit"]) == 40
    text = run("verify").stdout
    assert "Nothing stands against it: 8 of 8 sign-offs count." in text
    assert text.count("    counts\n") == 8


def test_the_commands_that_are_printed_check_each_signature_by_hand(office: Office) -> None:
    _, found = verified()
    for signoff in found["signoffs"]:
        for command in signoff["check_by_hand"]:
            done = subprocess.run(["sh", "-c", command], cwd=office.folder, capture_output=True, check=False)
            assert done.returncode == 0, done.stderr


def test_who_authorised_a_change_of_people_is_shown_with_commands_that_check_it(office: Office) -> None:
    person = office.root / "people/dana.yaml"
    person.write_text(f"{person.read_text()}forge: {{github: 7}}\n")
    assert office.by("olga", "change", "--reason", "Her account").exit_code == 0
    assert office.by("gwen", "change", "approve", "1", "--yes").exit_code == 0
    landed = office.commit()
    _, found = verified()
    told = [(c["person"], c["role"], c["decision"], c["landed"]["commit"]) for c in found["changes"]]
    assert told == [("olga", None, "request", landed), ("gwen", "governance", "approve", landed)]
    for command in (command for signed in found["changes"] for command in signed["check_by_hand"]):
        subprocess.run(["sh", "-c", command], cwd=office.folder, capture_output=True, check=True)
    assert "changes/0001/approvals/gwen.yaml\n    approve by gwen as governance\n" in run("verify").stdout
    assert verified(MODEL, "1.0.0")[1]["changes"] == []


def test_a_bare_clone_and_an_earlier_commit_can_be_verified(office: Office, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", office.folder, bare], check=True)
    assert len(verified("--path", bare)[1]["signoffs"]) == 8
    assert len(verified("--rev", "HEAD~6")[1]["signoffs"]) == 2


def test_the_root_and_the_checkpoint_that_an_auditor_wrote_down_must_hold(office: Office) -> None:
    root, tip = office.git("rev-list", "--max-parents=0", "HEAD").strip(), office.git("rev-parse", "HEAD").strip()
    assert verified("--root", root, "--checkpoint", tip)[0] == 0
    code, found = verified("--root", tip, "--checkpoint", "0" * 40)
    assert code == 1
    assert [b["flaw"] for b in found["breaches"]] == ["other-root", "checkpoint-lost"]


@pytest.mark.parametrize("arguments", [("--root", "main"), ("--rev", "nowhere"), (MODEL,), (MODEL, "9")])
@pytest.mark.usefixtures("office")
def test_what_cannot_be_verified_is_said_with_exit_code_2(arguments: tuple[str, ...]) -> None:
    result = run("verify", *arguments)
    assert result.exit_code == 2
    assert "hint: " in result.stderr


def test_a_shallow_clone_proves_nothing(office: Office, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", "--depth", "1", office.folder.as_uri(), tmp_path / "shallow"], check=True)
    for command in (("verify", "--path"), (*GATE, "--registry")):
        result = run(*command, tmp_path / "shallow")
        assert result.exit_code == 2
        assert "git fetch --unshallow" in result.stderr


def test_a_forged_approval_does_not_count_and_is_named(office: Office) -> None:
    office.moved("2.0.0", "review", "dana")
    path = office.root / f"models/{MODEL}/versions/2.0.0/transitions/0001/approvals/olga.yaml"
    assert office.by("otto", "approve", MODEL, "2.0.0", "--yes").exit_code == 0
    otto = path.with_name("otto.yaml")
    path.write_text(otto.read_text().replace("reviewer: otto", "reviewer: olga"))
    otto.with_name("otto.yaml.sig").rename(path.with_name("olga.yaml.sig"))
    otto.unlink()
    office.commit()
    result = run("verify", MODEL, "2.0.0")
    assert result.exit_code == 1
    assert "does not count (other-signer)" in result.stdout
    assert run("verify", MODEL, "1.0.0").exit_code == 0


def test_a_version_in_production_passes_the_gate_and_every_rule_is_listed(office: Office) -> None:
    result = run(*GATE, "--format", "json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["deployable"], found["verified"], found["signoffs"]["complete"]) == (True, True, True)
    assert found["commit"] == office.git("rev-parse", "HEAD").strip()
    assert {r["code"][:3] for r in found["rules"]} == {"REG", "OWN", "CAR"}
    assert {g["person"] for g in found["signoffs"]["given"]} == {"olga", "vera", "rolf", "pia", "lars", "rita"}


@pytest.mark.usefixtures("office")
def test_the_gate_names_who_is_missing() -> None:
    result = run("gate", MODEL, "2.0.0", "--to", "review", "--as-of", AS_OF)
    assert result.exit_code == 1
    assert "    missing: owner (olga, otto)\n" in result.stdout
    assert run("gate", MODEL, "2.0.0", "--to", "archived").exit_code == 2


def test_content_that_changed_after_its_approval_is_not_deployable(office: Office) -> None:
    card = office.root / VERSION / "card.yaml"
    card.write_bytes(card.read_bytes() + b"# later\n")
    assert run(*GATE).exit_code == 0  # not committed, so not deployed
    office.commit()
    result = run(*GATE)
    assert result.exit_code == 1
    assert "Against it: the content changed after it was submitted" in result.stdout
    assert run("verify", MODEL, "1.0.0").exit_code == 1
    assert run("verify").exit_code == 1


def test_what_was_changed_twice_is_said_once_where_it_began(office: Office) -> None:
    card, landed = office.root / VERSION / "card.yaml", []
    for line in (b"# once\n", b"# twice\n"):
        card.write_bytes(card.read_bytes() + line)
        landed.append(office.commit())
    changed = [b for b in verified()[1]["breaches"] if b["flaw"] == "changed-content"]
    assert [b["landed"]["commit"] for b in changed] == landed[:1]
    assert run(*GATE).stdout.count("Against it: the content changed after it was submitted") == 1
    assert landed[0][:12] in run(*GATE).stdout


def test_a_change_of_policy_that_nobody_authorised_closes_every_gate(office: Office) -> None:
    policy = office.root / "policy.yaml"
    policy.write_text(policy.read_text().replace("assurance: signed", "assurance: declared"))
    office.commit()
    result = run(*GATE)
    assert result.exit_code == 1
    assert "people or policy changed" in result.stdout


def test_a_replaced_history_opens_no_gate_for_whoever_knows_where_it_began(office: Office) -> None:
    root, tip = office.git("rev-list", "--max-parents=0", "HEAD").strip(), office.git("rev-parse", "HEAD").strip()
    assert run(*GATE, "--root", root, "--checkpoint", tip).exit_code == 0
    forged = office.git("commit-tree", "-m", "Squashed", "HEAD^{tree}").strip()
    office.git("reset", "-q", "--hard", forged)
    result = run(*GATE, "--root", root, "--checkpoint", tip)
    assert result.exit_code == 1
    assert "the registry begins in" in result.stdout
    assert "does not lead over the checkpoint" in result.stdout
    shutil.rmtree(office.folder / ".git")
    assert run(*GATE, "--root", root).exit_code == 2


def test_outside_of_git_sign_offs_are_only_declared_and_not_deployable(office: Office) -> None:
    shutil.rmtree(office.folder / ".git")
    result = run(*GATE)
    assert result.exit_code == 1
    assert "Sign-offs, as files declare them:" in result.stdout
    assert "Against it: policy wants sign-offs that are signed" in result.stdout


def test_the_status_shows_each_model_and_stage_and_who_is_awaited(office: Office) -> None:
    office.moved("2.0.0", "review", "dana")
    found = json.loads(run("status", "--format", "json").stdout)
    assert [(r["stage"], r["version"], r["requested"]) for r in found["rows"]] == [
        ("staging", "2.0.0", "review"),
        ("production", "1.0.0", None),
    ]
    assert found["rows"][0]["awaited"] == [{"role": "owner", "people": ["olga", "otto"]}]
    table = run("status").stdout
    assert "review: owner (olga, otto)\n" in table
    assert "Sign-offs are proved from the history.\n" in table


def test_the_status_says_that_something_stands_against_the_history(office: Office) -> None:
    (office.root / "people/eve.yaml").write_text("name: Eve\n")
    office.commit("Let me in")
    assert "proved from the history. 1 thing against the history: see accredit verify." in run("status").stdout
    assert json.loads(run("status", "--format", "json").stdout)["breaches"] == 1


def test_the_history_tells_moves_and_sign_offs_in_the_order_in_which_they_landed(office: Office) -> None:
    lines = run("history", MODEL).stdout.splitlines()
    landed = office.git("log", "--reverse", "--format=%h", "--abbrev=12").split()
    assert lines[0] == "1.0.0 #1: staging -> review, effective"
    assert lines[1:4] == [
        f"    {AS_OF} {landed[1]} request by dana, signed",
        f"    {AS_OF} {landed[2]} approve by olga as owner, signed",
        f"    {AS_OF} {landed[2]} took effect",
    ]
    assert lines[4] == "1.0.0 #2: review -> production, effective"
    assert run("history", "nothing").exit_code == 2


def test_a_program_is_told_the_history_as_events_of_the_model(office: Office) -> None:
    told = json.loads(run("history", MODEL, "--format", "json").stdout)["events"]
    assert [(e["kind"], e["actor"], e["assurance"]) for e in told[:3]] == [
        ("request", "dana", "signed"), ("decision", "olga", "signed"), ("move", None, None),
    ]  # fmt: skip
    assert {e["subject"] for e in told} == {f"{MODEL}@1.0.0"}
    assert told[1]["commit"] == office.git("log", "--reverse", "--format=%H").split()[2]
    assert run("history", "loan", "--format", "json").exit_code == 2


def test_without_a_repository_the_history_is_what_files_declare(office: Office) -> None:
    shutil.rmtree(office.folder / ".git")
    assert "approve by olga as owner, declared" in run("history", MODEL).stdout
