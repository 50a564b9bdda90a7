"""The site says of sign-offs what the check says: as history proves them where policy asks for it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.program import run

from accredit.site.site import Site

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git, which proves sign-offs, is absent")
AS_OF = date(2026, 11, 23)
VERSION = "models/loan-default/1.0.0/"


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    return in_production(a_ceremony(tmp_path))


def checkout(story: Ceremony) -> Path:
    """The registry in a working copy."""
    return story.repository.checkout(story.repository.path.parent / "clone") / "registry"


def opened(registry: Path) -> Site:
    site = Site.open(registry, AS_OF)
    site.close(complete=False)
    return site


def stage(site: Site) -> str:
    return site.assessment.version("loan-default@1.0.0").stage


def checked(registry: Path) -> str:
    told = run("check", registry, "--format", "json", "--as-of", AS_OF, "--no-cache").stdout
    return str(json.loads(told)["models"]["loan-default"]["versions"]["1.0.0"]["stage"])


def test_the_site_and_the_check_agree_on_a_sign_off_that_counts(story: Ceremony) -> None:
    registry = checkout(story)
    assert stage(opened(registry)) == checked(registry) == "production"


def test_the_site_and_the_check_agree_on_a_sign_off_that_is_forged(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path).request("review").approve("otto", sign=False).land()
    registry = checkout(story)
    assert stage(opened(registry)) == checked(registry) == "staging"


def test_a_policy_that_is_content_with_declarations_asks_no_history(story: Ceremony) -> None:
    registry = checkout(story)
    policy = registry / "policy.yaml"
    declared = policy.read_text().replace("assurance: signed", "assurance: declared")
    assert declared != policy.read_text()
    policy.write_text(declared)
    assessment = opened(registry).assessment
    assert (assessment.verification, assessment.unproved) == (None, "")


def test_from_a_shallow_clone_a_site_is_built_that_says_so_and_a_strict_build_fails(story: Ceremony) -> None:
    registry = checkout(story)
    (registry.parent / ".git" / "shallow").write_text(f"{story.repository.head}\n")
    assert "shallow clone" in opened(registry).assessment.unproved
    output = registry.parent.parent / "site"
    assert run("check", registry).exit_code == 2
    assert run("build", registry, "--output", output, "--as-of", AS_OF).exit_code == 0
    assert (output / VERSION / "index.html").is_file()
    strict = run("build", registry, "--output", output, "--as-of", AS_OF, "--strict")
    assert strict.exit_code == 2
    assert "not proved" in strict.stderr


def test_a_page_is_drawn_anew_when_history_says_otherwise(story: Ceremony) -> None:
    registry = checkout(story)
    before = {p.url: p.key for p in opened(registry).pages}
    (registry.parent / ".git" / "shallow").write_text(f"{story.repository.head}\n")
    after = {p.url: p.key for p in opened(registry).pages}
    assert before[VERSION] != after[VERSION]
    assert before["about/"] != after["about/"]
