"""`accredit comment` on real repositories."""

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
SINCE = ("--base", "main", "--as-of", AS_OF)
VERSION = "3.0.0"


@pytest.fixture
def office(in_production: Office) -> Office:
    """A branch with a version whose metrics are others, and a request to review it."""
    office = in_production
    office.git("checkout", "-q", "-b", "proposal")
    versions = office.root / f"models/{MODEL}/versions"
    shutil.copytree(versions / "2.0.0", versions / VERSION)
    for path in (versions / VERSION).rglob("*.yaml"):
        text = path.read_text("utf-8").replace("version: 2.0.0", f"version: {VERSION}")
        path.write_text(text.replace("{type: auc, value: 0.840,", "{type: auc, value: 0.790,"), "utf-8")
    office.commit()
    asked = office.by("dana", "request", MODEL, VERSION, "--to", "review", "--reason", "Closes #12, says @dana")
    assert asked.exit_code == 0, asked.output
    office.commit()
    return office


def comment(*options: object) -> str:
    result = run("comment", *SINCE, *options)
    assert result.exit_code == 0, result.output
    return result.stdout


def part(text: str, title: str) -> list[str]:
    return text.partition(f"### {title}\n\n")[2].partition("\n### ")[0].splitlines()


@pytest.mark.usefixtures("office")
def test_a_new_version_is_told_with_its_request_and_who_must_sign() -> None:
    text = comment()
    assert text.startswith("<!-- accredit:proposal 5f0c1d5e-2b7a-4f0e-9a51-3d1c8b6e7f20 -->\n## Model registry: ")
    proposed = part(text, "What is proposed")
    assert proposed[0].startswith(f"- new version `{MODEL}@{VERSION}`: `")
    assert proposed[1] == (
        f"- new request `{MODEL}@{VERSION} 0001`: `staging -> review, asked by dana: Closes #12, says @dana`"
    )
    command = f"accredit approve {MODEL} {VERSION} --role owner"
    wanted = f"- `{MODEL}@{VERSION} staging->review`: `owner` (`olga`, `otto`), with `{command}`"
    assert part(text, "Signatures that are missing") == [wanted]
    assert ", 1 signature missing\n" in text


@pytest.mark.usefixtures("office")
def test_measures_are_compared_with_the_version_that_was_approved_last() -> None:
    told = part(comment(), "Measures that are worse or gone")
    assert told[0] == f"`{MODEL}@1.0.0 -> {MODEL}@{VERSION}`:"
    rows = [line for line in told if "auc" in line]
    assert any("\N{MINUS SIGN}0.0" in line and "worse" in line for line in rows)
    assert all("interval" in line for line in rows)


@pytest.mark.usefixtures("office")
def test_gates_of_the_new_version_and_its_lineage_are_shown() -> None:
    text = comment()
    assert any(
        line.startswith(f"| `{MODEL}@{VERSION}` | `gate staging->review` | new |") for line in part(text, "Gates")
    )
    chart = text.partition("```mermaid\n")[2].partition("```")[0]
    assert chart.startswith("flowchart LR\n")
    assert f"Loan default {VERSION}" in chart


def test_the_command_that_is_named_is_the_one_that_signs(office: Office) -> None:
    named = part(comment(), "Signatures that are missing")[0].rpartition("with `accredit ")[2].rstrip("`").split()
    assert office.by("olga", *named, "--yes").exit_code == 0
    office.commit()
    text = comment()
    assert "signature missing" not in text
    assert part(text, "Signatures that are missing") == []


def test_a_change_of_policy_needs_signatures_and_its_blast_radius_is_told(in_production: Office) -> None:
    office = in_production
    office.git("checkout", "-q", "-b", "proposal")
    policy = office.root / "policy.yaml"
    policy.write_text(policy.read_text("utf-8").replace("min_n: ", "min_n: 9", 1), "utf-8")
    office.commit()
    text = comment()
    assert "counts only once it is signed for in changes/" in text
    assert part(text, "Signatures that are missing")[0].endswith('with `accredit change --reason "..."`')
    assert any(
        "PERF" in line and "`pass` →" in line for line in part(text, "What the change of people and policy does")
    )
    assert any("min_n`: `" in line for line in part(text, "Fields"))
    assert office.by("olga", "change", "--reason", "More").exit_code == 0
    office.commit()
    wanted = part(comment(), "Signatures that are missing")[0]
    assert wanted == "- `change 0001`: `1 with the role governance` (`gwen`), with `accredit change approve 0001`"
    assert office.by("gwen", *wanted.rpartition("with `accredit ")[2].rstrip("`").split(), "--yes").exit_code == 0
    office.commit()
    text = comment()
    assert "signed for in changes/0001/request.yaml" in text
    assert part(text, "Signatures that are missing") == []


def test_a_program_is_told_the_same(office: Office) -> None:
    told = json.loads(comment("--format", "json"))
    assert [p["what"] for p in told["proposed"]] == ["new version", "new request"]
    assert [w["command"] for w in told["wanted"]] == [f"accredit approve {MODEL} {VERSION} --role owner"]
    assert told["wanted"][0]["people"] == ["olga", "otto"]
    assert told["base"]["commit"] == office.git("rev-parse", "main").strip()
    assert told["governance"] == {"files": [], "authorised_by": [], "effects": None}
    assert told["clashes"] == []


def test_a_changed_dataset_tells_what_hangs_on_it(in_production: Office) -> None:
    office = in_production
    office.git("checkout", "-q", "-b", "proposal")
    data = office.root / "datasets/loans-raw.yaml"
    data.write_text(data.read_text("utf-8").replace("permitted_purposes: [credit-scoring]", "permitted_purposes: []"))
    office.commit()
    reach = part(comment(), "What hangs on the changed data")[0]
    assert reach.startswith("- `dataset loans-raw` reaches 2 versions, 1 in production")


@pytest.mark.usefixtures("office")
def test_it_is_written_to_a_file_with_a_link_to_the_preview(tmp_path: Path) -> None:
    place = tmp_path / "comment.md"
    assert comment("--output", place, "--preview", "https://bank.example/12/") == ""
    assert "\n- [Preview of the site](<https://bank.example/12/>)\n" in place.read_text("utf-8")
    assert place.read_text("utf-8") == comment("--preview", "https://bank.example/12/")


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "https://x.example/>)", "https://x.example/ y", "x", "ftp://x"]
)
def test_a_preview_that_is_no_address_is_refused(address: str) -> None:
    result = run("comment", *SINCE, "--preview", address)
    assert result.exit_code == 2
    assert "no address" in result.stderr


@pytest.mark.usefixtures("in_production")
def test_a_change_of_nothing_has_a_verdict_and_no_more() -> None:
    text = comment()
    assert "## Model registry: nothing new against it\n" in text
    assert "###" not in text
