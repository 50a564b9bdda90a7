"""The finished worked registry, from which the demonstration tells how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from accredit.errors import NotARegistryError
from accredit.loading.folder import Folder

_PACKAGED = Path(__file__).parent / "registry"
_IN_CHECKOUT = Path(__file__).parents[3] / "registry"


def finished(folder: Path | None = None) -> Mapping[str, bytes]:
    """Path to bytes of every file of the worked registry but its signatures, which are made anew.

    Args:
        folder: Where it lies; None for what the package brings, or in a checkout of the project for its `registry`.

    Raises:
        NotARegistryError: where it is missing.
    """
    root = folder or next((f for f in (_PACKAGED, _IN_CHECKOUT) if (f / "registry.yaml").is_file()), None)
    if root is None:
        raise NotARegistryError("the worked registry is not installed", "Install accredit anew, from its wheel.")
    tree = Folder(root)
    return {f.path: tree.read(f.path) for f in tree.files() if not f.path.endswith(".sig")}
