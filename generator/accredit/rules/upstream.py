"""What the rules about data and lineage share: which data they look at, and how their answers add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accredit.domain.dataset import Dataset
from accredit.domain.lineage import Upstream
from accredit.rules.rule import Verdict, not_applicable, passes

SHOWN = 5
"""How many names a message lists before it only counts."""


def unsettled(message: str) -> Verdict:
    """Unknown because of something that another rule reports, so that no finding of its own is made of it."""
    return Verdict("unknown", message, "Mend what the other rule reports; this one is then checked.")


def unseen(upstream: Upstream) -> Iterator[Verdict]:
    """Data about which nothing is known: named and not registered (REG002), or not named at all (LIN101)."""
    for node in upstream.missing:
        kind, _, name = node.partition(":")
        yield unsettled(f"nothing is known about the {kind} `{name}`: it is not registered (REG002)")
    if not upstream.datasets and not upstream.missing:
        yield unsettled("the version names no data (LIN101)")


def undecided(upstream: Upstream) -> Iterator[Verdict]:
    """Datasets of which nobody said whether they hold personal data (DATA102)."""
    for name, dataset in upstream.datasets.items():
        if dataset.personal_data is None and not dataset.phi:
            yield unsettled(f"whether `{name}` holds personal data is not recorded (DATA102)")


def personal(upstream: Upstream) -> list[tuple[str, Dataset]]:
    """The datasets that relate to identifiable people, in the order of making."""
    return [(name, d) for name, d in upstream.datasets.items() if d.personal_data or d.phi]


def no_personal_data(upstream: Upstream) -> str:
    """The fact for which a rule about personal data does not apply."""
    return f"no dataset holds personal data: {listed(upstream.datasets)}"


def settled(found: Iterable[Verdict], facts: Iterable[tuple[str, str]], otherwise: str) -> Iterator[Verdict]:
    """What was found. If nothing was: a pass with the facts, or that the rule does not apply.

    Args:
        found: What does not hold or is not known.
        facts: Pairs of what holds and the name it holds of; only read where nothing was found.
        otherwise: The fact that makes the rule not applicable, for the case that there are no facts either.
    """
    verdicts = list(found)
    if verdicts:
        yield from verdicts
    elif recorded := list(facts):
        yield passes(grouped(recorded))
    else:
        yield not_applicable(otherwise)


def grouped(facts: Iterable[tuple[str, str]]) -> str:
    """Facts in a line, each with the names that share it: ``CC-BY-4.0: `a`, `b`; MIT: `c` ``."""
    names: dict[str, dict[str, None]] = {}
    for fact, name in facts:
        names.setdefault(fact, {})[name] = None
    parts = [f"{fact}: {listed(shared)}" for fact, shared in names.items()]
    return "; ".join(parts[:SHOWN]) + (f"; and {len(parts) - SHOWN} more" if len(parts) > SHOWN else "")


def listed(names: Iterable[str]) -> str:
    """Names in code quotes, the first few of many."""
    every = list(names)
    shown = ", ".join(f"`{n}`" for n in every[:SHOWN])
    return f"{shown} and {len(every) - SHOWN} more" if len(every) > SHOWN else shown or "none"
