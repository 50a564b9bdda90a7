"""A lineage as an SVG file that stands by itself, in the colours of the site's light scheme."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from accredit.domain.lineage import Lineage
from accredit.errors import UsageError
from accredit.problems import Status
from accredit.site.diagrams import Diagrams
from accredit.site.graph import Engine
from accredit.site.neighbourhood import Cut

_STYLE = (
    "text{fill:#1c2030;font:12px Helvetica,Arial,sans-serif;text-anchor:middle}.detail{fill:#5b6172;font-size:10px}"
    ".node path{fill:#f5f6f8;stroke:#5b6172}.n-version path{fill:#e6edfb;stroke:#2f5fc4}"
    ".n-deployment path{fill:#e2f3e8;stroke:#1f7a43}.s-production path{stroke:#1f7a43;stroke-width:2}"
    ".focus path{stroke:#1c2030;stroke-width:2.5}.focus text{font-weight:700}"
    ".missing path{fill:none;stroke:#8a6100;stroke-dasharray:4 3}.edge path{fill:none;stroke:#5b6172}"
    ".edge polygon{fill:#5b6172}.wrong circle{fill:#c0271d}.wrong .sign{fill:#fff;font-weight:700}"
    ".wrong-above circle{fill:#fff;stroke:#c0271d}.wrong-above .sign{fill:#c0271d;font-weight:700}"
)


def picture(
    lineage: Lineage,
    around: Cut,
    engine: Engine | None,
    stage: Callable[[str], str],
    statuses: Mapping[str, Status],
) -> str:
    """A part of the lineage as an SVG document.

    Raises:
        UsageError: There is no Graphviz, or it did not lay the part out.
    """
    svg = Diagrams(lineage, engine, stage=stage, statuses=statuses).drawn(around, lambda _place: "")
    start, _, rest = svg.partition(">")
    if not start.startswith("<svg"):
        raise UsageError("Graphviz did not lay out the diagram", "Ask for less with --depth, or for --format dot.")
    return f'{start} xmlns="http://www.w3.org/2000/svg"><style>{_STYLE}</style>{rest}\n'
