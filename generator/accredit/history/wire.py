"""The encoding of SSH (RFC 4251, section 5), read strictly: a value has one encoding, and no byte is passed over."""

from __future__ import annotations

from accredit.history.verdict import Fault, RefusedError

_MAX_MPINT = 2048
"""Bytes of the largest integer, a modulus of 16,384 bits, as in OpenSSH."""


class Reader:
    """Takes values off the front of some bytes. Raises `RefusedError` with `Fault.FORMAT` at the first fault."""

    __slots__ = ("_at", "_data", "_what")

    def __init__(self, data: bytes, what: str) -> None:
        self._data = data
        self._what = what
        self._at = 0

    def take(self, count: int) -> bytes:
        """The next bytes, exactly as many as asked for."""
        end = self._at + count
        if end > len(self._data):
            raise self._fault("ends too early")
        self._at, start = end, self._at
        return self._data[start:end]

    def byte(self) -> int:
        """An unsigned integer of 8 bits."""
        return self.take(1)[0]

    def uint32(self) -> int:
        """An unsigned integer of 32 bits."""
        return int.from_bytes(self.take(4))

    def string(self) -> bytes:
        """Bytes of any length."""
        return self.take(self.uint32())

    def text(self) -> str:
        """A name of visible ASCII characters. OpenSSH tolerates a NUL at the end, which no program writes."""
        raw = self.string()
        if not raw.isascii() or not (text := raw.decode("ascii")).isprintable() or " " in text:
            raise self._fault("holds a name with characters other than visible ASCII")
        return text

    def mpint(self) -> int:
        """A positive integer without needless leading zeros. OpenSSH tolerates those, which no program writes."""
        raw = self.string()
        if len(raw) > _MAX_MPINT + 1:
            raise self._fault("holds a number that is too large")
        if not raw or raw[0] & 0x80 or (raw[0] == 0 and not (len(raw) > 1 and raw[1] & 0x80)):
            raise self._fault("holds a number that is not written in the shortest form, or is not positive")
        return int.from_bytes(raw)

    def end(self) -> None:
        """Makes sure that nothing is left."""
        if self._at != len(self._data):
            raise self._fault(f"has {len(self._data) - self._at} bytes too many")

    def _fault(self, what: str) -> RefusedError:
        return RefusedError(Fault.FORMAT, f"The {self._what} {what}.")


def string(value: bytes) -> bytes:
    """Bytes with their length before them."""
    return len(value).to_bytes(4) + value
