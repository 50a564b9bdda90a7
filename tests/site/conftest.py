from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Builds keep what they made in a folder of the test run, not in that of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ACCREDIT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        yield
