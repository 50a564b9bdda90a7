"""Signatures of `ssh-keygen -Y sign` (SSHSIG, version 1), checked in this process.

Accepted is less than `ssh-keygen -Y verify` accepts, never more. What is stricter: no text after the armour, one
spelling of base64, of names and of numbers, an empty reserved field, no version 0, no RSA under 2048 bits, no
certificates, no signature by a security key that nobody touched.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from accredit.history import armor, keys
from accredit.history.keys import PublicKey
from accredit.history.verdict import VALID, Fault, RefusedError, Verdict, quoted
from accredit.history.wire import Reader, string

APPROVAL = "approval@accredit"
REQUEST = "request@accredit"
CHANGE = "change@accredit"
CLOSING = "closing@accredit"
ATTESTED = {"waiver": "waiver@accredit", "determination": "determination@accredit", "hold": "hold@accredit"}
"""Namespaces: a signature that was made for one purpose does not count for another."""

_MAGIC = b"SSHSIG"
_DIGESTS = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
_ALGORITHMS = {kind: (kind,) for kind in keys.KEY_TYPES} | {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}
_RSA_HASHES: dict[str, hashes.HashAlgorithm] = {"rsa-sha2-512": hashes.SHA512(), "rsa-sha2-256": hashes.SHA256()}
_ECDSA_HASHES: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}
_ORDER_25519 = 2**252 + 27742317777372353535851937790883648493
"""RFC 8032, section 5.1.7: a larger number in a signature is a second spelling. OpenSSH 9.2 accepts some."""

_USER_PRESENT = 0x01


@dataclass(frozen=True, slots=True)
class Envelope:
    """The fields of a signature, before anything about them is checked but their form."""

    key_blob: bytes
    namespace: str
    reserved: bytes
    hash: str
    algorithm: str
    rest: bytes
    """What follows the algorithm's name: the signature proper, and flags and counter of a security key."""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the key that the signature says it is by. Anybody can claim any."""
        return keys.fingerprint(self.key_blob)

    def signed(self, message: bytes) -> bytes:
        """The bytes that the key signs for a message."""
        digest = _DIGESTS[self.hash](message).digest()
        fields = (self.namespace.encode(), self.reserved, self.hash.encode(), digest)
        return _MAGIC + b"".join(map(string, fields))


def verify(signature: bytes, message: bytes, namespace: str, key: PublicKey, *, fitting: bool = False) -> Verdict:
    """Whether armoured bytes are a signature over exactly these bytes, for this purpose, by this key.

    With `fitting`, `fits` said before that these bytes fit each other.
    """
    try:
        _check(read(signature), message, namespace, key, fitting=fitting)
    except RefusedError as refused:
        return Verdict(refused.fault, str(refused))
    return VALID


def fits(signature: bytes, message: bytes) -> bool:
    """Whether armoured bytes are a signature over exactly these bytes by the key that they name, whosever it is."""
    try:
        envelope = read(signature)
        _check(envelope, message, envelope.namespace, _key(envelope.key_blob))
    except RefusedError:
        return False
    return True


@lru_cache(maxsize=1024)
def _key(blob: bytes) -> PublicKey:
    return keys.read_blob(blob)


@lru_cache(maxsize=1)
def read(signature: bytes) -> Envelope:
    """Takes an armoured signature apart. Raises `RefusedError` if its form is not exactly right."""
    reader = Reader(armor.ssh_signature(signature), "signature")
    if reader.take(len(_MAGIC)) != _MAGIC:
        raise RefusedError(Fault.FORMAT, "The armour does not hold an SSH signature.")
    if (version := reader.uint32()) != 1:
        raise RefusedError(Fault.VERSION, f"The signature has version {version}; only version 1 is defined.")
    key_blob, namespace, reserved, digest, inner = (
        reader.string(),
        reader.text(),
        reader.string(),
        reader.text(),
        reader.string(),
    )
    reader.end()
    algorithm = Reader(inner, "signature").text()
    return Envelope(key_blob, namespace, reserved, digest, algorithm, inner[4 + len(algorithm) :])


def _check(envelope: Envelope, message: bytes, namespace: str, key: PublicKey, *, fitting: bool = False) -> None:
    if envelope.key_blob != key.blob:
        other = keys.read_blob(envelope.key_blob).fingerprint
        raise RefusedError(Fault.OTHER_KEY, f"The signature is by the key {other}, not by {key.fingerprint}.")
    if not namespace or envelope.namespace != namespace:
        raise RefusedError(
            Fault.NAMESPACE, f"The signature was made for {quoted(envelope.namespace)}, not for {quoted(namespace)}."
        )
    if envelope.reserved:
        raise RefusedError(Fault.RESERVED, "The reserved field of the signature is not empty.")
    if envelope.hash not in _DIGESTS:
        raise RefusedError(Fault.HASH, f"The message is hashed with {quoted(envelope.hash)}, not sha256 or sha512.")
    if envelope.algorithm not in _ALGORITHMS[key.type]:
        wanted = " or ".join(_ALGORITHMS[key.type])
        raise RefusedError(
            Fault.ALGORITHM, f"The signature's algorithm is {quoted(envelope.algorithm)}; the key's is {wanted}."
        )
    try:
        if not fitting:
            _check_numbers(key, envelope, envelope.signed(message))
    except InvalidSignature as e:
        raise RefusedError(Fault.MISMATCH, "The signature does not fit the bytes of the file.") from e


def _check_numbers(key: PublicKey, envelope: Envelope, signed: bytes) -> None:
    reader = Reader(envelope.rest, "signature")
    raw = reader.string()
    covered = _covered(key, reader, signed)
    reader.end()
    match key.material:
        case Ed25519PublicKey() as material:
            _exactly(64, raw, "An Ed25519 signature")
            if int.from_bytes(raw[32:], "little") >= _ORDER_25519:
                raise RefusedError(
                    Fault.FORMAT, "The Ed25519 signature is one that somebody else made out of a good one."
                )
            material.verify(raw, covered)
        case RSAPublicKey() as material:
            _exactly((material.key_size + 7) // 8, raw, "The signature of this RSA key")
            material.verify(raw, covered, PKCS1v15(), _RSA_HASHES[envelope.algorithm])
        case material:
            numbers = Reader(raw, "signature")
            r, s = numbers.mpint(), numbers.mpint()
            numbers.end()
            material.verify(encode_dss_signature(r, s), covered, ec.ECDSA(_ECDSA_HASHES[material.curve.name]))


def _exactly(size: int, raw: bytes, what: str) -> None:
    if len(raw) != size:
        raise RefusedError(Fault.FORMAT, f"{what} has {size} bytes, and this one {len(raw)}.")


def _covered(key: PublicKey, reader: Reader, signed: bytes) -> bytes:
    """The bytes under the signature: for a security key those that it wraps around what it is given (FIDO U2F)."""
    if not key.on_device:
        return signed
    flags, counter = reader.byte(), reader.uint32()
    if not flags & _USER_PRESENT:
        raise RefusedError(Fault.PRESENCE, "The security key signed without anybody touching it.")
    application = hashlib.sha256(key.application.encode()).digest()
    return application + bytes((flags,)) + counter.to_bytes(4) + hashlib.sha256(signed).digest()
