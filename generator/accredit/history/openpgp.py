"""Detached OpenPGP signatures, checked by Sequoia in this process: no keyring, no trust database, no agent, no clock.

Only the one key that is given counts. Its expiry and the times in a signature are not looked at beyond what Sequoia
does itself, because whoever holds the key can write any time: whether a key counts follows from its place in history.
OpenPGP has no namespaces, so what a signature is for must stand in the signed bytes, as `kind` does in our files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from accredit.history import armor
from accredit.history.verdict import VALID, Fault, RefusedError, Verdict

try:
    from pysequoia import Cert, Sig
    from pysequoia import verify as sequoia_verify
    from pysequoia.packet import HashAlgorithm, Packet, PacketPile, SignatureType, Tag
except ImportError:  # the extra is not installed
    AVAILABLE = False
else:
    AVAILABLE = True

MISSING = "OpenPGP signatures cannot be checked here: install accredit[openpgp]."
_MAX_KEY = 20_000
_UNKNOWN = "The signature is not one that OpenPGP knows."
_NOT_PUBLIC = (
    "This is a private key. Whoever can read it can sign: revoke it, and register the public half of a new one."
)


def verify(signature: bytes, message: bytes, public: str) -> Verdict:
    """Whether an armoured detached signature is over exactly these bytes, by the armoured public key.

    Without the library that checks, the verdict is that it is unchecked, which is not valid.
    """
    if not AVAILABLE:
        return Verdict(Fault.UNCHECKED, MISSING)
    try:
        with _sequoia(Fault.FORMAT, _UNKNOWN):
            _check(_signature(signature), message, _certificate(public))
    except RefusedError as refused:
        return Verdict(refused.fault, str(refused))
    return VALID


def fingerprint(public: str) -> str:
    """The fingerprint of an armoured public key in upper-case hex. Raises `RefusedError` if the key does not count."""
    if not AVAILABLE:
        raise RefusedError(Fault.UNCHECKED, MISSING)
    return _certificate(public).fingerprint.upper()


def claimed_fingerprint(signature: bytes) -> str:
    """The fingerprint of the key, or subkey, that a signature says it is by; empty if it does not say."""
    if not AVAILABLE:
        raise RefusedError(Fault.UNCHECKED, MISSING)
    with _sequoia(Fault.FORMAT, _UNKNOWN):
        return (_signature(signature).issuer_fingerprint or "").upper()


def _check(signature: Sig, message: bytes, certificate: Cert) -> None:
    if signature.version not in (4, 6):
        raise RefusedError(Fault.VERSION, f"The signature has version {signature.version}; 4 and 6 count.")
    if signature.signature_type != SignatureType.Binary:
        # A text signature covers the lines, not the bytes: line ends could be changed.
        raise RefusedError(
            Fault.ALGORITHM, "The signature is not one over the bytes of a file: sign without --textmode."
        )
    strong = (HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512)
    if signature.hash_algorithm not in (*strong, HashAlgorithm.SHA3_256, HashAlgorithm.SHA3_512):
        name = str(signature.hash_algorithm).rpartition(".")[2]
        raise RefusedError(Fault.HASH, f"The message is hashed with {name}, which is weaker than SHA256.")
    if signature.expiration is not None:
        raise RefusedError(Fault.EXPIRING, "The signature expires by itself. Sign without an expiry.")
    reason = (
        f"The signature is not by the key {certificate.fingerprint.upper()}, or does not fit the bytes of the file."
    )
    with _sequoia(Fault.MISMATCH, reason):
        found = sequoia_verify(bytes=message, store=lambda _ids: [certificate], signature=signature).valid_sigs
    if [one.certificate for one in found] != [certificate.fingerprint]:
        raise RefusedError(Fault.OTHER_KEY, f"The signature is not by the key {certificate.fingerprint.upper()}.")


def _signature(armored: bytes) -> Sig:
    raw = armor.openpgp(armored, b"PGP SIGNATURE")
    if [packet.tag for packet in _packets(raw)] != [Tag.Signature]:
        raise RefusedError(Fault.FORMAT, "The file does not hold exactly one signature.")
    with _sequoia(Fault.FORMAT, _UNKNOWN):
        return Sig.from_bytes(raw)


@lru_cache(maxsize=1024)
def _certificate(armored: str) -> Cert:
    if "PRIVATE KEY" in armored[:80]:
        raise RefusedError(Fault.FORMAT, _NOT_PUBLIC)
    text = armored.encode("ascii", "replace")
    raw = armor.openpgp(text, b"PGP PUBLIC KEY BLOCK", limit=_MAX_KEY, headers=True)
    if any(packet.tag in (Tag.SecretKey, Tag.SecretSubkey) for packet in _packets(raw)):
        raise RefusedError(Fault.FORMAT, _NOT_PUBLIC)
    with _sequoia(Fault.FORMAT, "The file does not hold exactly one OpenPGP public key."):
        certificate = Cert.from_bytes(raw)
    if certificate.is_revoked:
        raise RefusedError(Fault.REVOKED, "The OpenPGP key carries its own revocation.")
    return certificate


def _packets(raw: bytes) -> list[Packet]:
    with _sequoia(Fault.FORMAT, "The armour does not hold OpenPGP packets."):
        return list(PacketPile.from_bytes(raw))


@contextmanager
def _sequoia(fault: Fault, reason: str) -> Iterator[None]:
    """Sequoia's errors are of one type, and their text is for its developers."""
    try:
        yield
    except RuntimeError as e:
        raise RefusedError(fault, reason) from e
