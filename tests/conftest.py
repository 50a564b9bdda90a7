from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# The machine that runs the tests may be busy, so no property is timed. `make soak` looks ten times as long.
_CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("default", _CALM)
settings.register_profile("soak", _CALM, derandomize=False, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write what is found into the expected files")
