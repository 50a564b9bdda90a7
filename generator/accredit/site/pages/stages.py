"""Stages by the names that the organisation's policy gives them. Their ids stay, in files, addresses and commands."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from accredit.domain.policy import Policy
from accredit.domain.value import STAGES
from accredit.site.pages.words import CHIPS, chip


def stage_names(policy: Policy | None) -> Mapping[str, str]:
    """Id to name."""
    return {s: policy.stages[s].name if policy else s.capitalize() for s in STAGES}


def in_sentence(name: str) -> str:
    """A name with a small first letter, unless it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _name(context: Context, key: str) -> str:
    registry = context.get("registry")
    policy: Policy | None = registry.policy if registry else None
    return policy.stages[key].name if policy and key in STAGES else key.capitalize()


@pass_context
def stage(context: Context, key: str, alone: bool = False) -> str:  # noqa: FBT001, FBT002 - the form of a filter
    """The name of a stage: as within a sentence, or standing alone. What is no stage stays as it is."""
    if key not in STAGES:
        return key
    name = _name(context, key)
    return name if alone else in_sentence(name)


@pass_context
def stage_option(context: Context, key: str) -> tuple[str, str]:
    """A stage for a list to choose from."""
    return key, stage(context, key)


@pass_context
def stage_chip(context: Context, key: str) -> Markup:
    """The chip of anything that stands somehow; that of a stage bears the name of policy."""
    if key not in STAGES or (name := _name(context, key)) == CHIPS[key][2]:
        return chip(key)
    return chip(key).replace(escape(CHIPS[key][2]), escape(name))
