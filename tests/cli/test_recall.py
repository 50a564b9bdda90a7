"""A check that was made before is repeated only where nothing at all has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.program import base_on_disk, run

from accredit.cli.recall import Report, recalled
from accredit.loading.cache import EntryCache
from accredit.loading.folder import Folder
from accredit.loading.snapshot import snapshot_of
from accredit.loading.tree import load

AS_OF = ("--as-of", "2026-11-23")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACCREDIT_CACHE_DIR", str(tmp_path / "cache"))
    return base_on_disk(tmp_path)


class Asked:
    """Answers with the present state of a registry, and counts how often it is asked."""

    def __init__(self, root: Path, cache: EntryCache | None) -> None:
        self.root, self.cache, self.times = root, cache, 0

    def answer(self) -> Report:
        self.times += 1
        return Report(f"answer {self.times}", failed=True, snapshot=load(Folder(self.root)).snapshot)

    def __call__(self, question: object = "q") -> tuple[str, bool]:
        report = recalled(self.root, question, self.answer, self.cache)
        return report.text, report.failed


@pytest.fixture
def asked(registry: Path, tmp_path: Path) -> Asked:
    return Asked(registry, EntryCache(tmp_path / "cache"))


def test_the_same_question_about_the_same_files_is_answered_once(asked: Asked) -> None:
    assert [asked(), asked(), asked("other"), asked("other")] == [
        *(("answer 1", True),) * 2,
        *(("answer 2", True),) * 2,
    ]


def edit(root: Path) -> None:
    with (root / "policy.yaml").open("a") as file:
        file.write("# remark\n")


def rename(root: Path) -> None:
    person = next((root / "people").iterdir())
    person.rename(person.with_name("somebody-else.yaml"))


def remove(root: Path) -> None:
    next((root / "people").iterdir()).unlink()


def add(root: Path) -> None:
    (root / "README.md").write_text("Hello\n")


def swap(root: Path) -> None:
    one, other = sorted((root / "people").iterdir())[:2]
    contents = one.read_bytes(), other.read_bytes()
    one.write_bytes(contents[1])
    other.write_bytes(contents[0])


def make_executable(root: Path) -> None:
    (root / "policy.yaml").chmod(0o755)


@pytest.mark.parametrize("change", [edit, rename, remove, add, swap, make_executable])
def test_any_change_is_a_new_question(asked: Asked, change) -> None:
    asked()
    change(asked.root)
    assert asked() == ("answer 2", True)


def test_a_link_has_no_digest_and_is_looked_at_every_time(asked: Asked) -> None:
    (asked.root / "people/eve.yaml").symlink_to("nowhere")
    assert [asked()[0], asked()[0]] == ["answer 1", "answer 2"]


def test_an_answer_about_files_that_changed_meanwhile_is_that_of_the_files_that_were_read(asked: Asked) -> None:
    def answer() -> Report:
        edit(asked.root)
        return asked.answer()

    before = (asked.root / "policy.yaml").read_bytes()
    recalled(asked.root, "q", answer, asked.cache)
    (asked.root / "policy.yaml").write_bytes(before)
    assert asked() == ("answer 2", True)
    edit(asked.root)
    assert asked() == ("answer 1", True)


def test_the_digest_of_a_registry_is_the_same_before_and_after_it_is_read(registry: Path) -> None:
    assert snapshot_of(Folder(registry)) == load(Folder(registry)).snapshot != ""


def test_without_a_cache_every_check_is_made(registry: Path) -> None:
    asked = Asked(registry, None)
    assert [asked()[0], asked()[0]] == ["answer 1", "answer 2"]


def test_a_repeated_report_is_byte_for_byte_the_first_one(registry: Path) -> None:
    edit(registry)
    for options in ((), ("--format", "json"), ("--format", "sarif"), ("--fail-on", "never"), ("--select", "REG")):
        first, again, fresh = (run("check", *AS_OF, *options, *extra) for extra in ((), (), ("--no-cache",)))
        assert (again.stdout, again.exit_code) == (first.stdout, first.exit_code) == (fresh.stdout, fresh.exit_code)


def test_an_edit_is_seen_at_once(registry: Path) -> None:
    assert run("check", *AS_OF).exit_code == 0
    model = registry / "models/loan-default/model.yaml"
    model.write_text(model.read_text().replace("owner:", "onwer:"))
    result = run("check", *AS_OF)
    assert result.exit_code == 1
    assert "unknown key `onwer`" in result.stdout
