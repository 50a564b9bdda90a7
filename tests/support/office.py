"""A registry in a real repository, whose people have real keys and a home with git's own settings each."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import Result
from tests.support.cases import base_registry, patched
from tests.support.program import on_disk, run

AS_OF = "2026-11-23"
MODEL = "loan-default"
STARTED: Mapping[str, Mapping[str, Any]] = {
    "policy.yaml": {
        **{f"profiles.{name}.assurance": "signed" for name in ("strict", "standard", "fast")},
        "gates.review->production.rules": ["REG", "OWN", "CARD"],
    }
}
"""Policy asks for signatures, and the gate only for what does not depend on the day."""
_AFTER_SIGNING = ("/transitions/", "/deployments/", "/monitoring/", "/decisions/")


class Office:
    """The base registry before anybody signed, committed, with a key for everybody."""

    def __init__(self, folder: Path, patches: Mapping[str, Mapping[str, Any] | None] | None = None) -> None:
        self.folder = folder
        files = {p: c for p, c in base_registry().items() if not any(part in p for part in _AFTER_SIGNING)}
        people = [Path(p).stem for p in files if p.startswith("people/")]
        keys = {f"people/{p}.yaml": {"keys": [{"type": "ssh", "public": self.new_key(p)}]} for p in people}
        self.root = on_disk(folder, patched(patched(files, {**STARTED, **keys}), patches or {}))
        subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
        self.commit("Start")

    def new_key(self, person: str) -> str:
        """Makes a key and a home whose git signs with it; returns the public line."""
        home = self.home(person)
        home.mkdir(exist_ok=True)
        (home / "id").unlink(missing_ok=True)
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "throw-away, for a test", "-f", home / "id"]
        subprocess.run(command, check=True)
        (home / ".gitconfig").write_text("[gpg]\nformat = ssh\n[user]\nsigningkey = ~/id.pub\n")
        return " ".join((home / "id.pub").read_text().split()[:2])

    def home(self, person: str) -> Path:
        """Where somebody's settings and key are; outside of the repository."""
        return self.folder.parent / f"{self.folder.name}-{person}"

    def by(self, person: str, *arguments: object) -> Result:
        """What the command says to somebody at the registry."""
        home = {"HOME": str(self.home(person)), "XDG_CONFIG_HOME": str(self.home(person))}
        return run(*arguments, env=home)

    def commit(self, message: str = "Sign") -> str:
        """Commits all that is there; returns the commit."""
        self.git("add", "--all")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def git(self, *arguments: str) -> str:
        """Git with a fixed name and date, and nobody's settings."""
        stamp = f"{AS_OF}T09:00:00Z"
        names = {f"GIT_{r}_{f}": v for r in ("AUTHOR", "COMMITTER") for f, v in (("NAME", "ci"), ("EMAIL", "ci@x"))}
        dates = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **names, **dates}
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def moved(self, version: str, target: str, asker: str, *reviewers: str) -> None:
        """A request that lands, and each approval in a landing of its own."""
        asked = self.by(asker, "request", MODEL, version, "--to", target, "--reason", "It is better")
        assert asked.exit_code == 0, asked.output
        self.commit()
        for reviewer in reviewers:
            signed = self.by(reviewer, "approve", MODEL, version, "--yes")
            assert signed.exit_code == 0, signed.output
            self.commit()

    def in_production(self, version: str = "1.0.0") -> None:
        """Moves a version all the way."""
        self.moved(version, "review", "dana", "olga")
        self.moved(version, "production", "olga", "vera", "rolf", "pia", "lars", "rita")
