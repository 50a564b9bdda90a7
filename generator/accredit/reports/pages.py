"""A rule's page, as Markdown and as plain text, made from the rule itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from accredit.reports.tool import NAME, VERSION
from accredit.rules.rule import Rule

FORMAT = 1

_GATES = {"always": "for every version", "archived": "for a version that is archived"}


def rule_facts(rule: Rule) -> str:
    """One line: severity, from which stage on the rule is asked for, and whether it can be waived."""
    when = _GATES.get(rule.gate, f"from {rule.gate} on")
    return f"{rule.severity.label}, {when}, {'can be waived' if rule.waivable else 'cannot be waived'}"


def rule_markdown(rule: Rule) -> str:
    """The page in Markdown."""
    parts = [f"# {rule.code}: {rule.title}", f"*{rule_facts(rule).capitalize()}. Since {rule.since}.*"]
    for heading, text in rule.sections.items():
        parts += [f"## {heading}", text]
    return "\n\n".join(parts) + "\n"


def rule_text(rule: Rule) -> str:
    """The page for a reader without Markdown: headings end in a colon, and code has no backticks."""
    parts = [f"{rule.code}: {rule.title}", f"{rule_facts(rule).capitalize()}. Since {rule.since}."]
    for heading, text in rule.sections.items():
        body = re.sub(r"`([^`\n]+)`", r"\1", text)
        parts.append("\n".join([f"{heading}:", *(f"    {line}".rstrip() for line in body.splitlines())]))
    return "\n\n".join(parts) + "\n"


def rules_json(rules: Iterable[Rule]) -> str:
    """Some rules as one JSON object, with their pages. A new key does not change the format's version."""
    content = {"format": FORMAT, "tool": {"name": NAME, "version": VERSION}, "rules": [_rule(rule) for rule in rules]}
    return json.dumps(content, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "title": rule.title,
        "severity": rule.severity.label,
        "from": rule.gate,
        "scope": rule.scope,
        "waivable": rule.waivable,
        "since": rule.since,
        "page": {heading.lower().replace(" ", "_"): text for heading, text in rule.sections.items()},
    }
