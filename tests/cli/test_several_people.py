"""Several people at once: whatever lands in whatever order, nobody's work is lost and every number is given once."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.support.office import MODEL, Office
from tests.support.program import run

from accredit.loading.folder import Folder
from accredit.loading.tree import load

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)
ASKED, FREE = "1.0.0", "2.0.0"
"""A version whose request waits on the main branch, and one that nobody asked for."""


class Deed(NamedTuple):
    """What somebody does on a branch of their own."""

    what: str
    who: str

    @property
    def branch(self) -> str:
        return f"{self.what}-{self.who}"


DEEDS = [
    *(Deed("version", who) for who in ("dana", "rita")),
    *(Deed("approve", who) for who in ("olga", "otto")),
    *(Deed("ask", who) for who in ("dana", "rita", "rolf")),
    *(Deed("join", who) for who in ("dana", "rita")),
]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry on whose main branch a request waits. Everybody takes a copy."""
    folder = tmp_path_factory.mktemp("several") / "work"
    folder.mkdir()
    with chdir(folder):
        office = Office(folder)
        office.moved(ASKED, "review", "dana")
    return folder.parent


def copied(started: Path, target: Path) -> Office:
    shutil.copytree(started, target, dirs_exist_ok=True)
    office = object.__new__(Office)
    office.folder, office.root = target / "work", target / "work" / "registry"
    return office


def done(office: Office, deed: Deed) -> None:
    """The deed, committed on its branch."""
    office.git("checkout", "-q", "-b", deed.branch, "main")
    if deed.what == "version":
        add_version(office, f"3.0.0-{deed.who}")
    elif deed.what == "approve":
        said(office, deed.who, "approve", MODEL, ASKED, "--yes")
    elif deed.what == "ask":
        said(office, deed.who, "request", MODEL, FREE, "--to", "review", "--reason", deed.who)
    else:
        text = (office.root / "people/vera.yaml").read_text("utf-8").split("keys:")[0].replace("vera@", f"{deed.who}2@")
        (office.root / f"people/{deed.who}2.yaml").write_text(text, "utf-8")
        said(office, deed.who, "change", "--reason", "Somebody joins")
        said(office, "gwen", "change", "approve", "1", "--yes")
    office.commit(deed.branch)


def add_version(office: Office, version: str) -> None:
    versions = office.root / f"models/{MODEL}/versions"
    shutil.copytree(versions / FREE, versions / version)
    for path in (versions / version).rglob("*.yaml"):
        path.write_text(path.read_text("utf-8").replace(f"version: {FREE}", f"version: {version}"), "utf-8")


def said(office: Office, who: str, *arguments: object) -> None:
    result = office.by(who, *arguments)
    assert result.exit_code == 0, result.output


def landed(office: Office, deed: Deed) -> None:
    """Merges main into the branch, puts numbers right where they clash, and merges the branch into main."""
    office.git("checkout", "-q", deed.branch)
    if not merges(office, "main"):
        assert deed.what in ("ask", "join"), "only numbers clash"
        clash = json.loads(run("check", "--base", "main", "--format", "json").stdout)
        assert {f["code"] for f in clash["findings"]} & {"LIFE101", "POL107"}
        result = office.by(deed.who, "renumber", "--base", "main")
        if result.exit_code:
            assert "waits for" in result.stderr
            said(office, deed.who, "renumber", "--base", "main", "--drop")
        if deed.what == "join":
            number = max(p.name for p in (office.root / "changes").iterdir())
            said(office, "gwen", "change", "approve", number, "--yes")
        office.commit(f"{deed.branch} put right")
    office.git("checkout", "-q", "main")
    assert merges(office, deed.branch)


def merges(office: Office, branch: str) -> bool:
    command = ["git", "-C", office.folder, "-c", "user.name=ci", "-c", "user.email=ci@x", "merge", "-q", "--no-ff"]
    return subprocess.run([*command, "-m", "Merge", branch], check=False, capture_output=True).returncode == 0


def rejected(office: Office) -> None:
    """Whatever waits about the free version is rejected, so that the next may ask."""
    if office.by("otto", "approve", MODEL, FREE, "--reject", "--yes").exit_code == 0:
        office.commit("Reject")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    deeds=st.lists(st.sampled_from(DEEDS), min_size=2, max_size=4, unique=True),
    chance=st.randoms(use_true_random=False),
)
@example(deeds=[Deed("ask", "dana"), Deed("ask", "rita"), Deed("ask", "rolf")], chance=None)
@example(
    deeds=[Deed("join", "dana"), Deed("join", "rita"), Deed("approve", "otto"), Deed("approve", "olga")], chance=None
)
def test_whatever_lands_in_whatever_order_nothing_is_lost(started: Path, deeds: list[Deed], chance: object) -> None:
    with tempfile.TemporaryDirectory() as place, chdir(place):
        office = copied(started, Path(place))
        with chdir(office.folder):
            for deed in deeds:
                done(office, deed)
            order = sorted(deeds, key=lambda _: chance.random()) if chance else deeds
            for deed in order:
                landed(office, deed)
                if deed.what == "ask" and (chance is None or chance.random() < 0.5):
                    rejected(office)
            assert_whole(office, deeds)


def assert_whole(office: Office, deeds: list[Deed]) -> None:
    found = load(Folder(office.root))
    assert found.findings == ()
    versions = found.registry.models[MODEL].versions
    assert {f"3.0.0-{d.who}" for d in deeds if d.what == "version"} == {*versions} - {ASKED, FREE}
    assert {f"{d.who}2" for d in deeds if d.what == "join"} <= {*found.registry.people}
    assert {d.who for d in deeds if d.what == "approve"} == {*versions[ASKED].transitions[0].approvals}
    assert bool(versions[FREE].transitions) == any(d.what == "ask" for d in deeds)
    for version in versions.values():
        chain = version.transitions
        assert [t.request.seq for t in chain] == [*range(1, len(chain) + 1)]
        assert [t.request.previous for t in chain] == ["none", *(t.sha256 for t in chain)][: len(chain)]
    assert sorted(r.seq for r in found.registry.changes.values()) == [*range(1, len(found.registry.changes) + 1)]
    proved = json.loads(run("verify", "--format", "json").stdout)
    assert [b for b in proved["breaches"] if b["standing"]] == []
    assert [s["path"] for s in proved["signoffs"] if s["decision"] == "request" and not s["counts"]] == []
