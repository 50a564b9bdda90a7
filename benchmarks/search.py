"""How long a visitor's browser takes from opening a page to the first answer of the site's search.

The address of the front page asks the question itself (`?q=`), as the theme allows, so that nobody's typing is in the
figure: the theme loads the index, builds what it searches in, and lists what it found. Each run begins without a cache.
"""

from __future__ import annotations

import shutil
import statistics
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

BROWSER = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
DRIVER = shutil.which("chromedriver")
PATIENCE = 300
"""Seconds after which a search is given up."""
_ANSWERED = """
const done = arguments[0], look = () => document.querySelector('.md-search-result__item')
    ? done(performance.now()) : setTimeout(look, 5);
look()"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def answers(sites: Mapping[str, Path], question: str, runs: int) -> Mapping[str, float]:
    """Name of a site to the median seconds until its first answer; nothing where there is no browser."""
    if BROWSER is None or DRIVER is None:
        return {}
    seconds: dict[str, list[float]] = {name: [] for name in sites}
    with _driver() as driver:
        for _ in range(runs):
            for name, folder in sites.items():
                with _served(folder) as address:
                    seconds[name].append(_answer(driver, f"{address}?q={question}"))
    return {name: statistics.median(found) for name, found in seconds.items()}


def _answer(driver: Any, address: str) -> float:
    driver.get("about:blank")
    driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    driver.get(address)
    return float(driver.execute_async_script(_ANSWERED)) / 1000


@contextmanager
def _driver() -> Iterator[Any]:
    from selenium import webdriver  # noqa: PLC0415 - only where there is a browser

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-dev-shm-usage",
        ):
            options.add_argument(argument)
        options.add_argument(f"--user-data-dir={profile}")
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
        driver.set_script_timeout(PATIENCE)
        try:
            yield driver
        finally:
            driver.quit()


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
