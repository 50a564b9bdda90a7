"""Addresses are for good. A change here breaks links that people have published: don't, or leave a page behind."""

from __future__ import annotations

import datetime as dt

from accredit.rules import all_rules
from accredit.site import urls

PLACES = {
    "models/": urls.MODELS,
    "datasets/": urls.DATASETS,
    "people/": urls.PEOPLE,
    "policy/": urls.POLICY,
    "rules/": urls.RULES,
    "waivers/": urls.EXCEPTIONS,
    "findings/": urls.FINDINGS,
    "format/": urls.FORMAT,
    "about/": urls.ABOUT,
    "audit/": urls.AUDIT,
    "incidents/": urls.INCIDENTS,
    "retention/": urls.RETENTION,
    "lineage/": urls.LINEAGE,
    "compare/": urls.COMPARE,
    "api/": urls.API,
    "calendar.ics": urls.CALENDAR,
    "feed.xml": urls.FEED,
    "llms.txt": urls.LLMS,
    "audit/events.ndjson": urls.EVENTS,
    "audit/2/": urls.audit_url(2),
    "audit/2026-06-30/": urls.as_of_url(dt.date(2026, 6, 30)),
    "models/credit-risk/": urls.model_url("credit-risk"),
    "models/credit-risk/2.0.0-rc1/": urls.version_url("credit-risk@2.0.0-rc1"),
    "datasets/credit-raw/": urls.dataset_url("credit-raw"),
    "features/credit/": urls.features_url("credit"),
    "people/mara/": urls.person_url("mara"),
    "people/#team-mlops": urls.team_url("mlops"),
    "rules/own101/": urls.rule_url(all_rules()["OWN101"]),
    "format/model/": urls.kind_url("model"),
    "models/credit-risk/1.0.0/#deployment-prod": urls.node_url("deployment:credit-risk@1.0.0/prod"),
    "waivers/#waiver-w1": urls.entry_url("waivers/w1.yaml"),
    "waivers/#hold-h1": urls.entry_url("holds/h1.yaml"),
    "incidents/#incident-i1": urls.entry_url("incidents/i1.yaml"),
    "api/models/credit-risk.json": urls.model_data("credit-risk"),
    "api/versions/credit-risk/1.0.0.json": urls.version_data("credit-risk@1.0.0"),
    "badges/credit-risk.svg": urls.badge("credit-risk"),
    "badges/credit-risk/1.0.0.svg": urls.badge("credit-risk@1.0.0"),
    "previews/credit-risk.png": urls.preview("credit-risk"),
}


def test_addresses_stay_as_they_were_published() -> None:
    assert {place: given for place, given in PLACES.items() if given != place} == {}


def test_no_address_leaves_the_site() -> None:
    assert all(not place.startswith(("/", ".")) and ".." not in place for place in PLACES)
