"""The catalogues that are shipped name nothing that does not exist, and an organisation's own lie over them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from tests.support.cases import all_cases, assessed, base_files, base_registry, patched
from tests.support.memory_tree import MemoryTree

from accredit.domain.registry import Registry
from accredit.frameworks.catalogue import catalogue_of, shipped
from accredit.loading.tree import load
from accredit.rules import all_rules
from accredit.rules.context import Context
from accredit.rules.framework_references import faults_of

COUNTS = {
    "bcbs-239": 12,
    "ccpa-admt": 14,
    "colorado": 6,
    "credit-decisions": 7,
    "eu-ai-act": 26,
    "fda-gmlp": 15,
    "gdpr": 20,
    "hipaa": 14,
    "iso-42001": 38,
    "nist-ai-rmf": 30,
    "nyc-ll144": 9,
    "pra-ss1-23": 5,
    "us-mrm": 16,
}
HOUSE = """\
title: EU AI Act as the bank reads it
citation: Manual, chapter 9
url: https://bank.example/ai-act
kind: law
jurisdiction: EU
verified: {date: 2026-11-01, level: primary}
applies_when: {fact: regions, any_in: [EU]}
controls:
  AIA-04:
    title: Courses
    obligation: Everybody has taken the course.
    citation: Manual 9.1
    evidence: {all_of: [{rule: OWN101}]}
    assessment: automated
  AIA-05: {title: Screen, obligation: Left to counsel., citation: Manual 9.2, evidence: {all_of: [{rule: RISK101}]},
    assessment: human, disabled: Counsel does it outside of the registry.}
"""


def context() -> Context:
    registry = load(MemoryTree(base_registry())).registry
    assert registry.policy is not None
    all_rules()
    return Context(registry, registry.policy, registry.policy.policy.effective)


def test_thirteen_frameworks_with_212_controls_are_shipped() -> None:
    assert {name: len(framework.controls) for name, framework in shipped().items()} == COUNTS
    assert sum(COUNTS.values()) == 212


@pytest.mark.parametrize("name", COUNTS)
def test_every_rule_field_fact_and_control_that_a_catalogue_names_exists(name: str) -> None:
    assert list(faults_of(shipped()[name], context())) == []


def test_an_id_of_a_control_is_used_once_and_never_for_a_former_one() -> None:
    used = [c for framework in shipped().values() for c in (*framework.controls, *framework.former)]
    assert len(used) == len(set(used))


def test_superseded_ids_still_lead_somewhere() -> None:
    catalogue = catalogue_of(Registry(None, None))
    found = catalogue.former("SR11-7-V")
    assert found is not None
    assert found[0] == "us-mrm"
    assert "SR26-VAL" in found[1].now
    assert catalogue.former("sr-11-7") is not None
    assert catalogue.former("sb-24-205") is not None
    assert catalogue.former("AIA-04") is None


def test_what_is_doubtful_is_marked_so() -> None:
    marked = {i for f in shipped().values() for i, c in f.controls.items() if c.uncertain}
    assert {"AIA-06-4", "AIA-43", "AIA-47-49", "AIA-4A", "FDA-AIDSF", "UGESP-45", "CCD2-18"} <= marked


def test_no_catalogue_says_that_a_law_is_met() -> None:
    forbidden = re.compile(r"\b(compliant|certified|conforms)\b", re.IGNORECASE)
    folder = files("accredit.frameworks")
    texts = {f.name: f.read_text() for f in folder.iterdir() if f.name.endswith(".yaml")}
    assert [name for name, text in texts.items() if forbidden.search(text)] == []


CITED = re.compile(
    r"\b(?:AIA|GDPR|SR26|SS123|B239|BIII|HIPAA|GMLP|CCPA|CO|LL144|ECOA|RMF|ISO42001)-[A-Z0-9][A-Z0-9.-]*"
)


def test_controls_that_policies_and_rules_cite_exist() -> None:
    catalogue = catalogue_of(Registry(None, None))
    texts = {code: rule.check.__doc__ or "" for code, rule in all_rules().items()}
    texts |= {str(case.folder): case.files()["policy.yaml"].decode() for case in all_cases()}
    texts["the worked policy"] = (Path(__file__).parents[2] / "generator/worked/story/policy.yaml").read_text()
    cited = {(where, found.rstrip(".-")) for where, text in texts.items() for found in CITED.findall(text)}
    assert {found for _, found in cited} >= {"AIA-18", "HIPAA-316", "ECOA-12"}
    assert [(where, found) for where, found in sorted(cited) if not catalogue.find(found)] == []


def test_a_framework_of_the_organisation_replaces_the_controls_that_it_names() -> None:
    registry = load(MemoryTree({**base_registry(), "frameworks/eu-ai-act.yaml": HOUSE.encode()})).registry
    merged = catalogue_of(registry)
    assert len(merged.controls["eu-ai-act"]) == 26
    assert merged.find("AIA-04")[0].control.title == "Courses"
    assert merged.find("AIA-09")[0].control.title == shipped()["eu-ai-act"].controls["AIA-09"].title


def test_a_control_that_the_organisation_leaves_out_does_not_apply() -> None:
    files_ = {**base_registry(), "frameworks/eu-ai-act.yaml": HOUSE.encode()}
    status = {s.of.id: s for s in assessed(files_).controls("loan-default", frameworks=["eu-ai-act"])}
    assert status["AIA-05"].status == "not_applicable"
    assert status["AIA-04"].status == "met"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rule: OWN101", "rule: OWN999", "`OWN999` is no rule, or one that is about controls itself"),
        ("rule: OWN101", "rule: CTL101", "`CTL101` is no rule, or one that is about controls itself"),
        ("rule: OWN101", "field: model.colour", "`model.colour` leads to no field of the format"),
        ("fact: regions", "fact: region", "`region` is no fact"),
    ],
)
def test_a_name_in_a_catalogue_that_leads_nowhere_is_a_finding(old: str, new: str, message: str) -> None:
    content = HOUSE.replace(old, new).encode()
    found = assessed({**base_registry(), "frameworks/house.yaml": content}).findings
    assert [(f.code, f.message) for f in found] == [("REG002", message)]
    assert found[0].location.path == "frameworks/house.yaml"
    assert found[0].location.line > 1


def test_a_catalogue_that_cannot_be_read_is_a_finding_and_nothing_more() -> None:
    broken = HOUSE.replace("assessment: automated", "assessment: magic").encode()
    found = assessed({**base_registry(), "frameworks/house.yaml": broken}).findings
    assert [(f.code, f.location.path) for f in found] == [("REG001", "frameworks/house.yaml")]


def test_a_policy_that_enforces_an_unknown_framework_is_a_finding() -> None:
    files_ = patched(base_files(), {"policy.yaml": {"catalogue": {"enforce": ["eu-ai-act-2"]}}})
    found = [f.message for f in assessed(files_).findings if f.location.path == "policy.yaml"]
    assert "`eu-ai-act-2` is no framework" in found


def test_an_older_text_in_policy_is_told_what_took_its_place() -> None:
    files_ = patched(base_files(), {"policy.yaml": {"catalogue": {"frameworks": ["sr-11-7"]}}})
    found = {f.message: f.help for f in assessed(files_).findings if f.location.path == "policy.yaml"}
    assert found["`sr-11-7` is no framework"] == "SR 11-7 and OCC 2011-12 stood until 2026-04-16; name us-mrm."
