"""HTML to PDF, by a Chromium that the machine has. The one caller of a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from accredit.errors import RenderError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SECONDS = 120


def printed(document: str) -> bytes:
    """The document as a PDF. The browser has an empty profile, no network and a limit of time."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise RenderError(
            "there is no Chromium or Chrome to print a PDF with",
            "Install one, or write FILE.html and print that in a browser.",
        )
    with tempfile.TemporaryDirectory(prefix="accredit-", ignore_cleanup_errors=True) as folder:
        page, pdf = Path(folder) / "dossier.html", Path(folder) / "dossier.pdf"
        page.write_text(document, encoding="utf-8")
        said = _run([browser, *_options(Path(folder)), f"--print-to-pdf={pdf}", page.as_uri()])
        if not pdf.is_file() or not (content := pdf.read_bytes()).startswith(b"%PDF"):
            raise RenderError(f"{browser} printed nothing: {said}", "Write FILE.html and print that in a browser.")
        return content


def _options(folder: Path) -> tuple[str, ...]:
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return (
        "--headless", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-extensions", "--disable-quic",
        "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
        "--no-pdf-header-footer", f"--user-data-dir={folder / 'profile'}",
        *(("--no-sandbox",) if as_root else ()),  # Chromium refuses to start as root with its sandbox
    )  # fmt: skip


def _run(command: list[str]) -> str:
    """Runs the browser; what it said last, for an error."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
            command, check=False, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise RenderError(
            f"{command[0]} did not print within {SECONDS} seconds", "Write FILE.html and print that in a browser."
        ) from error
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else f"exit code {done.returncode}"
