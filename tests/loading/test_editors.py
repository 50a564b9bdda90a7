"""What an editor with the YAML language server makes of a registry: the real server, offline."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.language_server import Editor
from tests.support.program import run

pytestmark = pytest.mark.skipif(
    not shutil.which("yaml-language-server"), reason="yaml-language-server (npm) is not installed"
)
OFF = {"yaml.schemaStore.enable": False, "yaml.completion": True, "yaml.hover": True, "yaml.validate": True}
PATH = "registry/people/ada.yaml"
LINES = (
    "name: Ada Lovelace",
    "kind: robot",
    "roles:",
    "  - role: owner",
    "    from: 2026-01-01",
    "    ",  # where somebody is about to write
    "forge: {github: 583231}",
)


@pytest.fixture(params=["modeline", "settings"])
def editor(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Editor]:
    """The file of a person is open. It finds its schema by its first line, or by the settings that init writes."""
    monkeypatch.chdir(tmp_path)
    assert run("init", "--ci", "github").exit_code == 0
    assert run("new", "person", "ada").exit_code == 0
    first, settings = (tmp_path / PATH).read_text().splitlines()[0], {}
    if request.param == "settings":
        first, settings = "# a person", json.loads((tmp_path / ".vscode/settings.json").read_text())
    (tmp_path / PATH).write_text("\n".join((first, *LINES, "")))
    with Editor(tmp_path, {**settings, **OFF}) as opened:
        opened.open(PATH)
        yield opened


def test_a_wrong_value_is_marked_where_it_stands(editor: Editor) -> None:
    (problem,) = editor.problems(PATH)
    assert '"person"' in problem["message"]
    assert problem["range"] == {"start": {"line": 2, "character": 6}, "end": {"line": 2, "character": 11}}


def test_keys_are_offered_where_they_fit(editor: Editor) -> None:
    editor.problems(PATH)
    assert "to" in editor.complete(PATH, 6, 4)
    offered = editor.complete(PATH, 1, 0)
    assert {"active_to", "keys", "teams"} <= offered
    assert "to" not in offered


def test_a_key_says_what_it_means(editor: Editor) -> None:
    editor.problems(PATH)
    assert "A role that policy.yaml defines" in editor.hover(PATH, 4, 5)
    assert "Numeric id of the account on GitHub" in editor.hover(PATH, 7, 9)
