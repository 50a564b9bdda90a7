"""The doctor names what ails a registry, with its place and its remedy."""

from __future__ import annotations

import calendar
import datetime as dt
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.support.office import AS_OF, MODEL, Office
from tests.support.program import base_on_disk, run

from accredit.history.git import executable
from accredit.loading.json_schema import schema_text

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)


@pytest.fixture
def healthy(in_production: Office) -> Office:
    (in_production.root / ".gitattributes").write_text("* -text\n")
    in_production.commit("Bytes as signed")
    return in_production


def ailments(*arguments: object, as_of: str = AS_OF) -> list[dict[str, Any]]:
    result = run("doctor", "--as-of", as_of, "--format", "json", *arguments)
    found: list[dict[str, Any]] = json.loads(result.stdout)["ailments"]
    assert result.exit_code == (1 if any(a["grave"] for a in found) else 0)
    assert all(a["message"] and a["remedy"] for a in found)
    return found


def told(found: list[dict[str, Any]]) -> list[tuple[str, str, bool]]:
    return [(a["kind"], a["place"], a["grave"]) for a in found]


def edit(office: Office, path: str, old: str, new: str) -> None:
    text = (office.root / path).read_text()
    assert old in text
    (office.root / path).write_text(text.replace(old, new))


@pytest.mark.usefixtures("healthy")
def test_a_registry_without_ailments_is_told_so() -> None:
    result = run("doctor", "--as-of", AS_OF)
    assert (result.stdout, result.exit_code) == ("Nothing ails this registry.\n", 0)


def test_each_ailment_is_a_line_with_its_remedy(healthy: Office) -> None:
    (healthy.root / "people/vera.yaml").write_text("name: [\n")
    edit(healthy, "people/lars.yaml", "name: Lars Legal", "name: Lars Legal\nactive_to: 2026-12-24")
    result = run("doctor", "--as-of", AS_OF)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("STOPS registry/people/vera.yaml: it cannot be read: ")
    assert lines[0].endswith(" Remedy: See what is wrong: accredit check.")
    assert any(line.startswith("note  registry/people/lars.yaml: lars leaves after 2026-12-24") for line in lines)
    assert lines[-1].endswith(" stop something.")


def grafted(office: Office) -> None:
    (office.folder / ".git/info").mkdir(exist_ok=True)
    (office.folder / ".git/info/grafts").write_text("0" * 40 + "\n")


def replaced(office: Office) -> None:
    office.git("replace", "HEAD", "HEAD~1")


def line_ends(office: Office) -> None:
    (office.root / ".gitattributes").write_text("*.sig -text\n* -text\n* text=auto\n")
    office.commit()


def uncommitted(office: Office) -> None:
    (office.root / "people/nina.yaml").write_text("name: Nina New\n")


def old_schema(office: Office) -> None:
    (office.root / ".schema").mkdir()
    (office.root / ".schema/model.json").write_text("{}\n")
    office.commit()


@pytest.mark.parametrize(
    ("ails", "expected"),
    [
        (grafted, ("clone", "", False)),
        (replaced, ("clone", "", False)),
        (line_ends, ("attributes", ".gitattributes", False)),
        (uncommitted, ("uncommitted", "people/nina.yaml", False)),
        (old_schema, ("schema", ".schema/", False)),
    ],
)
def test_what_is_peculiar_about_a_clone_and_its_files_is_named(
    healthy: Office, ails: Callable[[Office], None], expected: tuple[str, str, bool]
) -> None:
    ails(healthy)
    assert told(ailments()) == [expected]


def test_line_ends_are_safe_where_the_top_of_the_repository_says_so(healthy: Office) -> None:
    (healthy.root / ".gitattributes").unlink()
    (healthy.folder / ".gitattributes").write_text("docs/** text\n/registry/** -text\n")
    healthy.commit()
    assert ailments() == []


def test_only_other_schemas_are_named(healthy: Office) -> None:
    assert run("init", "registry").exit_code == 0
    healthy.commit()
    assert ailments() == []
    (healthy.root / ".schema/card.json").write_text(schema_text("model"))
    healthy.commit()
    (found,) = ailments()
    assert found["message"].endswith(": card")


def test_a_shallow_clone_stops_everything(healthy: Office, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{healthy.folder}", shallow], check=True)
    found = ailments(shallow / "registry")
    assert told(found)[0] == ("clone", "", True)
    assert "shallow" in found[0]["message"]
    assert "--unshallow" in found[0]["remedy"]


def test_a_registry_that_is_not_in_git_is_told_that_nothing_is_proved(healthy: Office) -> None:
    shutil.rmtree(healthy.folder / ".git")
    assert told(ailments()) == [("clone", "", True)]


@pytest.mark.usefixtures("healthy")
def test_without_git_there_is_no_proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    executable.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    found = ailments()
    assert told(found) == [("git", "", True)]
    assert found[0]["message"] == "git is not installed"


def test_a_policy_that_asks_for_no_proof_needs_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    base_on_disk(tmp_path)
    executable.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not any(a["grave"] for a in ailments())


def test_roles_that_nobody_holds_and_moves_that_nobody_can_sign_are_named(healthy: Office) -> None:
    edit(healthy, "people/vera.yaml", "\n  from: 2024-01-01", "\n  from: 2024-01-01\n  to: 2026-11-01")
    edit(healthy, "people/gwen.yaml", "\n  from: 2024-01-01", "\n  from: 2024-01-01\n  to: 2026-11-01")
    found = ailments()
    moves = [a for a in found if a["kind"] == "move"]
    assert moves
    assert moves[0]["message"].startswith(f"of {MODEL}, review->production cannot be signed at tier 1: nobody active")
    assert moves[0]["place"].startswith("policy.yaml:")
    roles = {a["message"]: a["grave"] for a in found if a["kind"] == "role"}
    assert roles["nobody active holds the role validator"] is False
    assert roles["people and policy cannot change: that takes 1 with the role governance, and 0 hold it"] is True


def test_keys_that_are_missing_weak_unreadable_or_shared_are_named(healthy: Office) -> None:
    public = rsa.generate_private_key(65537, 1024).public_key()
    weak = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    key = (healthy.home("olga") / "id.pub").read_text().split()[1]
    for person, line in (("vera", weak), ("rolf", f"ssh-ed25519 {key}"), ("rita", "ssh-dss AAAA")):
        own = (healthy.home(person) / "id.pub").read_text().split()[:2]
        edit(healthy, f"people/{person}.yaml", " ".join(own), line)
    edit(healthy, "people/pia.yaml", "- type: ssh", "- revoked: {reason: Lost}\n  type: ssh")
    keys = {(a["place"], a["grave"]): a for a in ailments() if a["kind"] == "key"}
    assert set(keys) == {
        *((f"people/{person}.yaml", True) for person in ("vera", "rita", "pia", "olga")),
        *((f"people/{person}.yaml", False) for person in ("vera", "rita")),
    }
    assert "pia holds privacy and has no key that counts" in keys["people/pia.yaml", True]["message"]
    assert "is claimed by olga and rolf" in keys["people/olga.yaml", True]["message"]
    assert "key 1 of vera does not count: The RSA key has 1024 bits" in keys["people/vera.yaml", False]["message"]
    assert "is not a type of key that counts" in keys["people/rita.yaml", False]["message"]


@pytest.mark.parametrize(("end", "named"), [("2027-01-22", True), ("2027-01-23", False), ("2026-11-23", True)])
def test_roles_and_employment_that_end_within_sixty_days_are_named(healthy: Office, *, end: str, named: bool) -> None:
    edit(healthy, "people/otto.yaml", "\n  from: 2024-01-01", f"\n  from: 2024-01-01\n  to: {end}")
    edit(healthy, "people/lars.yaml", "name: Lars Legal", f"name: Lars Legal\nactive_to: {end}")
    healthy.commit()
    found = {a["place"]: a["message"] for a in ailments() if a["kind"] == "deadline"}
    assert found == (
        {
            "people/lars.yaml": f"lars leaves after {end}, with the roles legal",
            "people/otto.yaml": f"otto holds the role owner until {end}",
        }
        if named
        else {}
    )


@pytest.mark.parametrize(("end", "named"), [("2026-12-23", True), ("2026-12-24", False)])
def test_a_waiver_that_ends_within_thirty_days_is_named_unless_another_follows(
    healthy: Office, *, end: str, named: bool
) -> None:
    text = (
        f"rule: FAIR103\nmodel: {MODEL}\nversion: 1.0.0\nreason: Few\nrisk: Some\nticket: R-1\nrequested_by: dana\n"
        f"accepted_by: rolf\naccepted_as: risk\ngranted: 2026-11-01\nexpires: {end}\n"
    )
    (healthy.root / "waivers").mkdir()
    (healthy.root / "waivers/one.yaml").write_text(text)
    found = [a for a in ailments() if a["kind"] == "deadline"]
    assert told(found) == ([("deadline", "waivers/one.yaml", False)] if named else [])
    (healthy.root / "waivers/two.yaml").write_text(text.replace(end, "2027-03-01"))
    assert not [a for a in ailments() if a["kind"] == "deadline"]


@pytest.mark.usefixtures("healthy")
def test_an_approval_is_named_sixty_days_before_it_lapses_and_stops_once_it_has() -> None:
    rows = json.loads(run("status", "--format", "json").stdout)["rows"]
    since = dt.date.fromisoformat(next(row["since"] for row in rows if row["stage"] == "production")[:10])
    last = calendar.monthrange(since.year + 1, since.month)[1]
    end = dt.date(since.year + 1, since.month, min(since.day, last))

    def found(days: int) -> list[tuple[str, bool]]:
        day = (end + dt.timedelta(days)).isoformat()
        return [(a["message"], a["grave"]) for a in ailments(as_of=day) if "approval" in a["message"]]

    near = (f"the approval of {MODEL}@1.0.0 holds until {end}", False)
    assert [found(days) for days in (-61, -60, 0)] == [[], [near], [near]]
    assert found(1) == [(f"the approval of {MODEL}@1.0.0 has lapsed: it held for 12 months from {since}", True)]


def test_a_request_that_waits_for_more_than_thirty_days_is_named(healthy: Office) -> None:
    assert healthy.by("dana", "request", MODEL, "2.0.0", "--to", "review", "--reason", "Better").exit_code == 0
    healthy.commit()
    path = f"models/{MODEL}/versions/2.0.0/transitions/0001/request.yaml"
    asked = next(line for line in (healthy.root / path).read_text().splitlines() if line.startswith("requested_at"))
    day = dt.date.fromisoformat(asked.split()[1][:10])
    after = {days: ailments(as_of=(day + dt.timedelta(days)).isoformat()) for days in (30, 31)}
    assert not [a for a in after[30] if "waited" in a["message"]]
    (found,) = [a for a in after[31] if "waited" in a["message"]]
    assert found["place"] == path
    assert found["message"] == f"{MODEL}@2.0.0 has waited 31 days for review: owner missing"
