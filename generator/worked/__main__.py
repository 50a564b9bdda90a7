"""Builds the worked registry: `python generator/worked [FOLDER]`; the folder is `registry` unless told."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from worked.build import build, write


def main(folder: Path) -> int:
    """Writes the registry and returns the exit code."""
    files = build()
    write(files, folder)
    sys.stdout.write(f"{len(files)} files in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "registry")))
