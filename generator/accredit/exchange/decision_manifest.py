"""The manifest of a prediction log: what it holds in counts, and its digest. No row of it, nor any value of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote

from accredit.domain.calendar import months_after
from accredit.domain.policy import Policy
from accredit.errors import UsageError
from accredit.exchange.prediction_log import Log, opened, refused

MAX_KINDS = 10_000
"""Kinds of rows (an outcome with its groups) that are held apart at a time; more are folded into the counts."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the log say what."""

    outcome: str
    reasons: str | None
    attributes: Mapping[str, str]
    """Protected attribute to its column."""


@dataclass
class Tally:
    """Counts of a log."""

    groups: Mapping[str, tuple[str, ...]]
    """Attribute to the groups that policy fixes."""
    favourable: str
    records: int = 0
    reasons: int = 0
    favourable_records: int = 0
    counts: dict[str, dict[str, list[int]]] = field(init=False)
    """Attribute to group to people and selected."""
    unknown: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = {a: {group: [0, 0] for group in groups} for a, groups in self.groups.items()}
        self.unknown = dict.fromkeys(self.groups, 0)

    def take(self, log: Log, columns: Columns, path: Path) -> None:
        """Counts every row."""
        kinds: dict[tuple[str, ...], int] = {}
        wanted = (columns.outcome, *(columns.attributes[a] for a in self.groups))
        for head, reasons in log.rows(wanted, columns.reasons):
            if reasons and not reasons.isspace():
                self.reasons += 1
            if head in kinds:
                kinds[head] += 1
                continue
            self._look_at(head, log, path)
            if len(kinds) == MAX_KINDS:
                self._fold(kinds)
                kinds = {}
            kinds[head] = 1
        self._fold(kinds)

    def _look_at(self, head: tuple[str, ...], log: Log, path: Path) -> None:
        """Refuses a kind of row that cannot be counted. Its line is that of the first such row."""
        if not head[0].strip():
            refused(path, log.line, "the decision has no outcome", "Leave out what was not decided.")
        for (attribute, groups), value in zip(self.groups.items(), head[1:], strict=True):
            if value.strip() and value.strip() not in groups:
                what = f"`{value.strip()[:40]}` is no group of {attribute}: policy fixes {', '.join(groups)}"
                refused(path, log.line, what, "Write the policy's groups in the log; leave it empty if not known.")

    def _fold(self, kinds: Mapping[tuple[str, ...], int]) -> None:
        for head, n in kinds.items():
            selected = n if head[0].strip() == self.favourable else 0
            self.records += n
            self.favourable_records += selected
            for attribute, value in zip(self.groups, head[1:], strict=True):
                group = value.strip()
                if group:
                    self.counts[attribute][group][0] += n
                    self.counts[attribute][group][1] += selected
                else:
                    self.unknown[attribute] += n


@dataclass(frozen=True, slots=True)
class Request:
    """What to record, and how the log is read."""

    file: Path
    first: date
    last: date
    uri: str
    columns: Mapping[str, str]
    """`outcome`, `reasons` or a protected attribute, to the name of its column."""
    favourable: str
    source: str


def period_name(first: date, last: date) -> str:
    """What a manifest is called: `2026-10` for a calendar month, otherwise both days."""
    if first.day == 1 and months_after(first, 1).toordinal() - 1 == last.toordinal():
        return f"{first:%Y-%m}"
    return f"{first.isoformat()}-to-{last.isoformat()}"


def manifest(request: Request, policy: Policy) -> tuple[dict[str, object], Tally]:
    """The fields of the manifest, and the counts that they are made from.

    Raises:
        UsageError: where the log cannot be read or counted, with the line.
    """
    with opened(request.file, _by_name(request, policy)) as (log, hashed):
        columns = _columns(log, request, policy)
        groups = {a: policy.fairness.groups[a] for a in columns.attributes}
        tally = Tally(groups, request.favourable)
        tally.take(log, columns, request.file)
        digest = hashed.sha256()
    fields: dict[str, object] = {
        "period_from": request.first,
        "period_to": request.last,
        "uri": request.uri or f"file:{quote(request.file.name)}",
        "sha256": digest,
        "records": tally.records,
    }
    if columns.reasons is not None and tally.records:
        fields["with_reasons"] = round(tally.reasons / tally.records, 6)
    if groups:
        fields["outcomes"] = [_comparison(attribute, tally, request) for attribute in groups]
    return fields, tally


def _comparison(attribute: str, tally: Tally, request: Request) -> dict[str, object]:
    counts = tally.counts[attribute]
    return {
        "attributes": [attribute],
        "source": request.source,
        "favourable": request.favourable,
        "unknown_n": tally.unknown[attribute],
        "groups": {group: {"n": n, "selected": selected} for group, (n, selected) in counts.items()},
    }


def _columns(log: Log, request: Request, policy: Policy) -> Columns:
    """The columns that were named; of those that were not, the ones with the name of what they say."""
    named, fixed = dict(request.columns), policy.fairness.groups
    outcome = named.pop("outcome", "outcome")
    reasons = named.pop("reasons", "reasons" if "reasons" in log.columns else None)
    for attribute in named:
        if attribute not in fixed:
            message = f"policy fixes no groups of {attribute}, and a value of a row is never written into the registry"
            raise UsageError(message, f"Write them under `fairness.groups`; known: {', '.join(fixed) or 'none'}.")
    attributes = {a: c for a in fixed if (c := named.get(a) or _column(log, a, request))}
    if attributes and not request.favourable:
        raise UsageError("which outcome is good for the person?", "Say so: --favourable approved.")
    _require(log, request.file, (outcome, *([reasons] if reasons else []), *attributes.values()))
    return Columns(outcome, reasons, attributes)


def _by_name(request: Request, policy: Policy) -> frozenset[str]:
    """The columns that are counted though nobody named them, if the log has them."""
    attributes = [a for a in policy.fairness.groups if request.favourable and a not in request.columns]
    reasons = () if "reasons" in request.columns else ("reasons",)
    return frozenset((*reasons, *attributes, *(a.replace("-", "_") for a in attributes)))


def _column(log: Log, attribute: str, request: Request) -> str:
    """The column with the name of an attribute; empty where there is none, or nothing to count in it."""
    found = (name for name in (attribute, attribute.replace("-", "_")) if name in log.columns)
    return next(found, "") if request.favourable else ""


def _require(log: Log, path: Path, columns: tuple[str, ...]) -> None:
    if not log.columns:
        raise UsageError(f"{path.name} is empty", "A log without decisions needs no manifest.")
    for column in columns:
        if log.columns.count(column) != 1:
            often = f"{log.columns.count(column)} columns" if column in log.columns else "no column"
            known = ", ".join(c[:40] for c in log.columns[:20])
            remedy = f"Name it: --columns outcome=NAME. Columns: {known}."
            raise UsageError(f"{path.name} has {often} `{column}`", remedy)
