"""REG: nothing is in the registry that must not be in git."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from accredit.domain.paths import dataset_path, features_path, model_path, person_path, version_path
from accredit.domain.registry import ModelVersion, Registry
from accredit.domain.secrets import personal_data_in, random_words_in, secrets_in
from accredit.domain.texts import gather, texts
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, fails, passes, rule

Group = list[tuple[str, object]]
"""Path and entry of each."""
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
    for group in _groups(registry):
        looked += len(group)
        found: list[str] = []
        for _, entry in group:
            gather(entry, found)
        identity = group[0][0].startswith("people/")
        if any(True for _ in _kinds("\n".join(found), identity=identity)):
            for verdict in _verdicts(group, identity=identity):
                faults += 1
                yield verdict
    if not faults:
        yield passes(f"{looked} files hold nothing that looks like a secret or like personal data")


def _verdicts(group: Group, *, identity: bool) -> Iterator[Verdict]:
    for path, entry in group:
        for route, text in texts(entry):
            if path == "policy.yaml" and route[0] == "teams" and route[-1] == "contact":
                continue
            for kind, remedy in _kinds(text, identity=identity):
                yield fails(f"the text looks like {kind}", remedy, at(path, *route))


def _kinds(text: str, *, identity: bool) -> Iterator[tuple[str, str]]:
    """What a text looks like, and what to do. A person's file holds public keys and a work address."""
    for kind in secrets_in(text):
        yield kind, _REMEDY
    if not identity:
        for kind in random_words_in(text):
            yield kind, _REMEDY
        for kind in personal_data_in(text):
            yield kind, _PERSONAL


def _groups(registry: Registry) -> Iterator[Group]:
    """Entries that are looked at together: all of one version, because one look at a long text is cheaper than many."""
    yield [("registry.yaml", registry.identity), ("policy.yaml", registry.policy)]
    kinds: tuple[tuple[Callable[[str], str], Mapping[str, object]], ...] = (
        (person_path, registry.people),
        (dataset_path, registry.datasets),
        (features_path, registry.features),
        ("waivers/{}.yaml".format, registry.waivers),
        ("incidents/{}.yaml".format, registry.incidents),
        ("holds/{}.yaml".format, registry.holds),
        (lambda seq: f"changes/{int(seq):04}/request.yaml", registry.changes),
    )
    for path_of, entries in kinds:
        if entries:
            yield [(path_of(name), entry) for name, entry in entries.items()]
    for model in registry.models.values():
        yield [(model_path(model.id), model.record)]
        for version in model.versions.values():
            yield list(_version_entries(version))


def _version_entries(version: ModelVersion) -> Iterator[tuple[str, object]]:
    folder = version_path(version.model_id, version.id, "")
    yield f"{folder}version.yaml", version.record
    if version.card is not None:
        yield f"{folder}card.yaml", version.card
    kinds = {
        "evaluations": version.evaluations,
        "validations": version.validations,
        "monitoring": version.monitoring,
        "deployments": version.deployments,
        "decisions": version.decisions,
        "records": version.records,
        "verifications": version.verifications,
    }
    for kind, entries in kinds.items():
        for name, entry in entries.items():
            yield f"{folder}{kind}/{name}.yaml", entry
    for transition in version.transitions:
        step = f"{folder}transitions/{transition.request.seq:04}"
        yield f"{step}/request.yaml", transition.request
        for name, approval in transition.approvals.items():
            yield f"{step}/approvals/{name}.yaml", approval
        for name, closing in transition.closings.items():
            yield f"{step}/closings/{name}.yaml", closing
