"""SSH signatures put together by hand, right or wrong in any field, as a hostile person makes them.

The keys are throw-away, made anew for every run. A security key is played by a private key in memory.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accredit.history import keys

MESSAGE = b"kind: approval/v1\nregistry: 5f0c\nreviewer: bob\ndecision: approve\n"
NAMESPACE = "approval@accredit"
SHA = {"sha256": hashlib.sha256, "sha512": hashlib.sha512, "sha1": hashlib.sha1, "md5": hashlib.md5}
SHA |= {"sha384": hashlib.sha384, "sha224": hashlib.sha224, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}
RSA_HASHES = {"rsa-sha2-256": hashes.SHA256(), "rsa-sha2-512": hashes.SHA512(), "ssh-rsa": hashes.SHA1()}
CURVES = {
    "nistp256": (ec.SECP256R1(), hashes.SHA256()),
    "nistp384": (ec.SECP384R1(), hashes.SHA384()),
    "nistp521": (ec.SECP521R1(), hashes.SHA512()),
}
ORDER_25519 = 2**252 + 27742317777372353535851937790883648493


def string(value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return len(raw).to_bytes(4) + raw


def mpint(value: int, *, zeros: int = 0) -> bytes:
    return string(bytes(zeros) + value.to_bytes(value.bit_length() // 8 + 1))


def armored(blob: bytes, *, width: int = 70) -> bytes:
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


@dataclass(frozen=True)
class Signer:
    """A private key that signs as OpenSSH does. `numbers` may change r and s, or the raw signature."""

    kind: str
    private: Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    application: str = ""

    @property
    def blob(self) -> bytes:
        public = self.private.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            numbers = public.public_numbers()
            return string(self.kind) + mpint(numbers.e) + mpint(numbers.n)
        if isinstance(public, ec.EllipticCurvePublicKey):
            point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            return string(self.kind) + string(self.curve) + string(point) + self.tail
        return string(self.kind) + string(public.public_bytes_raw()) + self.tail

    @property
    def tail(self) -> bytes:
        return string(self.application) if self.application else b""

    @property
    def curve(self) -> str:
        return next(name for name in CURVES if name in self.kind)

    @property
    def public(self) -> keys.PublicKey:
        return keys.read_blob(self.blob)

    @property
    def algorithm(self) -> str:
        return "rsa-sha2-512" if self.kind == "ssh-rsa" else self.kind

    def inner(self, data: bytes, algorithm: str, twist: Twist) -> bytes:
        """The signature proper, after the algorithm's name."""
        tail = b""
        if self.application:
            tail = bytes((twist.flags,)) + twist.counter.to_bytes(4)
            data = hashlib.sha256(self.application.encode()).digest() + tail + hashlib.sha256(data).digest()
        if isinstance(self.private, rsa.RSAPrivateKey):
            raw = self.private.sign(data, PKCS1v15(), RSA_HASHES.get(algorithm, hashes.SHA512()))
        elif isinstance(self.private, Ed25519PrivateKey):
            raw = self.private.sign(data)
        else:
            r, s = twist.numbers(*decode_dss_signature(self.private.sign(data, ec.ECDSA(CURVES[self.curve][1]))))
            raw = mpint(r, zeros=twist.zeros) + mpint(s)
        return string(twist.raw(raw) + twist.inner_tail) + tail


@dataclass(frozen=True)
class Twist:
    """What is done to the numbers of a signature."""

    flags: int = 1
    counter: int = 7
    zeros: int = 0
    inner_tail: bytes = b""
    raw: Callable[[bytes], bytes] = bytes
    numbers: Callable[[int, int], tuple[int, int]] = lambda r, s: (r, s)


@dataclass(frozen=True)
class Forgery:
    """A signature by its fields. What is not given is as it should be, and all of it is really signed."""

    signer: Signer
    message: bytes = MESSAGE
    magic: bytes = b"SSHSIG"
    version: int = 1
    key_blob: bytes | None = None
    namespace: bytes = NAMESPACE.encode()
    signed_namespace: bytes | None = None
    reserved: bytes = b""
    signed_reserved: bytes | None = None
    hash: str = "sha512"
    hash_tail: bytes = b""
    algorithm: str | None = None
    algorithm_tail: bytes = b""
    tail: bytes = b""
    signature_tail: bytes = b""
    twist: Twist = field(default_factory=Twist)

    def signed(self) -> bytes:
        digest = SHA.get(self.hash, hashlib.sha512)(self.message).digest()
        namespace = self.namespace if self.signed_namespace is None else self.signed_namespace
        reserved = self.reserved if self.signed_reserved is None else self.signed_reserved
        return b"SSHSIG" + string(namespace) + string(reserved) + string(self.hash) + string(digest)

    def blob(self) -> bytes:
        algorithm = self.signer.algorithm if self.algorithm is None else self.algorithm
        inner = self.signer.inner(self.signed(), algorithm, self.twist)
        signature = string(algorithm.encode() + self.algorithm_tail) + inner + self.signature_tail
        key = self.signer.blob if self.key_blob is None else self.key_blob
        fields = (key, self.namespace, self.reserved, self.hash.encode() + self.hash_tail, signature)
        return self.magic + self.version.to_bytes(4) + b"".join(map(string, fields)) + self.tail

    def armored(self) -> bytes:
        return armored(self.blob())


def make_signers() -> dict[str, Signer]:
    """One throw-away key of every type that counts."""
    made = {
        "ed25519": Signer("ssh-ed25519", Ed25519PrivateKey.generate()),
        "sk-ed25519": Signer("sk-ssh-ed25519@openssh.com", Ed25519PrivateKey.generate(), "ssh:"),
        "sk-ecdsa": Signer("sk-ecdsa-sha2-nistp256@openssh.com", ec.generate_private_key(ec.SECP256R1()), "ssh:work"),
        "rsa": Signer("ssh-rsa", rsa.generate_private_key(65537, 2048)),
    }
    return made | {
        f"ecdsa-{name}": Signer(f"ecdsa-sha2-{name}", ec.generate_private_key(curve))
        for name, (curve, _) in CURVES.items()
    }
