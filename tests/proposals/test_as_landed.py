"""What a branch would come to is what a merge of it does come to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.office import MODEL, Office

from accredit.domain.verification import Verification
from accredit.proposals.fork import fork_of
from accredit.signing.clone import clone_of

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("ACCREDIT_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Office(folder)


def told(proof: Verification) -> object:
    """What a verification says, but for the ids of commits."""
    stages = {
        key: (lifecycle.stage, [s.status for s in lifecycle.steps]) for key, lifecycle in proof.lifecycles.items()
    }
    signed = {path: (s.person, s.counts, [d.flaw for d in s.doubts]) for path, s in proof.signoffs.items()}
    breaches = sorted((b.flaw, b.path, b.message, b.subject, b.standing) for b in proof.breaches)
    return stages, signed, breaches, proof.governance, proof.tip.position, proof.adopted


def sign(office: Office, who: str, *arguments: object) -> None:
    done = office.by(who, *arguments)
    assert done.exit_code == 0, done.output
    office.commit()


def propose(office: Office, deed: str) -> None:
    if deed == "move":
        office.moved("1.0.0", "review", "dana", "olga")
    elif deed == "tamper":
        sign(office, "dana", "request", MODEL, "1.0.0", "--to", "review", "--reason", "x")
        card = office.root / f"models/{MODEL}/versions/1.0.0/card.yaml"
        card.write_text(card.read_text("utf-8") + "# changed\n", "utf-8")
        office.commit()
    elif deed == "policy":
        policy = office.root / "policy.yaml"
        policy.write_text(policy.read_text("utf-8").replace("min_n: ", "min_n: 1", 1), "utf-8")
        office.commit()
    elif deed == "signed policy":
        propose(office, "policy")
        sign(office, "olga", "change", "--reason", "More")
        sign(office, "gwen", "change", "approve", "1", "--yes")


@pytest.mark.parametrize("deed", ["move", "tamper", "policy", "signed policy", "nothing"])
@pytest.mark.parametrize("merged_before", [False, True])
def test_a_branch_is_judged_as_the_merge_of_it(office: Office, deed: str, *, merged_before: bool) -> None:
    office.git("checkout", "-q", "-b", "proposal")
    propose(office, deed)
    if merged_before:
        office.git("checkout", "-q", "main")
        (office.root / "README.md").write_text("Ours\n", "utf-8")
        office.commit("Somebody else")
        office.git("checkout", "-q", "proposal")
        office.git("merge", "-q", "--no-ff", "-m", "Update", "main")
    would = fork_of(office.root, "main").proof(None)
    assert would is not None
    office.git("checkout", "-q", "main")
    merged = office.git("merge", "--no-ff", "-m", "Merge", "proposal")
    does = clone_of(office.root).verification()
    assert ("Already up to date" in merged) == (deed == "nothing" and not merged_before)
    assert told(would) == told(does)
