"""Every framework has a page, every model its controls, and what is missing, judged, waived or to come is said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from tests.support.cases import AS_OF, assessed, base_files, base_registry, patched
from tests.support.project import built, dead_links, project, read
from tests.support.sealing import sealed

from accredit.assess import Assessment, assess
from accredit.domain.control_status import LABELS
from accredit.frameworks.catalogue import shipped
from accredit.loading.folder import Folder
from accredit.loading.tree import load
from accredit.site import urls
from accredit.site.diagrams import Diagrams
from accredit.site.pages import pages
from accredit.site.pages.annex import TOPICS
from accredit.site.render import render

WORKED = Path(__file__).parents[2] / "registry"
EVERY = tuple(shipped())
MODEL = "models/loan-default/model.yaml"
LITERACY = {
    "framework": "eu-ai-act", "control": "AIA-04", "model": "loan-default", "version": "2.0.0", "result": "not_met",
    "reason": "Nobody was <b>trained</b>.", "by": "olga", "role": "owner", "date": dt.date(2026, 10, 5),
    "expires": dt.date(2027, 10, 4), "subject_digest": "0" * 64,
}  # fmt: skip
HOUSE = {
    "title": "House rules", "citation": "Manual <4>", "url": "https://example.org/manual", "kind": "guidance",
    "jurisdiction": "Northlake", "verified": {"date": dt.date(2025, 1, 5), "level": "knowledge"},
    "uncertain": ["Whether it <i>counts</i>."],
    "former": {"H-0": {"title": "Old", "citation": "Manual 3", "until": dt.date(2024, 1, 1), "now": ["H-1"]}},
    "controls": {
        "H-1": {
            "title": "A manual", "obligation": "There is a <script>alert(1)</script> manual.", "citation": "4.1",
            "evidence": {"all_of": [{"record": "model-manual"}]}, "assessment": "automated",
            "in_force_from": dt.date(2028, 1, 1),
        },
        "H-2": {
            "title": "An owner", "obligation": "Somebody answers.", "citation": "4.2",
            "evidence": {"all_of": [{"rule": "OWN101"}]}, "assessment": "automated",
        },
        "H-3": {
            "title": "A bank", "obligation": "Banks do more.", "citation": "4.3",
            "applies_when": {"fact": "organisation.bank", "is": True},
            "evidence": {"all_of": [{"rule": "OWN101"}]}, "assessment": "automated",
        },
    },
}  # fmt: skip


def registry(frameworks: tuple[str, ...] = EVERY, patches: Mapping[str, Any] | None = None) -> Assessment:
    changes = {"policy.yaml": {"catalogue": {"frameworks": frameworks}}, **(patches or {})}
    return assessed(sealed(patched(base_files(), changes)))


def house(**policy: Any) -> Assessment:
    changes = {
        "policy.yaml": {"catalogue": {"frameworks": ("house",)}, **policy},
        "frameworks/house.yaml": HOUSE,
    }
    return assessed(sealed(patched(base_files(), changes)))


def html(assessment: Assessment, url: str) -> str:
    page = next(p for p in pages(assessment) if p.url == url)
    return str(render(page, assessment, Diagrams(assessment.lineage, None)))


def text(assessment: Assessment, url: str) -> str:
    plain = unescape(re.sub(r"<[^>]+>", " ", html(assessment, url))).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r" ([.,;:])", r"\1", " ".join(plain.split()))


def test_every_framework_of_policy_has_a_page_and_every_model_its_controls() -> None:
    found = {p.url for p in pages(registry())}
    assert {urls.COMPLIANCE, *(urls.framework_url(name) for name in EVERY)} <= found
    assert urls.model_compliance_url("loan-default") in found


def test_without_a_framework_there_are_no_such_pages_and_nothing_leads_to_them() -> None:
    assessment = assessed(base_registry())
    assert not [p.url for p in pages(assessment) if p.url.startswith(urls.COMPLIANCE) and "annex" not in p.url]
    for page in pages(assessment):
        if "loan-default" in page.url:
            assert not re.search(r'href="[./]*compliance/(models/[^/]*/)?"', html(assessment, page.url)), page.url


def test_a_framework_that_is_not_known_has_no_page_and_no_link() -> None:
    assessment = registry(("no-such",))
    assert urls.COMPLIANCE not in {p.url for p in pages(assessment)}
    assert 'compliance/models/loan-default/"' not in html(assessment, urls.model_url("loan-default"))


def test_the_overview_counts_with_a_denominator_and_never_in_per_cent() -> None:
    found = text(house(), urls.COMPLIANCE)
    assert "1 of 3 evidence present 1 missing, 1 judgement 1 prepares for 1 Jan 2028" in found
    assert "%" not in text(registry(), urls.COMPLIANCE)


def test_an_old_catalogue_is_marked_on_the_overview_and_on_its_page() -> None:
    assessment = house()
    assert "Verified 5 Jan 2025, from knowledge of a stable text Catalogue is old" in text(assessment, urls.COMPLIANCE)
    assert "Catalogue is old" in text(assessment, urls.framework_url("house"))


def test_each_status_has_exactly_its_label() -> None:
    found = text(house(organisation={"bank": False}), urls.model_compliance_url("loan-default"))
    other = text(house(), urls.model_compliance_url("loan-default"))
    assert LABELS["met"] in found
    assert LABELS["not_met"] in found
    assert f"{LABELS['not_applicable']}: H-3." in found
    assert LABELS["needs_judgement"] in other


def test_facts_that_nobody_recorded_are_named() -> None:
    found = text(house(), urls.model_compliance_url("loan-default"))
    assert "Whether it applies is open. Not recorded: organisation.bank." in found


def test_missing_evidence_comes_first_with_the_file_where_it_would_stand() -> None:
    found = text(house(), urls.model_compliance_url("loan-default"))
    missing, _, rest = found.partition("To be judged")
    assert "H-1 A manual House rules prepares for 1 Jan 2028" in missing
    assert f"missing: document: model manual: no such document is recorded {MODEL}" in missing
    assert "H-2" in rest


def test_evidence_leads_to_file_and_line() -> None:
    changes: dict[str, Any] = {
        "policy.yaml": {"catalogue": {"frameworks": ("house",)}},
        "frameworks/house.yaml": HOUSE,
        MODEL: {
            "documents": [
                {"kind": "model-manual", "reference": "MM-4", "approved_by": "vera", "date": dt.date(2026, 6, 1)}
            ]
        },
    }
    assessment = assessed(sealed(patched(base_files(), changes)))
    found = pages(assessment, "https://git.example/blob/main")
    page = next(p for p in found if p.url == urls.model_compliance_url("loan-default"))
    body = render(page, assessment, Diagrams(assessment.lineage, None))
    assert re.search(r'href="https://git\.example/blob/main/models/loan-default/model\.yaml#L\d+"', str(body))


def test_a_determination_says_who_decided_why_and_until_when() -> None:
    files = sealed(patched(base_files(), {"policy.yaml": {"catalogue": {"frameworks": ("eu-ai-act",)}}}))
    version = load_version(files)
    made = {**LITERACY, "subject_digest": version}
    assessment = assessed(sealed(patched(base_files(), {
        "policy.yaml": {"catalogue": {"frameworks": ("eu-ai-act",)}}, "determinations/one.yaml": made,
    })))  # fmt: skip
    found = text(assessment, urls.model_compliance_url("loan-default"))
    assert "Olga Owner as owner decided “evidence missing” on 5 Oct 2026; it holds until 4 Oct 2027." in found
    assert "<b>trained" not in html(assessment, urls.model_compliance_url("loan-default"))


def load_version(files: dict[str, bytes]) -> str:
    return assessed(files).registry.models["loan-default"].versions["2.0.0"].content


def test_older_texts_are_on_the_page_and_in_the_search() -> None:
    assessment = registry(("us-mrm",))
    page = next(p for p in pages(assessment) if p.url == urls.framework_url("us-mrm"))
    assert "SR 11-7" in page.summary
    assert "sr-11-7" in text(assessment, page.url)
    assert 'href="#control-SR26-INV"' in html(assessment, page.url)


def test_what_is_uncertain_is_said_and_text_of_a_catalogue_is_escaped() -> None:
    body = html(house(), urls.framework_url("house"))
    assert "Uncertain:" in body
    assert "<script>alert" not in body
    assert "<i>counts" not in body
    assert "Manual &lt;4&gt;" in body


def test_a_high_risk_model_has_the_nine_points_and_each_gap_is_marked() -> None:
    assessment = registry(patches={MODEL: {"risk.ai_act.risk": "high_annex_iii"}})
    found = text(assessment, urls.annex_url("loan-default"))
    assert [n for n, topic in enumerate(TOPICS, start=1) if f"{n}. {topic}" not in found] == []
    assert "7 of 8; not recorded: changes settled in advance" in found
    assert "Changes settled in advance Missing Nothing is recorded in models/loan-default/model.yaml." in found
    assert "Standards that were applied A reason is given 0 of 1" in found


@pytest.mark.parametrize("risk", ["minimal", "limited", "unclassified"])
def test_no_other_model_has_that_page(risk: str) -> None:
    assessment = registry(patches={MODEL: {"risk.ai_act.risk": risk}})
    assert urls.annex_url("loan-default") not in {p.url for p in pages(assessment)}


def test_each_page_says_that_it_states_nothing_about_the_law() -> None:
    assessment = registry(("gdpr",), {MODEL: {"risk.ai_act.risk": "high_annex_iii"}})
    own = [p for p in pages(assessment) if p.url.startswith(urls.COMPLIANCE)]
    assert len(own) == 4
    for page in own:
        assert "They are no legal advice and do not state that any law is complied with." in text(assessment, page.url)


def test_a_page_is_drawn_anew_when_a_dataset_or_a_determination_changes() -> None:
    def key(changes: dict[str, Any]) -> str:
        assessment = registry(patches=changes)
        return next(p.key for p in pages(assessment) if p.url == urls.model_compliance_url("loan-default"))

    assert key({}) == key({})
    assert key({"determinations/one.yaml": LITERACY}) != key({})
    dataset = next(p for p in base_files() if p.startswith("datasets/"))
    assert key({dataset: {"name": "Another name"}}) != key({})


def test_no_page_of_the_worked_registry_says_that_a_law_is_met() -> None:
    forbidden = re.compile(r"\b(compliant|certified|conforms)\b", re.IGNORECASE)
    assessment = assess(load(Folder(WORKED)), AS_OF)
    assert assessment.registry.policy is not None
    assert assessment.registry.policy.catalogue.reported
    diagrams = Diagrams(assessment.lineage, None)
    said = {p.url: forbidden.findall(str(render(p, assessment, diagrams))) for p in pages(assessment)}
    assert {url: words for url, words in said.items() if words} == {}


def test_every_link_of_these_pages_leads_somewhere(tmp_path: Path) -> None:
    changes: dict[str, Any] = {
        "policy.yaml": {"catalogue": {"frameworks": EVERY}},
        MODEL: {"risk.ai_act.risk": "high_annex_iii"},
    }
    site = built(project(tmp_path, patched(base_registry(), changes)))
    found = read(site)
    assert "compliance/models/loan-default/annex-iv/index.html" in found
    concerned = [link for link in dead_links(site, found) if "compliance" in link]
    assert concerned == []
