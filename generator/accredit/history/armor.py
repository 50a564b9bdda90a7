"""The text around a signature or key, read strictly: nothing before it, nothing after it, one spelling of the bytes."""

from __future__ import annotations

import base64
import binascii
import re

from accredit.history.verdict import Fault, RefusedError

MAX_SIGNATURE = 16 * 1024
"""Bytes of the largest signature file that is read. RSA with 16,384 bits needs a third of it."""

_LINE = re.compile(rb"[A-Za-z0-9+/=]+")
_CHECKSUM = re.compile(rb"=[A-Za-z0-9+/]{4}")
_CRC24_START = 0xB704CE
_CRC24_POLYNOMIAL = 0x1864CFB


def canonical_base64(text: bytes) -> bytes:
    """What base64 text stands for. Refuses every spelling but an encoder's (RFC 4648, section 3.5)."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as e:
        raise RefusedError(Fault.ARMOR, "The base64 text cannot be decoded.") from e
    if base64.b64encode(raw) != text:
        raise RefusedError(Fault.ARMOR, "The base64 text is not in its canonical form.")
    return raw


def ssh_signature(armored: bytes) -> bytes:
    """The bytes inside an armoured SSH signature, as `ssh-keygen -Y sign` writes it.

    Text after the end line, which `ssh-keygen` ignores, is refused: people would read it as signed. So are spaces and
    carriage returns. Lines may have any length, since signers other than OpenSSH break them elsewhere.
    """
    return canonical_base64(b"".join(_body(armored, b"SSH SIGNATURE")))


def openpgp(armored: bytes, kind: bytes, *, limit: int = MAX_SIGNATURE, headers: bool = False) -> bytes:
    """The packets inside OpenPGP armour (RFC 9580, section 6.2) of a kind such as `PGP SIGNATURE`.

    Header lines such as `Comment:` are refused unless allowed, because nothing signs them: people would read one as
    part of what was signed. A checksum may be absent, not wrong.
    """
    lines = _body(armored, kind, limit)
    blank = lines.index(b"") if b"" in lines else -1
    if blank < 0 or (blank > 0 and not headers):
        raise RefusedError(Fault.ARMOR, "The armour has header lines, or no empty line before the base64 text.")
    lines = lines[blank + 1 :]
    checksum = lines.pop() if lines and _CHECKSUM.fullmatch(lines[-1]) else None
    raw = canonical_base64(b"".join(_base64_lines(lines)))
    if checksum is not None and canonical_base64(checksum[1:]) != _crc24(raw).to_bytes(3):
        raise RefusedError(Fault.ARMOR, "The checksum of the armour is wrong.")
    return raw


def _body(armored: bytes, kind: bytes, limit: int = MAX_SIGNATURE) -> list[bytes]:
    begin, end = b"-----BEGIN " + kind + b"-----\n", b"\n-----END " + kind + b"-----"
    name = kind.decode()
    if len(armored) > limit:
        raise RefusedError(Fault.ARMOR, f"The file has more than {limit} bytes.")
    if b"\r" in armored:
        raise RefusedError(Fault.ARMOR, "The file has carriage returns; lines end with a line feed alone.")
    if not armored.startswith(begin):
        raise RefusedError(Fault.ARMOR, f"The file does not start with the line -----BEGIN {name}-----.")
    trimmed = armored.removesuffix(b"\n")
    if not trimmed.endswith(end):
        raise RefusedError(Fault.ARMOR, f"The file does not end with the line -----END {name}-----.")
    lines = trimmed[len(begin) : -len(end)].split(b"\n")
    return lines if kind.startswith(b"PGP") else _base64_lines(lines)


def _base64_lines(lines: list[bytes]) -> list[bytes]:
    if not lines or not all(_LINE.fullmatch(line) for line in lines):
        raise RefusedError(Fault.ARMOR, "Between its first and last line the file holds more than base64 text.")
    return lines


def _crc24(data: bytes) -> int:
    crc = _CRC24_START
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc = (crc << 1) ^ (_CRC24_POLYNOMIAL if crc & 0x800000 else 0)
        crc &= 0xFFFFFF
    return crc
