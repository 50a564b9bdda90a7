"""Which program wrote a report."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

NAME = "accredit"


def _version() -> str:
    try:
        return version(NAME)
    except PackageNotFoundError:  # run from the source tree
        return "0+unknown"


VERSION = _version()
"""The version of the installed package."""
