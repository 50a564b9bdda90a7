from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.hostile import HOSTILE, Reader

from accredit.site.page import Page
from accredit.site.search import MOST_BYTES, cut_line, search_text


def test_a_short_line_is_kept_as_it_is() -> None:
    assert search_text(Page("a/", "A", "a.html", summary="Says who repays a loan.")) == "Says who repays a loan."


def test_a_long_line_ends_with_a_word() -> None:
    found = cut_line("a word and another " * 40)
    assert found.endswith(("a", "word", "and", "another"))
    assert len(found) > MOST_BYTES - 20


@given(st.text(max_size=500))
def test_no_line_takes_more_than_its_share_of_the_index(text: str) -> None:
    assert len(json.dumps(cut_line(text))) <= MOST_BYTES


@pytest.mark.parametrize("text", HOSTILE)
def test_the_search_shows_text_as_text(text: str) -> None:
    found = cut_line(text)
    assert "<" not in found
    assert Reader(f'<p title="{found}">{found}</p>').offences == []
