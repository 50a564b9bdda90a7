"""CARD: numbers in the prose of a card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from accredit.domain.metric_reference import literals, recorded, references, resolve, shown
from accredit.domain.registry import ModelVersion
from accredit.domain.texts import texts
from accredit.findings import Route
from accredit.rules.card import card_place, no_card
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, fails, not_applicable, passes, rule

_OTHERS = frozenset({"changes", "monitoring_plan", "technical_documentation", "references"})
"""Sections whose numbers are limits, or belong to other versions and other documents."""


@rule("CARD105", "Numbers in the card equal the evaluation records", severity="error", gate="review", waivable=True)
def numbers_agree(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Numbers in the card equal the evaluation records.

    What it checks:
        Every reference in the card's prose, such as `[[holdout.auc]]`, `[[holdout.n]]` or
        `[[holdout.impact_ratio.gender]]`, is answered by an evaluation of the version. A number written out after a
        metric's name, such as "AUC of 0.81", rounds from a value that some evaluation records for that metric, or
        that follows from its counts. Alternatives, changes, limits of the monitoring plan and references are left
        out: they speak of something else.

    Why it matters:
        Numbers that are typed go stale with the next evaluation, and readers believe them.

    Example:
        `performance: The AUC of 0.86 ...`, where `evaluations/holdout.yaml` records 0.84.

    How to fix:
        Write the reference in place of the number: the site shows the recorded value.

    References:
        SR 26-2 on documentation; Mitchell et al. 2019 section 4.7.
    """
    if version.card is None:
        yield no_card(version)
        return
    answered, faults = 0, 0
    known = recorded(version)
    for route, text in texts(version.card):
        verdicts = [*_references(version, route, text, context), *_literals(version, known, route, text)]
        answered += sum(v.outcome == "pass" for v in verdicts)
        for verdict in (v for v in verdicts if v.outcome == "fail"):
            faults += 1
            yield verdict
    if not answered and not faults:
        yield not_applicable("the prose of the card shows no metric")
    elif not faults:
        yield passes(f"{answered} numbers of the card are answered by the evaluations")


def _references(version: ModelVersion, route: Route, text: str, context: Context) -> Iterator[Verdict]:
    for reference in references(text) if "[[" in text else ():
        value = resolve(version, reference, context.policy.fairness.min_n)
        if value is None:
            known = ", ".join(sorted(version.evaluations)) or "none"
            remedy = f"Name an evaluation ({known}) and a metric that it records, as in `[[holdout.auc]]`."
            yield fails(f"no evaluation answers `[[{reference}]]`", remedy, card_place(version, *route))
        else:
            yield passes(f"`[[{reference}]]` is {shown(value)}")


def _literals(
    version: ModelVersion, known: Mapping[str, Sequence[float]], route: Route, text: str
) -> Iterator[Verdict]:
    if route[0] in _OTHERS or route[-1] == "alternatives":
        return
    for literal in literals(text):
        values = known.get(literal.metric, ())
        if any(literal.agrees_with(v) for v in values):
            yield passes(f"{literal.text} agrees with the records")
        elif values:
            found = ", ".join(dict.fromkeys(f"{v:g}" for v in values))
            remedy = f"Write a reference such as `[[{next(iter(version.evaluations))}.{literal.metric}]]` instead."
            message = f"the card says {literal.text}, and the evaluations record {found}"
            yield fails(message, remedy, card_place(version, *route))
