from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Builds keep what they made in a folder of the test run, not in that of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCREDIT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        yield


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory, _own_cache: None) -> Path:
    """The site of the demonstration, whose sign-offs are proved from its history."""
    from accredit.demo.write import REGISTRY, write_demo  # noqa: PLC0415 - only where it is asked for
    from accredit.site.build import build  # noqa: PLC0415

    root = tmp_path_factory.mktemp("demo")
    write_demo(root / "story")
    return build(root / "story" / REGISTRY, root / "site", date(2026, 11, 23)).folder
