"""Every finding, to filter and search."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.findings import Severity
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys
from accredit.site.pages.proofs import breaches_of


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The page of findings."""
    found = sorted(catalogue.assessment.findings, key=lambda f: (-f.severity, f))
    counts = [(s.label, sum(1 for f in found if f.severity == s)) for s in sorted(Severity, reverse=True)]
    breaches = breaches_of(catalogue.assessment.verification, catalogue.registry)
    yield Page(
        url=urls.FINDINGS,
        title="Findings",
        template="findings.html",
        data={"catalogue": catalogue, "findings": found, "counts": counts, "breaches": breaches},
        summary=f"{len(found)} findings: what is wrong, where, and what to do.",
        nav=("People and sign-off", "Findings"),
        key=keys.everything,
    )
