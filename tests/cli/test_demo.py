"""The demonstration: a story that is whole, that its history proves, and that is the same each time."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from tests.support.program import run

from accredit.demo.material import finished
from accredit.demo.plot import Plot
from accredit.demo.write import commits
from accredit.loading.yaml import parse

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git, which writes the repository, is absent")
ROOT = Path(__file__).parents[2]
REGISTRY = ROOT / "registry"
GUIDE = (ROOT / "docs/guide/demo.md").read_text("utf-8")
BLOCKS = [block.partition("\n") for block in re.findall(r"```console\n\$ (.*?)```", GUIDE, re.DOTALL)]
SHOWN = [(command, output.splitlines()) for command, _, output in BLOCKS if output and "$ " not in output]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "story"
    result = run("demo", folder)
    assert (result.exit_code, result.stdout) == (0, "")
    return folder


@pytest.fixture
def _inside(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo)


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.usefixtures("_inside")
def test_every_sign_off_of_the_story_counts() -> None:
    result = run("verify", "--format", "json")
    assert result.exit_code == 0
    told = run("verify").stdout.splitlines()[-1]
    counted = re.fullmatch(r"Nothing stands against it: (\d+) of (\d+) sign-offs count\.", told)
    assert counted is not None, told
    assert counted[1] == counted[2]
    assert int(counted[1]) > 80


def test_the_story_told_again_is_the_same_to_the_commit_id(demo: Path, tmp_path: Path) -> None:
    hostile = {"GIT_AUTHOR_DATE": "2001-01-01T00:00:00", "GIT_DEFAULT_HASH": "sha256", "TZ": "Asia/Tokyo"}
    assert run("demo", tmp_path / "again", env=hostile).exit_code == 0
    assert git(tmp_path / "again", "rev-parse", "main") == git(demo, "rev-parse", "main")
    assert git(tmp_path / "again", "status", "--porcelain") == ""


@pytest.mark.usefixtures("_inside")
def test_the_story_tells_of_all_that_can_happen() -> None:
    lines = run("audit", "--format", "ndjson").stdout.splitlines()
    found = {(event["kind"], event["action"]) for event in map(json.loads, lines)}
    assert found >= {
        ("training", "trained"),
        ("evaluation", "evaluated"),
        ("request", "requested"),
        ("decision", "approve"),
        ("decision", "approve-with-conditions"),
        ("decision", "reject"),
        ("move", "released"),
        ("move", "rolled back to"),
        ("move", "archived"),
        ("deployment", "deployed"),
        ("deployment", "switched off"),
        ("change", "policy changed"),
        ("change", "key revoked"),
        ("change", "person added"),
        ("waiver", "accepted"),
        ("waiver", "lapsed"),
        ("hold", "issued"),
    }


@pytest.mark.usefixtures("_inside")
def test_an_approval_had_lapsed_while_a_version_was_in_use() -> None:
    told = run("audit", "--as-of", "2026-06-20").stdout
    version = told.partition("credit-risk-predictor@1.1.0")[2].partition("mortgage-approval")[0]
    assert "not allowed" in version
    assert "APR105" in version


def test_nothing_of_the_finished_registry_is_left_out(demo: Path) -> None:
    there = {p.relative_to(demo / "registry").as_posix() for p in (demo / "registry").rglob("*") if p.is_file()}
    assert set(finished(REGISTRY)) <= there
    unsigned = {p for p in there if re.search(r"(request|approvals/[^/]+|closings/\d+)\.yaml$", p)} - {
        p.removesuffix(".sig") for p in there if p.endswith(".sig")
    }
    assert unsigned == set()


def test_its_people_commit_in_the_order_of_time(demo: Path) -> None:
    log = [line.split("\0") for line in git(demo, "log", "--reverse", "--format=%ct%x00%ae%x00%cn").splitlines()]
    times = [int(time) for time, _, _ in log]
    assert times == sorted(times)
    assert len(log) > 200
    assert (times[-1] - times[0]) / 86400 > 700
    people = {parse(p.read_bytes()).data["name"] for p in (demo / "registry/people").iterdir()}
    assert {name for _, _, name in log} <= people


def test_no_record_lands_before_its_time() -> None:
    scenes = Plot(finished(REGISTRY)).scenes()
    assert [s.message for s, after in pairwise(scenes) if s.at > after.at] == []
    said = re.compile(rb"^(?:requested_at|time|deployed_at|until|observed_at|granted|issued): (.{10})", re.MULTILINE)
    for scene in scenes:
        for path, content in scene.files.items():
            assert all(day.decode() <= scene.at.date().isoformat() for day in said.findall(content)), path


def test_no_private_key_is_written(demo: Path) -> None:
    assert not any(b"PRIVATE" in content for c in commits(finished(REGISTRY)) for content in c.files.values())
    assert git(demo, "config", "--local", "--list").count("user.") == 0


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = run("demo", tmp_path)
    assert result.exit_code == 2
    assert "is not empty" in result.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.usefixtures("_inside")
def test_what_it_says_to_try_next_works(tmp_path: Path) -> None:
    told = run("demo", tmp_path / "other").stderr
    suggested = [line.partition("#")[0].split() for line in told.splitlines() if line.startswith("  accredit ")]
    assert len(suggested) >= 5
    for command in suggested:
        output = ["--output", str(tmp_path / "site")] if command[1] == "build" else []
        assert run(*command[1:], *output).exit_code == 0, command


@pytest.mark.usefixtures("_inside")
@pytest.mark.parametrize(("command", "lines"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_guide_shows_what_the_commands_say(command: str, lines: list[str], demo: Path) -> None:
    program, *arguments = shlex.split(command)
    output = git(demo, *arguments) if program == "git" else run(*arguments).stdout
    told = iter(output.splitlines())
    for line in lines:
        begin = line.partition("...")[0].rstrip()
        assert any(said.startswith(begin) for said in told), line


@pytest.mark.usefixtures("_inside")
def test_a_check_goes_by_the_first_commit_that_somebody_wrote_down(demo: Path) -> None:
    first, last = git(demo, "rev-list", "--max-parents=0", "main"), git(demo, "rev-parse", "main")
    assert run("check", "--select", "RET108", "--root", first).exit_code == 0
    other = run("check", "--select", "RET108", "--root", last)
    assert other.exit_code == 1
    assert f"the registry begins in {first}" in other.stdout
