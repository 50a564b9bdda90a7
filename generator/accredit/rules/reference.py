"""One name in a file, and what names there are."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Literal, NamedTuple

from accredit.domain.paths import dataset_path, features_path, model_path, person_path, version_path
from accredit.domain.policy import Policy
from accredit.domain.registry import Registry
from accredit.findings import Route
from accredit.rules.rule import RULES

Kind = Literal["person", "team", "role", "dataset", "features", "model", "version", "rule", "registry", "same"]
_WORDS: Mapping[Kind, str] = {
    "person": "person in `people/`",
    "team": "team of the policy",
    "role": "role of the policy",
    "dataset": "dataset in `datasets/`",
    "features": "feature set in `features/`",
    "model": "model",
    "version": "version of the model",
    "rule": "rule",
}


class Reference(NamedTuple):
    """A name that must exist, where it stands; a tuple, because there are very many."""

    kind: Kind
    name: str
    path: str
    route: Route
    wanted: str = ""
    """For the kind `same`: what must stand there instead."""

    @property
    def message(self) -> str:
        """What is wrong where the name is not known."""
        if self.kind == "same":
            return f"`{self.route[-1]}` is `{self.name}`, and the file lies under `{self.wanted}`"
        if self.kind == "registry":
            return f"the file names the registry `{self.name}`, which is not this one"
        return f"`{self.name}` is no {_WORDS[self.kind]}" if self.name else f"`{self.route[-1]}` names nobody"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.kind in ("same", "registry"):
            return "Correct the field, or move the file to where it belongs."
        return f"Correct the name, or write `{self.file}`." if self.file else "Correct the name."

    @property
    def file(self) -> str:
        """The file that the name leads to, if it leads to one."""
        if self.kind == "version":
            model, _, version = self.name.partition("@")
            return version_path(model, version)
        makers = {"person": person_path, "dataset": dataset_path, "features": features_path, "model": model_path}
        return makers[self.kind](self.name) if self.name and self.kind in makers else ""


def known_names(registry: Registry, policy: Policy) -> Mapping[Kind, Container[str]]:
    """What may be named, by kind. Nothing is known of the kind `same`: such a reference is a fault by itself."""
    return {
        "person": registry.people,
        "team": policy.teams,
        "role": policy.roles,
        "dataset": registry.datasets,
        "features": registry.features,
        "model": registry.models,
        "version": {version.key for version in registry.versions()},
        "rule": RULES,
        "registry": (registry.identity.id,) if registry.identity else (),
        "same": (),
    }
