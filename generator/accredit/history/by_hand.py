"""The stock commands that check a sign-off without this program."""

from __future__ import annotations

import shlex

from accredit.history.keys import PublicKey


def ssh_commands(*, path: str, signature: str, person: str, key: PublicKey, namespace: str) -> tuple[str, str]:
    """Two lines of shell, run at the top of a clone, that check an SSH signature with git and OpenSSH alone.

    The first writes down whose key it is; the second prints `Good "NAMESPACE" signature for PERSON` and exits 0.

    Args:
        path: The signed file, relative to the top of the repository.
        signature: The file with the signature.
        person: Who is said to have signed.
        key: That person's key.
        namespace: What the signature is for.
    """
    allowed = f'{person} namespaces="{namespace}" {key.line}'
    read = f"git cat-file blob {shlex.quote(f'HEAD:{path}')}"
    verify = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", person, "-n", namespace, "-s", signature]
    return f"printf '%s\\n' {shlex.quote(allowed)} > allowed_signers", f"{read} | {shlex.join(verify)}"


def openpgp_commands(*, path: str, signature: str, person: str, public: str) -> tuple[str, str]:
    """Two lines of shell, run at the top of a clone, that check an OpenPGP signature with git and GnuPG alone.

    The first makes a keyring of one armoured key in a file named after the person; the second exits 0 if the
    signature is good. GnuPG also accepts weak hashes, so `accredit verify` may refuse what it accepts.
    """
    keyring = f"./{person}.gpg"
    read = f"git cat-file blob {shlex.quote(f'HEAD:{path}')}"
    verify = ["gpgv", "--keyring", keyring, signature, "-"]
    first = f"printf '%s' {shlex.quote(public)} | gpg --dearmor --yes --output {shlex.quote(keyring)}"
    return first, f"{read} | {shlex.join(verify)}"
