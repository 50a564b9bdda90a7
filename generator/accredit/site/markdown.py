"""Markdown written by people to HTML that is safe to show: no raw HTML, no scripts, no pictures from elsewhere.

CommonMark and tables. A metric reference such as `[[holdout.auc]]` becomes the recorded value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

Resolve = Callable[[str], str | None]
"""The value that a metric reference stands for, or None for one that leads nowhere."""

_BLOCKS = frozenset({"p", "hr", "pre", "blockquote", "ul", "ol", "li", "h4", "h5", "h6"})
_TABLE = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
_TAGS = _BLOCKS | _TABLE | {"br", "strong", "em", "code", "a", "img", "span"}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "span": {"class", "title"}}
_SCHEMES = {"http", "https", "mailto"}
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_LOCAL_PICTURE = re.compile(r"(?:\.\.?/)*[A-Za-z0-9_%.-]+(?:/[A-Za-z0-9_%.-]+)*")
_METRIC = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")
_PLAIN_LINE = r"[A-Za-z(](?:[A-Za-z0-9 ,.;:()'\"%/?\u00a1-\u2027\u2030-\u205e-]*[A-Za-z0-9,.;:()'\"%/?])?"
_PLAIN = re.compile(rf"{_PLAIN_LINE}(?:\n{_PLAIN_LINE})*\n?")
_DEEPEST = 6
_BELOW = 3
"""How far a heading is pushed down: the text stands within a section of a page that has its own headings."""


def markdown(text: str | None, resolve: Resolve | None = None) -> Markup:
    """The text as HTML blocks; nothing for no text."""
    return _rendered(text or "", _values(text or "", resolve), inline=False)


def markdown_line(text: str | None, resolve: Resolve | None = None) -> Markup:
    """The text as HTML without a paragraph around it."""
    return _rendered(text or "", _values(text or "", resolve), inline=True)


def _values(text: str, resolve: Resolve | None) -> tuple[tuple[str, str | None], ...]:
    if resolve is None or "[[" not in text:
        return ()
    return tuple((name, resolve(name)) for name in dict.fromkeys(_METRIC.findall(text)))


@lru_cache(maxsize=8192)
def _rendered(text: str, values: tuple[tuple[str, str | None], ...], *, inline: bool) -> Markup:
    if _PLAIN.fullmatch(text):
        plain = text.rstrip("\n")
        return Markup(plain if inline else f"<p>{plain}</p>\n")  # noqa: S704 - no character of HTML is among the plain ones
    env: MutableMapping[str, object] = {"values": dict(values)}
    html = _parser().renderInline(text, env) if inline else _parser().render(text, env)
    clean = nh3.clean(html, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener")
    return Markup(clean)  # noqa: S704 - cleaned by an allow-list


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 30}).enable("table")
    parser.validateLink = _is_safe_link  # type: ignore[method-assign]
    parser.inline.ruler.before("link", "metric", _metric_rule)
    parser.add_render_rule("metric", _render_metric)
    parser.add_render_rule("image", _render_image)
    parser.core.ruler.push("headings", _push_headings_down)
    return parser


def _is_safe_link(url: str) -> bool:
    """Whether a link is relative or of a scheme that cannot run anything. Browsers drop controls before they look."""
    bare = re.sub(r"[\x00-\x20\x7f-\x9f]", "", url)
    scheme = _SCHEME.match(bare)
    return scheme is None or scheme.group(1).lower() in _SCHEMES


def _push_headings_down(state: object) -> None:
    for token in state.tokens:  # type: ignore[attr-defined]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + _BELOW, _DEEPEST)}"


def _metric_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's own signature
    match = _METRIC.match(state.src, state.pos)
    if match is None or match.group(1) not in state.env.get("values", {}):
        return False
    if not silent:
        token = state.push("metric", "", 0)
        token.content = match.group(1)
    state.pos = match.end()
    return True


def _render_metric(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    env: MutableMapping[str, dict[str, str | None]],
) -> str:
    name = tokens[index].content
    value = env["values"][name]
    if value is None:
        return f'<span class="metric-missing" title="No such metric is recorded.">[[{escape(name)}]]</span>'
    return f'<span class="metric" title="{escape(name)}">{escape(value)}</span>'


def _render_image(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, object],
) -> str:
    """A picture of the site, or the alternative text of one from elsewhere."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    alternative = renderer.renderInlineAsText(token.children or [], options, env)
    if _LOCAL_PICTURE.fullmatch(source):
        return f'<img src="{escape(source)}" alt="{escape(alternative)}">'
    return str(escape(alternative))
