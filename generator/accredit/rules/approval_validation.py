"""APR: somebody outside development validated what was approved."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.calendar import is_older
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion
from accredit.domain.validation import Validation
from accredit.rules.context import Context
from accredit.rules.decisive import approving, decisive
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule, unknown


@rule("APR110", "Independent validation is linked", severity="blocker", gate="production", waivable=True)
def validated(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Independent validation is linked.

    What it checks:
        Where `validation.required_tiers` of the policy names the model's tier, `validations/` holds a report. The last
        one is about exactly the content of the version, is no older than `max_age_months`, was there before the first
        approval, and is not a rejection. Whoever wrote it is a person who works here, and is neither the owner, the
        deputy, the trainer nor in the team of one of them. Each finding that is not closed has an owner, a due day
        and a place where it is tracked.

    Why it matters:
        Those who built a model know what they meant it to do. Somebody who did not build it has to see what it does.

    Example:
        A report by a member of the team that owns the model.

    How to fix:
        Let somebody outside the team validate it, and file the report: `accredit explain` and the format reference
        show the fields. A report never changes after it landed: file another one.

    References:
        SR 26-2 on independent validation; NIST AI RMF MEASURE 1.3; ISO/IEC 42001 clause 9.2.
    """
    standing = context.standing(version)
    if standing.tier not in context.policy.validation.required_tiers:
        yield not_applicable(f"policy asks no independent validation in tier {standing.tier}")
        return
    if not version.validations:
        place = at(version_path(version.model_id, version.id))
        yield unknown("no independent validation is recorded", "File the report in `validations/`.", place)
        return
    name, last = max(version.validations.items(), key=lambda item: (item[1].date, item[0]))
    path = version_path(version.model_id, version.id, f"validations/{name}.yaml")
    faults = [*_report(version, last, context), *_author(version, last, context), *_findings(last)]
    for field, message, remedy in faults:
        yield fails(message, remedy, at(path, *field))
    if not faults:
        yield passes(f"{last.by} validated it on {last.date}: {last.outcome.replace('-', ' ')}")


_Fault = tuple[tuple[str | int, ...], str, str]
_ANEW = "Let what is approved be validated, and file the report."


def _report(version: ModelVersion, report: Validation, context: Context) -> Iterator[_Fault]:
    if report.content != version.content:
        message = f"what was validated is {report.content[:12]}, which is not the content of the version"
        yield ("content",), message, _ANEW
    if report.outcome == "rejected":
        yield ("outcome",), f"the validation of {report.date} rejected it", "Answer the findings and validate it anew."
    months = context.policy.validation.max_age_months
    if months is not None and is_older(report.date, months, context.as_of):
        yield ("date",), f"the validation is of {report.date}, more than {months} months ago", _ANEW
    step = decisive(version, context)
    asked = step if step and step.transition.request.to_stage == "production" else None
    first = min((a.time.date() for _, a in approving(asked)), default=None) if asked else None
    if first is not None and report.date > first:
        yield ("date",), f"the validation is of {report.date}, and the first approval of {first}", _ANEW


def _author(version: ModelVersion, report: Validation, context: Context) -> Iterator[_Fault]:
    """What makes the author of a report one of those who built the model."""
    model, people, by = context.model(version).record, context.registry.people, report.by
    remedy = "Let somebody outside of development validate it."
    trained = version.record.trained
    builders = {"owner": model.owner, "deputy": model.deputy}
    builders |= {"trainer": context.registry.behind(trained.by)} if trained else {}
    author = people.get(by)
    if author is None or author.kind == "bot" or not author.is_active_on(report.date):
        yield ("by",), f"`{by}` was no person who worked here on {report.date}", remedy
        return
    for part, builder in builders.items():
        if by == builder:
            yield ("by",), f"{by}, who validated it, is the {part}", remedy
            return
    known = (people[b] for b in builders.values() if b is not None and b in people)
    teams = {team for person in known for team in person.teams} | {model.team}
    if shared := sorted(t for t in author.teams if t in teams):
        yield ("by",), f"{by}, who validated it, is in {shared[0]}, whose model it is", remedy


def _findings(report: Validation) -> Iterator[_Fault]:
    for index, finding in enumerate(report.findings):
        absent = [name for name in ("owner", "tracked", "due") if getattr(finding, name) is None]
        if finding.closed is None and absent:
            message = f"the finding {finding.id} is open and has no {' and no '.join(absent)}"
            yield ("findings", index), message, "Say who resolves it by when, and where that is tracked."
