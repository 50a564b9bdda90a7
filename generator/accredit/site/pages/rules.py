"""The rules, each on a page made from its own docstring, with the versions for which it does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accredit.assess import VersionAssessment
from accredit.rules.rule import Rule, matches
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.gates import FAMILIES, state_of
from accredit.site.pages.keys import Keys, digest_of


@dataclass(frozen=True)
class RuleView:
    """One rule and how it stands."""

    catalogue: Catalogue
    rule: Rule

    @property
    def family(self) -> str:
        """Name of its family."""
        return FAMILIES.get(self.rule.family, self.rule.family)

    @property
    def open(self) -> int:
        """For how many versions it must hold now, does not, and is not waived."""
        broken = self.catalogue.broken_rules.get(self.rule.code, ())
        return sum(1 for v, r in broken if not r.waiver and self.is_due(v))

    @property
    def later(self) -> int:
        """For how many versions it does not hold and need not now: those archived, or not yet in its stage."""
        return sum(1 for v, _ in self.catalogue.broken_rules.get(self.rule.code, ()) if not self.is_due(v))

    def is_due(self, version: VersionAssessment) -> bool:
        """Whether the rule must hold for a version in its present stage."""
        return version.stage != "archived" and self.rule.applies_from(version.stage)

    @property
    def waived(self) -> int:
        """For how many versions it does not hold and is waived."""
        return sum(1 for v, r in self.catalogue.broken_rules.get(self.rule.code, ()) if r.waiver and self.is_due(v))

    @property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """The two ends of every move whose gate asks for the rule."""
        gates = self.catalogue.policy.gates if self.catalogue.policy else {}
        code = self.rule.code
        wanted = (m for m, g in gates.items() if matches(code, g.rules) and not matches(code, g.exclude))
        return tuple((m.partition("->")[0], m.partition("->")[2]) for m in wanted)


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The index of rules, then every rule."""
    views = [RuleView(catalogue, rule) for rule in catalogue.assessment.rules.values()]
    total = sum(1 for _ in catalogue.versions())
    yield Page(
        url=urls.RULES,
        title="Rules",
        template="rules.html",
        data={"catalogue": catalogue, "rules": views, "total": total},
        summary=f"{len(views)} governance rules: what each checks, why, and how to fix it.",
        nav=("Reference", "Rules"),
        key=keys.everything,
    )
    for view in views:
        broken = catalogue.broken_rules.get(view.rule.code, ())
        due = [(v, state_of(r), r.reasons, r.waiver) for v, r in broken if view.is_due(v)]
        rows = [*due, *((v, state_of(r), r.reasons, r.waiver) for v, r in broken if not view.is_due(v))]
        yield Page(
            url=urls.rule_url(view.rule),
            title=f"{view.rule.code} {view.rule.title}",
            template="rule.html",
            data={"catalogue": catalogue, "view": view, "rule": view.rule, "rows": rows, "total": total},
            summary=view.rule.title,
            key=digest_of([keys.shared, view.rule.sections, total, [(v.version.key, s, m, w) for v, s, m, w in rows]]),
            toc=(("now", "Where it does not hold now"),),
        )
