"""AUD: every event names somebody who can be asked, and the events that must be there are."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import person_path, version_path
from accredit.domain.registry import ModelVersion
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, passes, rule


@rule("AUD103", "Actors are known", severity="error", gate="always", waivable=False)
def actors_known(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Actors are known.

    What it checks:
        Whoever trained or deployed the version, asked for a move or decided on one is a registered person, or a bot
        for which a registered person is responsible. That person is not a bot, and works here as long as the bot
        does.

    Why it matters:
        A bot can be asked nothing. Behind each event there must be somebody who answers for it.

    Example:
        `trained: {by: training-bot}`, where `responsible` of the bot names somebody who has left.

    How to fix:
        Register who acted, and name a person as `responsible` for each bot.

    References:
        NIST SP 800-53 AU-3 on the content of audit records; EU AI Act Art. 12.
    """
    actors = [*_actors(version)]
    faults = 0
    for actor, what, place in dict.fromkeys(actors):
        problem = _unknown(actor, context)
        if problem is not None:
            faults += 1
            bot = actor in context.registry.people
            other = (at(person_path(actor), "responsible"),) if bot else ()
            yield fails(f"{what}: {problem}", "Register who acted; name a person who answers for a bot.", place, *other)
    if not faults:
        yield passes(f"{len({a for a, _, _ in actors})} people and bots acted, and all are known")


def _actors(version: ModelVersion) -> Iterator[tuple[str, str, Location]]:
    """Who acted, in what, and where it says so."""
    folder = version_path(version.model_id, version.id, "")
    if version.record.trained is not None:
        yield version.record.trained.by, "the training", at(f"{folder}version.yaml", "trained", "by")
    for name, deployment in version.deployments.items():
        place = at(f"{folder}deployments/{name}.yaml", "deployed_by")
        yield deployment.deployed_by, f"the deployment {name}", place
    for transition in version.transitions:
        step, seq = f"{folder}transitions/{transition.request.seq:04}", transition.request.seq
        yield transition.request.requested_by, f"request {seq:04}", at(f"{step}/request.yaml", "requested_by")
        for name, approval in transition.approvals.items():
            yield approval.reviewer, f"a decision on request {seq:04}", at(f"{step}/approvals/{name}.yaml", "reviewer")


def _unknown(actor: str, context: Context) -> str | None:
    """What is not known about somebody."""
    person = context.registry.people.get(actor)
    if person is None:
        return f"`{actor}` is nobody registered"
    if person.kind == "person":
        return None
    behind = context.registry.people.get(person.responsible or "")
    if behind is None:
        return f"no registered person is responsible for the bot `{actor}`"
    if behind.kind == "bot":
        return f"`{person.responsible}`, responsible for the bot `{actor}`, is a bot"
    if person.is_active_on(context.as_of) and not behind.is_active_on(context.as_of):
        return f"{behind.name}, responsible for the bot `{actor}`, does not work here"
    return None


@rule("AUD105", "Train and deploy events are complete", severity="error", gate="production", waivable=False)
def events_complete(version: ModelVersion, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Train and deploy events are complete.

    What it checks:
        `version.yaml` says who trained the version and when, and which artifacts came out of it. A version with
        monitoring snapshots or prediction logs has a deployment that began before the first of their periods ended;
        its form makes it say who deployed which artifact, where and when. The code, configuration, data and
        environment of the training are the business of LIN101, and that the artifact is the same that of LIN104.

    Why it matters:
        What ran without a record of who put it there, and when, cannot be explained to those about whom it decided.

    Example:
        A monitoring snapshot of October for a version without any deployment.

    How to fix:
        Let the training job and the release job write the events when they happen.

    References:
        EU AI Act Art. 12 and Annex IV 2; W3C PROV `Activity` and `wasAssociatedWith`.
    """
    path = version_path(version.model_id, version.id)
    found = []
    if version.record.trained is None:
        found.append(fails("who trained the version, and when, is not recorded", "Record `trained`.", at(path)))
    if not version.record.artifacts:
        found.append(fails("the training names no artifact", "Record `artifacts`.", at(path, "artifacts")))
    found += _undeployed(version)
    yield from found or [passes(f"the training and {len(version.deployments)} deployments are recorded")]


def _undeployed(version: ModelVersion) -> Iterator[Verdict]:
    """What was observed in operation before anything was deployed."""
    began = min((d.deployed_at.date() for d in version.deployments.values()), default=None)
    periods = [("monitoring", n, s.period_to) for n, s in version.monitoring.items()]
    periods += [("decisions", n, d.period_to) for n, d in version.decisions.items()]
    for folder, name, end in periods:
        if began is None or end < began:
            path = version_path(version.model_id, version.id, f"{folder}/{name}.yaml")
            message = f"the version ran by {end}, and no deployment by then is recorded"
            yield fails(message, "Record the deployment.", at(path, "period_to"))
