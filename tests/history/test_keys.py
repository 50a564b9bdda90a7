"""Public key lines: what ssh-keygen prints is read, with the same fingerprint; what is weak or unclear is refused."""

from __future__ import annotations

import base64
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from tests.support.ssh_forge import CURVES, Signer, make_signers, mpint, string

from accredit.history import keys
from accredit.history.verdict import Fault, RefusedError

SIGNERS = make_signers()
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def fault_of(line: str) -> Fault:
    with pytest.raises(RefusedError) as refused:
        keys.parse_line(line)
    assert str(refused.value).endswith(".")
    return refused.value.fault


def line(blob: bytes) -> str:
    kind = blob[4 : 4 + int.from_bytes(blob[:4])].decode()
    return f"{kind} {base64.b64encode(blob).decode()}"


def ed25519(y: int) -> str:
    return line(string("ssh-ed25519") + string(y.to_bytes(32, "little")))


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH, the reference, is not installed")
@pytest.mark.parametrize("name", sorted(SIGNERS))
def test_the_fingerprint_is_the_one_that_ssh_keygen_prints(tmp_path, name):
    key = SIGNERS[name].public
    (tmp_path / "key.pub").write_text(f"{key.line} bob\n")
    printed = subprocess.run(
        ["ssh-keygen", "-l", "-f", tmp_path / "key.pub"], capture_output=True, check=True, text=True
    )
    assert printed.stdout.split()[1] == key.fingerprint


@pytest.mark.parametrize("name", sorted(SIGNERS))
def test_a_comment_is_not_part_of_a_key(name):
    key = SIGNERS[name].public
    commented = keys.parse_line(f"{key.line} bob@example.com on the laptop\n")
    assert commented == key
    assert hash(commented) == hash(key)
    assert commented.line == key.line
    assert key.on_device is name.startswith("sk-")


def test_different_keys_differ():
    assert len({signer.public for signer in (*SIGNERS.values(), *make_signers().values())}) == 2 * len(SIGNERS)


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "ssh-ed25519",
        "{kind}  {base64}",
        " {kind} {base64}",
        "{kind}\t{base64}",
        "{kind} {base64}\r\n",
        "{kind} {base64}\n\n",
        "{kind} {base64} bob\nssh-ed25519 AAAA",
        "{kind} {base64}=",
        "{kind} {base64}é",
        "{kind} {base64} \u202ebob",
        "{kind} =",
        "{kind} AAAA",
        "sk-ssh-ed25519@openssh.com {base64}",
        "-----BEGIN OPENSSH PRIVATE" + " KEY-----",
    ],
)
def test_a_line_that_is_not_exactly_a_key_is_refused(spoilt):
    kind, text = SIGNERS["ed25519"].public.line.split()
    assert fault_of(spoilt.format(kind=kind, base64=text)) in {Fault.FORMAT, Fault.KEY_TYPE}


def test_options_before_a_key_are_refused():
    assert fault_of(f"cert-authority {SIGNERS['ed25519'].public.line}") is Fault.KEY_TYPE


def test_a_certificate_is_refused_by_name():
    assert fault_of("ssh-ed25519-cert-v01@openssh.com AAAA") is Fault.CERTIFICATE


def test_dsa_keys_do_not_count():
    numbers = dsa.generate_private_key(1024).public_key().public_numbers()
    group = numbers.parameter_numbers
    assert (
        fault_of(line(string("ssh-dss") + b"".join(map(mpint, (group.p, group.q, group.g, numbers.y)))))
        is Fault.KEY_TYPE
    )


def test_rsa_keys_under_2048_bits_are_weak():
    weak = Signer("ssh-rsa", rsa.generate_private_key(65537, 1024))
    assert fault_of(line(weak.blob)) is Fault.WEAK_KEY


@pytest.mark.parametrize("exponent", [1, 2, 65536])
def test_rsa_exponents_under_which_anybody_can_sign_are_refused(exponent):
    modulus = SIGNERS["rsa"].private.public_key().public_numbers().n
    assert fault_of(line(string("ssh-rsa") + mpint(exponent) + mpint(modulus))) is Fault.WEAK_KEY


def test_points_of_ed25519_under_which_anybody_can_sign_are_refused():
    root = pow(2, (P - 1) // 4, P)  # of -1
    half = pow(1 + D, (P + 3) // 8, P)
    half = half if half * half % P == (1 + D) % P else half * root % P
    eighth = [pow((sign * half - 1) * pow(D, -1, P), (P + 3) // 8, P) for sign in (1, -1)]
    eighth = [
        y * factor % P
        for y in eighth
        for factor in (1, root)
        if (D * (y * factor) ** 4 + 2 * (y * factor) ** 2 - 1) % P == 0
    ]
    assert eighth, "the points of order eight satisfy d y^4 + 2 y^2 = 1"
    for y in {0, 1, P - 1, *eighth, *(P - y for y in eighth)}:
        for written in (y, y | 1 << 255, *([y + P] if y + P < 2**255 else [])):
            assert fault_of(ed25519(written)) is Fault.WEAK_KEY


def test_ed25519_keys_have_32_bytes():
    assert fault_of(line(string("ssh-ed25519") + string(bytes(31)))) is Fault.FORMAT


@pytest.mark.parametrize("name", CURVES)
def test_points_of_ecdsa_keys_are_uncompressed_and_on_the_curve(name):
    public = SIGNERS[f"ecdsa-{name}"].private.public_key()
    compressed = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    whole = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    head = string(f"ecdsa-sha2-{name}") + string(name)
    for point in (compressed, b"\0", b"", whole[:-1], whole[:-1] + bytes((whole[-1] ^ 1,))):
        assert fault_of(line(head + string(point))) is Fault.FORMAT


def test_the_curve_is_the_one_of_the_type():
    public = ec.generate_private_key(ec.SECP384R1()).public_key()
    point = string(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    assert fault_of(line(string("ecdsa-sha2-nistp256") + string("nistp384") + point)) is Fault.FORMAT
    assert fault_of(line(string("ecdsa-sha2-nistp256") + string("p256") + point)) is Fault.FORMAT


@pytest.mark.parametrize("application", ["https://login.example", "SSH:", "x"])
def test_a_security_key_for_something_else_than_ssh_does_not_count(application):
    private = SIGNERS["sk-ed25519"].private
    assert fault_of(line(Signer("sk-ssh-ed25519@openssh.com", private, application).blob)) is Fault.WEAK_KEY


def test_an_application_without_end_is_refused():
    assert fault_of(line(SIGNERS["sk-ed25519"].blob[:-1])) is Fault.FORMAT


@given(st.sampled_from(keys.KEY_TYPES), st.binary(max_size=200))
def test_no_bytes_make_the_reader_fail(kind, noise):
    with pytest.raises(RefusedError):
        keys.read_blob(string(kind) + noise)


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_fail(noise):
    with pytest.raises(RefusedError):
        keys.parse_line(noise)
