"""Throw-away keys of made-up people, derived from their names.

Whoever has this program has them all, so their signatures show how sign-off is verified, and prove nothing about
anybody. No private half is ever written, and the same names give the same signatures.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accredit.history.wire import string

_TYPE = b"ssh-ed25519"


def public_line(person: str, number: int = 1) -> str:
    """A person's public key as OpenSSH writes it. Who lost a key has another number."""
    return f"{_TYPE.decode()} {base64.b64encode(_blob(person, number)).decode()} {person} (demonstration)"


def signature(person: str, namespace: str, message: bytes, number: int = 1) -> bytes:
    """A person's armoured signature of these bytes for a purpose (OpenSSH, PROTOCOL.sshsig)."""
    head = [namespace.encode(), b"", b"sha512"]
    signed = b"SSHSIG" + b"".join(map(string, [*head, hashlib.sha512(message).digest()]))
    inner = string(_TYPE) + string(_private(person, number).sign(signed))
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(map(string, [_blob(person, number), *head, inner]))
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


@lru_cache
def _private(person: str, number: int) -> Ed25519PrivateKey:
    seed = hashlib.sha256(f"demonstration key {number} of {person}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _blob(person: str, number: int) -> bytes:
    raw = _private(person, number).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return string(_TYPE) + string(raw)
