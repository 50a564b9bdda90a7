"""The site publishes the schema of every kind of file, and the format reference links to it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from tests.support.program import base_on_disk

from accredit.loading.json_schema import schema_of
from accredit.loading.schema import KINDS
from accredit.site.build import build


def test_every_kind_has_its_schema_beside_the_pages(tmp_path: Path) -> None:
    built = build(base_on_disk(tmp_path), tmp_path / "site", date(2026, 11, 23))
    for kind in KINDS:
        assert json.loads((built.folder / f"schema/{kind}.json").read_text("utf-8")) == schema_of(kind)
        assert f'href="../../schema/{kind}.json"' in (built.folder / f"format/{kind}/index.html").read_text("utf-8")
