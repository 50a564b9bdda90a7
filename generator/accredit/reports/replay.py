"""What was in production on a day, and whether it was allowed: as text, CSV, JSON and lines of JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from accredit.reports.events import cell
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION
from accredit.signing.as_of import InProduction, Judgement, Replay

FORMAT = 1


def text(replay: Replay) -> str:
    """A few lines for each version."""
    where = f", after {replay.commit[:12]}" if replay.commit else "; no history was asked"
    policy = f"policy {replay.policy}{f' ({replay.policy_sha256[:12]})' if replay.policy_sha256 else ''}"
    lines = [f"In production at the end of {replay.day}{where}, under {policy}:"]
    for version in replay.versions:
        lines += _lines(version)
    if not replay.versions:
        lines.append("  nothing")
    return "".join(f"{one_line(line)}\n" for line in lines)


def _lines(version: InProduction) -> Iterator[str]:
    landed = f", landed {version.landed.commit[:12]}" if version.landed else ""
    yield (
        f"  {version.subject}  since {version.since:%Y-%m-%d %H:%M}{landed}"
        if version.since
        else f"  {version.subject}"
    )
    signed = ", ".join(f"{person} as {role} ({level})" for person, role, level in version.signed_by)
    yield f"    signed by {signed or 'nobody: policy asked for no signature'}"
    yield f"    by that day's policy  {_verdict(version.then)}"
    yield f"    by today's policy     {_verdict(version.today)}"


def _verdict(judgement: Judgement) -> str:
    held, asked = len(judgement.held), judgement.asked
    told = f"{held} of {asked} rules of policy {judgement.policy} held or did not apply"
    if judgement.tolerated:
        told += f"; waived or of no weight: {', '.join(judgement.tolerated)}"
    if judgement.allowed:
        return f"allowed: {told}"
    return f"not allowed: {', '.join(judgement.blocking)}; {told}"


def record(version: InProduction, replay: Replay) -> dict[str, object]:
    """A version as plain values. A new key may be added; none changes its meaning."""
    return {
        "day": replay.day.isoformat(),
        "commit": replay.commit or None,
        "subject": version.subject,
        "since": version.since.isoformat() if version.since else None,
        "landed": version.landed.commit if version.landed else None,
        "position": version.landed.position if version.landed else None,
        "signed_by": [{"person": p, "role": r, "assurance": a} for p, r, a in version.signed_by],
        "request": version.request,
        "signed_policy": version.signed_policy,
        "policy": replay.policy,
        "policy_sha256": replay.policy_sha256 or None,
        "then": _values(version.then),
        "today": _values(version.today),
    }


def _values(judgement: Judgement) -> dict[str, object]:
    return {
        "policy": judgement.policy,
        "allowed": judgement.allowed,
        "held": list(judgement.held),
        "tolerated": list(judgement.tolerated),
        "blocking": list(judgement.blocking),
    }


def ndjson(replay: Replay) -> str:
    """One JSON object a version."""
    return "".join(f"{json.dumps(record(version, replay))}\n" for version in replay.versions)


def as_json(replay: Replay) -> str:
    """One JSON object. A new key does not change the format's version."""
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "day": replay.day.isoformat(),
        "commit": replay.commit or None,
        "policy": replay.policy,
        "policy_sha256": replay.policy_sha256 or None,
        "production": [record(version, replay) for version in replay.versions],
    }
    return json.dumps(content, indent=2) + "\n"


def as_csv(replay: Replay) -> str:
    """Comma-separated values (RFC 4180) with a header, one row a version."""
    rows = [_row(version, replay) for version in replay.versions]
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: cell(value) for name, value in row.items()})
    return out.getvalue()


_COLUMNS = (
    "day", "commit", "subject", "since", "landed", "signed_by", "policy", "policy_sha256", "allowed_then",
    "blocking_then", "allowed_today", "blocking_today",
)  # fmt: skip


def _row(version: InProduction, replay: Replay) -> dict[str, object]:
    values = {name: value for name, value in record(version, replay).items() if name in _COLUMNS}
    return values | {
        "signed_by": "; ".join(f"{p} as {r} ({a})" for p, r, a in version.signed_by),
        "allowed_then": version.then.allowed,
        "blocking_then": " ".join(version.then.blocking),
        "allowed_today": version.today.allowed,
        "blocking_today": " ".join(version.today.blocking),
    }
