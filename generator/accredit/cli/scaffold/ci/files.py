"""The files of a forge's pipelines and of the tools around a registry, by their path in the repository."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from importlib.resources import files

from accredit.reports.tool import VERSION

_DATA = files("accredit.cli.scaffold.ci")
_PLACEHOLDER = re.compile(r"<[a-z-]+>")


class Forge(StrEnum):
    """Where the repository is."""

    GITHUB = "github"
    GITLAB = "gitlab"

    @property
    def owners(self) -> str:
        """Where this forge reads who owns which path."""
        return f".{self.value}/CODEOWNERS"

    @property
    def pipelines(self) -> tuple[str, ...]:
        """Patterns of what runs with a token, and of this forge's own settings."""
        return ("/.github/",) if self is Forge.GITHUB else ("/.gitlab-ci.yml", "/.gitlab/")


_PIPELINES = {
    Forge.GITHUB: {
        **{f".github/workflows/accredit-{n}.yml": f"{n}.yml" for n in ("check", "comment", "review", "record", "site")},
        ".github/dependabot.yml": "dependabot.yml",
    },
    Forge.GITLAB: {".gitlab-ci.yml": "gitlab-ci.yml"},
}
_TEMPLATES = {
    Forge.GITHUB: (".github/pull_request_template.md", "pull request"),
    Forge.GITLAB: (".gitlab/merge_request_templates/Default.md", "merge request"),
}


def pipeline_files(forge: Forge, registry: str) -> dict[str, str]:
    """Path to text of everything but the code owners.

    Args:
        forge: Where the repository is.
        registry: The registry's folder in the repository; letters, digits, dots, hyphens, underscores and slashes.
    """
    given = {"<registry>": registry, "<accredit>": f"accredit=={VERSION}"}
    place, proposal = _TEMPLATES[forge]
    return {
        **{path: _filled(f"{forge.value}/{name}", given) for path, name in _PIPELINES[forge].items()},
        place: _filled("template.md", {"<proposal>": proposal}),
        ".pre-commit-config.yaml": _filled("pre-commit.yaml", given),
        ".vscode/settings.json": editor_settings(registry),
    }


def editor_settings(registry: str) -> str:
    """Settings by which Visual Studio Code finds the schema of every kind of file and leaves line ends alone."""
    from accredit.site.pages.form import LAYOUT  # noqa: PLC0415 - loads what only the site needs

    found = {
        f"./{registry}/.schema/{kind}.json": f"/{registry}/{_PLACEHOLDER.sub('*', path)}"
        for kind, (path, _) in LAYOUT.items()
    }
    return json.dumps({"files.eol": "\n", "yaml.schemas": found}, indent=2) + "\n"


def _filled(name: str, given: dict[str, str]) -> str:
    text = (_DATA / name).read_text(encoding="utf-8")
    for mark, value in given.items():
        text = text.replace(mark, value)
    return text
