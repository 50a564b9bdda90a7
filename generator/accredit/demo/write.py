"""The demonstration as a repository."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from accredit.demo.material import finished
from accredit.demo.plot import Files, Plot
from accredit.demo.repository import Commit, create
from accredit.demo.scribe import Scribe
from accredit.domain.paths import person_path
from accredit.errors import UsageError
from accredit.loading.yaml import parse

REGISTRY = "registry"
"""The registry's folder in the repository."""


def write_demo(folder: Path, material: Path | None = None) -> int:
    """Writes the repository, complete or not at all, and returns the number of its commits.

    Args:
        folder: Where it goes: a folder that is empty or does not exist.
        material: The finished registry whose story is told; None for the one that the package brings.

    Raises:
        UsageError: where there is something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty", "Name a folder that does not exist yet.")
    story = list(commits(finished(material)))
    target = folder.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        create(made, story)
        if target.exists():
            target.rmdir()
        os.replace(made, target)  # noqa: PTH105 - never onto something that appeared meanwhile
    return len(story)


def commits(files: Files) -> Iterator[Commit]:
    """The story of a finished registry, oldest first, as commits by its people."""
    scribe = Scribe(files)
    for scene in Plot(files).scenes():
        person = parse(files[person_path(scene.by)]).data
        email = person.get("email") or f"{scene.by}@northlake.example"
        added = {f"{REGISTRY}/{path}": content for path, content in scribe.land(scene).items()}
        yield Commit(scene.at, person["name"], email, scene.message, added)
