"""REG: nothing is in the registry that must not be in git."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.paths import dataset_path, features_path, model_path, person_path, version_path
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.secrets import personal_data_in, random_words_in, secrets_in
from accredit.domain.texts import gather, texts
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, passes, rule

_REMEDY = "Revoke it, remove it from the file, and from the history too: a later commit does not delete it."
_PERSONAL = "Remove it. Only work identities in `people/` are personal data that a registry may hold."


@rule(
    "REG004",
    "No secrets or personal data in the registry",
    severity="blocker",
    gate="always",
    waivable=False,
    scope="registry",
)
def no_secrets(registry: Registry, context: Context) -> Iterator[Verdict]:  # noqa: ARG001 - every rule's form
    """No secrets or personal data in the registry.

    What it checks:
        Every text and address of every entry, by form, checksum and entropy: private keys, tokens of AWS, GitHub,
        GitLab, Slack, Stripe, Google, Hugging Face and package registries, JSON web tokens, passwords and signatures in
        addresses, assigned passwords, long random words; e-mail addresses of people, payment cards, bank accounts and
        US social security numbers. Digests and git ids are no secrets. E-mail addresses may stand in `people/` and as
        the contact of a team. Comments in a file are not looked at.

    Why it matters:
        A registry is copied to every clone and published as a site. What was once in git stays in its history.

    Example:
        `uri: s3://reader:hunter2@data.example.com/loans.parquet`.

    How to fix:
        Revoke the secret first. Then remove it from the file and from the history. Personal data goes to a system
        from which it can be erased.

    References:
        GDPR Art. 5(1)(c) and (f), Art. 17; ISO 13616 (IBAN); ISO/IEC 7812 (payment cards); CWE-798.
    """
    looked, faults = 0, 0
    for path, entry in _entries(registry):
        looked += 1
        found: list[str] = []
        gather(entry, found)
        whole = "\n".join(found)
        identity = path.startswith("people/")
        if not any(True for _ in _kinds(whole, identity=identity)):
            continue
        for route, text in texts(entry):
            if path == "policy.yaml" and route[0] == "teams" and route[-1] == "contact":
                continue
            for kind, remedy in _kinds(text, identity=identity):
                faults += 1
                yield fails(f"the text looks like {kind}", remedy, at(path, *route))
    if not faults:
        yield passes(f"{looked} files hold nothing that looks like a secret or like personal data")


def _kinds(text: str, *, identity: bool) -> Iterator[tuple[str, str]]:
    """What a text looks like, and what to do. A person's file holds public keys and a work address."""
    for kind in secrets_in(text):
        yield kind, _REMEDY
    if not identity:
        for kind in random_words_in(text):
            yield kind, _REMEDY
        for kind in personal_data_in(text):
            yield kind, _PERSONAL


def _entries(registry: Registry) -> Iterator[tuple[str, object]]:
    yield "registry.yaml", registry.identity
    yield "policy.yaml", registry.policy
    for name, person in registry.people.items():
        yield person_path(name), person
    for name, dataset in registry.datasets.items():
        yield dataset_path(name), dataset
    for name, features in registry.features.items():
        yield features_path(name), features
    for name, waiver in registry.waivers.items():
        yield f"waivers/{name}.yaml", waiver
    for name, hold in registry.holds.items():
        yield f"holds/{name}.yaml", hold
    for name, change in registry.changes.items():
        yield f"changes/{int(name):04}/request.yaml", change
    for model in registry.models.values():
        yield model_path(model.id), model.record
        for version in model.versions.values():
            yield from _version_entries(version)


def _version_entries(version: ModelVersion) -> Iterator[tuple[str, object]]:
    folder = version_path(version.model_id, version.id, "")
    yield f"{folder}version.yaml", version.record
    if version.card is not None:
        yield f"{folder}card.yaml", version.card
    kinds = {
        "evaluations": version.evaluations,
        "monitoring": version.monitoring,
        "deployments": version.deployments,
        "decisions": version.decisions,
    }
    for kind, entries in kinds.items():
        for name, entry in entries.items():
            yield f"{folder}{kind}/{name}.yaml", entry
    for transition in version.transitions:
        step = f"{folder}transitions/{transition.request.seq:04}"
        yield f"{step}/request.yaml", transition.request
        for name, approval in transition.approvals.items():
            yield f"{step}/approvals/{name}.yaml", approval
