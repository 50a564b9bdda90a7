"""What falls due: ends of retention, waivers and approvals, revalidations, reviews, conditions. One list for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from accredit.domain.calendar import months_after
from accredit.domain.lifecycle import Lifecycle
from accredit.domain.paths import dataset_path, version_path
from accredit.domain.policy import Policy
from accredit.domain.predicate import Facts
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.schedule import Kept, latest_allowed, schedule_of
from accredit.domain.value import ProfileId

DueKind = Literal[
    "approval", "breach", "card-review", "condition", "emergency", "maximum", "retention", "revalidation", "waiver"
]


class Standing(Protocol):
    """How a model is classified."""

    @property
    def facts(self) -> Facts: ...  # noqa: D102 - the names say it
    @property
    def tier(self) -> int: ...  # noqa: D102
    @property
    def profile(self) -> ProfileId: ...  # noqa: D102


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something that is to be done by a day, the day included."""

    day: date
    kind: DueKind
    subject: str
    """`model@version`, or the id of a dataset."""
    message: str
    path: str
    remedy: str = ""
    detail: str = ""
    """What the day follows from."""


@dataclass(frozen=True)
class Agenda:
    """A registry on a day, as far as days to come follow from it."""

    registry: Registry
    policy: Policy
    lifecycles: Mapping[str, Lifecycle]
    """`model@version` to its steps."""
    standings: Mapping[str, Standing]
    """Model id to how it is classified."""
    as_of: date

    def dues(self) -> tuple[Due, ...]:
        """Everything with a day, past ones that are still open too; earliest first."""
        found = [*self.waivers(), *self._maximums()]
        for version in self.registry.versions():
            found += [*self.approval(version), *self._upkeep(version), *self._promises(version)]
            found += [*self._emergencies(version), *self._ends(version)]
        return tuple(sorted(found))

    def schedule(self, version: ModelVersion) -> tuple[Kept, ...]:
        """The retention schedule of a version."""
        facts, lifecycle = self.standings[version.model_id].facts, self.lifecycles[version.key]
        return schedule_of(version, self.registry, self.policy, facts, lifecycle, self.as_of)

    def waivers(self) -> Iterator[Due]:
        """The ends of waivers in force that no other waiver follows."""
        every = self.registry.waivers
        for name, waiver in every.items():
            model = self.registry.models.get(waiver.model)
            version = model.versions.get(waiver.version) if model else None
            if version is None or self._stage(version) == "archived" or not waiver.is_in_force_on(self.as_of):
                continue
            subject = (waiver.rule, waiver.model, waiver.version)
            if any(w.expires > waiver.expires for w in every.values() if (w.rule, w.model, w.version) == subject):
                continue
            message = f"the waiver of {waiver.rule} for {version.key} ends after {waiver.expires}"
            remedy = "Make the rule hold, or ask for a new waiver."
            yield Due(waiver.expires, "waiver", version.key, message, f"waivers/{name}.yaml", remedy)

    def approval(self, version: ModelVersion) -> Iterator[Due]:
        """The end of the approval of a version in production."""
        if found := self._released(version, "approval_valid_months"):
            day, detail, path = found
            remedy = f"Ask for a revalidation: accredit request {version.model_id} {version.id} --to production"
            message = f"the approval of {version.key} holds until {day}"
            yield Due(day, "approval", version.key, message, path, remedy, detail)

    def _upkeep(self, version: ModelVersion) -> Iterator[Due]:
        if found := self._released(version, "revalidate_months"):
            day, detail, path = found
            message = f"{version.key} is to be validated anew by {day}"
            yield Due(
                day, "revalidation", version.key, message, path, "Validate it and ask for a revalidation.", detail
            )
        months = self.policy.card.review_months.get(self.standings[version.model_id].profile)
        reviewed = version.card.reviewed if version.card else None
        if reviewed and months is not None and self._stage(version) == "production":
            day, path = months_after(reviewed, months), version_path(version.model_id, version.id, "card.yaml")
            message = f"the card of {version.key} is to be read against the facts by {day}"
            detail = f"for {months} months from {reviewed}"
            yield Due(day, "card-review", version.key, message, path, "Read it, correct it, write `reviewed`.", detail)

    def _promises(self, version: ModelVersion) -> Iterator[Due]:
        """Conditions of approvals and actions on breaches that are not closed."""
        if self._stage(version) == "archived":
            return
        for step in version.transitions:
            closed = {(c.approval, c.condition) for c in step.closings.values()}
            for person, approval in step.approvals.items():
                file = f"transitions/{step.request.seq:04}/approvals/{person}.yaml"
                path = version_path(version.model_id, version.id, file)
                sha256 = self.registry.digests.get(path, "")
                for number, condition in enumerate(approval.conditions, 1):
                    if condition.closed is None and (sha256, number) not in closed:
                        message = f"condition {number} of {person} on {version.key} is due on {condition.due}"
                        yield Due(condition.due, "condition", version.key, message, path, "Meet it and close it.")
        for name, snapshot in version.monitoring.items():
            path = version_path(version.model_id, version.id, f"monitoring/{name}.yaml")
            for breach in snapshot.breaches:
                if breach.due is not None and breach.closed is None:
                    message = f"the breach of {breach.metric} by {version.key} is to be dealt with by {breach.due}"
                    yield Due(breach.due, "breach", version.key, message, path, "Act, and write `closed`.")

    def _emergencies(self, version: ModelVersion) -> Iterator[Due]:
        """Reviews of emergencies that are open."""
        lifecycle = self.lifecycles[version.key]
        for step in lifecycle.emergencies if lifecycle.stage == "production" else ():
            if step.review_due is not None:
                message = f"the emergency {step.kind} of {version.key} is to be reviewed by {step.review_due}"
                file = f"transitions/{step.transition.request.seq:04}/request.yaml"
                path = version_path(version.model_id, version.id, file)
                yield Due(step.review_due, "emergency", version.key, message, path, "Have a revalidation signed.")

    def _ends(self, version: ModelVersion) -> Iterator[Due]:
        """Days after which records of a version may go, one for each day."""
        ending: dict[date, list[Kept]] = {}
        for kept in self.schedule(version):
            if kept.until is not None and kept.pointer.tombstone is None:
                ending.setdefault(kept.until, []).append(kept)
        for day, every in ending.items():
            classes = ", ".join(sorted({k.pointer.record.replace("_", " ") for k in every}))
            message = f"records of {version.key} are kept until {day}: {classes}"
            source = ", ".join(sorted({k.term.source for k in every if k.term}))
            path = version_path(version.model_id, version.id)
            yield Due(
                day, "retention", version.key, message, path, "Decide whether they go; nothing is deleted.", source
            )

    def _maximums(self) -> Iterator[Due]:
        for name, dataset in self.registry.datasets.items():
            day = latest_allowed(self.registry, name)
            if day is not None and dataset.tombstone is None and dataset.personal_data is not False:
                message = f"`{name}` may be kept until {day} at most"
                detail = f"its maximum of {dataset.max_retention_months} months"
                remedy = "Erase or anonymise it, or record what was decided."
                yield Due(day, "maximum", name, message, dataset_path(name), remedy, detail)

    def _released(
        self, version: ModelVersion, term: Literal["approval_valid_months", "revalidate_months"]
    ) -> tuple[date, str, str] | None:
        """When a term of the tier ends that runs from the last approval for production: day, reason, request."""
        lifecycle = self.lifecycles[version.key]
        tier = self.policy.tiers.get(str(self.standings[version.model_id].tier))  # type: ignore[call-overload]
        months = getattr(tier, term) if tier else None
        last = lifecycle.release  # an emergency renews no approval, and waits for its own review
        if lifecycle.stage != "production" or months is None or lifecycle.unreviewed or last is None or not last.at:
            return None
        start, seq = last.at.date(), last.transition.request.seq
        path = version_path(version.model_id, version.id, f"transitions/{seq:04}/request.yaml")
        return months_after(start, months), f"for {months} months from {start}", path

    def _stage(self, version: ModelVersion) -> str:
        return self.lifecycles[version.key].stage
