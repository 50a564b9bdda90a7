"""Throw-away keys of the made-up people, derived from their names.

Whoever runs the script has them all, so the signatures of the worked registry show how sign-off is verified, and prove
nothing about anybody. The script keeps no private half, and the same names give the same signatures.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_TYPE = b"ssh-ed25519"


def public_line(person: str) -> str:
    """The person's public key, as OpenSSH writes it."""
    return f"{_TYPE.decode()} {base64.b64encode(_blob(person)).decode()} {person} (demonstration)"


def signature(person: str, namespace: str, message: bytes) -> bytes:
    """The person's armoured signature of these bytes for a purpose (OpenSSH, PROTOCOL.sshsig)."""
    head = [namespace.encode(), b"", b"sha512"]
    signed = b"SSHSIG" + b"".join(map(_string, [*head, hashlib.sha512(message).digest()]))
    inner = _string(_TYPE) + _string(_private(person).sign(signed))
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(map(_string, [_blob(person), *head, inner]))
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


def _private(person: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"demonstration key of {person}".encode()).digest())


def _blob(person: str) -> bytes:
    raw = _private(person).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return _string(_TYPE) + _string(raw)


def _string(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value
