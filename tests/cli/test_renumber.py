"""`accredit renumber`: the base keeps a number that two branches gave, and the change takes the next one."""

from __future__ import annotations

import json
import shutil

import pytest
from tests.support.office import AS_OF, MODEL, Office
from tests.support.program import run

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)
VERSION = "2.0.0"
CHAIN = f"models/{MODEL}/versions/{VERSION}/transitions"
SINCE = ("--base", "main", "--as-of", AS_OF)


@pytest.fixture
def office(in_production: Office) -> Office:
    """Rita asks on a branch; on main Dana asked meanwhile, and Otto rejected it."""
    in_production.git("checkout", "-q", "-b", "proposal")
    ask(in_production, "rita", "Mine")
    in_production.git("checkout", "-q", "main")
    ask(in_production, "dana", "Theirs")
    assert in_production.by("otto", "approve", MODEL, VERSION, "--reject", "--yes").exit_code == 0
    in_production.commit()
    in_production.git("checkout", "-q", "proposal")
    return in_production


def ask(office: Office, who: str, reason: str) -> None:
    asked = office.by(who, "request", MODEL, VERSION, "--to", "review", "--reason", reason)
    assert asked.exit_code == 0, asked.output
    office.commit()


def codes() -> set[str]:
    return {f["code"] for f in json.loads(run("check", *SINCE, "--format", "json").stdout)["findings"]}


@pytest.mark.usefixtures("office")
def test_a_clash_is_found_at_the_request_with_the_command_that_puts_it_right() -> None:
    found = run("check", *SINCE)
    assert found.exit_code == 1
    assert f"registry/{CHAIN}/0001/request.yaml:1:1 LIFE101 main has another request 0001 meanwhile" in found.stdout
    assert "`accredit renumber --base main`" in found.stdout


def test_the_later_request_takes_the_next_number_and_is_signed_again(office: Office) -> None:
    theirs = office.git("show", f"main:registry/{CHAIN}/0001/request.yaml")
    done = office.by("rita", "renumber", "--base", "main")
    assert done.exit_code == 0, done.output
    assert f"as in the base registry/{CHAIN}/0001/request.yaml\n" in done.stdout
    assert f"wrote registry/{CHAIN}/0002/request.yaml\n" in done.stdout
    assert (office.root / CHAIN / "0001/request.yaml").read_text("utf-8") == theirs
    mine = (office.root / CHAIN / "0002/request.yaml").read_text("utf-8")
    assert "requested_by: rita\n" in mine
    assert "reason: Mine\n" in mine
    office.commit("Put right")
    assert codes() == set()
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--no-ff", "-m", "Merge", "proposal")
    signed = office.by("olga", "approve", MODEL, VERSION, "--yes")
    assert signed.exit_code == 0, signed.output
    office.commit()
    assert run("verify", MODEL, VERSION).exit_code == 0
    assert json.loads(run("gate", MODEL, VERSION, "--to", "review", "--format", "json").stdout)["signoffs"]["complete"]


def test_sign_offs_on_the_old_number_are_gone_and_named(office: Office) -> None:
    assert office.by("olga", "approve", MODEL, VERSION, "--yes").exit_code == 0
    office.commit()
    done = office.by("rita", "renumber", "--base", "main")
    assert done.exit_code == 0, done.output
    assert f"Gone: registry/{CHAIN}/0001/approvals/olga.yaml" in done.stderr
    assert not (office.root / CHAIN / "0001/approvals/olga.yaml").exists()
    assert (office.root / CHAIN / "0001/approvals/otto.yaml").exists()


def test_amidst_a_conflict_the_own_request_is_that_of_the_last_commit(office: Office) -> None:
    with pytest.raises(Exception, match="merge"):
        office.git("merge", "-q", "main")
    assert "<<<<<<<" in (office.root / CHAIN / "0001/request.yaml").read_text("utf-8")
    done = office.by("rita", "renumber", "--base", "main")
    assert done.exit_code == 0, done.output
    assert "reason: Mine\n" in (office.root / CHAIN / "0002/request.yaml").read_text("utf-8")
    office.commit("Merge")
    assert codes() == set()


def test_a_request_can_be_given_up(office: Office) -> None:
    assert office.by("rita", "renumber", "--base", "main", "--drop").exit_code == 0
    assert not (office.root / CHAIN / "0002").exists()
    office.commit()
    assert codes() == set()
    assert "Nothing to do" in office.by("rita", "renumber", "--base", "main").stdout


def test_nothing_is_written_before_it_is_signed(office: Office) -> None:
    (office.home("rita") / "id").unlink()
    (office.home("rita") / "id.pub").unlink()
    before = {p: p.read_bytes() for p in office.root.rglob("*") if p.is_file()}
    assert office.by("rita", "renumber", "--base", "main").exit_code == 2
    assert {p: p.read_bytes() for p in office.root.rglob("*") if p.is_file()} == before


def test_a_request_that_makes_no_sense_any_more_is_refused_with_a_way_out(in_production: Office) -> None:
    office = in_production
    office.git("checkout", "-q", "-b", "proposal")
    ask(office, "rita", "Mine")
    office.git("checkout", "-q", "main")
    ask(office, "dana", "Theirs")
    office.git("checkout", "-q", "proposal")
    done = office.by("rita", "renumber", "--base", "main")
    assert done.exit_code == 2
    assert "request 1 to review waits for owner" in done.stderr
    assert "--drop" in done.stderr


def test_what_the_request_binds_has_to_be_merged_first(office: Office) -> None:
    office.git("checkout", "-q", "main")
    record = office.root / f"models/{MODEL}/model.yaml"
    record.write_text(record.read_text("utf-8") + "# looked at\n", "utf-8")
    office.commit()
    office.git("checkout", "-q", "proposal")
    done = office.by("rita", "renumber", "--base", "main")
    assert done.exit_code == 2
    assert "Merge the base first" in done.stderr


def test_ends_of_conditions_move_without_a_new_signature(in_production: Office) -> None:
    office = in_production
    conditions = ("--condition", "Test drift", "--due", "2099-01-31", "--condition", "Test bias", "--due", "2099-02-28")
    ask(office, "dana", "With conditions")
    assert office.by("olga", "approve", MODEL, VERSION, "--yes", *conditions).exit_code == 0
    office.commit()
    for branch, number in (("first", "1"), ("second", "2")):
        office.git("checkout", "-q", "-b", branch, "main")
        closed = office.by("olga", "close", MODEL, VERSION, "--condition", number, "--evidence", f"Report {branch}")
        assert closed.exit_code == 0, closed.output
        office.commit()
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--no-ff", "-m", "Merge", "first")
    office.git("checkout", "-q", "second")
    signed = (office.root / CHAIN / "0001/closings/01.yaml.sig").read_bytes()
    assert "APR107" in codes()
    assert run("renumber", "--base", "main").exit_code == 0
    assert (office.root / CHAIN / "0001/closings/02.yaml.sig").read_bytes() == signed
    office.commit()
    assert codes() == set()
    office.git("checkout", "-q", "main")
    office.git("merge", "-q", "--no-ff", "-m", "Merge", "second")
    assert run("verify", MODEL, VERSION).exit_code == 0
