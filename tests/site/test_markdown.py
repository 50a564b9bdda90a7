from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.hostile import HOSTILE, Reader

from accredit.site.markdown import _PLAIN, markdown, markdown_line


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "form", ["{}", "# {}", "* {}", "> {}", "[x]({})", "[x](<{}>)", "![{}]({})", "a `{}` b", "| a |\n|---|\n| {} |"]
)
def test_nothing_that_somebody_writes_can_run(text: str, form: str) -> None:
    html = markdown(form.replace("{}", text))
    read = Reader(html)
    assert read.offences == []
    assert "<img" not in html or 'src="https:' not in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#10;script:alert(1)",
        "&#x6A;avascript:alert(1)",
        "%20javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,AAAA",
        "file:///etc/passwd",
        "blob:x",
    ],
)
def test_a_link_of_another_scheme_is_none(url: str) -> None:
    assert Reader(markdown(f"[here]({url}) <{url}>")).offences == []


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c", "http://example.org", "mailto:a@example.org", "../b/", "#c"]
)
def test_ordinary_links_work_and_do_not_hand_over_the_window(url: str) -> None:
    assert markdown_line(f"[here]({url})") == f'<a href="{url}" rel="noopener">here</a>'


def test_a_picture_from_elsewhere_is_its_text_and_one_of_the_site_is_shown() -> None:
    assert markdown_line("![a *curve*](https://example.org/x.png)") == "a curve"
    assert markdown_line("![a curve](//example.org/x.png)") == "a curve"
    assert markdown_line("![a curve](img/x.png)") == '<img src="img/x.png" alt="a curve">'


def test_raw_html_is_shown_as_text() -> None:
    assert markdown("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


def test_tables_lists_and_emphasis_are_drawn() -> None:
    html = markdown("| a | b |\n|---|--:|\n| 1 | **2** |\n\n1. one\n2. two")
    assert "<td><strong>2</strong></td>" in html
    assert "<ol>" in html


def test_a_heading_stands_below_those_of_the_page() -> None:
    assert markdown("# Top\n\n### Deep\n\n###### Deepest") == "<h4>Top</h4>\n<h6>Deep</h6>\n<h6>Deepest</h6>\n"


def test_a_metric_reference_is_shown_as_its_value() -> None:
    values = {"holdout.auc": "0.81"}
    html = markdown_line("It reaches [[holdout.auc]], see [[holdout.f1]] and `[[holdout.auc]]`.", values.get)
    assert 'It reaches <span class="metric" title="holdout.auc">0.81</span>' in html
    assert '<span class="metric-missing"' in html
    assert "<code>[[holdout.auc]]</code>" in html


def test_a_value_of_a_metric_cannot_carry_html() -> None:
    assert Reader(markdown("[[a]]", lambda _: "<script>alert(1)</script>")).offences == []
    assert Reader(markdown('[["><script>alert(1)</script>]]', lambda _: None)).offences == []


def test_no_text_is_nothing() -> None:
    assert markdown(None) == markdown_line("") == ""


@given(st.from_regex(_PLAIN, fullmatch=True))
def test_plain_text_takes_a_short_way_to_the_same_html(text: str) -> None:
    marked = f"{text.rstrip(chr(10))} *x*"  # the same with one thing that is Markdown
    assert str(markdown(marked)) == str(markdown(text)).removesuffix("</p>\n") + " <em>x</em></p>\n"


@given(st.text(max_size=200))
def test_any_text_at_all_is_harmless(text: str) -> None:
    assert Reader(markdown(text)).offences == []
