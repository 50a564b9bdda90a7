"""Pages of the worked registry: every question of a reader has its answer, and hostile words stay words."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from tests.support.cases import all_cases
from tests.support.memory_tree import MemoryTree

from accredit.assess import Assessment, assess
from accredit.domain.paths import GRAMMAR, parse_path
from accredit.domain.predicate import Predicate
from accredit.loading.schema import KINDS
from accredit.loading.tree import load
from accredit.policies.conditions import in_words
from accredit.site.cache import Cache
from accredit.site.diagrams import Diagrams
from accredit.site.page import Page
from accredit.site.pages import pages
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.form import LAYOUT, KindView
from accredit.site.pages.words import CHIPS, bytes_text, chip, coded, day, listed
from accredit.site.records import downloads, records
from accredit.site.render import render

REGISTRY = Path(__file__).parents[2] / "registry"
AS_OF = date(2026, 11, 23)
UNCHANGED = ("rule.html", "rules.html", "kind.html", "format.html", "about.html")
"""Templates whose pages say the same whatever is missing."""
HOSTILE = "<img src=x onerror=alert(1)>"
TIER_1, RANKING = {"fact": "tier", "is": 1}, {"fact": "task", "is": "ranking"}
VERSION = "models/credit-risk-predictor/2.0.0/"
OWN_SCRIPTS = ("lineage/", "compare/")
"""Pages that load scripts, of this site, which no other page needs."""
OF_THIS_SITE = re.compile(r"(\.\./)*(assets/accredit/[a-z/]+\.(js|css)|lineage/data\.js)")
PLACES_IN_ORDER = re.compile(r"(--[a-z]+:\d+;)+")


def files() -> dict[str, bytes]:
    return {p.relative_to(REGISTRY).as_posix(): p.read_bytes() for p in sorted(REGISTRY.rglob("*")) if p.is_file()}


def assessed(changed: dict[str, bytes] | None = None) -> Assessment:
    return assess(load(MemoryTree(files() | (changed or {}))), AS_OF)


def replaced(path: str, old: str, new: str) -> dict[str, bytes]:
    text = (REGISTRY / path).read_text(encoding="utf-8")
    assert old in text
    return {path: text.replace(old, new, 1).encode()}


@lru_cache(maxsize=1)
def worked() -> Assessment:
    return assessed()


def drawn(assessment: Assessment, url: str) -> str:
    page = next(p for p in pages(assessment) if p.url == url)
    return render(page, assessment, Diagrams(assessment.lineage, None))


@lru_cache(maxsize=1)
def site() -> dict[str, tuple[Page, str]]:
    assessment = worked()
    diagrams = Diagrams(assessment.lineage, None)
    return {p.url: (p, render(p, assessment, diagrams)) for p in pages(assessment)}


class Reader(HTMLParser):
    """Collects links, anchors, text and what a browser would run or fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            if tag == "a" and name == "href":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_every_thing_has_a_page_and_no_two_share_one() -> None:
    assessment = worked()
    found = [p.url for p in pages(assessment)]
    assert len(found) == len(set(found))
    versions = {f"models/{v.model_id}/{v.id}/" for v in assessment.registry.versions()}
    assert versions <= set(found)
    assert {f"datasets/{d}/" for d in assessment.registry.datasets} <= set(found)
    assert {f"features/{f}/" for f in assessment.registry.features} <= set(found)
    assert {f"people/{p}/" for p in assessment.registry.people} <= set(found)
    assert {f"rules/{r.code.lower()}/" for r in assessment.rules.values()} <= set(found)
    assert {f"format/{k}/" for k in GRAMMAR} <= set(found)


@lru_cache(maxsize=1)
def published() -> frozenset[str]:
    """Files beside the pages."""
    catalogue = Catalogue(worked())
    later = records([page for page, _ in site().values()], catalogue, Cache(None, ""))
    return frozenset({*downloads(catalogue), *(place for place, _ in later)})


def test_every_link_inside_of_the_site_leads_somewhere() -> None:
    read = {url: Reader(body) for url, (_, body) in site().items()}
    broken = []
    for url, reader in read.items():
        for link in reader.links:
            target = urlsplit(urljoin(f"https://site.test/{url}", link))
            if target.netloc != "site.test" or unquote(target.path[1:]) in published():
                continue
            page = read.get(unquote(target.path.removeprefix("/")))
            is_place = target.fragment and "=" not in target.fragment  # else it says what to show
            if page is None or (is_place and unquote(target.fragment) not in page.ids):
                broken.append((url, link))
    assert broken == []


def test_every_heading_in_the_table_of_contents_is_on_its_page_once() -> None:
    for url, (page, body) in site().items():
        ids = Reader(body).ids
        assert len(ids) == len(set(ids)), url
        assert {anchor for anchor, _ in page.toc} <= set(ids), url


def test_nothing_runs_inline_and_nothing_is_fetched_from_elsewhere() -> None:
    for url, (_, body) in site().items():
        reader = Reader(body)
        own = {"script", "link"} if url in OWN_SCRIPTS else set()
        assert not ({"script", "style", "iframe", "object", "embed", "link"} - own) & set(reader.tags), url
        assert not [a for a in reader.attributes if a[1].startswith("on")], url
        assert not [a for a in reader.attributes if a[1] == "style" and not PLACES_IN_ORDER.fullmatch(a[2])], url
        fetched = [a for a in reader.attributes if a[1] in ("src", "action", "srcset") or a[:2] == ("link", "href")]
        assert not [a for a in fetched if not (own and OF_THIS_SITE.fullmatch(a[2]))], url
        inline = re.findall(r"<script(?![^>]* src=)(?! type=\"application/json\")", body)
        assert not inline, url


def test_the_site_never_claims_that_a_law_is_followed() -> None:
    forbidden = re.compile(r"\b(compliant|certified|conforms)\b", re.IGNORECASE)
    written = " ".join(p.read_text(encoding="utf-8") for p in REGISTRY.rglob("*.yaml"))
    for url, (_, body) in site().items():
        for word in forbidden.findall(Reader(body).text):
            assert word in written, (url, word)


def test_home_names_what_is_in_production_since_when_and_how_well_it_does() -> None:
    running = Reader(site()[""][1]).text.split("Needs attention")[0]
    for version in worked().models["credit-risk-predictor"].versions.values():
        named = f"Credit Risk Predictor {version.version.id}" in running
        assert named == (version.stage == "production")
    assert "0.831 (0.812 to 0.851)" in running
    assert "made up" in running


def test_home_says_who_must_still_sign() -> None:
    waiting = Reader(site()[""][1]).text.split("Waiting for sign-off", 1)[1].split("Blocked on the way")[0]
    assert "Credit Risk Predictor 2.1.0" in waiting
    assert "risk officer" in waiting


def test_a_version_in_production_that_fails_a_gate_is_named_on_the_front_page() -> None:
    broken = assessed(replaced("policy.yaml", "auc: {min: 0.7}", "auc: {min: 0.99}"))
    text = Reader(drawn(broken, "")).text.split("In production, gates fail", 1)[1].split("Waiting for sign-off")[0]
    assert "Credit Risk Predictor 2.0.0" in text
    assert "PERF" in text


def test_a_blocked_version_says_what_blocks_it_and_what_to_do() -> None:
    text = Reader(site()["models/mortgage-approval/1.0.0/"][1]).text
    verdict = text.split("Can it be deployed?")[2].split("Evaluations")[0]
    assert "Blocked" in verdict
    assert "= false" in verdict
    assert "impact ratio by race is 0.7867" in verdict
    assert "Find the cause and mitigate it" in verdict


def test_a_version_in_staging_is_judged_by_the_gate_of_production() -> None:
    text = Reader(site()["models/credit-risk-predictor/3.0.0-rc1/"][1]).text
    assert re.search(r"Deploy: \d+ of \d+ rules do not hold", text)


def test_the_gates_table_has_every_rule_with_its_outcome() -> None:
    body = site()[VERSION][1]
    rows = re.findall(r'<tr id="gate-([A-Z]+\d+)" data-state="(\w+)"', body)
    results = worked().version("credit-risk-predictor@2.0.0").results
    expected = {code: "waived" if r.waiver else r.outcome for code, r in results.items()}
    assert dict(rows) == expected
    assert len(rows) == len(expected)


def test_a_waived_failure_stays_visible() -> None:
    results = worked().version("credit-risk-predictor@2.0.0").results
    waived = [code for code, r in results.items() if r.waiver]
    text = Reader(site()[VERSION][1]).text
    assert waived
    assert all(f"{code} " in text.split("Evaluations")[1] or code in text for code in waived)
    assert "Waived" in text.split("Can it be deployed?")[2].split("Evaluations")[0]


def test_numbers_in_prose_come_from_the_record() -> None:
    text = Reader(site()[VERSION][1]).text
    assert "[[" not in text
    assert "The AUC is 0.831 (0.812 to 0.851)" in text


def test_a_reference_that_leads_nowhere_is_shown_as_missing() -> None:
    card = "models/credit-risk-predictor/versions/2.0.0/card.yaml"
    body = drawn(assessed(replaced(card, "[[holdout.auc]]", "[[holdout.nonesuch]]")), VERSION)
    assert "metric-missing" in body


def test_sign_offs_without_a_history_are_called_unverified() -> None:
    assert Reader(site()[VERSION][1]).text.count("claimed, not verified") >= 6


def test_fairness_shows_groups_that_are_left_out_with_n_and_reason() -> None:
    text = Reader(site()[VERSION][1]).text
    assert "65-and-over (n 7, fewer than 100 people)" in text


def test_a_required_section_that_nobody_wrote_is_marked() -> None:
    card = "models/credit-risk-predictor/versions/2.0.0/card.yaml"
    start = (REGISTRY / card).read_text(encoding="utf-8")
    without = re.sub(r"(?m)^factors: \|\n(  .*\n)+", "", start)
    assert without != start
    section = drawn(assessed({card: without.encode()}), VERSION).split('id="card-factors"')[1].split("</section>")[0]
    assert "Not written" in section


def test_a_registry_without_a_policy_still_has_a_site() -> None:
    assessment = assessed({"policy.yaml": b"nonsense: [\n"})
    text = Reader(drawn(assessment, "")).text
    assert "no policy that can be read" in text
    assert "policy.yaml" in Reader(drawn(assessment, "findings/")).text


@pytest.mark.parametrize(
    ("path", "old", "url"),
    [
        ("models/credit-risk-predictor/model.yaml", "name: Credit Risk Predictor", "models/credit-risk-predictor/"),
        ("people/mara-lindqvist.yaml", "name: Mara Lindqvist", VERSION),
        ("datasets/credit-training.yaml", "name: 'Consumer credit: training'", VERSION),
        ("registry.yaml", "name: Northlake Model Registry", ""),
    ],
)
def test_a_hostile_name_is_shown_and_not_run(path: str, old: str, url: str) -> None:
    body = drawn(assessed(replaced(path, old, f'name: "{HOSTILE}"')), url)
    assert "&lt;img src=x" in body
    assert "img" not in Reader(body).tags


def test_a_hostile_group_name_is_shown_and_not_run() -> None:
    path = "models/credit-risk-predictor/versions/2.0.0/evaluations/holdout.yaml"
    body = drawn(assessed(replaced(path, "      under-25:\n", f'      "{HOSTILE}":\n')), VERSION)
    assert "&lt;img src=x" in body
    assert "img" not in Reader(body).tags


def test_hostile_prose_loses_its_scripts() -> None:
    card = "models/credit-risk-predictor/versions/2.0.0/card.yaml"
    script = "reviewed_by: samuel-okoro\nreferences: ['[x](javascript:alert(1)) <script>alert(1)</script>']\n"
    text = (REGISTRY / card).read_text(encoding="utf-8")
    text = re.sub(r"(?m)^references:\n(  .*\n)+", "", text).replace("reviewed_by: samuel-okoro\n", script)
    reader = Reader(drawn(assessed({card: text.encode()}), VERSION))
    assert "script" not in reader.tags
    assert not [link for link in reader.links if "javascript" in link.lower()]


def test_a_key_changes_with_the_page_and_with_nothing_else() -> None:
    evaluation = "models/credit-risk-predictor/versions/2.0.0/evaluations/holdout.yaml"
    before = {p.url: p.key for p in pages(worked())}
    after = {p.url: p.key for p in pages(assessed(replaced(evaluation, "name: Held-out evaluation", "name: Held out")))}
    assert before[VERSION] != after[VERSION]
    assert before["models/credit-risk-predictor/"] != after["models/credit-risk-predictor/"]
    assert before["models/churn-retention/2.0.0/"] == after["models/churn-retention/2.0.0/"]
    assert before["datasets/churn-raw/"] == after["datasets/churn-raw/"]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("policy.yaml", "auc: {min: 0.7}", "auc: {min: 0.71}"),
        ("people/samuel-okoro.yaml", "name: Samuel Okoro", "name: Sam Okoro"),
        ("models/credit-risk-predictor/model.yaml", "deputy: tomas-ferreira", "deputy: jonas-weber"),
        ("datasets/credit-training.yaml", "name: 'Consumer credit: training'", "name: 'Credit: training'"),
        ("datasets/credit-raw.yaml", "name: 'Consumer credit: raw'", "name: 'Credit: raw'"),
    ],
)
def test_a_page_that_changes_has_another_key(path: str, old: str, new: str) -> None:
    assessment = assessed(replaced(path, old, new))
    changed = {p.url: p for p in pages(assessment)}
    diagrams = Diagrams(assessment.lineage, None)
    stale = [
        url
        for url, (page, body) in site().items()
        if url in changed and changed[url].key == page.key and render(changed[url], assessment, diagrams) != body
    ]
    assert stale == []


def test_every_kind_of_file_is_described_with_all_of_its_fields() -> None:
    assert set(LAYOUT) == set(GRAMMAR) == set(KINDS)
    for kind, model in KINDS.items():
        own = KindView(kind).parts[0]
        assert {f.name for f in own.fields} == {f.alias or name for name, f in model.model_fields.items()}
        assert own.description


def test_the_layout_of_the_reference_is_that_of_the_grammar() -> None:
    sample = {"<model>": "m", "<version>": "1.0", "<NNNN>": "0001", "<NN>": "01", "<class>": "runtime_logs"}
    for kind, (shape, _) in LAYOUT.items():
        path = shape
        for part, value in sample.items():
            path = path.replace(part, value)
        found = parse_path(re.sub(r"<[a-z-]+>", "some-id", path))
        assert found is not None
        assert found.kind == kind


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"fact": "data.personal", "is": True}, "personal data is used"),
        ({"not": {"fact": "data.personal", "is": True}}, "personal data is not used"),
        ({"fact": "decision.effect", "is": "significant"}, "the effect on the person is significant"),
        (
            {
                "all": [
                    {"fact": "tier", "is": 1},
                    {"any": [{"fact": "data.phi", "is": True}, {"fact": "task", "is": "ranking"}]},
                ]
            },
            "the tier is 1 and (protected health information is used or the task is ranking)",
        ),
        (
            {"not": {"all": [TIER_1, RANKING]}},
            "the tier is not 1 or the task is not ranking",
        ),
        ({"fact": "domain", "any_in": ["credit", "housing"]}, "the model's domain includes credit or housing"),
        (
            {"fact": "decision.people_per_year", "at_least": 20000},
            "the number of people affected in a year is at least 20,000",
        ),
    ],
)
def test_a_condition_of_policy_reads_as_english(condition: dict[str, object], words: str) -> None:
    assert in_words(Predicate.model_validate_json(json.dumps(condition))) == words


def test_every_chip_has_words_beside_its_colour() -> None:
    for key, (tone, icon, words) in CHIPS.items():
        assert words in chip(key)
        assert f"#ac-i-{icon}" in chip(key)
        assert tone
    icons = (Path(__file__).parents[2] / "generator/accredit/site/templates/icons.html").read_text(encoding="utf-8")
    assert {icon for _, icon, _ in CHIPS.values()} <= set(re.findall(r'id="ac-i-(\w+)"', icons))


def test_small_words() -> None:
    assert day(date(2026, 2, 2)) == '<time datetime="2026-02-02">2&nbsp;Feb&nbsp;2026</time>'
    assert bytes_text(999) == "999 bytes"
    assert bytes_text(177_260) == "177.3 kB"
    assert coded("a `<b>` c") == "a <code>&lt;b&gt;</code> c"
    assert coded("a ` b") == "a ` b"
    assert listed(["a", "<", "c"]) == "a, &lt; and c"
    assert listed([]) == ""


@pytest.mark.parametrize("part", [
    "policy.yaml", "people/", "datasets/", "features/", "/model.yaml", "/version.yaml", "/card.yaml", "/evaluations/",
    "/request.yaml", "/approvals/", "/deployments/",
])  # fmt: skip
def test_a_registry_with_a_part_missing_still_has_every_page(part: str) -> None:
    kept = {p: d for p, d in files().items() if not (part in p if part.startswith("/") else p.startswith(part))}
    assessment = assess(load(MemoryTree(kept)), AS_OF)
    diagrams = Diagrams(assessment.lineage, None)
    bodies = [render(page, assessment, diagrams) for page in pages(assessment) if page.template not in UNCHANGED]
    assert all("</h1>" in body for body in bodies)
    assert bodies


def test_the_case_of_every_rule_has_every_page() -> None:
    for case in all_cases():
        assessment = case.assessed()
        diagrams = Diagrams(assessment.lineage, None)
        for page in pages(assessment):
            if page.template in ("home.html", "model.html", "version.html"):
                body = render(page, assessment, diagrams)
                assert "</h1>" in body, (case.folder, page.url)
                if page.template == "home.html" and case.is_bad:
                    assert case.code in body, case.folder
