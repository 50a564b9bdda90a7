"""The text of new files. What a person must write stands as `TODO`, and `accredit check` names it until it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files

from accredit.domain.paths import dataset_path, model_path, person_path, version_path
from accredit.loading.json_schema import schema_text
from accredit.loading.schema import KINDS

SCHEMAS = ".schema/"
_DATA = files("accredit.cli.scaffold")
_BYTES_AS_SIGNED = """\
# Sign-offs bind bytes, so line ends are never changed.
* -text
# What programs write is folded in a diff and left out of statistics.
.schema/* linguist-generated
*.sig linguist-generated
*.asc linguist-generated
"""


def registry_files(uuid: str) -> dict[str, str]:
    """The files of an empty registry with a policy, by path; editors complete and check by the schemas among them."""
    return {
        **_entry("registry.yaml", "registry", {"uuid": uuid}),
        **_entry("policy.yaml", "policy", {}),
        "README.md": _filled("readme.md", {}),
        ".gitattributes": _BYTES_AS_SIGNED,
        **{f"{SCHEMAS}{kind}.json": schema_text(kind) for kind in KINDS},
    }


def model_files(model: str, screening: Iterable[str], today: date) -> dict[str, str]:
    """A model's file. It answers for each practice of the policy's screen."""
    asked = "".join(f"    - practice: {practice}\n      answer: TODO\n" for practice in screening)
    given = {"screening": asked.rstrip("\n") or "    []", "today": today.isoformat()}
    return _entry(model_path(model), "model", given)


def version_files(model: str, version: str) -> dict[str, str]:
    """A version's record and its card."""
    given = {"model": model, "version": version}
    return {
        **_entry(version_path(model, version), "version", given),
        **_entry(version_path(model, version, "card.yaml"), "card", given),
    }


def evaluation_files(model: str, version: str, name: str) -> dict[str, str]:
    """One evaluation of a version."""
    return _entry(version_path(model, version, f"evaluations/{name}.yaml"), "evaluation", {})


def dataset_files(dataset: str) -> dict[str, str]:
    """A dataset's file."""
    return _entry(dataset_path(dataset), "dataset", {})


def person_files(person: str, today: date) -> dict[str, str]:
    """A person's file, with a role from today on."""
    return _entry(person_path(person), "person", {"id": person, "today": today.isoformat()})


def _entry(path: str, kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """An entry's file by its path, with the line by which the YAML language server finds the schema."""
    schema = f"{'../' * path.count('/')}{SCHEMAS}{kind}.json"
    return {path: f"# yaml-language-server: $schema={schema}\n{_filled(f'{kind}.yaml', given)}"}


def _filled(template: str, given: Mapping[str, str]) -> str:
    text = (_DATA / template).read_text(encoding="utf-8")
    for name, value in given.items():
        text = text.replace(f"<{name}>", value)
    return text
