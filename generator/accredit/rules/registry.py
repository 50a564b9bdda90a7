"""REG: the registry as a whole can be trusted."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.lifecycle import Lifecycle, Step
from accredit.domain.paths import version_path
from accredit.domain.registry import ModelVersion, Registry
from accredit.findings import Location
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, inconclusive, not_applicable, passes, rule, unknown


@rule("REG001", "Registry files match their schema", severity="error", gate="always", waivable=False, scope="registry")
def files_match_schema(registry: Registry, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """Registry files match their schema.

    What it checks:
        Every file under the registry's root is an entry of a known kind, is written in the strict subset of YAML, and
        has exactly the fields of its kind with values of the right type. Unknown keys are refused unless they start
        with `x-`. There is a `registry.yaml`.

    Why it matters:
        A field that is misspelt is a fact that is missing. A value that two readers understand differently is signed
        by one and used by the other.

    Example:
        `version: 1.10`, which one reader takes for the number 1.1; or `ower: ada` for `owner: ada`.

    How to fix:
        Each finding names the place, the value and what is wanted there. `accredit schema KIND` prints the schema for
        an editor.

    References:
        YAML 1.2.2 chapter 10; JSON Schema 2020-12.
    """
    # The reader reports what is wrong with each file, at its line; here it only counts.
    for path in sorted(registry.broken):
        shown = path.encode("unicode_escape", "backslashreplace").decode()
        yield Verdict("fail", f"`{shown}` cannot be read", "Correct it.", related=(at(path),))
    if registry.identity is None and "registry.yaml" not in registry.broken:
        remedy = "Run `accredit init` to write one."
        yield fails("the registry has no registry.yaml", remedy, at("registry.yaml"))
    if registry.identity is not None and not registry.broken:
        yield passes(f"all {len(registry.digests)} files match their schema")


@rule("REG003", "A version is frozen once it leaves staging", severity="blocker", gate="review", waivable=False)
def frozen(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """A version is frozen once it leaves staging.

    What it checks:
        The digest of the version's content is the one that its last request binds, and no request on the way bound
        another, unless the version went back to staging between, or a revalidation (from a stage to itself) bound the
        new content.

    Why it matters:
        Reviewers sign bytes. What changed after they signed was approved by nobody.

    Example:
        An evaluation that is edited after the version went to review.

    How to fix:
        Undo the change, or make a new version. To add an evaluation, request a revalidation.

    References:
        SR 26-2 on change control; EU AI Act Art. 12 and 43(4).
    """
    lifecycle = context.lifecycles[version.key]
    broken = lifecycle.steps[-1] if lifecycle.steps and lifecycle.steps[-1].status == "broken" else None
    if broken is not None and context.verification is None:  # history knows what to make of it
        message = f"request {broken.transition.request.seq:04} does not continue the chain, so it binds no content"
        yield unknown(message, "Correct the chain of requests.", _place(version, broken, "previous"))
        return
    bound = _bound(lifecycle)
    last, pending = (bound[-1] if bound else None), lifecycle.pending
    if last is None and pending is None:
        yield not_applicable("the version is in staging and may still change")
    elif last is not None and last.transition.request.content != version.content:
        yield _changed(version, last, pending)
    elif pending is not None and pending.transition.request.content != version.content:
        yield _changed(version, pending, None)
    else:
        yield passes(f"the content is the one that was submitted, {version.content[:12]}")


def _bound(lifecycle: Lifecycle) -> list[Step]:
    """The requests that took effect since the version last was in staging."""
    bound: list[Step] = []
    for step in lifecycle.steps:
        if step.status == "effective" and step.kind != "suspend":  # whoever stops a version approves no content
            bound = [*bound, step] if step.transition.request.to_stage != "staging" else []
    return bound


def _changed(version: ModelVersion, step: Step, pending: Step | None) -> Verdict:
    request = step.transition.request
    revalidates = pending is not None and pending.transition.request.from_stage == pending.transition.request.to_stage
    if pending and revalidates and pending.transition.request.content == version.content:
        message = f"the content changed, and its revalidation waits for {', '.join(pending.missing)}"
        return inconclusive(message, "Let it be signed.", _place(version, pending, "content"))
    message = f"the content is {version.content[:12]}, and request {request.seq:04} binds {request.content[:12]}"
    remedy = "Undo the change, make a new version, or request a revalidation."
    return fails(message, remedy, _place(version, step, "content"))


def _place(version: ModelVersion, step: Step, field: str) -> Location:
    name = f"transitions/{step.transition.request.seq:04}/request.yaml"
    return at(version_path(version.model_id, version.id, name), field)
