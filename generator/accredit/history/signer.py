"""Signs bytes with the key with which a person signs commits.

Only the configuration of the person and of the machine is read. That of the repository is not: a pull request cannot
write it, but a repository that was unpacked from an archive brings its own, with programs to run.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from accredit.errors import AccreditError
from accredit.history import armor, keys, sshsig
from accredit.history.verdict import RefusedError

_CONFIGURE = (
    "Set it up with: git config --global gpg.format ssh && "
    "git config --global user.signingkey ~/.ssh/id_ed25519.pub, or name an SSH key with --key."
)
_TIMEOUT = 30.0


class SigningError(AccreditError):
    """The bytes could not be signed."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What to sign with."""

    format: Literal["ssh", "openpgp"]
    key: str
    """SSH: path of a private or public key file, or a public key line. OpenPGP: what `gpg --local-user` takes."""
    program: str
    """The program that signs, named or by its path."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature and how it is to be kept."""

    signature: bytes
    suffix: Literal[".sig", ".asc"]
    """What to append to the name of the signed file."""
    key: str
    """SSH: fingerprint of the key. OpenPGP: the key as it was named."""


def configured(environment: Mapping[str, str], key: str | None = None) -> SigningKey:
    """The key that git is configured to sign with, or the SSH key whose file is named.

    Args:
        environment: The environment of the person who signs.
        key: Path of an SSH key, or `key::` and a public key line whose private half the agent holds.
    """
    settings = _Settings(environment)
    program = settings.read("gpg.ssh.program", path=True) or "ssh-keygen"
    if key is not None:
        return SigningKey("ssh", key, program)
    match settings.read("gpg.format") or "openpgp":
        case "ssh":
            return SigningKey(
                "ssh", settings.read("user.signingkey", path=True) or _first_key(settings, environment), program
            )
        case "openpgp":
            name = settings.read("user.signingkey") or settings.read("user.email")
            if not name:
                raise SigningError("Git is not configured to sign: user.signingkey is not set.", _CONFIGURE)
            program = settings.read("gpg.openpgp.program", path=True) or settings.read("gpg.program", path=True)
            return SigningKey("openpgp", name, program or "gpg")
        case other:
            raise SigningError(f"Git is configured to sign with {other}; ssh and openpgp are supported.", _CONFIGURE)


def sign(message: bytes, namespace: str, key: SigningKey, environment: Mapping[str, str]) -> Signed:
    """Signs exactly these bytes. Passphrases, and touches of a security key, are asked for on the terminal.

    The signature is checked before it is returned, so that one that nobody would count is never written.
    """
    if shutil.which(key.program, path=environment.get("PATH")) is None:
        raise SigningError(f"The program {key.program}, which signs, is not installed.", f"Install {key.program}.")
    with tempfile.TemporaryDirectory(prefix="accredit-") as folder:
        return (_sign_ssh if key.format == "ssh" else _sign_openpgp)(message, namespace, key, environment, Path(folder))


def _sign_ssh(message: bytes, namespace: str, key: SigningKey, environment: Mapping[str, str], folder: Path) -> Signed:
    signed_file = folder / "message"
    signed_file.write_bytes(message)
    path = _key_file(key.key, folder)
    quiet = ["-q"] if key.program == "ssh-keygen" else []  # git gives no such option, so other programs may not know it
    command = [key.program, *quiet, "-Y", "sign", "-n", namespace, "-f", str(path), str(signed_file)]
    _run(command, environment, f"the key {key.key}")
    signature = signed_file.with_suffix(".sig").read_bytes()
    try:
        public = keys.read_blob(sshsig.read(signature).key_blob)
    except RefusedError as refused:
        raise SigningError(f"The key {key.key} does not count here. {refused}", "Sign with another key.") from refused
    verdict = sshsig.verify(signature, message, namespace, public)
    if not verdict.valid:
        raise SigningError(
            f"{key.program} made a signature that does not count. {verdict.reason}", "Sign with another key."
        )
    return Signed(signature, ".sig", public.fingerprint)


def _key_file(key: str, folder: Path) -> Path:
    """The file of a key: as named, or for a public key line a new file, with which ssh-keygen asks the agent."""
    line = key.removeprefix("key::")
    if line == key and not key.startswith(keys.KEY_TYPES):
        path = Path(key).expanduser()
        if not path.is_file():
            raise SigningError(
                f"There is no key file {path}.", "Name an SSH key file with --key, or set user.signingkey."
            )
        return path
    try:
        public = keys.parse_line(line)
    except RefusedError as refused:
        raise SigningError(f"user.signingkey is not a key that counts. {refused}", _CONFIGURE) from refused
    path = folder / "key.pub"
    path.write_text(f"{public.line}\n", encoding="utf-8")
    return path


def _sign_openpgp(
    message: bytes, _namespace: str, key: SigningKey, environment: Mapping[str, str], folder: Path
) -> Signed:
    signed_file = folder / "message"
    signed_file.write_bytes(message)
    options = [
        "--no-textmode",
        "--no-comments",
        "--no-emit-version",
        "--digest-algo",
        "SHA512",
        "--default-sig-expire",
        "0",
    ]
    command = [key.program, *options, "--armor", "--local-user", key.key, "--detach-sign", str(signed_file)]
    _run(command, environment, f"the OpenPGP key {key.key}")
    signature = signed_file.with_suffix(".asc").read_bytes()
    try:
        armor.openpgp(signature, b"PGP SIGNATURE")
    except RefusedError as refused:
        raise SigningError(f"{key.program} made a signature that does not count. {refused}") from refused
    return Signed(signature, ".asc", key.key)


def _run(command: list[str], environment: Mapping[str, str], key: str) -> None:
    """Runs a signer. It keeps the terminal, because it may ask the person for something."""
    done = subprocess.run(command, env=_without_git(environment), stdout=2, check=False)  # noqa: S603
    if done.returncode:
        name = Path(command[0]).name
        hint = "The message above is that of the program. Is the key loaded (ssh-add -l), and the passphrase right?"
        raise SigningError(f"{name} could not sign with {key} (exit code {done.returncode}).", hint)


class _Settings:
    """Git's configuration of the person and of the machine, in this order. Included files count."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = _without_git(environment)

    def read(self, name: str, *, path: bool = False) -> str:
        """A setting, or nothing."""
        kind = ["--type=path"] if path else []
        for scope in ("--global", "--system"):
            command = ["git", "config", scope, "--includes", "--null", *kind, "--get", name]
            try:
                done = subprocess.run(  # noqa: S603
                    command,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=_TIMEOUT,
                    check=False,
                )
            except FileNotFoundError as e:
                raise SigningError(
                    "The program git is not installed.", "Install git, or name an SSH key with --key."
                ) from e
            if value := os.fsdecode(done.stdout.removesuffix(b"\0")):
                return value
        return ""


def _first_key(settings: _Settings, environment: Mapping[str, str]) -> str:
    """The first key that `gpg.ssh.defaultKeyCommand` prints, which git signs with where no key is set."""
    command = shlex.split(settings.read("gpg.ssh.defaultKeyCommand"))
    if not command:
        raise SigningError("Git is not configured to sign: user.signingkey is not set.", _CONFIGURE)
    try:
        done = subprocess.run(  # noqa: S603
            command,
            env=_without_git(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=_TIMEOUT,
            check=False,
        )
    except OSError as e:
        raise SigningError(f"gpg.ssh.defaultKeyCommand could not be run: {e.strerror}.", _CONFIGURE) from e
    lines = os.fsdecode(done.stdout).splitlines()
    key = next((line for line in lines if line.startswith(("key::", *keys.KEY_TYPES))), None)
    if key is None:
        raise SigningError("gpg.ssh.defaultKeyCommand printed no SSH key.", "Load a key: ssh-add ~/.ssh/id_ed25519")
    return key


def _without_git(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would point git elsewhere."""
    return {name: value for name, value in environment.items() if not name.startswith("GIT_")}
