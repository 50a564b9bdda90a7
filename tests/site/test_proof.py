"""The site says of sign-offs what the check says: as history proves them where policy asks for it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.hostile import Reader
from tests.support.program import run

from accredit.domain.events import events
from accredit.site.diagrams import Diagrams
from accredit.site.render import render
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


def test_a_policy_that_was_always_content_with_declarations_asks_no_history(tmp_path: Path) -> None:
    declared = {f"profiles.{name}.assurance": "declared" for name in ("strict", "standard", "fast")}
    assessment = opened(checkout(a_ceremony(tmp_path, **declared))).assessment
    assert (assessment.verification, assessment.unproved) == (None, "")


def test_a_policy_that_was_weakened_is_held_to_what_it_asked_before(story: Ceremony) -> None:
    registry = checkout(story)
    policy = registry / "policy.yaml"
    declared = policy.read_text().replace("assurance: signed", "assurance: declared")
    assert declared != policy.read_text()
    policy.write_text(declared)
    assert opened(registry).assessment.verification is not None


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


def page(site: Site, url: str) -> tuple[str, str]:
    """The HTML and the text of a page."""
    diagrams = Diagrams(site.assessment.lineage, None)
    body = render(next(p for p in site.pages if p.url == url), site.assessment, diagrams)
    return body, " ".join(Reader(body).text.split())


def test_a_sign_off_shows_its_level_its_key_its_landing_and_commands_that_work(story: Ceremony) -> None:
    registry = checkout(story)
    body, text = page(opened(registry), VERSION)
    panel = text.split("Nobody has asked")[0]
    assert panel.count("Signed, verified") == 5
    assert "does not count" not in panel.lower()
    assert story.repository.head[:12] in panel
    assert "SHA256:" in panel
    commands = [html.unescape(c) for c in re.findall(r'<pre class="ac-code"><code>(.*?)</code>', body, re.DOTALL)]
    assert len(commands) == 5
    for script in commands:
        done = subprocess.run(["sh", "-ec", script], cwd=registry.parent, capture_output=True, text=True, check=True)
        assert done.stdout.startswith('Good "')


def test_a_sign_off_that_does_not_count_says_why(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path).request("review").approve("otto", sign=False).land()
    site = opened(checkout(story))
    _, text = page(site, VERSION)
    doubt = next(s for p, s in site.assessment.verification.signoffs.items() if p.endswith("otto.yaml")).doubts[0]  # type: ignore[union-attr]
    assert f"Does not count: {doubt.message}." in text
    assert "Waiting" in text


def test_a_request_that_nobody_committed_is_shown_as_such(story: Ceremony) -> None:
    registry = checkout(story)
    folder = registry / "models/loan-default/versions/1.0.0/transitions"
    text = (folder / "0002/request.yaml").read_text()
    (folder / "0003").mkdir()
    (folder / "0003/request.yaml").write_text(text.replace("seq: 2", "seq: 3"))
    body, shown = page(opened(registry), VERSION)
    assert 'id="transition-3"' in body
    assert "Not committed" in shown


def test_what_was_rewritten_stays_on_the_pages_when_it_is_brought_back(story: Ceremony) -> None:
    path = "models/loan-default/versions/1.0.0/transitions/0001/approvals/otto.yaml"
    before = story.files[path]
    story.edit(path, "Looked at all of it.", "Looked at none of it.").land()
    stands = opened(checkout(story))
    _, text = page(stands, VERSION)
    assert "Changed after it landed" in text
    assert "Looked at none" not in text
    for url in (VERSION, "findings/", "about/"):
        assert "Stands" in page(stands, url)[1], url
    shutil.rmtree(story.repository.path.parent / "clone")
    story.write({path: before}).land()
    past = opened(checkout(story))
    for url in (VERSION, "findings/", "about/"):
        assert "Was so once" in page(past, url)[1], url


def test_pages_say_why_nothing_is_proved(story: Ceremony) -> None:
    registry = checkout(story)
    (registry.parent / ".git" / "shallow").write_text(f"{story.repository.head}\n")
    site = opened(registry)
    for url in ("", VERSION, "findings/", "about/"):
        assert "this is a shallow clone" in page(site, url)[1], url
    assert "Signed, verified" not in page(site, VERSION)[1]


def test_the_page_of_a_person_says_which_decisions_are_verified(story: Ceremony) -> None:
    assert "Signed, verified" in page(opened(checkout(story)), "people/otto/")[1]


def test_a_decision_that_was_turned_round_later_is_not_passed_off_as_signed(story: Ceremony) -> None:
    path = "models/loan-default/versions/1.0.0/transitions/0001/approvals/otto.yaml"
    story.edit(path, 'decision: "approve"', 'decision: "reject"').land()
    site = opened(checkout(story))
    _, text = page(site, "people/otto/")
    assert "Changed after it landed" in text
    assert "Signed, verified" not in text
    found = site.assessment
    event = next(e for e in events(found.registry, found.lifecycles, found.verification) if e.path == path)
    assert (event.action, event.time) == ("approve", None)
