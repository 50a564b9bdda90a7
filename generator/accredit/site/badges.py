"""Badges for a README: what is in production, or where a version stands, and whether the gate of it holds."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from accredit.assess import ModelAssessment, VersionAssessment
from accredit.site import urls
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.stages import in_sentence

TONES = {"good": "#1f7a43", "bad": "#b3261e", "plain": "#4a5264"}
"""Fills on which white text has a contrast of more than 4.5 to 1 (WCAG 2.2, 1.4.3)."""
_LABEL = "#363c4a"
_PADDING, _HEIGHT, _MOST = 8, 20, 48
_WIDTHS = {**dict.fromkeys("ijl.,:;|!'I ", 3.5), **dict.fromkeys("frt()[]-", 4.6), **dict.fromkeys("mwMW@%", 10.2)}
"""Of letters at 11 pixels; text is stretched to what is reckoned with, whatever font a reader has."""


def badges(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Every badge with its place."""
    for model in catalogue.models:
        yield urls.badge(model.model.id), badge(model.model.record.name, *state_of_model(catalogue, model))
        for version in model.versions.values():
            name = f"{model.model.record.name} {version.version.id}"
            yield urls.badge(version.version.key), badge(name, *_standing(catalogue, version))


def state_of_model(catalogue: Catalogue, model: ModelAssessment) -> tuple[str, str]:
    """What is in production and whether its gate holds, in words, and the tone of that."""
    running = [v for v in model.versions.values() if v.stage == "production"]
    current = catalogue.assessment.current(model.model.id)
    if not running or current is None:
        return f"not in {in_sentence(catalogue.stage_name('production'))}", "plain"
    words, tone = _standing(catalogue, current)
    more = f" +{len(running) - 1}" if len(running) > 1 else ""
    return f"{current.version.id}{more} {words}", tone


def _standing(catalogue: Catalogue, version: VersionAssessment) -> tuple[str, str]:
    """Stage and gate in words, and the tone of both."""
    stage, gate = in_sentence(catalogue.stage_name(version.stage)), version.next_gate
    if version.lifecycle.suspended:
        return f"{stage}, suspended", "bad"
    if gate is None or version.stage == "archived":
        return stage, "plain"
    if gate.is_open:
        return f"{stage}, gates hold", "good" if version.stage == "production" else "plain"
    failing = len(gate.blocking)
    return f"{stage}, {failing} gate{'' if failing == 1 else 's'} fail{'s' if failing == 1 else ''}", "bad"


def badge(label: str, message: str, tone: str) -> str:
    """A badge as an SVG document. A screen reader reads it as one sentence."""
    label, message = _cut(label), _cut(message)
    left, right = _width(label), _width(message)
    total, said = left + right, quoteattr(f"{label}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{_HEIGHT}" role="img" aria-label={said}>'
        f"<title>{escape(f'{label}: {message}')}</title>"
        f'<path fill="{_LABEL}" d="M0 0h{left}v{_HEIGHT}H0z"/>'
        f'<path fill="{TONES[tone]}" d="M{left} 0h{right}v{_HEIGHT}H{left}z"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">'
        f"{_words(label, 0, left)}{_words(message, left, right)}</g></svg>\n"
    )


def _words(text: str, start: int, width: int) -> str:
    long = width - 2 * _PADDING
    return (
        f'<text x="{start + _PADDING}" y="14" textLength="{long}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def _cut(text: str) -> str:
    """Text that fits, without characters that XML cannot write."""
    plain = "".join(c for c in text if c.isprintable())
    return plain if len(plain) <= _MOST else f"{plain[: _MOST - 1]}\N{HORIZONTAL ELLIPSIS}"


def _width(text: str) -> int:
    letters = (11.5 if east_asian_width(c) in "WF" else _WIDTHS.get(c, 7.6 if c.isupper() else 6.7) for c in text)
    return round(sum(letters)) + 2 * _PADDING
