"""Which registry a command means, and what its paths are called from here."""

from __future__ import annotations

import os
from pathlib import Path

from accredit.errors import NotARegistryError

_SIGN = "registry.yaml"


def registry_at(path: Path | None) -> Path:
    """The registry in a folder or in its `registry` folder; without a path, `registry` or the current folder."""
    start = path or Path()
    for folder in (start, start / "registry"):
        if os.path.lexists(folder / _SIGN):
            return folder
    if not start.is_dir():
        raise NotARegistryError(f"there is no folder {start}", "Name the folder that holds registry.yaml.")
    where = "the current folder" if path is None else str(path)
    raise NotARegistryError(
        f"{where} holds no registry: no registry.yaml here or in `registry/`",
        "Name the folder that holds registry.yaml, or run `accredit init` to start a registry.",
    )


def shown_from_here(root: Path) -> str:
    """The registry's folder relative to the current one, with slashes and a slash at the end; empty for here."""
    try:
        relative = Path(os.path.relpath(root)).as_posix()
    except ValueError:  # another drive
        relative = root.resolve().as_posix()
    return "" if relative == "." else f"{relative}/"
