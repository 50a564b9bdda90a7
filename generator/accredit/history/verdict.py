"""What came of checking a signature."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a signature does not count."""

    ARMOR = "armor"
    FORMAT = "format"
    VERSION = "version"
    CERTIFICATE = "certificate"
    KEY_TYPE = "key-type"
    WEAK_KEY = "weak-key"
    OTHER_KEY = "other-key"
    NAMESPACE = "namespace"
    RESERVED = "reserved"
    HASH = "hash"
    ALGORITHM = "algorithm"
    PRESENCE = "presence"
    REVOKED = "revoked"
    EXPIRING = "expiring"
    MISMATCH = "mismatch"
    UNCHECKED = "unchecked"


class RefusedError(ValueError):
    """A key or signature is not one that counts. The text says why, in a sentence for the person who made it."""

    def __init__(self, fault: Fault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a signature is valid, and if not, why. What could not be checked is not valid."""

    fault: Fault | None = None
    reason: str = ""

    @property
    def valid(self) -> bool:
        """Whether the signature was checked and is good."""
        return self.fault is None

    @property
    def checked(self) -> bool:
        """Whether the signature could be checked on this machine at all."""
        return self.fault is not Fault.UNCHECKED


VALID = Verdict()


def quoted(text: str) -> str:
    """Text that a stranger wrote, as it can be shown in a message: escaped, in quotes, cut after 60 characters."""
    return ascii(text if len(text) <= 60 else f"{text[:57]}...")
