"""How values read on a page: dates, amounts and the chips that say how something stands. Never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from html import escape as html_escape

from markupsafe import Markup, escape

from accredit.domain.control_status import LABELS, Status

CROSS = " \N{MULTIPLICATION SIGN} "
"""Between the attributes of an intersection."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_CONTROLS: dict[Status, tuple[str, str]] = {
    "met": ("pass", "pass"),
    "not_met": ("fail", "fail"),
    "needs_judgement": ("unknown", "unknown"),
    "not_applicable": ("na", "na"),
}
CHIPS: dict[str, tuple[str, str, str]] = {
    "pass": ("pass", "pass", "Pass"),
    "fail": ("fail", "fail", "Fail"),
    "inconclusive": ("inconclusive", "inconclusive", "Inconclusive"),
    "unknown": ("unknown", "unknown", "Unknown"),
    "not_applicable": ("na", "na", "Not applicable"),
    "waived": ("waived", "waived", "Waived"),
    "open": ("pass", "pass", "Nothing blocks"),
    "closed": ("fail", "fail", "Blocked"),
    "staging": ("staging", "staging", "Staging"),
    "review": ("review", "review", "Review"),
    "production": ("production", "production", "Production"),
    "archived": ("archived", "archived", "Archived"),
    "suspended": ("fail", "fail", "Suspended"),
    "emergency": ("inconclusive", "warning", "Emergency"),
    "blocker": ("fail", "blocker", "Blocker"),
    "error": ("error", "error", "Error"),
    "warning": ("inconclusive", "warning", "Warning"),
    "effective": ("pass", "pass", "Took effect"),
    "pending": ("inconclusive", "wait", "Waiting"),
    "rejected": ("fail", "fail", "Rejected"),
    "broken": ("fail", "blocker", "Chain broken"),
    "approve": ("pass", "pass", "Approved"),
    "approve-with-conditions": ("inconclusive", "pass", "Approved with conditions"),
    "reject": ("fail", "fail", "Rejected"),
    "signed": ("unknown", "key", "Signature claimed, not verified"),
    "platform": ("unknown", "key", "Platform review claimed, not verified"),
    "commit": ("unknown", "key", "Commit author claimed, not verified"),
    "declared": ("na", "declared", "Declared, not verified"),
    "proved-signed": ("pass", "key", "Signed, verified"),
    "proved-platform": ("pass", "key", "Platform review, verified"),
    "proved-commit": ("inconclusive", "key", "Commit author only"),
    "proved-declared": ("na", "declared", "Declared, not verified"),
    "void": ("fail", "fail", "Does not count"),
    "changed": ("fail", "blocker", "Changed after it landed"),
    "unlanded": ("unknown", "wait", "Not committed"),
    "standing": ("fail", "blocker", "Stands"),
    "past": ("na", "archived", "Was so once"),
    "active": ("pass", "pass", "Running"),
    "ended": ("na", "archived", "Ended"),
    "missing": ("unknown", "unknown", "Not registered"),
    "in-hand": ("inconclusive", "wait", "Open"),
    "done": ("pass", "pass", "Done"),
    "late": ("fail", "blocker", "Late"),
    "kept": ("pass", "archived", "Kept"),
    "held": ("waived", "blocker", "Legal hold"),
    "may-go": ("inconclusive", "wait", "Minimum over"),
    "too-long": ("fail", "blocker", "Past its maximum"),
    "erased": ("na", "na", "Erased"),
    "lost": ("fail", "fail", "Not as recorded"),
    **{f"control-{status}": (*_CONTROLS[status], words) for status, words in LABELS.items()},
    "evidence-present": ("pass", "pass", "Present"),
    "evidence-missing": ("fail", "fail", "Missing"),
    "evidence-open": ("unknown", "unknown", "To be judged"),
    "evidence-not_applicable": ("na", "na", "Asks nothing here"),
    "evidence-partly": ("inconclusive", "inconclusive", "Partly recorded"),
    "evidence-reason": ("unknown", "declared", "A reason is given"),
    "early": ("staging", "wait", "Not yet in force"),
    "superseded": ("na", "archived", "Superseded"),
    "stale": ("inconclusive", "warning", "Catalogue is old"),
}
"""Key to the class of colour, the icon of `icons.html`, and the words."""


def _chip(key: str) -> Markup:
    tone, icon, words = CHIPS[key]
    return Markup(
        '<span class="ac-chip ac-is-{}"><svg class="ac-icon" aria-hidden="true"><use href="#ac-i-{}"/></svg>{}</span>'
    ).format(tone, icon, words)


_DRAWN = {key: _chip(key) for key in CHIPS}


def chip(key: str) -> Markup:
    """The chip of an outcome, stage, severity, decision or assurance level."""
    return _DRAWN[key]


def day(value: date | None) -> Markup:
    """A date as `2 Feb 2026`, with the ISO form for machines; the words do not depend on the machine's language."""
    if value is None:
        return Markup('<span class="ac-none">not recorded</span>')
    text = f"{value.day}&nbsp;{_MONTHS[value.month - 1]}&nbsp;{value.year:04}"
    iso = f"{value.year:04}-{value.month:02}-{value.day:02}"
    return Markup(f'<time datetime="{iso}">{text}</time>')  # noqa: S704 - numbers only


def moment(value: datetime | None) -> Markup:
    """A day and time with its offset from UTC."""
    if value is None:
        return day(None)
    offset = value.utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds() // 60)
    zone = "UTC" if minutes == 0 else f"UTC{minutes // 60:+03}:{abs(minutes) % 60:02}"
    return day(value) + Markup(f'&nbsp;<span class="ac-time">{value.hour:02}:{value.minute:02}&nbsp;{zone}</span>')  # noqa: S704


def amount(value: float | None) -> str:
    """A count with its thousands apart, or a dash."""
    return "\N{EN DASH}" if value is None else f"{value:,}"


def bytes_text(value: int | None) -> str:
    """A size in bytes, kB, MB or GB (powers of 1,000)."""
    if value is None:
        return "\N{EN DASH}"
    size, unit = float(value), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 rule`, `3 rules`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def spaced(value: str) -> str:
    """An identifier as words: `binary_classification` reads `binary classification`."""
    return value.replace("_", " ").replace("-", " ")


def listed(values: Iterable[object], last: str = "and") -> Markup:
    """`a, b and c`. Text is escaped, markup is kept."""
    items = [escape(v) for v in values]
    if len(items) < 2:
        return items[0] if items else Markup()
    return Markup(", ").join(items[:-1]) + Markup(f" {last} ") + items[-1]  # noqa: S704


def coded(text: str) -> Markup:
    """A message with what stands between backticks as code; everything is escaped."""
    parts = html_escape(text).split("`")
    if len(parts) % 2:
        parts[1::2] = [f"<code>{code}</code>" for code in parts[1::2]]
        return Markup("".join(parts))  # noqa: S704 - escaped before it was taken apart
    return Markup("`".join(parts))  # noqa: S704 - escaped


def option(value: object) -> tuple[str, str]:
    """A value and its words, for a list to choose from."""
    return str(value), spaced(str(value))
