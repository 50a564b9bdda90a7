"""One version as its files are at a landing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accredit.domain.dataset import Dataset
from accredit.domain.model import Model
from accredit.domain.paths import dataset_path, features_path, model_path, parse_path, version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.version import Version
from accredit.history.state import State


@dataclass(frozen=True)
class Subject:
    """A version in the tree of a landing. It remembers its answers, so it lives no longer than that."""

    state: State
    model_id: str
    version_id: str

    @cached_property
    def folder(self) -> str:
        """The version's folder, with a slash at the end."""
        return version_path(self.model_id, self.version_id, "")

    @cached_property
    def key(self) -> str:
        """`model@version`."""
        return f"{self.model_id}@{self.version_id}"

    @property
    def content(self) -> str:
        """The digest of the version's content, as sign-offs bind it."""
        return self.state.content_of(self.folder)

    def model(self) -> Model | None:
        """The model's own record."""
        entry = self.state.entry(model_path(self.model_id))
        return entry if isinstance(entry, Model) else None

    def record(self) -> Version | None:
        """The version's own record."""
        entry = self.state.entry(f"{self.folder}version.yaml")
        return entry if isinstance(entry, Version) else None

    def versions(self) -> Mapping[str, ModelVersion]:
        """Every version of the model, as far as its classification asks."""
        found: dict[str, ModelVersion] = {}
        for name in self.state.versions(self.model_id):
            entry = self.state.entry(version_path(self.model_id, name))
            if isinstance(entry, Version):
                found[name] = ModelVersion(self.model_id, name, entry)
        return found

    def datasets(self) -> Mapping[str, Dataset]:
        """The datasets that versions of the model name."""
        entries = {name: self.state.entry(dataset_path(name)) for name in self.state.datasets(self.model_id)}
        return {name: entry for name, entry in entries.items() if isinstance(entry, Dataset)}

    def unreadable(self, *folders: str) -> tuple[str, ...]:
        """Entries below some folders of the registry that cannot be read."""
        paths = (path for folder in folders for path in self.state.below(folder))
        return tuple(path for path in paths if parse_path(path) and self.state.entry(path) is None)

    def classed_by(self) -> tuple[str, ...]:
        """Git's ids of the files that say what the model is classified by: its own record and those of its data."""
        named = (f"{name} {self.state.oid(dataset_path(name))}" for name in self.state.datasets(self.model_id))
        return self.state.oid(model_path(self.model_id)), *named

    @cached_property
    def context(self) -> Mapping[str, str]:
        """Path to digest of what signers see beside the content: the model's record, and the data that is named."""
        record = self.record()
        named = [model_path(self.model_id)]
        if record is not None:
            named += [dataset_path(u.dataset) for u in record.datasets]
            named += [features_path(u.features) for u in record.features]
        return {path: self.state.sha256(path) for path in dict.fromkeys(named) if path in self.state}
