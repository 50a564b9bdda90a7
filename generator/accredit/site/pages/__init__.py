"""Assessment to pages: what stands on the site, where, and with what data. Nothing here draws HTML but small parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from accredit.assess import Assessment
from accredit.signing.as_of import Replay
from accredit.site import urls
from accredit.site.charts import scale
from accredit.site.page import Page
from accredit.site.pages import audit, controls, evaluation, gate_rows, gates, stages, words
from accredit.site.pages.about import pages as about_pages
from accredit.site.pages.as_of import pages as as_of_pages
from accredit.site.pages.audit import pages as audit_pages
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.comparing import pages as comparing_pages
from accredit.site.pages.compliance import pages as compliance_pages
from accredit.site.pages.data import pages as data_pages
from accredit.site.pages.exceptions import pages as exceptions_pages
from accredit.site.pages.findings import pages as findings_pages
from accredit.site.pages.form import pages as form_pages
from accredit.site.pages.home import pages as home_pages
from accredit.site.pages.incidents import pages as incidents_pages
from accredit.site.pages.keys import Keys
from accredit.site.pages.lineage import pages as lineage_pages
from accredit.site.pages.links import links
from accredit.site.pages.machine import pages as machine_pages
from accredit.site.pages.models import pages as models_pages
from accredit.site.pages.people import pages as people_pages
from accredit.site.pages.policy import pages as policy_pages
from accredit.site.pages.retention import pages as retention_pages
from accredit.site.pages.rules import pages as rules_pages

_SECTIONS: tuple[Callable[[Catalogue, Keys], Iterator[Page]], ...] = (
    home_pages,
    comparing_pages,
    models_pages,
    data_pages,
    lineage_pages,
    people_pages,
    audit_pages,
    as_of_pages,
    exceptions_pages,
    findings_pages,
    compliance_pages,
    retention_pages,
    incidents_pages,
    policy_pages,
    rules_pages,
    form_pages,
    about_pages,
    machine_pages,
)
FILTERS: Mapping[str, Callable[..., object]] = {
    "chip": stages.stage_chip, "stage": stages.stage, "stage_option": stages.stage_option,
    "coded": words.coded, "day": words.day, "moment": words.moment, "amount": words.amount, "bytes": words.bytes_text,
    "plural": words.plural, "spaced": words.spaced, "listed": words.listed, "metric": scale.metric,
    "metric_name": evaluation.metric_name,
    "percent": scale.percent,
    "option": words.option,
    "family": gates.family_option,
    "gate_row": gate_rows.gate_row,
    "assurance": audit.chip_of,
    "lacking": controls.lacking,
}  # fmt: skip
"""What templates may write behind a value, beside what the renderer brings."""
GLOBALS: Mapping[str, object] = {
    "links": links, "audit_url": urls.audit_url, "as_of_url": urls.as_of_url, "changes_url": urls.changes_url,
}  # fmt: skip


def pages(assessment: Assessment, source: str = "", replays: tuple[Replay, ...] = ()) -> Iterator[Page]:
    """Every page of the site, each section's index before what it lists.

    Args:
        assessment: What is true of the registry.
        source: Address under which the registry's files can be read, such as the forge's; empty where there is none.
        replays: The last month ends, oldest first.
    """
    return pages_of(Catalogue(assessment, source, replays))


def pages_of(catalogue: Catalogue) -> Iterator[Page]:
    """Every page of the site, by what they share."""
    keys = Keys(catalogue)
    for section in _SECTIONS:
        yield from section(catalogue, keys)
