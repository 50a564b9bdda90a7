"""Where a command's product goes: to stdout, or whole into a file."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from accredit.errors import UsageError


def deliver(text: str, output: Path | None) -> None:
    """Prints the product, or replaces a file by it at once, so that a reader never meets half of it."""
    if output is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    else:
        replace_file(output, text)


def replace_file(path: Path, content: str | bytes) -> None:
    """Writes beside the file, then renames over it: whatever happens, the old file or the new one is there."""
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", f"Create it: mkdir -p {path.parent}")
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
