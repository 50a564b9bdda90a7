"""A difference with its interval around zero, small enough for a cell of a table."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from accredit.comparison.measures import Numbers

_WIDTH, _HEIGHT = 120, 16
_MIDDLE, _REACH = _WIDTH / 2, _WIDTH / 2 - 6


def reach_of(found: Iterable[Numbers | None]) -> float:
    """The largest distance from zero among differences and their bounds, which a table shares."""
    values = [v for n in found if n for v in (n.difference, n.lower, n.upper) if v is not None]
    return max(map(abs, values), default=0.0)


def forest(numbers: Numbers, reach: float) -> Markup:
    """Draws one difference. What it shows stands beside it in words, so readers of the screen are spared it."""

    def place(value: float) -> str:
        return f"{_MIDDLE + (value / reach if reach else 0.0) * _REACH:.1f}"

    half = _HEIGHT // 2
    whisker = ""
    if numbers.lower is not None and numbers.upper is not None:
        whisker = f'<path class="ac-whisker" d="M{place(numbers.lower)} {half}H{place(numbers.upper)}"/>'
    return Markup(  # noqa: S704 - numbers and constants only
        f'<svg class="ac-chart ac-forest ac-forest-{numbers.tone}" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">'
        f'<path class="ac-reference" d="M{_MIDDLE:g} 0V{_HEIGHT}"/>{whisker}'
        f'<circle class="ac-dot" cx="{place(numbers.difference)}" cy="{half}" r="4"/></svg>'
    )
