"""What `accredit init --ci` writes: nothing of a person's is touched, and no proposal meets a token."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.support.parsing import parse
from tests.support.program import run

from accredit.cli.scaffold.ci.files import Forge

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"[a-z-]+/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
GITHUB = ("check", "comment", "record", "review", "site")
FROM_A_PROPOSAL = {"pull_request", "pull_request_review"}


@pytest.fixture(params=Forge)
def forge(request: pytest.FixtureRequest) -> Forge:
    return request.param


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def workflows(here: Path) -> dict[str, dict[str, Any]]:
    assert run("init", "--ci", "github").exit_code == 0
    return {n: document(here / f".github/workflows/accredit-{n}.yml") for n in GITHUB}


def document(path: Path) -> dict[str, Any]:
    """YAML with every scalar as text, so that `on` stays a word."""
    return yaml.load(path.read_text(), yaml.BaseLoader)


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def written(root: Path) -> Iterator[Path]:
    return (p for p in root.rglob("*") if p.is_file() and ".git" not in p.relative_to(root).parts[:1])


def test_what_is_written_is_well_formed(here: Path, forge: Forge) -> None:
    assert run("init", "--ci", forge).exit_code == 0
    for path in written(here):
        if path.suffix in {".yml", ".yaml"}:
            assert document(path)
        if path.suffix == ".json":
            json.loads(path.read_text())
        assert not re.search(r"<(registry|accredit|proposal)>", path.read_text())


def test_code_owners_speak_of_roles_that_the_policy_has(here: Path, forge: Forge) -> None:
    run("init", "--ci", forge)
    named = re.findall(r"^# (.*): nobody yet$", (here / forge.owners).read_text(), re.MULTILINE)
    roles = yaml.safe_load((here / "registry/policy.yaml").read_text())["roles"]
    assert named
    assert {role for line in named for role in line.split(", ")} <= roles.keys()


def test_a_person_s_file_is_left_alone_and_named(here: Path, forge: Forge) -> None:
    mine = {".pre-commit-config.yaml", forge.owners, ".vscode/settings.json"}
    for path in mine:
        (here / path).parent.mkdir(exist_ok=True)
        (here / path).write_text("mine\n")
    result = run("init", "--ci", forge)
    assert {line.removeprefix("left alone ") for line in result.stdout.splitlines() if "left alone" in line} == mine
    assert {(here / path).read_text() for path in mine} == {"mine\n"}


def test_a_registry_that_is_there_gets_its_pipelines_later(here: Path, forge: Forge) -> None:
    run("init", "models/registry")
    before = (here / "models/registry/policy.yaml").read_bytes()
    result = run("init", "models/registry", "--ci", forge)
    assert f"wrote {forge.owners}\n" in result.stdout
    assert (here / "models/registry/policy.yaml").read_bytes() == before
    assert "models/registry" in (here / ".pre-commit-config.yaml").read_text()


def test_inside_of_a_registry_no_second_one_is_started(
    here: Path, monkeypatch: pytest.MonkeyPatch, forge: Forge
) -> None:
    run("init", "models")
    monkeypatch.chdir(here / "models")
    assert f"wrote ../{forge.owners}\n" in run("init", "--ci", forge).stdout
    assert not (here / "models/registry").exists()


@pytest.mark.parametrize("name", [".", "models of ours", "$(id)", "../elsewhere"])
def test_a_registry_without_a_plain_folder_of_its_own_gets_none(here: Path, name: str) -> None:
    result = run("init", name, "--ci", "github")
    assert result.exit_code == 2
    assert "accredit init registry --ci github" in result.stderr
    assert not (here / ".github").exists()
    assert not (here / name / "registry.yaml").exists()


@pytest.mark.parametrize("path", [ROOT / "action.yml", *(ROOT / "generator/accredit/cli/scaffold/ci/github").iterdir()])
def test_every_action_is_pinned_by_a_commit_with_its_version(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text())
    assert [u for u in used if not PINNED.fullmatch(u)] == []


def test_one_action_has_one_pin() -> None:
    texts = [(ROOT / "action.yml").read_text()]
    texts += [p.read_text() for p in (ROOT / "generator/accredit/cli/scaffold/ci/github").iterdir()]
    pins = {tuple(u.split("@")) for text in texts for u in re.findall(r"uses: (\S+)", text)}
    assert len(pins) == len({name for name, _ in pins}) > 5


def test_the_image_is_pinned_by_its_digest(here: Path) -> None:
    run("init", "--ci", "gitlab")
    assert re.fullmatch(r"python:[0-9.]+@sha256:[0-9a-f]{64}", document(here / ".gitlab-ci.yml")["default"]["image"])


def test_what_a_proposal_starts_meets_no_secret_and_may_not_write(workflows: dict[str, dict[str, Any]]) -> None:
    started = {n: w for n, w in workflows.items() if FROM_A_PROPOSAL & {*w["on"]}}
    assert {*started} == {"check", "review"}
    for workflow in started.values():
        assert "secrets." not in json.dumps(workflow)
        assert all("environment" not in job for job in workflow["jobs"].values())
        granted = {right for job in workflow["jobs"].values() for right in (job["permissions"] or {}).items()}
        assert granted <= {("contents", "read"), ("actions", "read"), ("security-events", "write")}
    writes = workflows["check"]["jobs"]["code-scanning"]
    assert [s for s in writes["steps"] if "run" in s or "checkout" in s["uses"]] == []


def test_a_merge_queue_gets_the_check_that_it_waits_for_and_no_comment(workflows: dict[str, dict[str, Any]]) -> None:
    assert {*workflows["check"]["on"]} == {"pull_request", "merge_group"}
    assert workflows["check"]["jobs"]["check"]["env"]["BASE"] == "${{ github.event.merge_group.base_sha || 'HEAD^1' }}"
    for job in (workflows["check"]["jobs"]["code-scanning"], workflows["comment"]["jobs"]["comment"]):
        assert "== 'pull_request'" in job["if"]


def test_every_job_has_the_rights_that_it_names_and_a_time_limit(workflows: dict[str, dict[str, Any]]) -> None:
    for workflow in workflows.values():
        assert workflow["permissions"] == {}
        for job in workflow["jobs"].values():
            assert "permissions" in job
            assert int(job["timeout-minutes"]) <= 30


def test_what_may_write_runs_nothing_of_a_proposal(workflows: dict[str, dict[str, Any]]) -> None:
    trusted = {n: w for n, w in workflows.items() if "workflow_run" in w["on"]}
    assert {*trusted} == {"comment", "record"}
    assert not any("checkout" in s.get("uses", "") for s in steps(trusted["comment"]))
    order = [s.get("uses", s.get("run", "")) for s in steps(trusted["record"])]
    assert [i for i, s in enumerate(order) if s.startswith("pip install")] < [
        i for i, s in enumerate(order) if "checkout" in s
    ]


def test_no_checkout_keeps_its_credentials_and_no_script_is_put_together_from_text(
    workflows: dict[str, dict[str, Any]],
) -> None:
    for step in (s for w in workflows.values() for s in steps(w)):
        assert "${{" not in step.get("run", "")
        if "actions/checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] == "false"
    action = document(ROOT / "action.yml")["runs"]["steps"]
    assert [s for s in action if "${{" in s.get("run", "")] == []


def test_in_a_merge_request_s_pipeline_no_job_has_an_environment(here: Path) -> None:
    run("init", "--ci", "gitlab")
    pipeline = document(here / ".gitlab-ci.yml")
    jobs = {n: j for n, j in pipeline.items() if isinstance(j, dict) and "script" in j}
    assert {*jobs} == {"check", "pages", "write-comments", "post-comments", "record"}
    for name, job in jobs.items():
        (rule,) = (r["if"] for r in job["rules"])
        assert ("merge_request_event" in rule) == (name == "check")
        assert name == "check" or "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" in rule
        assert ("environment" in job) == bool(re.search("ACCREDIT_[A-Z_]+", json.dumps(job["script"])))


def test_the_commands_in_the_pipelines_exist(here: Path) -> None:
    for forge in Forge:
        run("init", "--ci", forge)
    found = set()
    for path in [*(p for p in written(here) if p.parts[-2] != "registry"), ROOT / ".pre-commit-hooks.yaml"]:
        text = path.read_text().replace("\\\n", " ")
        for line in re.findall(r"^(?:- |run: |entry: |\(cd proposal && |\s)*(accredit [a-z].*)$", text, re.MULTILINE):
            words = shlex.split(re.split(r"\|\||\)", line)[0].replace("$HEAD_SHA", "a" * 40).replace("$head", "a" * 40))
            parse(*("7" if w == "$AUTHOR" else w for w in words[1:]))
            found.add(words[1])
    assert found == {"check", "comment", "build", "review"}


def test_zizmor_and_actionlint_find_nothing(workflows: dict[str, dict[str, Any]], here: Path) -> None:
    assert workflows
    checks = {"zizmor": ["--offline", "--quiet", "--no-progress", here, ROOT / "action.yml"], "actionlint": []}
    present = [name for name in checks if shutil.which(name)]
    for name in present:
        done = subprocess.run([name, *map(str, checks[name])], cwd=here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    if missing := checks.keys() - set(present):
        pytest.skip(f"not installed: {', '.join(sorted(missing))}")


def test_the_hooks_of_this_repository_look_where_a_registry_s_files_are() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    registry = ROOT / "registry"
    seen = [p.relative_to(ROOT).as_posix() for p in registry.rglob("*.yaml")]
    assert seen
    assert [p for p in seen if not re.search(hook["files"], p)] == []
    assert not re.search(hook["files"], "src/train.py")


def test_the_scaffold_lists_every_framework(here: Path) -> None:
    run("init")
    policy = here / "registry/policy.yaml"
    commented = policy.read_text()
    start = commented.index("# catalogue:")
    policy.write_text(commented[:start] + commented[start:].replace("# ", "", 1).replace("\n#   ", "\n  "))
    (here / "registry/registry.yaml").write_text("format: 1\nid: 11111111-2222-4333-8444-555555555555\nname: M\n")
    assert run("check").output == "No findings.\n"
    listed = yaml.safe_load(policy.read_text())["catalogue"]["frameworks"]
    assert listed == [f["id"] for f in json.loads(run("frameworks", "--format", "json").stdout)["frameworks"]]
