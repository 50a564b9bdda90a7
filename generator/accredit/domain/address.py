"""Addresses of stored objects: whether they can come to mean other bytes, and how they are shown."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

BUCKETS = frozenset(
    {"s3", "s3a", "s3n", "gs", "gcs", "az", "abfs", "abfss", "wasb", "wasbs", "oss", "r2", "b2", "swift"}
)
_MOVING = frozenset({"latest", "main", "master", "head", "current", "stable", "develop", "trunk", "nightly", "newest"})
_DIGEST = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})(?![0-9a-f])")
_PINS = frozenset({"versionid", "version_id", "version", "generation", "snapshot"})


def why_mutable(uri: str, version: str | None = None) -> str:
    """Why an address can come to mean other bytes; empty where nothing says so.

    Args:
        uri: The address.
        version: The store's own version id of the object, which pins a key of a bucket.
    """
    try:
        parts = urlsplit(uri)
        query = {name.lower(): values for name, values in parse_qs(parts.query).items()}
    except ValueError:
        return "it is no address that can be read"
    if parts.scheme == "file":
        return "it is a path on one machine"
    pinned = bool(version) or bool(_PINS & query.keys()) or _DIGEST.search(parts.path) is not None
    moving = sorted(_MOVING & set(_words(parts.path, query, parts.fragment)))
    if moving and not pinned:
        return f"`{moving[0]}` names whatever is newest"
    if parts.scheme in BUCKETS and not pinned:
        return "the key of a bucket can be written again, and no version of it is named"
    return ""


def _words(path: str, query: dict[str, list[str]], fragment: str) -> list[str]:
    """The parts of an address that name a branch, a tag or a version: folders, what follows `:` or `@`, file stems."""
    named = re.split(r"[/:@]", unquote(path)) + [v for values in query.values() for v in values] + [fragment]
    return [word.lower() for text in named for word in (text, text.partition(".")[0])]


def without_secrets(uri: str) -> str:
    """The address as it may be shown: without user, password, query and fragment, which may carry credentials."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return f"{uri.partition(':')[0]}:..."
    hidden = "..." if parts.query else ""
    if not parts.netloc:  # urlunsplit would make `file:///a` of `file:a`
        return uri.partition("#")[0].partition("?")[0] + (hidden and f"?{hidden}")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, hidden, ""))
