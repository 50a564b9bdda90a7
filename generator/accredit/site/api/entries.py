"""From an assessment to the values of the API."""

from __future__ import annotations

from accredit.assess import ModelAssessment, VersionAssessment
from accredit.findings import Finding
from accredit.gates import Gate
from accredit.site import urls
from accredit.site.api.documents import (
    ArtifactEntry,
    Found,
    GateState,
    ModelFile,
    ModelSummary,
    Named,
    RequestEntry,
    SignoffEntry,
    VersionFile,
    VersionSummary,
)
from accredit.site.pages.catalogue import Catalogue
from accredit.site.pages.signoffs import DecisionView, StepView, steps_of


def named(catalogue: Catalogue, person: str) -> Named:
    """A person by name; one that is not registered by the id."""
    known = catalogue.registry.people.get(person)
    return Named(id=person, name=known.name if known else person, page=urls.person_url(person))


def model_summary(catalogue: Catalogue, model: ModelAssessment) -> ModelSummary:
    """A model in a list."""
    record, name = model.model.record, model.model.id
    return ModelSummary(
        id=name,
        name=record.name,
        summary=record.summary,
        page=urls.model_url(name),
        data=urls.model_data(name),
        owner=named(catalogue, record.owner),
        team=record.team,
        tier=model.standing.tier,
        profile=model.standing.profile,
        task=record.task,
        purpose=record.purpose,
        domains=record.domain,
        regions=record.regions,
        production=tuple(v.version.id for v in model.versions.values() if v.stage == "production"),
        versions=len(model.versions),
        findings=len(_findings_of(catalogue, model)),
    )


def _findings_of(catalogue: Catalogue, model: ModelAssessment) -> list[Finding]:
    subjects = [model.model.id, *(v.version.key for v in model.versions.values())]
    return [finding for subject in subjects for finding in catalogue.findings.get(subject, ())]


def found(finding: Finding) -> Found:
    """A finding."""
    return Found(
        code=finding.code,
        severity=finding.severity.label,
        subject=finding.subject,
        message=finding.message,
        help=finding.help,
        path=finding.location.path,
        line=finding.location.line or None,
        page=urls.subject_url(finding.subject),
    )


def model_file(catalogue: Catalogue, model: ModelAssessment) -> ModelFile:
    """The file of a model."""
    record = model.model.record
    return ModelFile(
        as_of=catalogue.as_of,
        registry=catalogue.id,
        model=model_summary(catalogue, model),
        deputy=named(catalogue, record.deputy) if record.deputy else None,
        decision=record.decision.kind,
        effect=record.decision.effect,
        automation=record.decision.automation,
        versions=tuple(version_summary(catalogue, v) for v in reversed(list(model.versions.values()))),
        findings=tuple(found(f) for f in _findings_of(catalogue, model)),
    )


def version_summary(catalogue: Catalogue, assessed: VersionAssessment) -> VersionSummary:
    """A version in a list."""
    version, lifecycle = assessed.version, assessed.lifecycle
    gate = assessed.next_gate
    return VersionSummary(
        id=version.id,
        page=urls.version_url(version.key),
        data=urls.version_data(version.key),
        summary=version.record.summary,
        stage=assessed.stage,
        stage_name=catalogue.stage_name(assessed.stage),
        since=lifecycle.since,
        urgency=lifecycle.urgency,
        trained=version.record.trained.at if version.record.trained else None,
        gate=_gate(gate, assessed) if gate and assessed.stage != "archived" else None,
    )


def _gate(gate: Gate, assessed: VersionAssessment) -> GateState:
    waived = tuple(code for code in gate.codes if assessed.results[code].waiver)
    return GateState(move=gate.move, open=gate.is_open, rules=len(gate.codes), blocking=gate.blocking, waived=waived)


def version_file(catalogue: Catalogue, assessed: VersionAssessment) -> VersionFile:
    """The file of a version, without what comparisons read."""
    version = assessed.version
    artifacts = version.record.artifacts
    return VersionFile(
        as_of=catalogue.as_of,
        registry=catalogue.id,
        model_id=version.model_id,
        version=version_summary(catalogue, assessed),
        content=version.content,
        artifacts=tuple(
            ArtifactEntry(name=a.name, sha256=a.sha256, size_bytes=a.size_bytes, format=a.format) for a in artifacts
        ),
        requests=tuple(request_entry(catalogue, step) for step in steps_of(assessed, catalogue)),
    )


def request_entry(catalogue: Catalogue, view: StepView) -> RequestEntry:
    """A request with the decisions on it."""
    request = view.request
    return RequestEntry(
        seq=view.seq,
        from_stage=request.from_stage,
        to_stage=request.to_stage,
        status=view.status,
        emergency=request.emergency.kind if request.emergency else None,
        requested_by=named(catalogue, request.requested_by),
        requested_at=request.requested_at,
        effective_at=view.step.at,
        missing=view.step.missing,
        signoffs=tuple(e for d in view.approvals if (e := _signoff(catalogue, d, view)) is not None),
    )


def _signoff(catalogue: Catalogue, view: DecisionView, step: StepView) -> SignoffEntry | None:
    made, proved = view.approval, view.proof.signoff
    if made is None:
        return None
    counts = None if not view.proof.is_proved else proved is not None and proved.counts and not view.proof.is_changed
    return SignoffEntry(
        person=named(catalogue, made.reviewer),
        role=made.role,
        decision=made.decision,
        time=made.time,
        assurance=proved.assurance if proved else made.assurance,
        counts=counts if step.binds(made) else False,
    )
