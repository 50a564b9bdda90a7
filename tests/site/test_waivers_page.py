"""The page of waivers says of each whether it counts, and why not."""

from __future__ import annotations

from tests.rules.test_waiver import waived
from tests.support.hostile import Reader

from accredit.site.diagrams import Diagrams
from accredit.site.pages import pages
from accredit.site.render import render


def text_of(changes: dict[str, object]) -> str:
    assessment = waived(changes)
    page = next(p for p in pages(assessment) if p.url == "waivers/")
    return Reader(render(page, assessment, Diagrams(assessment.lineage, None))).text


def test_a_waiver_that_counts_says_what_it_covers() -> None:
    text = text_of({})
    assert "In force for another 36 days. It covers the outcome “fail” now." in text
    assert "counts for nothing" not in text


def test_a_waiver_at_fault_is_not_shown_as_in_force() -> None:
    text = text_of({"requested_by": "rolf"})
    assert "It counts for nothing: `rolf` accepts the risk and asked for the waiver. It covers nothing now." in text
    assert "In force" not in text
