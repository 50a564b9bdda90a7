"""Every example in the guides and in the help is a command that exists; those that change nothing elsewhere are run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.support.parsing import parse
from tests.support.program import run
from tests.test_readme import environment, follow

from accredit.cli.app import app

ROOT = Path(__file__).parents[1]
GUIDES = sorted((ROOT / "docs/guide").glob("*.md"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = (
    *("audit", "check", "codeowners", "controls", "doctor", "explain", "frameworks", "gate", "history", "impact"),
    *("init", "lineage", "new dataset", "new person", "policy explain", "retention due", "retention schedule", "rules"),
    *("dossier", "schema", "status", "verify"),
)
"""Commands that neither sign nor need a file or a commit of somebody's own."""
OF_SOMEBODY = re.compile(r"<|COMMIT|--(base|since|rev|path|root|checkpoint)\b|\.zip|(^|\s)[0-9a-f]{12}(\s|$)")
IN_THE_STORY = {
    **dict.fromkeys(("credit-risk", "churn", "loan-default"), "credit-risk-predictor"),
    "credit-risk@1.0.0": "credit-risk-predictor@2.0.0",
    "1.0.0": "2.0.0",
    "3.0.0": "2.0.0",
}
"""What an example calls a thing, to what the demonstration has."""


def in_guides() -> Iterator[tuple[str, str]]:
    """Guide and command line, without what it prints."""
    for guide in GUIDES:
        for block in BLOCK.findall(guide.read_text("utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith("$ accredit "):
                    yield guide.name, line.removeprefix("$ accredit ")


def in_help(command: Any) -> Iterator[tuple[str, str]]:
    """The examples at the end of each command's help."""
    yield "help", command.epilog.removeprefix("Example: accredit ")
    for inner in getattr(command, "commands", {}).values():
        yield from in_help(inner)


EXAMPLES = dict.fromkeys((*in_guides(), *in_help(typer.main.get_command(app))))
HARMLESS = [e for e in EXAMPLES if f"{e[1]} ".startswith(tuple(f"{r} " for r in RUN)) and not OF_SOMEBODY.search(e[1])]


def words(example: str) -> list[str]:
    """The words of a command line; what a shell would put in is a commit."""
    return shlex.split(re.sub(r"\$\([^)]*\)", "a" * 40, example), comments=True)


@pytest.mark.parametrize(("where", "example"), EXAMPLES, ids=lambda v: v)
def test_every_example_is_a_command_that_exists(where: str, example: str) -> None:  # noqa: ARG001 - names the case
    parse(*words(example))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git, which writes the demonstration, is absent")
    folder = tmp_path_factory.mktemp("guides") / "story"
    assert run("demo", folder).exit_code == 0
    return folder


@pytest.mark.parametrize(("where", "example"), HARMLESS, ids=lambda v: v)
def test_an_example_works_in_the_demonstration(
    where: str,  # noqa: ARG001 - names the case
    example: str,
    story: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ACCREDIT_CACHE_DIR", str(story.parent / "cache"))
    monkeypatch.chdir(shutil.copytree(story, tmp_path / "story", symlinks=True))
    (tmp_path / "story/.github").mkdir()
    result = run(*(IN_THE_STORY.get(word, word) for word in words(example)))
    assert result.exit_code in {0, 1}, result.output
    assert result.output or {"-o", "--output"} & {*words(example)}


def test_enough_examples_are_run() -> None:
    assert len(HARMLESS) > 30


def test_the_way_to_adopt_it_prints_what_the_guide_shows(tmp_path: Path) -> None:
    env = environment(tmp_path)
    folder = tmp_path / "adopted"
    subprocess.run(["git", "init", "-q", folder], env=env, check=True)
    key = Path(env["HOME"]) / ".ssh/id_ed25519"
    key.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for block in BLOCK.findall((ROOT / "docs/guide/adopt.md").read_text("utf-8")):
        command, shown = "", []
        for line in [*block.splitlines(), "$ "]:
            if not line.startswith("$ "):
                shown.append(line)
                continue
            if command:
                done = subprocess.run(
                    command, shell=True, cwd=folder, env=env, capture_output=True, text=True, check=False
                )
                assert done.returncode in {0, 1}, done.stderr
                follow(command, done.stdout.splitlines(), shown)
            command, shown = line[2:], []


def test_the_difference_of_two_versions_prints_what_the_guide_shows() -> None:
    (block,) = BLOCK.findall((ROOT / "docs/guide/compare.md").read_text("utf-8"))
    command, *shown = block.splitlines()
    done = run(*words(command.removeprefix("$ accredit ")), "--registry", ROOT / "registry")
    assert done.exit_code == 0, done.stderr
    follow(command, done.stdout.splitlines(), shown)


def test_every_guide_is_linked_from_the_index_or_from_another() -> None:
    linked = {name for guide in GUIDES for name in re.findall(r"\]\(([a-z-]+\.md)", guide.read_text("utf-8"))}
    assert {guide.name for guide in GUIDES} - linked <= {"index.md"}
    assert linked <= {guide.name for guide in GUIDES}
