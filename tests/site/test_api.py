"""The JSON API: every file keeps to its schema, says what the pages say, and tells nobody more."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.site.test_suppression import LARGE, NEXT, SMALL
from tests.site.test_suppression import registry as registry_with_small_groups
from tests.support.cases import assessed, base_registry, patched
from tests.support.project import built, contents, project

from accredit.site.api.lists import DOCUMENTS

ADDRESS = "https://models.example.org/gov/"
VERSION = "api/versions/loan-default/2.0.0.json"
REGISTRY = Path(__file__).parents[2] / "registry"


def kind_of(path: str) -> str:
    """The kind of a file of the API."""
    for kind, (_, shape, _) in DOCUMENTS.items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(shape)), path):
            return kind
    raise AssertionError(path)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site of the base registry."""
    return contents(built(project(tmp_path_factory.mktemp("api"), site_url=ADDRESS)))


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site of the worked registry, whose policy reports on frameworks."""
    found = (p for p in sorted(REGISTRY.rglob("*")) if p.is_file())
    files = {p.relative_to(REGISTRY).as_posix(): p.read_bytes() for p in found}
    return contents(built(project(tmp_path_factory.mktemp("worked"), files)))


def data(site: dict[str, bytes], path: str) -> Any:
    return json.loads(site[path])


def api_files(site: dict[str, bytes]) -> list[str]:
    return [p for p in site if p.startswith("api/") and p.endswith(".json") and not p.startswith("api/schema/")]


@pytest.mark.parametrize("which", ["site", "worked"])
def test_every_file_keeps_to_its_schema(which: str, request: pytest.FixtureRequest) -> None:
    built_site = request.getfixturevalue(which)
    schemas = {kind: data(built_site, f"api/schema/{kind}.json") for kind in DOCUMENTS}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    checks = {k: Draft202012Validator(s, format_checker=FormatChecker()) for k, s in schemas.items()}
    files = api_files(built_site)
    for path in files:
        content = data(built_site, path)
        checks[kind_of(path)].validate(content)
        assert content["format"] == 1
        assert content["as_of"] == "2026-11-23"
    assert {kind_of(path) for path in files} == set(DOCUMENTS) - ({"controls"} if which == "site" else set())


def test_a_schema_refuses_what_is_not_in_the_format(site: dict[str, bytes]) -> None:
    check = Draft202012Validator(data(site, "api/schema/version.json"))
    content = data(site, VERSION)
    assert not check.is_valid({**content, "format": 2})
    assert not check.is_valid({**content, "requests": None})
    assert not check.is_valid({key: value for key, value in content.items() if key != "metrics"})
    assert check.is_valid({**content, "a_later_key": 1})


def test_every_key_is_described_or_tells_itself(site: dict[str, bytes]) -> None:
    page = site["api/index.html"].decode()
    for kind, (_, path, title) in DOCUMENTS.items():
        assert (title in page) == (kind != "controls")  # this registry reports on no framework
        assert path in page
        for key in data(site, f"api/schema/{kind}.json")["properties"]:
            assert f"<code>{key}</code>" in page


def test_the_index_leads_to_every_file(site: dict[str, bytes]) -> None:
    index = data(site, "api/index.json")
    assert index["models"] == len(data(site, "api/models.json")["models"])
    for resource in index["resources"]:
        shape = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(resource["path"]))
        assert [path for path in site if re.fullmatch(shape, path)], resource
        assert resource["schema"] is None or resource["schema"] in site


def test_pages_and_files_that_are_named_are_there(worked: dict[str, bytes]) -> None:
    def named(value: Any) -> list[str]:
        if isinstance(value, list):
            return [place for item in value for place in named(item)]
        if not isinstance(value, dict):
            return []
        own = [value[key] for key in ("page", "data") if isinstance(value.get(key), str)]
        return own + [place for item in value.values() for place in named(item)]

    places = {place for path in api_files(worked) for place in named(data(worked, path))}
    assert len(places) > 100
    for place in places:
        path = place.partition("#")[0]
        assert (path if path.endswith(".json") else f"{path}index.html") in worked, place


def test_it_says_what_the_assessment_says(site: dict[str, bytes]) -> None:
    assessment = assessed(base_registry())
    known = assessment.version("loan-default@2.0.0")
    content = data(site, VERSION)
    assert content["version"]["stage"] == content["stage"] == known.stage
    assert [r["seq"] for r in content["requests"]] == [
        len(known.lifecycle.steps) - i for i in range(len(content["requests"]))
    ]
    assert {r["code"] for r in content["rules"]} == set(known.results)
    running = data(site, "api/production.json")["production"]
    assert [r["version"]["id"] for r in running] == ["1.0.0", "2.0.0"]
    assert running[1]["version"]["gate"]["blocking"] == list(known.gates["review->production"].blocking)
    signed = {s["person"]["id"] for s in running[1]["released"]["signoffs"]}
    assert signed == {a.reviewer for a in known.lifecycle.effective[-1].transition.approvals.values()}
    assert len(data(site, "api/findings.json")["findings"]) == len(assessment.findings)


def test_a_finding_names_file_line_and_remedy(tmp_path: Path) -> None:
    files = patched(base_registry(), {"models/loan-default/model.yaml": {"owner": "nobody-known"}})
    found = data(contents(built(project(tmp_path, files))), "api/findings.json")["findings"]
    own = next(f for f in found if f["path"] == "models/loan-default/model.yaml" and "nobody-known" in f["message"])
    assert own["line"] > 0
    assert own["help"]


def test_small_groups_are_withheld_there_too(tmp_path: Path) -> None:
    site = contents(built(project(tmp_path, registry_with_small_groups())))
    content = data(site, VERSION)
    assert any(m["value"] is None and "too small" in m["said"] for m in [*content["metrics"], *content["fairness"]])
    text = json.dumps({path: data(site, path) for path in api_files(site)})
    for count in (SMALL, NEXT):
        assert not re.search(rf'"n": {count}\b', text)
    assert "0.7317" not in text
    assert f'"n": {LARGE}' in text


def test_a_registry_without_a_policy_still_answers(tmp_path: Path) -> None:
    site = contents(built(project(tmp_path, {**base_registry(), "policy.yaml": b"nonsense: [\n"})))
    assert data(site, "api/index.json")["models"] == 0
    assert data(site, "api/findings.json")["findings"]


def test_the_same_registry_gives_the_same_bytes(site: dict[str, bytes], tmp_path: Path) -> None:
    again = contents(built(project(tmp_path, site_url=ADDRESS)))
    for path, content in site.items():
        if path.startswith(("api/", "badges/", "previews/", "feed", "llms")):
            assert again[path] == content, path


def test_llms_txt_leads_to_files_that_are_there(site: dict[str, bytes]) -> None:
    text = site["llms.txt"].decode()
    assert text.startswith("# ")
    for place in re.findall(r"\]\(([^)]+)\)", text):
        shape = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(place if not place.endswith("/") else f"{place}index.html"))
        assert [path for path in site if re.fullmatch(shape, path)], place


def test_the_sitemap_has_every_page(site: dict[str, bytes]) -> None:
    listed = set(re.findall(r"<loc>(.*?)</loc>", site["sitemap.xml"].decode()))
    pages = {p.removesuffix("index.html") for p in site if p.endswith("index.html")}
    assert {f"{ADDRESS}{page}" for page in pages} == listed
