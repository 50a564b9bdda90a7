"""Pages of data: what breaks if it goes, which features come from a column, and what is wrong upstream."""

from __future__ import annotations

import re

from tests.site.test_pages import Reader
from tests.support.cases import assessed, base_registry, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.problems import statuses_of
from accredit.site.diagrams import Diagrams
from accredit.site.graph import find_engine
from accredit.site.pages import pages
from accredit.site.render import render

WITHOUT_BASIS = {"datasets/loans-raw.yaml": {"legal_basis": None}}


def drawn(assessment: Assessment, url: str) -> str:
    page = next(p for p in pages(assessment) if p.url == url)
    return render(page, assessment, Diagrams(assessment.lineage, find_engine(), statuses=statuses_of(assessment)))


def test_a_dataset_says_who_is_hit_if_it_goes_and_which_rule_would_not_hold() -> None:
    text = Reader(drawn(assessed(base_registry()), "datasets/loans-raw/")).text
    section = text.partition("What breaks if it goes")[2].partition("Quality")[0]
    assert "Loan default 1.0.0 Production 3 Olga Owner branches" in section
    assert "Without its legal basis DATA103 would no longer hold for 2 of these versions" in section
    assert "accredit impact loans-raw" in section


def test_a_dataset_without_a_legal_basis_has_none_to_lose() -> None:
    text = Reader(drawn(assessed(sealed(patched(base_registry(), WITHOUT_BASIS))), "datasets/loans-raw/")).text
    assert "Without its legal basis" not in text


def test_columns_lead_to_features_and_features_to_columns() -> None:
    assessment = assessed(base_registry())
    assert "../../features/loan-features/" in drawn(assessment, "datasets/loans-raw/").partition('id="columns"')[2]
    features = Reader(drawn(assessment, "features/loan-features/"))
    assert (
        "income personal from Loans without unusable rows \N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK} Loans as"
        in features.text
    )


def test_a_version_of_data_without_a_basis_bears_the_sign_and_says_why_in_words() -> None:
    version = drawn(assessed(sealed(patched(base_registry(), WITHOUT_BASIS))), "models/loan-default/2.0.0/")
    told = Reader(version).text.rpartition("Explore the lineage from here")[2]
    assert "\N{UPWARDS ARROW} upstream problem" in told
    assert "../../../datasets/loans-raw/" in version
    if find_engine() is not None:
        assert re.search(r'class="node n-version [^"]*focus wrong-above"', version)
        assert 'class="node n-dataset wrong"' in version


def test_where_nothing_is_wrong_no_sign_is_shown() -> None:
    version = drawn(assessed(base_registry()), "models/loan-default/2.0.0/")
    section = version.partition('id="lineage"')[2]
    assert "wrong" not in section
    assert "problem" not in section
