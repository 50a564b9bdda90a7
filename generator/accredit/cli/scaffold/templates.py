"""The text of new files. What a person must write stands as `TODO`, and `accredit check` names it until it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files

from accredit.domain.paths import dataset_path, model_path, person_path, version_path

_DATA = files("accredit.cli.scaffold")
_BYTES_AS_SIGNED = "# Sign-offs bind bytes, so line ends are never changed.\n* -text\n"


def registry_files(uuid: str) -> dict[str, str]:
    """The files of an empty registry with a policy, by path."""
    return {
        "registry.yaml": _filled("registry.yaml", {"uuid": uuid}),
        "policy.yaml": _filled("policy.yaml", {}),
        "README.md": _filled("readme.md", {}),
        ".gitattributes": _BYTES_AS_SIGNED,
    }


def model_files(model: str, screening: Iterable[str], today: date) -> dict[str, str]:
    """A model's file. It answers for each practice of the policy's screen."""
    asked = "".join(f"    - practice: {practice}\n      answer: TODO\n" for practice in screening)
    given = {"screening": asked.rstrip("\n") or "    []", "today": today.isoformat()}
    return {model_path(model): _filled("model.yaml", given)}


def version_files(model: str, version: str) -> dict[str, str]:
    """A version's record and its card."""
    given = {"model": model, "version": version}
    return {
        version_path(model, version): _filled("version.yaml", given),
        version_path(model, version, "card.yaml"): _filled("card.yaml", given),
    }


def evaluation_files(model: str, version: str, name: str) -> dict[str, str]:
    """One evaluation of a version."""
    return {version_path(model, version, f"evaluations/{name}.yaml"): _filled("evaluation.yaml", {})}


def dataset_files(dataset: str) -> dict[str, str]:
    """A dataset's file."""
    return {dataset_path(dataset): _filled("dataset.yaml", {})}


def person_files(person: str, today: date) -> dict[str, str]:
    """A person's file, with a role from today on."""
    return {person_path(person): _filled("person.yaml", {"id": person, "today": today.isoformat()})}


def _filled(template: str, given: Mapping[str, str]) -> str:
    text = (_DATA / template).read_text(encoding="utf-8")
    for name, value in given.items():
        text = text.replace(f"<{name}>", value)
    return text
