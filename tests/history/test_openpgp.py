"""OpenPGP signatures that GnuPG makes: those over the bytes by the one key count, and nothing else does."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import pytest
from tests.support.gnupg import Gnupg

from accredit.history import openpgp
from accredit.history.verdict import Fault, RefusedError

MESSAGE = b"kind: approval/v1\nreviewer: bob\ndecision: approve\n"
ABSENT = "import sys; sys.modules['pysequoia'] = None\nfrom accredit.history import openpgp\n"
needs_both = pytest.mark.skipif(
    not (shutil.which("gpg") and openpgp.AVAILABLE), reason="GnuPG or the extra accredit[openpgp] is not installed"
)


@pytest.fixture(scope="module")
def gnupg():
    # The agent's socket must have a short path, which pytest's own folders do not have.
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:
        made = Gnupg(Path(folder))
        made.home.chmod(0o700)
        made.make("bob")
        made.make("mallory")
        yield made
        made.stop()


def fault_of(gnupg: Gnupg, signature: bytes, *, by: str = "bob", message: bytes = MESSAGE) -> Fault | None:
    return openpgp.verify(signature, message, gnupg.public(by)).fault


@needs_both
@pytest.mark.parametrize("algorithm", ["ed25519", "nistp256", "nistp521", "rsa2048"])
def test_what_gnupg_signs_is_valid_for_these_bytes_and_this_key(gnupg, algorithm):
    name = f"signer-{algorithm}"
    public = gnupg.make(name, algorithm)
    signature = gnupg.sign(name, MESSAGE)
    assert openpgp.verify(signature, MESSAGE, public).valid
    assert openpgp.claimed_fingerprint(signature) == openpgp.fingerprint(public)
    assert openpgp.verify(signature, MESSAGE + b"\n", public).fault is Fault.MISMATCH
    assert fault_of(gnupg, signature, by="mallory") is Fault.MISMATCH


@needs_both
def test_a_signing_subkey_counts_as_its_key(gnupg):
    gnupg.make("carol")
    fingerprint = openpgp.fingerprint(gnupg.public("carol"))
    gnupg.run("--faked-system-time", "20260102T000000", "--quick-add-key", fingerprint, "ed25519", "sign", "never")
    signature = gnupg.sign("carol", MESSAGE)
    assert openpgp.claimed_fingerprint(signature) != fingerprint
    assert fault_of(gnupg, signature, by="carol") is None


@needs_both
@pytest.mark.parametrize("digest", ["SHA1", "SHA224"])
def test_hashes_under_sha_256_do_not_count(gnupg, digest):
    gnupg.make(f"rsa-{digest}", "rsa2048")
    signature = gnupg.sign(f"rsa-{digest}", MESSAGE, "--digest-algo", digest)
    assert fault_of(gnupg, signature, by=f"rsa-{digest}") is Fault.HASH


@needs_both
def test_keys_that_are_too_weak_do_not_count(gnupg):
    gnupg.make("weak", "rsa1024")
    assert fault_of(gnupg, gnupg.sign("weak", MESSAGE), by="weak") is Fault.MISMATCH


@needs_both
def test_a_signature_over_text_does_not_count_because_line_ends_could_change(gnupg):
    assert fault_of(gnupg, gnupg.sign("bob", MESSAGE, "--textmode")) is Fault.ALGORITHM


@needs_both
def test_a_signature_that_expires_does_not_count(gnupg):
    assert fault_of(gnupg, gnupg.sign("bob", MESSAGE, "--default-sig-expire", "10y")) is Fault.EXPIRING


@needs_both
def test_two_signatures_in_one_file_do_not_count(gnupg):
    both = gnupg.sign("bob", MESSAGE, "-u", "mallory@example.com")
    assert fault_of(gnupg, both) is Fault.FORMAT
    assert fault_of(gnupg, both, by="mallory") is Fault.FORMAT


@needs_both
def test_a_signed_message_is_not_a_detached_signature(gnupg):
    inline = gnupg.run("-u", "bob@example.com", "--armor", "--sign", given=MESSAGE)
    assert fault_of(gnupg, inline) is Fault.ARMOR
    assert fault_of(gnupg, inline.replace(b"PGP MESSAGE", b"PGP SIGNATURE")) is Fault.FORMAT


@needs_both
def test_a_key_that_has_expired_since_still_counts_because_history_decides(gnupg):
    gnupg.make("brief", expire="2m", at="20250101T000000")
    assert fault_of(gnupg, gnupg.sign("brief", MESSAGE, at="20250115T000000"), by="brief") is None


@needs_both
def test_a_key_that_carries_its_revocation_does_not_count(gnupg):
    fingerprint = openpgp.fingerprint(gnupg.make("gone"))
    signature = gnupg.sign("gone", MESSAGE)
    revocation = (gnupg.home / "openpgp-revocs.d" / f"{fingerprint}.rev").read_bytes().replace(b"\n:-----", b"\n-----")
    gnupg.run("--import", given=revocation)
    assert fault_of(gnupg, signature, by="gone") is Fault.REVOKED


@needs_both
def test_a_key_may_have_header_lines_which_a_signature_may_not(gnupg):
    commented = gnupg.public("bob").replace("BLOCK-----\n\n", "BLOCK-----\nComment: bob\n\n")
    assert openpgp.verify(gnupg.sign("bob", MESSAGE), MESSAGE, commented).valid


@needs_both
def test_only_one_public_key_is_a_key(gnupg):
    signature = gnupg.sign("bob", MESSAGE)
    ring = gnupg.run("--export", "--armor", "bob@example.com", "mallory@example.com").decode()
    assert openpgp.verify(signature, MESSAGE, ring).fault is Fault.FORMAT
    private = gnupg.run("--export-secret-keys", "--armor", "bob@example.com").decode()
    for text in (private, private.replace("PRIVATE KEY BLOCK", "PUBLIC KEY BLOCK")):
        verdict = openpgp.verify(signature, MESSAGE, text)
        assert verdict.fault is Fault.FORMAT
        assert "private key" in verdict.reason


@needs_both
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n", b"\r\n"),
        (b"-----BEGIN", b"\n-----BEGIN"),
        (b"SIGNATURE-----\n\n", b"SIGNATURE-----\n"),
        (b"SIGNATURE-----\n\n", b"SIGNATURE-----\nComment: approved by the board\n\n"),
        (b"-----END PGP SIGNATURE-----\n", b"-----END PGP SIGNATURE-----\nand more\n"),
        (b"-----END PGP SIGNATURE-----\n", b""),
        (b"\n=", b"\n=A"),
        (b"\n=", b"\n \n="),
    ],
)
def test_armour_has_one_spelling(gnupg, old, new):
    signature = gnupg.sign("bob", MESSAGE)
    assert old in signature
    assert fault_of(gnupg, signature.replace(old, new)) is Fault.ARMOR


@needs_both
def test_the_checksum_may_be_left_out_but_not_be_wrong(gnupg):
    *lines, checksum, end, last = gnupg.sign("bob", MESSAGE).split(b"\n")
    assert checksum.startswith(b"=")
    assert fault_of(gnupg, b"\n".join([*lines, end, last])) is None
    assert fault_of(gnupg, b"\n".join([*lines, b"=AAAA", end, last])) is Fault.ARMOR


@needs_both
def test_no_bytes_make_the_check_fail_or_pass(gnupg):
    pysequoia = pytest.importorskip("pysequoia")
    random = Random(1)
    public = gnupg.public("mallory")
    signature = gnupg.sign("bob", MESSAGE)
    raw = bytes(openpgp._signature(signature))
    for _ in range(2_000):
        noise = bytearray(raw)
        for _ in range(random.choice((1, 2, 8))):
            noise[random.randrange(len(noise))] ^= 1 << random.randrange(8)
        text = pysequoia.armor(
            bytes(noise[: random.choice((len(noise), random.randrange(len(noise))))]), pysequoia.ArmorKind.Signature
        )
        assert not openpgp.verify(text.encode() if isinstance(text, str) else text, MESSAGE, public).valid


def test_without_the_library_nothing_is_valid_and_the_reason_says_what_to_install():
    code = ABSENT + "verdict = openpgp.verify(b'', b'', '')\nprint(verdict.valid, verdict.checked, verdict.reason)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert printed.stdout == "False False OpenPGP signatures cannot be checked here: install accredit[openpgp].\n"


def test_without_the_library_no_key_has_a_fingerprint(monkeypatch):
    monkeypatch.setattr(openpgp, "AVAILABLE", False)
    for ask in (lambda: openpgp.fingerprint(""), lambda: openpgp.claimed_fingerprint(b"")):
        with pytest.raises(RefusedError, match="install accredit"):
            ask()
