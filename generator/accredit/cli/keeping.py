"""Where the command keeps what it need not work out again."""

from __future__ import annotations

import os
from pathlib import Path

from accredit.loading.cache import cache_folder


def user_cache() -> Path | None:
    """The user's folder for caches; None for an account without a home."""
    try:
        return cache_folder(os.environ, Path("~").expanduser())
    except RuntimeError:
        return None
