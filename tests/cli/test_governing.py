"""People and policy change by signatures under the people and the policy that were in force before."""

from __future__ import annotations

import json
import shutil
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
    joins(office)
    assert "Its first commit needs nobody's leave" in office.by("olga", "change", *REASON).stderr
