"""People and policy change by signatures under the people and the policy that were in force before."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.office import MODEL, Office
from tests.support.program import run

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)
REASON = ("--reason", "Nina joins model validation")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Office(folder)


def joins(office: Office, person: str = "nina") -> None:
    """Somebody with a key of their own and the role of a validator."""
    key = office.new_key(person)
    text = (office.root / "people/vera.yaml").read_text().split("keys:")[0].replace("vera@", f"{person}@")
    (office.root / f"people/{person}.yaml").write_text(f"{text}keys:\n  - {{type: ssh, public: {key}}}\n")


def standing() -> list[str]:
    found = json.loads(run("verify", "--format", "json").stdout)
    return [b["flaw"] for b in found["breaches"] if b["standing"]]


def test_a_new_person_signs_once_the_change_is_approved(office: Office) -> None:
    joins(office)
    asked = office.by("olga", "change", *REASON)
    assert asked.exit_code == 0, asked.output
    assert "Wanted: 1 with the role governance (gwen)\n" in asked.stderr
    office.commit()
    assert standing() == ["unauthorised-governance"]
    approved = office.by("gwen", "change", "approve", "0001", "--yes")
    assert approved.exit_code == 0, approved.output
    assert "Change 0001, asked by olga: Nina joins model validation\n" in approved.stdout
    assert "people/nina.yaml: added\n" in approved.stdout
    assert "roles[validator].role: new, validator\n" in approved.stdout
    office.commit()
    assert standing() == []
    office.moved("1.0.0", "review", "dana", "olga")
    office.moved("1.0.0", "production", "olga", "nina", "rolf", "pia", "lars", "rita")
    assert run("verify").exit_code == 0


def test_a_second_change_follows_on_the_first(office: Office) -> None:
    for number, person in (("0001", "nina"), ("0002", "nick")):
        joins(office, person)
        assert office.by("olga", "change", *REASON).exit_code == 0
        assert office.by("gwen", "change", "approve", number, "--yes").exit_code == 0
        office.commit()
        assert standing() == []


def test_a_change_that_is_rejected_authorises_nothing(office: Office) -> None:
    joins(office)
    assert office.by("olga", "change", *REASON).exit_code == 0
    assert office.by("gwen", "change", "approve", "1", "--reject", "--yes").exit_code == 0
    office.commit()
    assert standing() == ["unauthorised-governance"]
    assert office.by("rita", "gate", MODEL, "1.0.0", "--to", "review").exit_code == 1


def test_a_change_that_cannot_be_asked_for_is_refused_with_a_hint(office: Office) -> None:
    for before, arguments, message in (
        (None, ("change", *REASON), "people and policy are as they were authorised"),
        (None, ("change",), "needs a reason"),
        (joins, ("change", "approve", "0001", "--yes"), "there is no change 0001"),
    ):
        if before is not None:
            before(office)
        result = office.by("gwen", *arguments)
        assert result.exit_code == 2
        assert message in result.stderr
        assert "hint: " in result.stderr


def test_who_asked_or_holds_no_such_role_does_not_approve_a_change(office: Office) -> None:
    joins(office)
    assert office.by("gwen", "change", *REASON).exit_code == 0
    assert "gwen asked for this change" in office.by("gwen", "change", "approve", "0001", "--yes").stderr
    assert "olga does not hold the role governance" in office.by("olga", "change", "approve", "0001", "--yes").stderr
    assert "asks for it already" in office.by("gwen", "change", *REASON).stderr
    joins(office, "nick")
    assert "are not what changes/0001/request.yaml asks for" in office.by("gwen", "change", "approve", "1").stderr


def test_what_was_never_committed_needs_no_leave_to_change(office: Office) -> None:
    shutil.rmtree(office.folder / ".git")
    public = office.home("olga") / "id.pub"
    added = office.by("olga", "person", "add", "nora", "--name", "Nora", "--key", public)
    assert "The first commit of a registry needs nobody's leave" in added.stderr
    (office.root / "people/nora.yaml").unlink()
    joins(office)
    assert "Its first commit needs nobody's leave" in office.by("olga", "change", *REASON).stderr


def test_a_person_is_added_with_key_and_roles_and_can_sign_once_that_is_authorised(office: Office) -> None:
    office.new_key("nina")
    public = office.home("nina") / "id.pub"
    added = office.by("olga", "person", "add", "nina", "--name", "Nina: New", "--role", "owner", "--key", public)
    assert added.exit_code == 0, added.output
    assert office.by("olga", "change", *REASON).exit_code == 0
    assert office.by("gwen", "change", "approve", "1", "--yes").exit_code == 0
    office.commit()
    assert standing() == []
    office.moved("1.0.0", "review", "dana", "nina")
    again = office.by("olga", "person", "add", "nina", "--name", "Nina", "--key", public)
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def fingerprint(office: Office, person: str) -> str:
    told = subprocess.run(["ssh-keygen", "-l", "-f", office.home(person) / "id.pub"], capture_output=True, check=True)
    return told.stdout.decode().split()[1]


def test_the_old_key_asks_for_the_new_one_and_then_counts_no_more(office: Office) -> None:
    home = office.home("olga")
    (home / "id").rename(home / "old")
    (home / "id.pub").rename(home / "old.pub")
    office.new_key("olga")
    before = (office.root / "people/olga.yaml").read_text()
    assert office.by("olga", "person", "rotate", "olga", "--key", home / "id.pub").exit_code == 0
    after = (office.root / "people/olga.yaml").read_text()
    assert after.startswith(before[: before.index("keys:")])
    assert "belongs to nobody" in office.by("olga", "change", *REASON).stderr
    assert office.by("olga", "change", *REASON, "--key", home / "old").exit_code == 0
    assert office.by("gwen", "change", "approve", "1", "--yes").exit_code == 0
    office.commit()
    assert standing() == []
    office.moved("1.0.0", "review", "dana")
    old = office.by("olga", "approve", MODEL, "1.0.0", "--yes", "--key", home / "old")
    assert "is revoked" in old.stderr
    assert office.by("olga", "approve", MODEL, "1.0.0", "--yes").exit_code == 0


def test_a_key_in_wrong_hands_taints_what_it_signed(office: Office) -> None:
    office.in_production()
    ended = (
        "person",
        "revoke",
        "vera",
        fingerprint(office, "vera"),
        "--reason",
        "Laptop lost",
        "--since",
        "2026-11-01",
    )
    assert office.by("olga", *ended).exit_code == 0
    assert office.by("olga", "change", *REASON).exit_code == 0
    assert office.by("gwen", "change", "approve", "1", "--yes").exit_code == 0
    office.commit()
    assert "does not count (tainted)" in run("verify", MODEL, "1.0.0").stdout
    gate = run("gate", MODEL, "1.0.0", "--to", "production", "--as-of", "2026-11-23")
    assert gate.exit_code == 1
    assert "is compromised since 2026-11-01" in gate.stdout
    assert "revoked already" in office.by("olga", *ended).stderr


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("keys: [{type: ssh, public: OLD}]\n", 2),
        ("keys:\n- type: ssh\n  public: OLD\n", 2),
        ("keys:\n  - public: OLD # mine\n    type: ssh\nemail: o@example.com\n", 2),
        ("# no key yet\n", 1),
    ],
)
def test_a_key_is_added_and_ended_however_the_file_is_written(office: Office, text: str, kept: int) -> None:
    old, new = ((office.home(p) / "id.pub").read_text().split()[:2] for p in ("olga", "dana"))
    path = office.root / "people/olga.yaml"
    path.write_text("name: Olga Owner\n" + text.replace("OLD", " ".join(old)))
    assert office.by("olga", "person", "rotate", "olga", "--key", office.home("dana") / "id.pub").exit_code == 0
    written = path.read_text()
    assert (written.count("type: ssh"), written.count("revoked:")) == (kept, kept - 1)
    assert " ".join(new) in written
    assert run("check", "--no-history", "--select", "REG001").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rotate", "olga", "--key", "{home}/id"), "is a private key"),
        (("rotate", "nobody", "--key", "{home}/id.pub"), "accredit person add"),
        (("rotate", "olga", "--key", "{home}/id.pub"), "has this key already"),
        (("rotate", "olga", "--key", "{home}/.gitconfig"), "could not be read after the change"),
        (("rotate", "../olga", "--key", "{home}/id.pub"), "is no id of a person"),
        (("revoke", "olga", "SHA256:x", "--reason", "Lost"), "has no key SHA256:x"),
        (("revoke", "olga", "SHA256:x", "--reason", "Lost", "--since", "soon"), "--since soon is not a date"),
    ],
)
def test_a_change_of_keys_that_cannot_be_is_refused_with_a_hint(
    office: Office, arguments: tuple[str, ...], message: str
) -> None:
    before = (office.root / "people/olga.yaml").read_bytes()
    result = office.by("olga", "person", *(a.format(home=office.home("olga")) for a in arguments))
    assert result.exit_code == 2
    assert message in result.stderr
    assert "hint: " in result.stderr
    assert (office.root / "people/olga.yaml").read_bytes() == before


def test_whoever_decides_on_a_change_is_shown_all_of_it(office: Office) -> None:
    policy, vera = office.root / "policy.yaml", office.root / "people/vera.yaml"
    policy.write_text(f"# for now\n{policy.read_text()}".replace("change_approvals: 1", "change_approvals: 2"))
    vera.write_text(vera.read_text().replace("role: validator", "role: governance"))
    office.by("olga", "change", "--reason", "A typing error")
    office.commit()
    shown = office.by("gwen", "change", "approve", "1").stdout
    assert "people/vera.yaml: changed\n" in shown
    assert "    roles[governance].role: new, governance\n" in shown
    assert "    roles[validator].role: no longer there, it was validator\n" in shown
    assert "policy.yaml: changed" in shown
    policy.write_text(policy.read_text().replace("# for now", "# for ever"))
    office.by("olga", "change", "--reason", "Words")
    office.commit()
    assert "policy.yaml: changed" in office.by("gwen", "change", "approve", "2").stdout


def test_a_record_that_was_deleted_is_not_written_anew_in_its_place(office: Office) -> None:
    joins(office)
    assert office.by("olga", "change", *REASON).exit_code == 0
    office.commit()
    office.git("rm", "-q", "-r", "registry/changes")
    office.commit("Take it back")
    again = office.by("olga", "change", *REASON)
    assert (again.exit_code, standing()) == (2, ["unauthorised-governance", "rewritten", "rewritten"])
    assert "changes/0001/request.yaml landed in" in again.stderr
    landed = again.stderr.split("git checkout ")[1].split()[0]
    office.git("checkout", "-q", landed, "--", "registry/changes")
    office.commit("Bring it back")
    assert "asked for anew" in office.by("gwen", "change", "approve", "1", "--yes").stderr
    assert office.by("olga", "change", *REASON).exit_code == 0
    assert office.by("gwen", "change", "approve", "2", "--yes").exit_code == 0
    office.commit()
    assert standing() == []
