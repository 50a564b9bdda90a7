"""Builds the worked registry: `python generator/worked [FOLDER]`; the folder is `registry` unless told."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from accredit import Folder, load
from worked.build import build, write


def main(folder: Path) -> int:
    """Writes the registry, reads it back as accredit does, and returns the exit code: 1 where a file cannot be read."""
    files = build()
    write(files, folder)
    sys.stdout.write(f"{len(files)} files in {folder}\n")
    faults = load(Folder(folder)).findings
    for fault in faults:
        sys.stderr.write(f"{fault.location.path}: {fault.message}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "registry")))
