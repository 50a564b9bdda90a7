"""Assessment to text: for a terminal, for programs and for forges. Pure functions; nothing here prints."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from importlib import import_module

from accredit.assess import Assessment
from accredit.proposals.baseline import Baseline


class Format(StrEnum):
    """The formats of a report, each made by the module of its name."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"


def render(
    name: Format, assessment: Assessment, root: str, *, colour: bool = False, baseline: Baseline | None = None
) -> str:
    """An assessment in a format.

    Args:
        name: The format.
        assessment: What is true.
        root: Goes before every path, as in `registry/`.
        colour: For text only.
        baseline: What became of the findings since a base: only what the change brought about is then reported.
    """
    report = import_module(f"accredit.reports.{name.value}").report
    shown = replace(assessment, findings=baseline.caused) if baseline else assessment
    options = {"colour": colour} if name is Format.TEXT else {}
    text: str = report(shown, root, baseline=baseline, **options)
    return text
