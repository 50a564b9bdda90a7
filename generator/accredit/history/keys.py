"""Public keys of OpenSSH, read strictly, and the least strength that counts."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from accredit.history.armor import canonical_base64
from accredit.history.verdict import Fault, RefusedError, quoted
from accredit.history.wire import Reader

MIN_RSA_BITS = 2048
_MAX_LINE = 16 * 1024
_P25519 = 2**255 - 19
_Y_OF_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset({0, 1, _P25519 - 1, _Y_OF_ORDER_8, _P25519 - _Y_OF_ORDER_8})
"""y of the eight points of Ed25519 under which anybody can make signatures."""

Material = Ed25519PublicKey | ec.EllipticCurvePublicKey | RSAPublicKey
"""The key as the cryptographic library holds it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key of OpenSSH. Two are equal if they are the same key: a comment is not part of it."""

    type: str
    blob: bytes = field(repr=False)
    material: Material = field(compare=False, repr=False)
    application: str = ""
    """The application that a key on a security key is for, such as `ssh:`; empty for other keys."""

    @property
    def fingerprint(self) -> str:
        """`SHA256:` and the digest of the key in base64 without padding, as `ssh-keygen -l` prints it."""
        return fingerprint(self.blob)

    @property
    def line(self) -> str:
        """The key as a line for `allowed_signers` or `authorized_keys`, without a comment."""
        return f"{self.type} {base64.b64encode(self.blob).decode()}"

    @property
    def on_device(self) -> bool:
        """Whether the private half lives on a security key, which shows that somebody touched it."""
        return self.type.startswith("sk-")


def fingerprint(blob: bytes) -> str:
    """The fingerprint of a key in SSH encoding, whether or not it can be read."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).rstrip(b"=").decode()


def parse_line(text: str) -> PublicKey:
    """Reads a line such as `ssh-ed25519 AAAA... comment`. Raises `RefusedError` if it is not a key that counts.

    One space separates the parts. The comment is ignored. Options before the type are refused.
    """
    line = text.removesuffix("\n")
    if len(line) > _MAX_LINE or not line.isprintable():
        raise RefusedError(Fault.FORMAT, "A public key is one line of visible characters.")
    kind, encoded, *_ = [*line.split(" ", 2), "", ""]
    if kind.startswith("-----BEGIN"):
        raise RefusedError(Fault.FORMAT, "This is not the public half of an SSH key, the file that ends in .pub.")
    _known(kind)
    try:
        blob = canonical_base64(encoded.encode())
    except RefusedError as e:
        raise RefusedError(Fault.FORMAT, "After the type and one space a public key is canonical base64 text.") from e
    key = read_blob(blob)
    if key.type != kind:
        raise RefusedError(Fault.FORMAT, f"The line says {kind}, and the key in it is {key.type}.")
    return key


def read_blob(blob: bytes) -> PublicKey:
    """Reads a key in SSH encoding. Raises `RefusedError` if it is not a key that counts."""
    reader = Reader(blob, "public key")
    kind = reader.text()
    material = _known(kind)(reader, kind)
    application = reader.text() if kind.startswith("sk-") else ""
    reader.end()
    if kind.startswith("sk-") and not application.startswith("ssh:"):
        # A key for a web site's sign-in must not sign models: OpenSSH makes keys for "ssh:" only.
        raise RefusedError(Fault.WEAK_KEY, f"The security key is for {quoted(application)}, not for ssh:.")
    return PublicKey(kind, blob, material, application)


def _ed25519(reader: Reader, _kind: str) -> Material:
    raw = reader.string()
    if len(raw) != 32:
        raise RefusedError(Fault.FORMAT, f"An Ed25519 key has 32 bytes, and this one {len(raw)}.")
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y >= _P25519 or y in _SMALL_ORDER:
        raise RefusedError(Fault.WEAK_KEY, "Under this Ed25519 key anybody can make signatures.")
    return Ed25519PublicKey.from_public_bytes(raw)


_CURVES: dict[str, ec.EllipticCurve] = {
    "nistp256": ec.SECP256R1(),
    "nistp384": ec.SECP384R1(),
    "nistp521": ec.SECP521R1(),
}


def _ecdsa(reader: Reader, kind: str) -> Material:
    name = reader.text()
    point = reader.string()
    if not kind.removesuffix("@openssh.com").endswith(f"-{name}"):
        raise RefusedError(Fault.FORMAT, f"The key of type {kind} is on the curve {quoted(name)}.")
    curve = _CURVES[name]
    if not point.startswith(b"\x04"):
        raise RefusedError(Fault.FORMAT, "The point of an ECDSA key is not in uncompressed form.")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    except ValueError as e:
        raise RefusedError(Fault.FORMAT, f"The point of the ECDSA key is not on the curve {name}.") from e
    numbers = key.public_numbers()
    low = curve.group_order.bit_length() // 2
    # OpenSSH refuses such points, which no honest key has.
    if min(numbers.x.bit_length(), numbers.y.bit_length()) <= low or max(numbers.x, numbers.y) >= curve.group_order - 1:
        raise RefusedError(Fault.WEAK_KEY, "The point of the ECDSA key is one that OpenSSH refuses.")
    return key


def _rsa(reader: Reader, _kind: str) -> Material:
    exponent, modulus = reader.mpint(), reader.mpint()
    if modulus.bit_length() < MIN_RSA_BITS:
        raise RefusedError(
            Fault.WEAK_KEY, f"The RSA key has {modulus.bit_length()} bits; {MIN_RSA_BITS} are the least that counts."
        )
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except (ValueError, UnsupportedAlgorithm) as e:
        raise RefusedError(Fault.WEAK_KEY, "The numbers of the RSA key are not those of an RSA key.") from e


_TYPES: dict[str, Callable[[Reader, str], Material]] = {
    "ssh-ed25519": _ed25519,
    "sk-ssh-ed25519@openssh.com": _ed25519,
    "ecdsa-sha2-nistp256": _ecdsa,
    "ecdsa-sha2-nistp384": _ecdsa,
    "ecdsa-sha2-nistp521": _ecdsa,
    "sk-ecdsa-sha2-nistp256@openssh.com": _ecdsa,
    "ssh-rsa": _rsa,
}
KEY_TYPES = tuple(_TYPES)
"""Every type of key that counts."""


def _known(kind: str) -> Callable[[Reader, str], Material]:
    if kind in _TYPES:
        return _TYPES[kind]
    if "-cert-v" in kind:
        reason = "This is an SSH certificate. People are known here by plain keys: register the key itself."
        raise RefusedError(Fault.CERTIFICATE, reason)
    known = ", ".join(_TYPES)
    raise RefusedError(Fault.KEY_TYPE, f"{quoted(kind)} is not a type of key that counts, which are {known}.")
