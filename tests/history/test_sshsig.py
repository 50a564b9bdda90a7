"""Signatures that ssh-keygen makes are accepted; each thing that is wrong with one has its own reason."""

from __future__ import annotations

import base64
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.ssh_forge import MESSAGE, NAMESPACE, ORDER_25519, Forgery, Twist, armored, make_signers, string

from accredit.history import keys, sshsig
from accredit.history.verdict import Fault

WITH_SSH = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH, the reference, is not installed")
SIGNERS = make_signers()
OPENSSH_MAKES = ("ed25519", "ecdsa 256", "ecdsa 384", "ecdsa 521", "rsa 2048", "rsa 3072", "rsa 4096")


def ssh(*arguments: object, given: bytes = b"") -> bytes:
    return subprocess.run(["ssh-keygen", *map(str, arguments)], input=given, capture_output=True, check=True).stdout


def make_key(path: Path, kind: str, *options: str) -> keys.PublicKey:
    name, *bits = kind.split()
    ssh(
        "-q",
        "-t",
        name,
        *(["-b", *bits] if bits else []),
        "-N",
        "",
        "-C",
        "throw-away, for a test",
        "-f",
        path,
        *options,
    )
    return keys.parse_line(path.with_suffix(".pub").read_text())


def fault_of(forgery: Forgery, namespace: str = NAMESPACE) -> Fault | None:
    return sshsig.verify(forgery.armored(), MESSAGE, namespace, forgery.signer.public).fault


@WITH_SSH
@pytest.mark.parametrize("digest", ["sha256", "sha512"])
@pytest.mark.parametrize("kind", OPENSSH_MAKES)
def test_what_ssh_keygen_signs_is_valid_and_counts_for_nothing_else(tmp_path, kind, digest):
    key = make_key(tmp_path / "key", kind)
    options = ("-q", "-Y", "sign", "-O", f"hashalg={digest}", "-n", NAMESPACE, "-f", tmp_path / "key")
    signature = ssh(*options, given=MESSAGE)
    assert sshsig.verify(signature, MESSAGE, NAMESPACE, key).valid
    assert sshsig.read(signature).fingerprint == key.fingerprint
    assert sshsig.verify(signature, MESSAGE + b"\n", NAMESPACE, key).fault is Fault.MISMATCH
    assert sshsig.verify(signature, MESSAGE, sshsig.REQUEST, key).fault is Fault.NAMESPACE
    assert sshsig.verify(signature, MESSAGE, NAMESPACE, SIGNERS["ed25519"].public).fault is Fault.OTHER_KEY


@WITH_SSH
@pytest.mark.parametrize("name", sorted(SIGNERS))
def test_ssh_keygen_verifies_the_signatures_that_the_tests_make(tmp_path, name):
    forgery = Forgery(SIGNERS[name])
    (tmp_path / "allowed").write_text(f"bob {forgery.signer.public.line}\n")
    (tmp_path / "sig").write_bytes(forgery.armored())
    options = ("-Y", "verify", "-f", tmp_path / "allowed", "-I", "bob", "-n", NAMESPACE, "-s", tmp_path / "sig")
    assert b"Good" in ssh(*options, given=MESSAGE)
    assert fault_of(forgery) is None


@WITH_SSH
def test_a_certificate_is_refused_with_the_advice_to_register_the_key(tmp_path):
    make_key(tmp_path / "authority", "ed25519")
    make_key(tmp_path / "key", "ed25519")
    ssh("-q", "-s", tmp_path / "authority", "-I", "bob", "-n", "bob", tmp_path / "key.pub")
    options = ("-q", "-Y", "sign", "-n", NAMESPACE, "-f", tmp_path / "key-cert.pub")
    shutil.copy(tmp_path / "key", tmp_path / "key-cert")
    signature = ssh(*options, given=MESSAGE)
    verdict = sshsig.verify(signature, MESSAGE, NAMESPACE, keys.parse_line((tmp_path / "key.pub").read_text()))
    assert verdict.fault is Fault.CERTIFICATE
    assert "register the key itself" in verdict.reason


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"version": 0}, Fault.VERSION),
        ({"version": 2}, Fault.VERSION),
        ({"magic": b"SSHSIH"}, Fault.FORMAT),
        ({"tail": b"\0"}, Fault.FORMAT),
        ({"signature_tail": b"\0"}, Fault.FORMAT),
        ({"namespace": b"git"}, Fault.NAMESPACE),
        ({"namespace": NAMESPACE.encode() + b"\0"}, Fault.FORMAT),
        ({"namespace": b""}, Fault.NAMESPACE),
        ({"reserved": b"x"}, Fault.RESERVED),
        ({"reserved": b"x", "signed_reserved": b""}, Fault.RESERVED),
        ({"signed_reserved": b"x"}, Fault.MISMATCH),
        ({"hash": "sha1"}, Fault.HASH),
        ({"hash": "md5"}, Fault.HASH),
        ({"hash": "SHA512"}, Fault.HASH),
        ({"algorithm": "ssh-dss"}, Fault.ALGORITHM),
        ({"key_blob": SIGNERS["sk-ecdsa"].blob + b"\0"}, Fault.FORMAT),
        ({"message": MESSAGE.replace(b"approve", b"reject")}, Fault.MISMATCH),
    ],
)
@pytest.mark.parametrize("name", sorted(SIGNERS))
def test_a_signature_with_one_field_changed_is_refused_for_that_field(name, changed, fault):
    assert fault_of(Forgery(SIGNERS[name])) is None
    assert fault_of(replace(Forgery(SIGNERS[name]), **changed)) is fault


@pytest.mark.parametrize("mine", sorted(SIGNERS))
def test_a_key_cannot_sign_in_the_name_of_another(mine):
    for other in SIGNERS.values():
        named = Forgery(SIGNERS[mine], key_blob=other.blob, algorithm=other.algorithm)
        faults = {None} if other is SIGNERS[mine] else {Fault.MISMATCH, Fault.FORMAT}
        assert sshsig.verify(named.armored(), MESSAGE, NAMESPACE, other.public).fault in faults


def test_rsa_with_sha_1_is_refused():
    assert fault_of(Forgery(SIGNERS["rsa"], algorithm="ssh-rsa")) is Fault.ALGORITHM


@pytest.mark.parametrize("name", ["sk-ed25519", "sk-ecdsa"])
def test_a_security_key_counts_only_if_somebody_touched_it(name):
    assert fault_of(Forgery(SIGNERS[name], twist=Twist(flags=0x05, counter=2**32 - 1))) is None
    assert fault_of(Forgery(SIGNERS[name], twist=Twist(flags=0x04))) is Fault.PRESENCE


@pytest.mark.parametrize("name", ["sk-ed25519", "sk-ecdsa"])
def test_flags_and_counter_of_a_security_key_are_under_the_signature(name):
    blob = Forgery(SIGNERS[name], twist=Twist(flags=0)).blob()
    touched = replace(Forgery(SIGNERS[name]), magic=b"")
    assert blob[-5] == 0
    for changed in (blob[:-5] + b"\1" + blob[-4:], Forgery(SIGNERS[name]).blob()[:-1] + b"\x08"):
        forged = sshsig.verify(armored(changed), MESSAGE, NAMESPACE, touched.signer.public)
        assert forged.fault is Fault.MISMATCH


def test_a_number_with_needless_zeros_is_refused():
    assert fault_of(Forgery(SIGNERS["ecdsa-nistp256"], twist=Twist(zeros=1))) is Fault.FORMAT


@pytest.mark.parametrize("name", ["ed25519", "sk-ed25519"])
def test_a_second_spelling_of_an_ed25519_signature_is_refused(name):
    def respelt(raw: bytes) -> bytes:
        return raw[:32] + (int.from_bytes(raw[32:], "little") + ORDER_25519).to_bytes(32, "little")

    assert fault_of(Forgery(SIGNERS[name], twist=Twist(raw=respelt))) is Fault.FORMAT


@pytest.mark.parametrize("width", [*range(1, 80), 100_000])
def test_lines_may_be_broken_anywhere_even_within_the_padding(width):
    forgery = Forgery(SIGNERS["ed25519"])
    assert base64.b64encode(forgery.blob()).endswith(b"=")
    assert sshsig.verify(armored(forgery.blob(), width=width), MESSAGE, NAMESPACE, forgery.signer.public).valid


def test_an_empty_namespace_is_never_expected():
    assert fault_of(Forgery(SIGNERS["ed25519"], namespace=b""), namespace="") is Fault.NAMESPACE


def test_a_reason_shows_hostile_names_escaped_and_cut():
    forgery = Forgery(SIGNERS["ed25519"], namespace=b"<script>'" + b"x" * 500)
    reason = sshsig.verify(forgery.armored(), MESSAGE, NAMESPACE, forgery.signer.public).reason
    assert len(reason) < 200
    assert "\"<script>'" in reason


def test_a_huge_signature_is_not_decoded():
    text = Forgery(SIGNERS["ed25519"]).armored().replace(b"\n-----END", b"\n" + b"A" * 20_000 + b"\n-----END")
    assert sshsig.verify(text, MESSAGE, NAMESPACE, SIGNERS["ed25519"].public).fault is Fault.ARMOR


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(noise):
    key = SIGNERS["ed25519"].public
    for text in (noise, armored(noise), armored(b"SSHSIG" + (1).to_bytes(4) + string(key.blob) + noise)):
        assert not sshsig.verify(text, MESSAGE, NAMESPACE, key).valid
