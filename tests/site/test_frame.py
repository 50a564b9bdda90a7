from __future__ import annotations

import base64
import hashlib

import pytest
from tests.support.hostile import HOSTILE

from accredit.site.frame import (
    ANCHORS,
    BODY,
    CANONICAL,
    DESCRIPTION,
    HEADINGS,
    TITLE,
    Filling,
    content_security_policy,
    frame_of,
    inline_scripts,
    with_policy,
)

ENTRY = '<li><a href="#{}">{}</a></li>'


def theme(title: str, description: str, canonical: str, body: str, toc: list[tuple[str, str]]) -> str:
    """A theme, as a template would draw it."""
    rows = "\n  ".join(ENTRY.format(*row) for row in toc)
    skip = f'<a href="#{toc[0][0]}">Skip</a>' if toc else ""
    return (
        f'<html><head><title>{title}</title><meta content="{description}"><link href="{canonical}"></head>'
        f"<body>{skip}<h2>{title}</h2><ul>\n  {rows}\n</ul><main>{body}</main><ul>\n  {rows}\n</ul></body></html>"
    )


def marked(*, with_toc: bool) -> str:
    toc = list(zip(ANCHORS, HEADINGS, strict=True)) if with_toc else []
    return theme(TITLE, DESCRIPTION, CANONICAL, BODY, toc)


@pytest.mark.parametrize("toc", [[], [("a", "A")], [("a", "A"), ("b", "B"), ("c", "C &amp; D")]])
def test_a_filled_frame_is_what_the_theme_would_have_drawn(toc: list[tuple[str, str]]) -> None:
    frame = frame_of(marked(with_toc=bool(toc)))
    assert frame is not None
    filling = Filling("A title", "About it", "https://example.org/a/", "<h1>A</h1>", toc)
    assert frame.fill(filling) == theme("A title", "About it", "https://example.org/a/", "<h1>A</h1>", toc)


@pytest.mark.parametrize("text", [*HOSTILE, TITLE, BODY, CANONICAL, ANCHORS[0], HEADINGS[0]])
def test_what_is_filled_in_is_never_taken_for_a_mark(text: str) -> None:
    frame = frame_of(marked(with_toc=True))
    assert frame is not None
    toc = [("a", text), ("b", text)]
    assert frame.fill(Filling(text, text, text, text, toc)) == theme(text, text, text, text, toc)


@pytest.mark.parametrize(
    "html",
    [
        "",
        f"<title>{TITLE}</title>",
        f"<title>{TITLE}</title>{BODY}{BODY}",
        f"<main>{BODY}</main>",
        f"{TITLE}{BODY}<li>{HEADINGS[0]}</li><li>{HEADINGS[1]}</li>",
        f'{TITLE}{BODY}<li><a href="#{ANCHORS[0]}">{HEADINGS[0]}</a></li><p>{HEADINGS[1]}</p>',
        f'{TITLE}{BODY}<p><a href="#{ANCHORS[1]}">x</a></p>',
    ],
)
def test_a_theme_that_does_not_show_the_marks_as_expected_has_no_frame(html: str) -> None:
    assert frame_of(html) is None


def test_scripts_of_the_theme_are_found_and_data_is_none() -> None:
    html = """<script>one()</script><SCRIPT defer>two()</SCRIPT><script src="a.js"></script>
    <script type="application/json">{"a": 1}</script><script>one()</script>"""
    assert inline_scripts(html) == ("one()", "two()")


def test_the_policy_lets_the_theme_run_and_nothing_else() -> None:
    policy = content_security_policy(["one()"])
    digest = base64.b64encode(hashlib.sha256(b"one()").digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    for part in ("object-src 'none'", "base-uri 'self'", "form-action 'none'", "img-src 'self' data:"):
        assert part in policy


def test_a_preview_may_add_its_own_script() -> None:
    assert "script-src 'self' 'unsafe-inline';" in content_security_policy(["one()"], live=True)


def test_the_policy_comes_before_anything_that_it_is_to_stop() -> None:
    html = with_policy("<!doctype html><html><head lang=en><script>x</script></head></html>", "default-src 'self'")
    assert html.index("Content-Security-Policy") < html.index("<script>")
    assert with_policy("no page", "x") == "no page"
