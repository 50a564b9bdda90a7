"""Who signs: the person in `people/` to whom the signing key belongs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from accredit.domain.person import Key, Person
from accredit.errors import UsageError
from accredit.history import keys, openpgp
from accredit.history.signature import fingerprint
from accredit.history.signer import Signed, SigningKey, sign
from accredit.history.verdict import RefusedError

_PROBE = "identity@accredit"
"""No record is of this kind, so a signature for it is worth nothing."""


def signing_person(people: Mapping[str, Person], by: str, key: SigningKey, environment: Mapping[str, str]) -> str:
    """The id of the person whose key it is.

    Args:
        people: Everybody registered.
        by: Who is said to sign; empty to find out.
        key: The key.
        environment: The environment of the person who signs.

    Raises:
        UsageError: where the key is nobody's, revoked, or somebody else's than was said.
    """
    claimed = fingerprint_of(key, environment)
    owners = [(name, k) for name, person in people.items() for k in person.keys if fingerprint(k) == claimed]
    if not owners:
        raise UsageError(
            f"the key {claimed} belongs to nobody in people/",
            "Register it (accredit person rotate, then accredit change), or sign with another key (--key).",
        )
    _refuse_dead(owners, claimed)
    names = sorted({name for name, _ in owners})
    if len(names) > 1:
        raise UsageError(f"the key {claimed} is claimed by {' and '.join(names)}", "A key belongs to one person.")
    if by and by != names[0]:
        raise UsageError(f"the key {claimed} belongs to {names[0]} and not to {by}", "Sign with your own key.")
    return names[0]


def _refuse_dead(owners: list[tuple[str, Key]], claimed: str) -> None:
    if any(key.revoked is not None for _, key in owners):
        raise UsageError(f"the key {claimed} is revoked", "Sign with a key that is live, or register a new one.")


def fingerprint_of(key: SigningKey, environment: Mapping[str, str]) -> str:
    """The fingerprint of a key. Where no public half lies about, it signs nothing for no purpose to show itself."""
    if key.format == "ssh":
        for line in _public_lines(key.key):
            try:
                return keys.parse_line(line).fingerprint
            except RefusedError:
                break
        return sign(b"", _PROBE, key, environment).key
    return openpgp.claimed_fingerprint(sign(b"", _PROBE, key, environment).signature)


def _public_lines(key: str) -> Iterator[str]:
    line = key.removeprefix("key::")
    if line != key or key.startswith(keys.KEY_TYPES):
        yield line
        return
    path = Path(key).expanduser()
    path = path if path.suffix == ".pub" else path.with_name(f"{path.name}.pub")
    if path.is_file():
        yield path.read_text(encoding="utf-8", errors="replace").strip()


def sign_as(person: Person, message: bytes, namespace: str, key: SigningKey, environment: Mapping[str, str]) -> Signed:
    """Signs for a person, with a key that is known to be theirs.

    Raises:
        UsageError: where the private half of the key is not that of the public half that lay beside it.
    """
    signed = sign(message, namespace, key, environment)
    if signed.suffix == ".sig" and signed.key not in {fingerprint(k) for k in person.keys if k.revoked is None}:
        raise UsageError(f"the key {signed.key} signed, which is not one of {person.name}", "Correct the .pub file.")
    return signed


def declared_person(people: Mapping[str, Person], by: str) -> str:
    """The person who is named where nothing is signed.

    Raises:
        UsageError: where nobody is named, or nobody of that name is registered.
    """
    if not by:
        raise UsageError("without a signature nobody knows who you are", "Name yourself: --by PERSON.")
    if by not in people:
        raise UsageError(f"{by} is nobody registered", f"Run `accredit new person {by}`, or correct the id.")
    return by
