"""Objects in buckets and on web servers, through fsspec where it is installed. The one door to it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

from accredit.errors import UsageError

SCHEMES = frozenset({"s3", "gs", "gcs", "az", "abfs", "abfss", "https"})
"""What may be asked. Plain http is not: whoever sits between could answer."""
_INSTALL = "Install it: pip install 'accredit[storage]', with s3fs, gcsfs or adlfs for your buckets."


class RefusedError(Exception):
    """An address that is not asked, and why."""


@dataclass(frozen=True)
class Reach:
    """Which hosts and buckets may be asked. With none named: all but those of a private network."""

    only: frozenset[str] = frozenset()

    def admit(self, uri: str) -> None:
        """Refuses an address that must not be asked.

        Raises:
            RefusedError: with the reason.
        """
        split = urlsplit(uri)
        host = split.hostname or ""
        if split.scheme not in SCHEMES or not host or "::" in uri:
            raise RefusedError(f"`{split.scheme}` is nothing that can be asked")
        if split.username is not None or split.password is not None:
            raise RefusedError("the address holds a user or a password")
        if self.only and host not in self.only:
            raise RefusedError(f"{host} is not among the hosts that may be asked (--only)")
        if split.scheme == "https" and not self.only and not _is_public(host, split.port or 443):
            raise RefusedError(f"{host} is in a private network, or has no address; name it with --only")


def _is_public(host: str, port: int) -> bool:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return all(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)


def require_fsspec() -> None:
    """Says what to install where it is missing.

    Raises:
        UsageError: where fsspec cannot be imported.
    """
    if find_spec("fsspec") is None:
        raise UsageError("objects in buckets and on web servers are read through fsspec, which is not here", _INSTALL)


class Remote:
    """Stores that are asked over the network, each connected to once."""

    def __init__(self, reach: Reach) -> None:
        require_fsspec()
        self._reach = reach
        self._systems: dict[str, Any] = {}

    def exists(self, uri: str, version: str | None) -> bool:
        """Whether an object is there.

        Raises:
            RefusedError: where the address must not be asked.
        """
        system, path, options = self._place(uri, version)
        return bool(system.exists(path, **options))

    @contextmanager
    def opened(self, uri: str, version: str | None) -> Iterator[BinaryIO]:
        """An object's bytes, as a stream.

        Raises:
            RefusedError: where the address must not be asked.
        """
        system, path, options = self._place(uri, version)
        with system.open(path, "rb", **options) as stream:
            yield cast("BinaryIO", stream)

    def _place(self, uri: str, version: str | None) -> tuple[Any, str, dict[str, str]]:
        self._reach.admit(uri)
        scheme = urlsplit(uri).scheme
        if scheme not in self._systems:
            import fsspec  # noqa: PLC0415 - only where something is remote

            # A redirect would lead wherever the other side likes.
            options = {"allow_redirects": False} if scheme == "https" else {}
            try:
                self._systems[scheme] = fsspec.filesystem(scheme, skip_instance_cache=True, **options)
            except (ImportError, ValueError) as error:
                raise UsageError(f"fsspec knows no {scheme} here", _INSTALL) from error
        if scheme == "https":
            return self._systems[scheme], uri, {}
        bare, _, query = uri.partition("?")
        pinned = version or next(iter(parse_qs(query).get("versionId", ())), None)
        return self._systems[scheme], bare, {"version_id": pinned} if pinned and scheme == "s3" else {}
