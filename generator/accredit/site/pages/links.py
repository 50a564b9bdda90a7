"""Links from one page to everything else. Relative, quoted and escaped, so that the site works in any folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from accredit.domain.lineage import Node
from accredit.domain.paths import parse_path
from accredit.findings import Finding, Location
from accredit.site import urls
from accredit.site.pages.catalogue import Catalogue

_UNKNOWN = Markup('<span class="ac-missing" title="Not registered">{}</span>')


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links on one page. `to` gives the relative address of a place of the site."""

    catalogue: Catalogue
    to: Callable[[str], str]

    def anchor(self, url: str, words: str | Markup) -> Markup:
        """A link with words."""
        return Markup(f'<a href="{escape(self.to(url))}">{escape(words)}</a>')  # noqa: S704 - escaped

    def person(self, person: str | None) -> Markup:
        """A person by name."""
        if person is None:
            return Markup('<span class="ac-none">nobody</span>')
        known = self.catalogue.registry.people.get(person)
        return self.anchor(urls.person_url(person), known.name) if known else _UNKNOWN.format(person)

    def team(self, team: str | None) -> Markup:
        """A team by name."""
        policy = self.catalogue.policy
        if team is None:
            return Markup('<span class="ac-none">no team</span>')
        known = policy.teams.get(team) if policy else None
        return self.anchor(urls.team_url(team), known.name) if known else _UNKNOWN.format(team)

    def role(self, role: str) -> Markup:
        """A role by name, in lower case as within a sentence."""
        policy = self.catalogue.policy
        known = policy.roles.get(role) if policy else None
        return escape(known.name.lower() if known else role)

    def model(self, model: str) -> Markup:
        """A model by name."""
        known = self.catalogue.registry.models.get(model)
        return self.anchor(urls.model_url(model), known.record.name) if known else _UNKNOWN.format(model)

    def version(self, key: str, words: str = "") -> Markup:
        """A version by number, unless given other words."""
        model, _, version = key.partition("@")
        known = self.catalogue.registry.models.get(model)
        if known is None or version not in known.versions:
            return _UNKNOWN.format(words or version)
        return self.anchor(urls.version_url(key), words or version)

    def subject(self, subject: str) -> Markup:
        """What a finding is about."""
        if "@" in subject:
            model = subject.partition("@")[0]
            known = self.catalogue.registry.models.get(model)
            return self.version(subject, f"{known.record.name if known else model} {subject.partition('@')[2]}")
        return self.model(subject) if subject else Markup("the registry")

    def about(self, finding: Finding) -> Markup:
        """What a finding is about: its subject, else the page of the file in which it stands."""
        entry = None if finding.subject else parse_path(finding.location.path)
        if entry is not None and entry.kind in ("dataset", "features", "person"):
            return {"dataset": self.dataset, "features": self.features, "person": self.person}[entry.kind](entry.id)
        return self.subject(finding.subject)

    def dataset(self, dataset: str) -> Markup:
        """A dataset by name."""
        known = self.catalogue.registry.datasets.get(dataset)
        return self.anchor(urls.dataset_url(dataset), known.name) if known else _UNKNOWN.format(dataset)

    def features(self, features: str) -> Markup:
        """A feature set by name."""
        known = self.catalogue.registry.features.get(features)
        return self.anchor(urls.features_url(features), known.name) if known else _UNKNOWN.format(features)

    def node(self, node: Node) -> Markup:
        """A node of the lineage."""
        return _UNKNOWN.format(node.label) if node.missing else self.anchor(urls.node_url(node.id), node.label)

    def rule(self, code: str) -> Markup:
        """A rule by code."""
        known = self.catalogue.assessment.rules.get(code)
        return self.anchor(urls.rule_url(known), code) if known else _UNKNOWN.format(code)

    def place(self, location: Location) -> Markup:
        """A file of the registry with its line: where it is kept if that is known, and else only its path."""
        source = self.catalogue.source
        words = Markup(f"<code>{escape(str(location))}</code>")  # noqa: S704 - escaped
        if not source:
            return words
        line = f"#L{location.line}" if location.line else ""
        place = escape(f"{source.rstrip('/')}/{quote(location.path)}{line}")
        return Markup(f'<a href="{place}">{words}</a>')  # noqa: S704 - escaped

    def file(self, path: str) -> Markup:
        """A file of the registry with the start of its digest."""
        sha256 = self.catalogue.registry.digests.get(path, "")
        digest = Markup(' <span class="ac-digest" title="SHA-256 {}">sha256 {}…</span>').format(sha256, sha256[:12])
        return self.place(Location(path)) + (digest if sha256 else Markup())


@pass_context
def links(context: Context) -> Links:
    """The links of the page that is being drawn."""
    url: Callable[[Context, str], str] = context.environment.globals["url"]  # type: ignore[assignment]
    return Links(context["catalogue"], partial(url, context))
