"""OWN: who answers for a model."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import model_path, person_path
from accredit.domain.registry import RegisteredModel
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, passes, rule


@rule("OWN101", "One accountable human owner", severity="blocker", gate="staging", waivable=False, scope="model")
def accountable_owner(model: RegisteredModel, context: Context) -> Iterator[Verdict]:
    """One accountable human owner.

    What it checks:
        `owner` in `model.yaml` names one registered person who works here on the day of the assessment. A bot, a
        team or somebody who has left does not count.

    Why it matters:
        When a model fails, somebody must be able to stop it. A team alias answers to nobody; people who left
        answer to nobody either.

    Example:
        `owner: credit-team`, where `people/credit-team.yaml` does not exist.

    How to fix:
        Name the id of a person in `people/`, and if needed add that person first.

    References:
        EU AI Act Art. 17(1)(m) asks providers for an accountability framework.
    """
    owner = model.record.owner
    place = at(model_path(model.id), "owner")
    person = context.registry.people.get(owner)
    if person is None:
        yield fails(f"the owner `{owner}` is nobody registered", f"Name a person, or add `people/{owner}.yaml`.", place)
    elif person.kind == "bot":
        yield fails(f"the owner `{owner}` is a bot", "Name the person who answers for the model.", place)
    elif not person.is_active_on(context.as_of):
        left = at(person_path(owner), "active_to")
        yield fails(f"the owner {person.name} is not active on {context.as_of}", "Name a successor.", place, left)
    else:
        yield passes(f"{person.name} owns the model")
