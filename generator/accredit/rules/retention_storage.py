"""RET: stored objects are where they cannot be changed, and somebody looked lately."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.address import why_mutable, without_secrets
from accredit.domain.calendar import is_after
from accredit.domain.registry import ModelVersion
from accredit.domain.retention import LEVELS, Level
from accredit.domain.schedule import Kept
from accredit.rules.context import Context
from accredit.rules.retention import named, schedule
from accredit.rules.rule import Verdict, at, fails, not_applicable, passes, rule


@rule("RET103", "Pointers are immutable and hashed", severity="error", gate="review", waivable=True)
def pointers_immutable(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Pointers are immutable and hashed.

    What it checks:
        Every artifact, dataset, stored prediction log and other record of the version has a SHA-256, and its address
        does not come to mean other bytes: it names no `latest`, branch or other moving name, is no path on one
        machine, and a key of a bucket has the store's version id (`storage.version`) or the digest in its name.
        A policy with `mutable_uri: allow` asks only for the digest. Files in the registry itself are hashed whenever
        it is read.

    Why it matters:
        An address under which other bytes may lie tomorrow proves nothing about what was approved today.

    Example:
        `uri: s3://models/credit/latest/model.skops`.

    How to fix:
        Copy the object to a name that holds its digest, or switch on versions in the bucket and write
        `storage: {version: ...}`.

    References:
        SLSA 1.0 on immutable references; EU AI Act Art. 12 and 18; RFC 6920 on naming things with hashes.
    """
    deny = context.policy.retention.mutable_uri == "deny"
    stored = faults = 0
    for kept in schedule(version, context):
        pointer = kept.pointer
        if pointer.in_git or pointer.tombstone is not None:
            continue
        stored += 1
        place = at(pointer.path, *pointer.route)
        if pointer.sha256 is None:
            faults += 1
            yield fails(f"{named(kept)} has no SHA-256", "Record the digest of its bytes.", place)
        reason = why_mutable(pointer.uri, pointer.storage.version) if pointer.uri and deny else ""
        if reason:
            faults += 1
            message = f"{named(kept)} is kept at {without_secrets(pointer.uri or '')}: {reason}"
            yield fails(message, "Keep it under a name that holds its digest or version.", place)
    if not stored:
        yield not_applicable("the version points to no object outside the registry")
    elif not faults:
        yield passes(f"all {stored} objects outside the registry have a digest and an address that stays")


@rule("RET104", "Stored objects were verified recently", severity="warning", gate="production", waivable=True)
def verified_recently(version: ModelVersion, context: Context) -> Iterator[Verdict]:
    """Stored objects were verified recently.

    What it checks:
        For every object outside the registry whose address is recorded, a file in `verifications/` says that it was
        looked at within `retention.verify.max_age_days` and found as recorded. How closely depends on the tier
        (`retention.verify.level`): `exists`, `digest`, or `locked`, which also wants `storage.locked_until` to reach
        as far as the record must be kept. `declared` asks for no look. The rule reads no storage itself.

    Why it matters:
        Buckets are emptied, accounts closed, and disks fail. An object that nobody looked at may be gone.

    Example:
        An artifact whose last verification is a year old, or found another digest.

    How to fix:
        Run `accredit retention verify`, with `--remote` for objects in buckets, and commit what it writes. Bring back
        what is missing from a copy.

    References:
        NIST SP 800-53 Rev. 5 SI-7 and CP-9; ISO 16363:2012 on fixity checks.
    """
    checks = context.policy.retention.verify
    tier = str(context.standing(version).tier)
    level: Level = checks.level.get(tier, "digest") if checks else "declared"  # type: ignore[call-overload]
    if checks is None or level == "declared":
        yield not_applicable(f"policy asks for no look at stored objects of tier {tier}")
        return
    outside = [k for k in schedule(version, context) if k.pointer.uri and not k.pointer.tombstone]
    faults = 0
    for kept in outside:
        if fault := _fault(kept, level, checks.max_age_days, context):
            faults += 1
            remedy = "Run `accredit retention verify`, and bring back what is missing or changed."
            place = at(kept.pointer.path, *kept.pointer.route)
            yield fails(f"{named(kept)} {fault}", remedy, place, *([at(kept.look.path)] if kept.look else []))
    if not outside:
        yield not_applicable("the version points to no object outside the registry")
    elif not faults:
        yield passes(f"all {len(outside)} objects were found as recorded within {checks.max_age_days} days")


def _fault(kept: Kept, level: Level, days: int, context: Context) -> str:
    """What is wrong with the last look at an object; empty where it will do."""
    look = kept.look
    if look is None:
        return "was never looked at"
    day = look.at.date()
    locked, until = kept.pointer.storage.locked_until, kept.until
    short = level == "locked" and (locked is None or locked < (until or context.as_of))
    faults = (
        (look.found.result != "ok", f"{_FOUND.get(look.found.result, '')} on {day}"),
        (is_after(look.at, context.as_of), f"was looked at on {day}, after {context.as_of}"),
        ((context.as_of - day).days > days, f"was last looked at on {day}, more than {days} days ago"),
        (
            LEVELS.index(look.found.method) < LEVELS.index(level),
            f"was only checked for `{look.found.method}` on {day}, and policy wants `{level}`",
        ),
        (
            level != "exists" and look.found.sha256 != kept.pointer.sha256,
            f"had another digest on {day} than is recorded now",
        ),
        (short, f"is locked until {locked or 'no day'}, and kept until {until or 'further notice'}"),
    )
    return next((words for is_so, words in faults if is_so), "")


_FOUND = {"missing": "was not there", "differs": "had other bytes than recorded", "unreadable": "could not be read"}
