"""Assessment to text: for a terminal, for programs and for forges. Pure functions; nothing here prints."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module

from accredit.assess import Assessment


class Format(StrEnum):
    """The formats of a report, each made by the module of its name."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"


def render(name: Format, assessment: Assessment, root: str, *, colour: bool = False) -> str:
    """An assessment in a format. `root` goes before every path, as in `registry/`; colour is for text only."""
    report = import_module(f"accredit.reports.{name.value}").report
    text: str = report(assessment, root, colour=colour) if name is Format.TEXT else report(assessment, root)
    return text
