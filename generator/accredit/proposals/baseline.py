"""Findings before and after a change: which are new, which were there, which are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from accredit.findings import Finding
from accredit.policies.change import Effect
from accredit.proposals.fingerprint import fingerprints, places


@dataclass(frozen=True, slots=True)
class Baseline:
    """What became of the findings since a base. `new`, `worse` and `unchanged` are all that there are now."""

    new: tuple[Finding, ...]
    worse: tuple[Finding, ...]
    """Those that were there and are graver now."""
    unchanged: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    elsewhere: frozenset[Finding] = frozenset()
    """Those of the new and worse that are in files which the change leaves alone."""
    revision: str = ""
    commit: str = ""
    gates: tuple[Effect, ...] = ()
    """Stages and gates of versions that became others."""
    notes: tuple[str, ...] = ()
    """What must be said beside the findings."""

    @property
    def caused(self) -> tuple[Finding, ...]:
        """What the change brought about."""
        return tuple(sorted([*self.new, *self.worse]))

    @property
    def all(self) -> tuple[Finding, ...]:
        """Everything that is found now."""
        return tuple(sorted([*self.new, *self.worse, *self.unchanged]))


def baseline_of(old: Sequence[Finding], new: Sequence[Finding], touched: frozenset[str]) -> Baseline:
    """Pairs off the findings of two days' work.

    A finding is the same if its fingerprint is. In a file that was left alone it is also the same if only its words are
    others, as when a count in them went up.
    """
    pairs, rest, left = _paired(old, new, fingerprints)
    still = [f for f in left if f.location.path not in touched]
    loosely, rest_there, still_left = _paired(rest, still, places)
    pairs |= loosely
    fresh = [f for f in left if f.location.path in touched] + still_left
    worse = [f for f, was in pairs.items() if f.severity > was.severity]
    same = [f for f in pairs if f not in set(worse)]
    apart = frozenset(f for f in (*fresh, *worse) if f.location.path not in touched)
    return Baseline(_sorted(fresh), _sorted(worse), _sorted(same), _sorted(rest_there), apart)


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings))


def _paired(
    old: Sequence[Finding], new: Sequence[Finding], named: Callable[[Iterable[Finding]], list[str]]
) -> tuple[dict[Finding, Finding], list[Finding], list[Finding]]:
    """New findings with the old ones of the same name; then what is left of the old, and of the new."""
    known = dict(zip(named(old), old, strict=True))
    pairs = {f: known.pop(name) for name, f in zip(named(new), new, strict=True) if name in known}
    return pairs, list(known.values()), [f for f in new if f not in pairs]
