"""One version as one file: it asks for nothing, holds every part, and text of the registry stays text."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.support.cases import base_registry, patched
from tests.support.ceremony import a_ceremony, in_production
from tests.support.hostile import Reader
from tests.support.program import on_disk, run

from accredit.site.alone import alone
from accredit.site.dossier import TOC, dossier
from accredit.site.pdf import BROWSERS

AS_OF = "2026-11-23"
DAY = dt.date(2026, 11, 23)
VERSION = ("loan-default", "2.0.0")
PAYLOAD = "<img src=x onerror=alert(1)><script>alert(1)</script>"
CARD = "models/loan-default/versions/2.0.0/card.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    policy = {"catalogue": {"frameworks": ("gdpr", "eu-ai-act")}}
    return on_disk(tmp_path, patched(base_registry(), {"policy.yaml": policy}))


def written(root: Path) -> str:
    return dossier(root, *VERSION, DAY)


def test_it_has_every_part_in_the_order_of_its_contents(root: Path) -> None:
    document = written(root)
    places = [document.index(f'id="{anchor}"') for anchor, _ in TOC]
    assert places == sorted(places)
    assert all(f'href="#{anchor}"' in document for anchor, _ in TOC)


def test_it_asks_for_nothing_and_runs_nothing(root: Path) -> None:
    document = written(root)
    assert not re.search(r"<(script|link|img|iframe|form|button)\b", document)
    assert not re.search(r"\bsrc=|url\(|@import", document)
    assert "default-src 'none'" in document
    leads = re.findall(r'\bhref="([^"]*)"', document)
    assert {t for t in leads if not t.startswith(("#", "https://", "http://", "mailto:"))} == set()
    anchors = set(re.findall(r'\bid="([^"]+)"', document))
    assert {t[1:] for t in leads if t.startswith("#")} <= anchors
    assert "<details>" not in document


def test_the_same_input_gives_the_same_text(root: Path) -> None:
    assert written(root) == written(root)


def test_it_lists_digests_events_and_controls(root: Path) -> None:
    document = written(root)
    text = " ".join(Reader(document).text.split())
    assert "Deploy(M)" in text
    assert "AIA-05 No prohibited practice" in text
    assert "registry.yaml" in text
    assert "accredit check --as-of 2026-11-23" in text
    assert "training trained" in text
    assert not re.search(r"\b(compliant|certified|conforms)\b", text, re.IGNORECASE)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    changes = {
        "policy.yaml": {"catalogue": {"frameworks": ("gdpr",)}},
        "models/loan-default/model.yaml": {"name": PAYLOAD, "summary": PAYLOAD},
        CARD: {"model_details": f'{PAYLOAD} [x](https://e.org "<form>") ![y](pic.png "></style><script>") '},
    }
    document = written(on_disk(tmp_path, patched(base_registry(), changes)))
    assert "<img" not in document
    tags = Reader(document)
    assert "alert(1)" in tags.text
    assert not re.search(r"<script>alert|<[a-z]+[^>\"]*onerror", document)


def test_signatures_are_shown_with_level_and_the_commands_that_check_them(tmp_path: Path) -> None:
    story = in_production(a_ceremony(tmp_path))
    subprocess.run(["git", "clone", "-q", story.repository.path, tmp_path / "clone"], check=True)
    document = dossier(tmp_path / "clone" / "registry", "loan-default", "1.0.0", DAY)
    text = " ".join(Reader(document).text.split())
    assert "Signed, verified" in text
    assert "ssh-keygen -Y verify" in text
    assert "accredit verify loan-default 1.0.0 --root " in text


def test_a_link_within_an_attribute_does_not_break_out() -> None:
    page = '<p title="<form><a href=x>">a</p><form><b title="</form>">gone</b></form><a href="#k">k</a><i id="k"></i>'
    found = alone(page)
    assert found == '<p title="<form><a href=x>">a</p><a href="#k">k</a><i id="k"></i>'


def test_a_link_to_another_page_leaves_its_words_and_a_fold_is_open() -> None:
    assert alone('<a href="../rules/x/">X</a>') == "X"
    assert alone('<a href="javascript:x">X</a>') == "X"
    assert alone('<a class="k" href="https://e.org/">X</a>') == '<a class="k" href="https://e.org/">X</a>'
    assert alone("<details><summary>s</summary>&amp;&#60;</details>") == (
        "<details open><summary>s</summary>&amp;&#60;</details>"
    )
    assert alone('<img src="p.png" alt="&lt;a">') == "&lt;a"


def test_the_command_writes_html_and_refuses_other_names_and_unknown_versions(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    assert run("dossier", *VERSION, "--as-of", AS_OF, "-o", "a.html").exit_code == 0
    assert Path("a.html").read_text(encoding="utf-8").lstrip().startswith("<!DOCTYPE html>")
    refused = run("dossier", *VERSION, "-o", "a.txt")
    assert refused.exit_code == 2
    assert "neither HTML nor PDF" in refused.stderr
    assert run("dossier", "loan-default", "9.9.9", "-o", "a.html").exit_code == 2


def test_without_a_browser_a_pdf_is_refused_with_a_way_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", str(root))
    refused = run("dossier", *VERSION, "-o", "a.pdf")
    assert refused.exit_code == 2
    assert "there is no Chromium or Chrome" in refused.stderr
    assert "print that in a browser" in refused.stderr
    assert not Path("a.pdf").exists()


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no Chromium")
def test_a_pdf_is_printed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    done = run("dossier", *VERSION, "--as-of", AS_OF, "-o", "a.pdf")
    assert done.exit_code == 0, done.stderr
    assert Path("a.pdf").read_bytes().startswith(b"%PDF-")
