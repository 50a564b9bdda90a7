"""What the site is, and how to check it without trusting it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.keys import Keys
from accredit.site.pages.proofs import breaches_of


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The page about the site."""
    proof = catalogue.assessment.verification
    found = [*proof.signoffs.values(), *proof.attestations.values()] if proof else []
    yield Page(
        url=urls.ABOUT,
        title="About this site",
        template="about.html",
        data={
            "catalogue": catalogue,
            "tool": tool_version(),
            "files": len(catalogue.registry.digests),
            "proof": proof,
            "counted": sum(s.counts for s in found),
            "found": len(found),
            "breaches": breaches_of(proof, catalogue.registry),
        },
        summary="What this site shows, from what, and how to repeat the check.",
        nav=("Reference", "About"),
        key=keys.everything,
        toc=(
            ("what", "What it shows"),
            ("history", "What is proved"),
            ("repeat", "Repeat the check"),
            ("words", "What the words mean"),
        ),
    )


def tool_version() -> str:
    """Version of the installed program."""
    try:
        return version("accredit")
    except PackageNotFoundError:  # run from the source tree
        return "of the source tree"
