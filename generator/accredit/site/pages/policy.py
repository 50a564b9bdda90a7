"""The policy in plain language, with the numbers of this registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from accredit.domain.policy import Policy
from accredit.policies.conditions import in_words
from accredit.policies.words import LIMITS
from accredit.rules.rule import matches
from accredit.site import urls
from accredit.site.page import Page
from accredit.site.pages.catalogue import DEPLOY, Catalogue
from accredit.site.pages.keys import Keys
from accredit.site.pages.words import spaced

_TOC = (
    ("stages", "Stages"),
    ("tiers", "Risk tiers"),
    ("profiles", "How strictly"),
    ("gates", "Gates"),
    ("signatures", "Who signs what"),
    ("performance", "Performance"),
    ("fairness", "Fairness"),
    ("documentation", "Documentation"),
    ("risk", "Risk"),
    ("waivers", "Waivers"),
    ("retention", "Retention"),
    ("sources", "Sources"),
)


@dataclass(frozen=True, slots=True)
class GateText:
    """One move with what must hold."""

    move: str
    source: str
    target: str
    codes: tuple[str, ...]
    everything: bool


@dataclass(frozen=True)
class PolicyView:
    """The policy as sentences and tables."""

    catalogue: Catalogue
    policy: Policy

    @cached_property
    def gates(self) -> tuple[GateText, ...]:
        """Each move with the rules that it asks for; Deploy(M) first."""
        rules = self.catalogue.assessment.rules
        found = []
        for move, gate in sorted(self.policy.gates.items(), key=lambda item: (item[0] != DEPLOY, item[0])):
            source, _, target = move.partition("->")
            codes = tuple(c for c in rules if matches(c, gate.rules) and not matches(c, gate.exclude))
            found.append(GateText(move, source, target, codes, gate.rules == ("ALL",) and not gate.exclude))
        return tuple(found)

    @staticmethod
    def clause(condition: object) -> str:
        """A condition as words; empty for none."""
        return in_words(condition) if condition is not None else ""  # type: ignore[arg-type]

    @cached_property
    def models_by_tier(self) -> dict[str, tuple[str, ...]]:
        """Tier to the ids of its models."""
        found: dict[str, tuple[str, ...]] = {}
        for model in self.catalogue.models:
            tier = str(model.standing.tier)
            found[tier] = (*found.get(tier, ()), model.model.id)
        return found

    @cached_property
    def moves(self) -> tuple[tuple[str, str, str], ...]:
        """Every move as written, and its two ends."""
        return tuple((m, *m.split("->")) for m in self.policy.transitions)  # type: ignore[misc]

    @staticmethod
    def limit_sentence(limit: object) -> str:
        """What a fairness limit asks for."""
        low, high = getattr(limit, "min", None), getattr(limit, "max", None)
        bound = f"at least {low:.2f}" if low is not None else f"at most {high:.2f}" if high is not None else "limited"
        return f"{LIMITS[getattr(limit, 'metric')]} must be {bound}"  # noqa: B009

    @staticmethod
    def spaced(words: str) -> str:
        """An identifier as words."""
        return spaced(words)


def pages(catalogue: Catalogue, keys: Keys) -> Iterator[Page]:
    """The policy's page, if there is a policy."""
    if catalogue.policy is None:
        return
    identity = catalogue.policy.policy
    yield Page(
        url=urls.POLICY,
        title="Policy",
        template="policy.html",
        data={
            "catalogue": catalogue,
            "view": PolicyView(catalogue, catalogue.policy),
            "policy": catalogue.policy,
        },
        summary=f"{identity.id} {identity.version}: stages, risk tiers, gates, sign-offs and limits in plain language.",
        nav=("Reference", "Policy"),
        key=keys.everything,
        toc=_TOC,
    )
