"""Rows of the gates table. There are as many as rules on every version's page, so they are not drawn by a template."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from markupsafe import Markup

from accredit.rules.rule import Rule
from accredit.site import urls
from accredit.site.pages.gates import GateRow, Reason
from accredit.site.pages.links import Links
from accredit.site.pages.words import chip, coded, spaced


def gate_row(row: GateRow, link: Links) -> Markup:
    """One row: outcome, rule, severity and why."""
    rule = row.result.rule
    waiver = ""
    if row.result.waiver:
        href = escape(link.to(f"{urls.EXCEPTIONS}#waiver-{row.result.waiver}"))
        outcome = spaced(row.result.outcome)
        waiver = f'<span class="ac-under">{outcome}, <a href="{href}">waiver</a></span>'
    opening = _opening(rule, row.state, row.is_due, link.to(urls.rule_url(rule)), waiver)
    return Markup(opening + "".join([_reason(reason, link) for reason in row.reasons]) + "</td></tr>")  # noqa: S704


@lru_cache(maxsize=16_384)
def _opening(rule: Rule, state: str, is_due: bool, href: str, waiver: str) -> str:  # noqa: FBT001 - part of a key
    later = "" if is_due else f'<span class="ac-under">from {rule.gate}</span>'
    return (
        f'<tr id="gate-{rule.code}" data-state="{state}" data-family="{rule.family}">'
        f'<td data-label="Outcome">{chip(state)}{waiver}</td>'
        f'<td data-label="Rule"><a href="{escape(href)}">{rule.code}</a> '
        f'<span class="ac-under">{escape(rule.title)}</span></td>'
        f'<td data-label="Severity"><span class="ac-severity">{rule.severity.label}</span>{later}</td>'
        f'<td data-label="Why">'
    )


def _reason(reason: Reason, link: Links) -> str:
    remedy = f' <span class="ac-help">{coded(reason.help)}</span>' if reason.help else ""
    place = f' <span class="ac-place">{link.place(reason.place)}</span>' if reason.place else ""
    return f"<p>{coded(reason.message)}{remedy}{place}</p>"
