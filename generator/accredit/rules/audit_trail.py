"""AUD: moves and their landings, the chain that they form, and the times that they claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from accredit.domain.lifecycle import Lifecycle
from accredit.domain.operation import Deployment
from accredit.domain.paths import parse_path, version_path
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.value import Instant
from accredit.domain.verification import Flaw, Signoff
from accredit.rules.context import Context
from accredit.rules.decisive import NOBODY_ASKED
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown

_NO_PROOF = "policy asks for sign-offs that are proved, and no history was asked"
_REHEARSAL = frozenset({"development", "test", "sandbox", "staging", "review"})
_CLONE = "Run the check in a complete clone of the registry."
_POLICY = at("policy.yaml", "profiles")


@rule("AUD101", "Every stage change has an event", severity="blocker", gate="production", waivable=False)
def changes_recorded(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Every stage change has an event.

    What it checks:
        Every deployment that decides (a shadow does not, and an environment for development, test, staging or review
        is no production) began while the version was in production by a move that
        took effect; the move's request says who asked, when, from where, to where, about which content and under
        which policy. With a history, each move has a landing whose commit says when it was.

    Why it matters:
        A version that decided before anybody let it was never approved for that time, however good the papers are
        that came later.

    Example:
        A deployment of 2026-09-02, and a move into production that took effect on 2026-09-04.

    How to fix:
        Correct the date that is wrong. If it is right, the deployment was unauthorised: report it as an incident, and
        deploy anew after the sign-off.

    References:
        EU AI Act Art. 12; NIST SP 800-53 AU-2, AU-3 and CM-3; SR 26-2 on change control.
    """
    lifecycle = context.lifecycles[version.key]
    moves = [s.transition.request.seq for s in lifecycle.steps if s.status == "effective"]
    found = [*_unapproved(version, lifecycle), *_unlanded(version, moves, context)]
    if not moves and not version.deployments:
        yield not_applicable("the version has not moved and was not deployed")
    else:
        yield from found or [passes(f"{len(moves)} moves and {len(version.deployments)} deployments are accounted for")]


def _unapproved(version: ModelVersion, lifecycle: Lifecycle) -> Iterator[Verdict]:
    """Deployments that began outside of the times in which the version was in production."""
    periods = [*production_periods(lifecycle)]
    for name, deployment in version.deployments.items():
        began = deployment.deployed_at
        covered = any(start <= began and (end is None or began < end) for start, end in periods)
        if not covered and _decides(deployment):
            place = at(version_path(version.model_id, version.id, f"deployments/{name}.yaml"), "deployed_at")
            message = f"the deployment {name} began on {began:%Y-%m-%d %H:%M}, when the version was not in production"
            yield fails(message, "Correct the date that is wrong, or report it and deploy anew.", place)


def _unlanded(version: ModelVersion, moves: Sequence[int], context: Context) -> Iterator[Verdict]:
    """Moves of which history cannot say when they took effect."""
    proof = context.verification
    if proof is None:
        return
    dated = {m.seq for m in proof.moves if m.subject == version.key and m.landed.time is not None}
    for seq in (seq for seq in moves if seq not in dated):
        path = version_path(version.model_id, version.id, f"transitions/{seq:04}/request.yaml")
        yield fails(f"no landing says when move {seq:04} took effect", "Look at `accredit audit`.", at(path))


def _decides(deployment: Deployment) -> bool:
    """Whether decisions about people may come out of a deployment."""
    return deployment.strategy != "shadow" and deployment.environment not in _REHEARSAL


def production_periods(lifecycle: Lifecycle) -> Iterator[tuple[Instant, Instant | None]]:
    """The times in which the version was in production, by what its sign-offs claim: first moment and the one after."""
    start: Instant | None = None
    for step in lifecycle.steps:
        if step.status != "effective" or step.at is None:
            continue
        target = step.transition.request.to_stage
        if target == "production" and start is None:
            start = step.at
        elif target != "production" and start is not None:
            yield start, step.at
            start = None
    if start is not None:
        yield start, None


def running_outside(version: ModelVersion, context: Context) -> Iterator[tuple[str, Deployment]]:
    """Deployments that decide on the day though the version is not yet in production."""
    if context.stage(version) not in ("staging", "review"):
        return
    for name, deployment in version.deployments.items():
        runs = deployment.until is None or deployment.until.date() > context.as_of
        if runs and _decides(deployment) and deployment.deployed_at.date() <= context.as_of:
            yield name, deployment


@rule(
    "AUD102", "Events are append-only and chained", severity="blocker", gate="always", waivable=False, scope="registry"
)
def chained(registry: Registry, context: Context) -> Iterator[Verdict]:
    """Events are append-only and chained.

    What it checks:
        Each request, of a version and of a change of people and policy, names the digest of the one before it, and
        with a history, no request, approval or signature was changed or deleted after it landed. A request that does
        not follow on the one before moves nothing, and the next one that does puts the chain right. Where policy asks
        for sign-offs that are proved, a registry without its history is `unknown`.

    Why it matters:
        Whoever can take an event out of a log, or put one in between, decides what the log says.

    Example:
        `previous` of request 0003 that is the digest of request 0001.

    How to fix:
        Bring the file back as it was when it landed, or ask anew: `accredit request` writes the digest.

    References:
        NIST SP 800-53 AU-9 and AU-10; EU AI Act Art. 12; ISO/IEC 27001:2022 control 8.15.
    """
    asked = sum(len(v.transitions) for v in registry.versions()) + len(registry.changes)
    if context.verification is None and context.policy.asks_for_proof and asked:
        yield unknown(_NO_PROOF, _CLONE, _POLICY)
        return
    found = [*_rewritten(context), *_unlinked(registry)]
    if found:
        yield from found
    else:
        yield passes(f"{asked} requests follow on each other, and none was changed")


def _rewritten(context: Context) -> Iterator[Verdict]:
    breaches = context.verification.breaches if context.verification else ()
    for breach in breaches:
        if breach.standing and breach.flaw == Flaw.REWRITTEN:
            yield fails(breach.message, "Bring the file back as it was when it landed.", at(breach.path))


def _unlinked(registry: Registry) -> Iterator[Verdict]:
    """The last request of each chain, where it does not follow on the one before."""
    chains = [(f"models/{v.model_id}/versions/{v.id}/transitions", v.transitions) for v in registry.versions()]
    links = [(folder, [(t.request.seq, t.request.previous) for t in chain]) for folder, chain in chains]
    links.append(("changes", sorted((c.seq, c.previous) for c in registry.changes.values())))
    for folder, chain in links:
        if not chain:
            continue
        seq, previous = chain[-1]
        before = registry.digests.get(f"{folder}/{seq - 1:04}/request.yaml", "none")
        if previous != before:
            message = f"request {seq:04} follows on {previous[:12]}, which is not the request before it"
            yield fails(message, "Ask anew: `accredit request`.", at(f"{folder}/{seq:04}/request.yaml", "previous"))


@rule("AUD104", "Event time agrees with commit time", severity="warning", gate="always", waivable=True)
def times_agree(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Event time agrees with commit time.

    What it checks:
        The time that each request and approval of the version claims is no further from the time of the commit in
        which it landed than `audit.max_clock_skew_hours` of the policy. Sign-offs that do not count are not looked
        at. Nothing rests on either time, which anybody can write: roles and keys are judged by the order of landings.

    Why it matters:
        Both times are only claimed. Where they differ by more than a review takes, somebody dated a record back, or a
        clock is wrong, and neither should go unnoticed.

    Example:
        An approval of 2026-06-30 that landed on 2026-11-20.

    How to fix:
        Say in the pull request why they differ, and correct the clock. What was signed stays as it is: a new request
        carries new times.

    References:
        NIST SP 800-53 AU-8 on time stamps; ISO/IEC 27001:2022 control 8.17.
    """
    if not version.transitions:
        yield not_applicable(NOBODY_ASKED)
        return
    if context.verification is None and context.policy.asks_for_proof:
        yield unknown(_NO_PROOF, _CLONE, _POLICY)
        return
    if context.verification is None:
        yield not_applicable("sign-offs are taken as files declare them, without a history")
        return
    limit = timedelta(hours=context.policy.audit.max_clock_skew_hours)
    looked = faults = 0
    for signoff, claimed, field in _claimed(version, context):
        looked += 1
        landed = signoff.landed.time
        if landed is None or abs(landed - claimed) > limit:
            faults += 1
            said = f"in a commit of {landed:%Y-%m-%d %H:%M}" if landed else "in a commit that says no time"
            message = f"it claims {claimed:%Y-%m-%d %H:%M} and landed {said}"
            yield fails(message, "Find out which clock was wrong, and say so.", at(signoff.path, field))
    if not looked:
        yield not_applicable("no sign-off of the version counts")
    elif not faults:
        yield passes(f"{looked} sign-offs claim times within {context.policy.audit.max_clock_skew_hours} hours")


def _claimed(version: ModelVersion, context: Context) -> Iterator[tuple[Signoff, Instant, str]]:
    """Sign-offs of the version that count and lie there as they landed, with the time that each claims."""
    times: dict[tuple[int, str], tuple[Instant, str]] = {}
    for transition in version.transitions:
        seq = transition.request.seq
        times[seq, ""] = transition.request.requested_at, "requested_at"
        times |= {(seq, name): (a.time, "time") for name, a in transition.approvals.items()}
    for path, signoff in context.signoffs_of(version).items():
        entry = parse_path(path)
        known = times.get((entry.seq, entry.id)) if entry and entry.kind in ("transition", "approval") else None
        if known and signoff.counts and context.registry.digests.get(path) == signoff.sha256:
            yield signoff, *known
