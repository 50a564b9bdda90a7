"""What we accept, ssh-keygen accepts. What it accepts and we refuse, we refuse for a reason of this list."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from tests.support.ssh_forge import MESSAGE, NAMESPACE, Signer, make_signers
from tests.support.ssh_mutations import mutated

from accredit.history import sshsig
from accredit.history.verdict import Fault

STRICTER = {
    Fault.ARMOR: "text after the armour, spaces between base64 characters, bits in the padding",
    Fault.FORMAT: "a NUL after a name, second spellings of numbers, a short RSA signature",
    Fault.VERSION: "version 0",
    Fault.RESERVED: "a reserved field that is not empty, which nothing signs",
    Fault.PRESENCE: "a security key that nobody touched",
}
CHUNKS = 8
SIGNATURES = 2_000 if os.environ.get("HYPOTHESIS_PROFILE") != "soak" else 40_000
WITH_SSH = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH, the reference, is not installed")


@pytest.fixture(scope="module")
def signers() -> dict[str, Signer]:
    return make_signers()


def openssh_accepts(folder: Path, name: str, signature: bytes) -> bool:
    """Whether `ssh-keygen -Y verify` takes a signature over the message by the key that the folder lists."""
    (folder / name).write_bytes(signature)
    allowed = str(folder / "allowed")
    command = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "bob", "-n", NAMESPACE, "-s", str(folder / name)]
    return not subprocess.run(command, input=MESSAGE, capture_output=True, check=False, close_fds=False).returncode


def list_key(folder: Path, signer: Signer) -> Path:
    folder.mkdir()
    (folder / "allowed").write_text(f"bob {signer.public.line}\n")
    return folder


@WITH_SSH
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_signature_that_we_accept_ssh_keygen_accepts_too(tmp_path, signers, chunk):
    random = Random(chunk)
    folders = {name: list_key(tmp_path / name, signer) for name, signer in signers.items()}

    def compare(number: int, owner: str, signature: bytes) -> tuple[bool, Fault | None]:
        verdict = sshsig.verify(signature, MESSAGE, NAMESPACE, signers[owner].public)
        return openssh_accepts(folders[owner], str(number), signature), verdict.fault

    drawn = [
        (owner := random.choice(sorted(signers)), *mutated(random, signers[owner])) for _ in range(SIGNATURES // CHUNKS)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda one: compare(one[0], one[1][0], one[1][2]), enumerate(drawn)))
    seen = Counter()
    for (owner, mutation, signature), (accepted, fault) in zip(drawn, found, strict=True):
        where = f"{owner}: {mutation}, {fault}\n{signature!r}"
        assert accepted or fault is not None, f"ssh-keygen refuses what we accept\n{where}"
        assert not accepted or fault is None or fault in STRICTER, f"we refuse what ssh-keygen accepts\n{where}"
        seen[accepted, fault is None] += 1
    assert seen[True, True] > 10
    assert seen[True, False] > 10
    assert seen[False, False] > 50


def test_the_mutations_reach_every_fault(signers):
    random = Random(1)
    faults = set()
    for _ in range(3_000):
        signer = signers[random.choice(sorted(signers))]
        faults.add(sshsig.verify(mutated(random, signer)[1], MESSAGE, NAMESPACE, signer.public).fault)
    by_openpgp_only = {Fault.UNCHECKED, Fault.EXPIRING, Fault.REVOKED}
    assert faults == {*Fault, None} - by_openpgp_only
