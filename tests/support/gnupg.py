"""GnuPG with a keyring of its own: throw-away keys, and the signatures they make."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Gnupg:
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"GNUPGHOME": str(self.home), "PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8"}

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        command = ["gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "", *arguments]
        return subprocess.run(command, input=given, capture_output=True, check=True, env=self.environment).stdout

    def make(self, name: str, algorithm: str = "ed25519", *, expire: str = "never", at: str = "20260101T000000") -> str:
        """Makes a key and returns its armoured public half."""
        address = f"{name} <{name}@example.com>"
        self.run("--faked-system-time", at, "--quick-gen-key", address, algorithm, "sign", expire)
        return self.public(name)

    def public(self, name: str) -> str:
        return self.run("--export", "--armor", f"{name}@example.com").decode()

    def sign(self, name: str, message: bytes, *options: str, at: str = "20260301T000000") -> bytes:
        """An armoured detached signature."""
        arguments = ("--faked-system-time", at, *options, "--armor", "-u", f"{name}@example.com", "--detach-sign")
        return self.run(*arguments, given=message)

    def stop(self) -> None:
        subprocess.run(["gpgconf", "--kill", "all"], env=self.environment, check=False)
