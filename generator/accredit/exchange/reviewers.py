"""Which person of the registry a review is by, and the approval that it becomes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from accredit.domain.registry import ModelVersion
from accredit.errors import UsageError
from accredit.exchange.reviews import Refused, Review
from accredit.signing.approval import Decision, draft_approval, waiting
from accredit.signing.clone import clone_of
from accredit.signing.record import Draft
from accredit.signing.transition import is_current
from accredit.signing.workspace import Workspace

_SUFFIXES = ("", ".sig", ".asc")


@dataclass(frozen=True)
class Intake:
    """What reviews are taken over for."""

    root: Path
    workspace: Workspace
    version: ModelVersion
    role: str
    author: int
    """Account of whoever made the pull request."""

    def drafts(self, reviews: Iterable[Review]) -> tuple[tuple[tuple[Review, Draft], ...], tuple[Refused, ...]]:
        """The approvals that reviews become, and those that become none, with the reason."""
        results = [(review, self._draft(review)) for review in reviews]
        kept = tuple((review, made) for review, made in results if isinstance(made, Draft))
        return kept, tuple(made for _, made in results if isinstance(made, Refused))

    def _draft(self, review: Review) -> Draft | Refused:
        person = self._person(review)
        if isinstance(person, Refused):
            return person
        decision = Decision(
            "approve" if review.state == "approved" else "reject", (), review.statement, assurance="platform"
        )
        try:
            made = draft_approval(self.workspace, self.version, person, self.role, decision)
        except UsageError as error:  # without the role, or behind the version in another way
            return Refused(review.who, str(error))
        if any(os.path.lexists(self.root / f"{made.path}{suffix}") for suffix in _SUFFIXES):
            return Refused(review.who, f"{made.path} exists already, and what was signed is never replaced")
        return made

    def _person(self, review: Review) -> str | Refused:
        """The person whose account it is, if they are free to review."""
        registry = self.workspace.loaded.registry
        people = [i for i, p in registry.people.items() if getattr(p.forge, review.forge) == review.user_id]
        if not people:
            return Refused(review.who, "the account belongs to nobody in people/")
        if len(people) > 1:
            return Refused(review.who, f"the account is claimed by {' and '.join(sorted(people))}")
        if registry.people[people[0]].kind == "bot":
            return Refused(review.who, f"{people[0]} is a bot, and a bot reviews nothing")
        if review.user_id == self.author:
            return Refused(review.who, f"self review: {people[0]} made the pull request")
        asked = waiting(self.workspace, self.version).transition.request.requested_by
        if people[0] in {asked, registry.behind(asked)}:
            return Refused(review.who, f"self review: {people[0]} asked for this move")
        return people[0]


def require_shown(workspace: Workspace, version: ModelVersion, root: Path, head: str) -> None:
    """Holds the commit that was reviewed against the request: a review is of what it showed, and of nothing later.

    Raises:
        UsageError: where the request, the content, the data or the policy was another in that commit.
        GitError: where the commit is not in this clone.
    """
    step = waiting(workspace, version)
    then = Workspace(clone_of(root, head).loaded(), workspace.now)
    shown = then.loaded.registry.models.get(version.model_id)
    before = shown.versions.get(version.id) if shown else None
    asked = {t.sha256 for t in before.transitions} if before else set()
    if before is None or step.transition.sha256 not in asked:
        raise UsageError(
            f"the commit {head[:12]} that was reviewed does not hold the request that waits",
            "Have the pull request reviewed again, with the request in it.",
        )
    if not is_current(then, before, step.transition.request):
        raise UsageError(
            f"{version.key}, its data or the policy were not in {head[:12]} what the request asks about",
            "Have the pull request reviewed again, as it is now.",
        )
