"""Runs the command in this process, as a shell would see it."""

from __future__ import annotations

from pathlib import Path

from tests.support.cases import base_registry
from typer.testing import CliRunner, Result

from accredit.cli.app import app


def run(*arguments: object, env: dict[str, str] | None = None) -> Result:
    """Runs `accredit` with arguments: exit code, stdout and stderr."""
    return CliRunner().invoke(app, [str(a) for a in arguments], prog_name="accredit", env=env)


def base_on_disk(folder: Path) -> Path:
    """The base registry of the cases, written to `registry` in a folder."""
    return on_disk(folder, base_registry())


def on_disk(folder: Path, files: dict[str, bytes]) -> Path:
    """A registry of these files, written to `registry` in a folder."""
    root = folder / "registry"
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root
