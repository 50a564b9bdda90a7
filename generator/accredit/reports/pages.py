"""A rule's page, as Markdown and as plain text, made from the rule itself."""

from __future__ import annotations

import re

from accredit.rules.rule import Rule

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
