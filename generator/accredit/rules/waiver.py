"""WVR: waivers, by which somebody accepts for a time that a rule does not hold."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.waiver import Waiver
from accredit.rules.context import Context, VersionOutcomes
from accredit.rules.rule import RULES, Verdict, at, fails, not_applicable, passes, rule
from accredit.rules.waiver_validity import faults_of


@rule("WVR101", "Waiver is well formed", severity="error", gate="always", waivable=False, scope="waivers")
def well_formed(subject: VersionOutcomes, context: Context) -> Iterator[Verdict]:
    """Waiver is well formed.

    What it checks:
        A waiver that has not ended says in `reason` why the rule cannot hold yet, in `risk` what may go wrong
        meanwhile, and in `ticket` where the work is tracked; none of them is a placeholder. Its form admits exactly
        one rule by its whole code, one model and one version, and no wildcards; that these exist is the business of
        REG002. A waiver at fault covers nothing.

    Why it matters:
        Whoever accepts a risk must be able to read what it is.

    Example:
        `reason: TBD`.

    How to fix:
        Write what is missing, and let it be accepted again.

    References:
        NIST SP 800-53 CA-5 on plans of action; NIST AI RMF MANAGE 1.4 on documenting residual risk.
    """
    yield from _faults(subject, context, "WVR101", "every waiver states reason, risk and ticket")


@rule(
    "WVR102", "Risk accepted by an allowed person", severity="blocker", gate="always", waivable=False, scope="waivers"
)
def accepted(subject: VersionOutcomes, context: Context) -> Iterator[Verdict]:
    """Risk accepted by an allowed person.

    What it checks:
        Who accepts a waiver that has not ended is a person, held the role of `accepted_as` on the day it was granted,
        and the role is one that `waivers.accept_by` of the policy names for the severity of the rule. The person does
        not own the model, did not train the version and did not ask for the waiver; what a bot did counts as done by
        the person who is responsible for it. Where sign-offs are proved from the history and the model's profile asks
        for more than names, that person signed the file as it is. A waiver at fault covers nothing.

    Why it matters:
        Somebody who wants the version in production is not the one to say that its faults may be lived with.

    Example:
        `requested_by: ada` and `accepted_by: ada`.

    How to fix:
        Let somebody accept it who holds a role that may, and who has no part in the version, and sign it:
        `accredit sign FILE`.

    References:
        NIST SP 800-53 AC-5 on separation of duties; SR 26-2 on independence and effective challenge.
    """
    yield from _faults(subject, context, "WVR102", "every waiver is accepted by somebody who may")


@rule(
    "WVR103",
    "Waiver is in date and within limits",
    severity="blocker",
    gate="always",
    waivable=False,
    scope="waivers",
)
def in_date(subject: VersionOutcomes, context: Context) -> Iterator[Verdict]:
    """Waiver is in date and within limits.

    What it checks:
        The term of a waiver that has not ended, first and last day included, is at most `waivers.max_days`, and it
        was renewed at most `waivers.max_renewals` times, by the severity of the rule. Every earlier waiver of the same
        rule and version counts as a renewal, whatever `renewals` says. A waiver at fault covers nothing.
        A waiver that has ended is reported as long as its rule does not hold and no later one takes its place. After
        that, and once the version is archived, it is a record.

    Why it matters:
        An exception without an end is a change of policy that nobody decided.

    Example:
        `granted: 2026-01-01` and `expires: 2026-12-31` for a rule that may be waived for 90 days.

    How to fix:
        Make the rule hold, take the version out of use, or ask for a waiver within the limits.

    References:
        NIST SP 800-53 CA-5; NIST AI RMF MANAGE 1.4.
    """
    yield from _faults(subject, context, "WVR103", "every waiver is in date and within its limits")
    for name, waiver in _waivers(subject, context):
        if waiver.expires < context.as_of and _is_needed(waiver, subject, context):
            waivers = (context.registry.waivers[n] for n in context.waivers[subject.version.key])
            if not any(w.rule == waiver.rule and w.expires > waiver.expires for w in waivers):
                message = f"the waiver ended on {waiver.expires}, and {waiver.rule} still does not hold"
                remedy = "Make the rule hold, take the version out of use, or ask for a new waiver."
                yield fails(message, remedy, at(f"waivers/{name}.yaml", "expires"))


@rule(
    "WVR104",
    "Compensating controls have evidence",
    severity="error",
    gate="always",
    waivable=False,
    scope="waivers",
)
def compensated(subject: VersionOutcomes, context: Context) -> Iterator[Verdict]:
    """Compensating controls have evidence.

    What it checks:
        A waiver that has not ended records at least one compensating control. Each says what is done instead and
        where it shows, and was looked at on a day that has come. A waiver at fault covers nothing.

    Why it matters:
        A risk that is accepted is still there. Something must hold it down, and somebody must have looked whether it
        does.

    Example:
        `compensating_controls: []`.

    How to fix:
        Record under `compensating_controls` what is done, where its evidence is, and when it was last checked.

    References:
        NIST SP 800-53B on compensating controls; SR 26-2 on limits of use.
    """
    yield from _faults(subject, context, "WVR104", "every waiver has compensating controls with evidence")


@rule("WVR105", "Rule may be waived", severity="blocker", gate="always", waivable=False, scope="waivers")
def rule_waivable(subject: VersionOutcomes, context: Context) -> Iterator[Verdict]:
    """Rule may be waived.

    What it checks:
        The rule of a waiver that has not ended is one that can be waived, `waivers.never` of the policy does not
        select it, and the model's profile allows waivers. A waiver at fault covers nothing.

    Why it matters:
        Some rules are a floor, because the law gives no choice or because every other rule rests on them.

    Example:
        `rule: RISK101`, a prohibited use.

    How to fix:
        Make the rule hold, or take the version out of use. `accredit rules` lists which rules can be waived.

    References:
        EU AI Act Art. 5 and GDPR Art. 6 leave no exception to an organisation's choice.
    """
    yield from _faults(subject, context, "WVR105", "every waiver is of a rule that may be waived")


@rule("WVR106", "Waiver is still needed", severity="warning", gate="always", waivable=True, scope="waivers")
def still_needed(subject: VersionOutcomes, context: Context) -> Iterator[Verdict]:
    """Waiver is still needed.

    What it checks:
        The rule of a waiver in force does not hold for the version, apart from the waiver. A version that is archived
        needs none for a rule that is not asked of it any more.

    Why it matters:
        A waiver that covers nothing today covers silently whatever breaks tomorrow.

    Example:
        A waiver of FAIR103 for a version whose new evaluation passes it.

    How to fix:
        Set `expires` to the last day on which it was needed.

    References:
        NIST AI RMF MANAGE 4.1 on following up what was accepted.
    """
    verdicts = []
    for name, waiver in _waivers(subject, context):
        if not waiver.is_in_force_on(context.as_of):
            continue
        if _is_needed(waiver, subject, context):
            verdicts.append(passes(f"{waiver.rule} does not hold, so `{name}` is needed"))
            continue
        why = "holds" if subject.outcomes[waiver.rule] == "pass" else "does not apply"
        why = "is not asked of an archived version" if _is_unasked(waiver, subject, context) else why
        remedy = "Set `expires` to the last day on which it was needed."
        verdicts.append(
            fails(f"{waiver.rule} {why}, so the waiver is not needed", remedy, at(f"waivers/{name}.yaml", "rule"))
        )
    yield from verdicts or [not_applicable("no waiver of this version is in force")]


def _faults(subject: VersionOutcomes, context: Context, code: str, holds: str) -> Iterator[Verdict]:
    current = [name for name, waiver in _waivers(subject, context) if waiver.expires >= context.as_of]
    found = [(n, f) for n in current for f in faults_of(n, subject.version, context) if f.code == code]
    yield from (fails(f.message, f.help, at(f"waivers/{name}.yaml", *f.route)) for name, f in found)
    if not current:
        yield not_applicable("no waiver of this version is current")
    elif not found:
        yield passes(holds)


def _waivers(subject: VersionOutcomes, context: Context) -> Iterator[tuple[str, Waiver]]:
    """The waivers of the version by id, the first to be granted first."""
    return ((name, context.registry.waivers[name]) for name in context.waivers.get(subject.version.key, ()))


def _is_needed(waiver: Waiver, subject: VersionOutcomes, context: Context) -> bool:
    """Whether the rule does not hold, and is asked of the version."""
    holds = subject.outcomes.get(waiver.rule) in ("pass", "not_applicable")
    return not holds and not _is_unasked(waiver, subject, context)


def _is_unasked(waiver: Waiver, subject: VersionOutcomes, context: Context) -> bool:
    """Whether the version is out of use, and the rule is not asked of such a version."""
    known = RULES.get(waiver.rule)
    return context.stage(subject.version) == "archived" and known is not None and not known.applies_from("archived")
