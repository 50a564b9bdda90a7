"""`accredit explain`, `rules` and `schema`: what the program knows, without a registry."""

from __future__ import annotations

import difflib
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from accredit.cli.console import print_markdown, say, wants_colour
from accredit.cli.output import deliver, replace_file
from accredit.errors import UsageError
from accredit.reports.pages import rule_facts, rule_markdown, rule_text, rules_json
from accredit.rules import all_rules
from accredit.rules.rule import Rule


class PageFormat(StrEnum):
    """How a rule's page is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


class ListFormat(StrEnum):
    """How a list is written."""

    TEXT = "text"
    JSON = "json"


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code of a rule, as in OWN101.")],
    format_: Annotated[PageFormat, typer.Option("--format", "-f", help="What to write.")] = PageFormat.TEXT,
) -> None:
    """Explain a rule and how to fix what it finds."""
    rule = _rule(code)
    if format_ is PageFormat.JSON:
        deliver(rules_json([rule]), None)
    elif format_ is PageFormat.MARKDOWN:
        deliver(rule_markdown(rule), None)
    elif wants_colour(sys.stdout):
        print_markdown(rule_markdown(rule))
    else:
        deliver(rule_text(rule), None)


def rules(
    format_: Annotated[ListFormat, typer.Option("--format", "-f", help="What to write.")] = ListFormat.TEXT,
) -> None:
    """List every rule with its severity and stage."""
    if format_ is ListFormat.JSON:
        deliver(rules_json(all_rules().values()), None)
        return
    lines = (f"{rule.code:8} {rule.title} ({rule_facts(rule)})" for rule in all_rules().values())
    deliver("".join(f"{line}\n" for line in lines), None)


def schema(
    kind: Annotated[
        str | None, typer.Argument(metavar="KIND", show_default=False, help="A kind of file. Default: list the kinds.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Write KIND, or every kind, to this folder.")
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of file."""
    from accredit.loading.json_schema import schema_of  # noqa: PLC0415 - needs every type built
    from accredit.loading.schema import KINDS  # noqa: PLC0415

    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no kind of file `{kind}`", _meant(kind, list(KINDS)))
    if output is None:
        deliver(f"{json.dumps(schema_of(kind), indent=2)}\n" if kind else "".join(f"{k}\n" for k in KINDS), None)
        return
    output.mkdir(parents=True, exist_ok=True)
    for name in [kind] if kind else KINDS:
        replace_file(output / f"{name}.json", f"{json.dumps(schema_of(name), indent=2)}\n")
        say(f"wrote {output / name}.json")


def _rule(code: str) -> Rule:
    known = all_rules()
    rule = known.get(code.upper())
    if rule is None:
        raise UsageError(f"there is no rule `{code}`", _meant(code.upper(), list(known)))
    return rule


def _meant(text: str, known: list[str]) -> str:
    close = difflib.get_close_matches(text, known, n=3)
    return f"Did you mean {' or '.join(close)}?" if close else f"Known: {', '.join(known)}."
