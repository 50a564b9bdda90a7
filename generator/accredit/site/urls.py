"""Permanent addresses. A published link never changes while the thing it names exists."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from urllib.parse import quote

from accredit.domain.paths import parse_path
from accredit.rules.rule import Rule

MODELS, DATASETS, PEOPLE = "models/", "datasets/", "people/"
POLICY, RULES, EXCEPTIONS, FINDINGS = "policy/", "rules/", "waivers/", "findings/"
FORMAT, ABOUT, AUDIT, INCIDENTS = "format/", "about/", "audit/", "incidents/"
EVENTS = f"{AUDIT}events.ndjson"
LOG_INDEX = f"{AUDIT}log.json"
LINEAGE = "lineage/"
LINEAGE_DATA = f"{LINEAGE}data.js"
COMPARE = "compare/"
RETENTION, CALENDAR = "retention/", "calendar.ics"
API, SCHEMAS, BADGES, PREVIEWS = "api/", "api/schema/", "badges/", "previews/"
FORMAT_SCHEMAS = "schema/"
FEED, LLMS = "feed.xml", "llms.txt"
COMPLIANCE = "compliance/"


@lru_cache(maxsize=16_384)
def relative(root: str, target: str, *, directory_urls: bool = True) -> str:
    """Relative link to a place of the site, which may end in `#anchor`. Never leaves the site.

    Args:
        root: The way from the page that holds the link to the root of the site.
        target: The place, not quoted.
        directory_urls: Link to folders, not to the `index.html` in each.
    """
    path, mark, anchor = target.partition("#")
    if not directory_urls and (not path or path.endswith("/")):
        path += "index.html"
    return f"{root}{quote(path)}{mark}{quote(anchor)}"


def audit_url(number: int) -> str:
    """Page of the audit log, counted from 1, the newest."""
    return AUDIT if number == 1 else f"{AUDIT}{number}/"


def log_part(number: int) -> str:
    """Part of the audit log for programs in the browser, counted from 1, the newest."""
    return f"{AUDIT}log-{number}.json"


def as_of_url(day: date) -> str:
    """Page of what was in production at the end of a day."""
    return f"{AUDIT}{day.isoformat()}/"


def model_url(model: str) -> str:
    """Page of a model."""
    return f"{MODELS}{model}/"


def version_url(key: str) -> str:
    """Page of a version, given `model@version`."""
    model, _, version = key.partition("@")
    return f"{MODELS}{model}/{version}/"


def changes_url(key: str, since: str) -> str:
    """Page of what changed in a version since another of the same model, both given as `model@version`."""
    return f"{version_url(key)}since/{since.partition('@')[2]}/"


def sheet_script(key: str) -> str:
    """File with what is compared of a version, given `model@version`."""
    model, _, version = key.partition("@")
    return f"{COMPARE}{model}/{version}.js"


def dataset_url(dataset: str) -> str:
    """Page of a dataset."""
    return f"{DATASETS}{dataset}/"


def features_url(features: str) -> str:
    """Page of a feature set."""
    return f"features/{features}/"


def person_url(person: str) -> str:
    """Page of a person."""
    return f"{PEOPLE}{person}/"


def team_url(team: str) -> str:
    """Place of a team on the page of people and teams."""
    return f"{PEOPLE}#team-{team}"


def rule_url(rule: Rule) -> str:
    """Page of a rule: by its code, which is never reused, since titles are put better from time to time."""
    return f"{RULES}{rule.code.lower()}/"


def kind_url(kind: str) -> str:
    """Page of a kind of file in the format reference."""
    return f"{FORMAT}{kind}/"


def framework_url(framework: str) -> str:
    """Page of a control catalogue."""
    return f"{COMPLIANCE}{framework}/"


def model_compliance_url(model: str) -> str:
    """Page of a model's controls. Not below the model's own page, where versions have their names from people."""
    return f"{COMPLIANCE}models/{model}/"


def annex_url(model: str) -> str:
    """Page of a model's technical documentation in the order of EU AI Act Annex IV."""
    return f"{model_compliance_url(model)}annex-iv/"


def model_data(model: str) -> str:
    """File of a model in the API."""
    return f"{API}models/{model}.json"


def version_data(key: str) -> str:
    """File of a version in the API, given `model@version`."""
    model, _, version = key.partition("@")
    return f"{API}versions/{model}/{version}.json"


def badge(subject: str) -> str:
    """Badge of a model, or of a version given `model@version`."""
    return f"{BADGES}{subject.replace('@', '/')}.svg"


def preview(model: str) -> str:
    """Picture of a model for those who are sent a link to it."""
    return f"{PREVIEWS}{model}.png"


def node_url(node: str) -> str:
    """Page of a node of the lineage, given `<kind>:<name>`; a deployment stands on the page of its version."""
    kind, _, name = node.partition(":")
    if kind == "deployment":
        version, _, deployment = name.partition("/")
        return f"{version_url(version)}#deployment-{deployment}"
    return {"dataset": dataset_url, "features": features_url, "version": version_url}[kind](name)


def subject_url(subject: str) -> str:
    """Page of what a finding is about: `model@version`, a model, or the findings page for the registry as a whole."""
    if "@" in subject:
        return version_url(subject)
    return model_url(subject) if subject else FINDINGS


def entry_url(path: str) -> str | None:
    """Page that shows a file of the registry, or None for a path that is no entry."""
    entry = parse_path(path)
    if entry is None:
        return None
    if entry.version:
        return version_url(f"{entry.model}@{entry.version}")
    pages = {
        "registry": "", "policy": POLICY, "model": model_url(entry.model), "dataset": dataset_url(entry.id),
        "features": features_url(entry.id), "person": person_url(entry.id), "waiver": f"{EXCEPTIONS}#waiver-{entry.id}",
        "hold": f"{EXCEPTIONS}#hold-{entry.id}", "incident": f"{INCIDENTS}#incident-{entry.id}",
    }  # fmt: skip
    return pages.get(entry.kind)
