"""`accredit lineage` and `accredit impact`: what something was made from, and what hangs on it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accredit.cli.output import deliver
from accredit.cli.place import registry_at
from accredit.cli.start import Registry
from accredit.cli.verifying import Form, Shape
from accredit.cli.workspace import as_written, opened
from accredit.domain.lineage import Node, lineage_of
from accredit.errors import GitError, UsageError
from accredit.problems import statuses_of

if TYPE_CHECKING:
    from accredit.domain.registry import Registry as RegistryContent
    from accredit.reports.lineage import Part
    from accredit.rules.context import Context

Thing = Annotated[
    str,
    typer.Argument(metavar="ID", help="A dataset, a feature set, a version as in credit-risk@1.0.0, or a deployment."),
]


class LineageFormat(StrEnum):
    """What to write."""

    TREE = "tree"
    DOT = "dot"
    SVG = "svg"
    JSON = "json"
    MERMAID = "mermaid"


def lineage(  # noqa: PLR0913 - one parameter an option
    name: Thing,
    *,
    upstream: Annotated[bool, typer.Option("--upstream", help="Only what it was made from.")] = False,
    downstream: Annotated[bool, typer.Option("--downstream", help="Only what was made from it.")] = False,
    depth: Annotated[int | None, typer.Option(min=1, metavar="N", help="Most hops. Default: all.")] = None,
    base: Annotated[str | None, typer.Option(metavar="REV", help="Only what changed since this revision.")] = None,
    columns: Annotated[bool, typer.Option("--columns", help="Of a feature set or dataset: column by column.")] = False,
    format_: Annotated[LineageFormat, typer.Option("--format", "-f", help="What to write.")] = LineageFormat.TREE,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")] = None,
    registry: Registry = None,
) -> None:
    """Show what a thing was made from, what was made from it, and what is wrong on the way."""
    from accredit.reports import lineage as report  # noqa: PLC0415 - only this command needs it

    if (base is not None or columns) and format_ not in (LineageFormat.TREE, LineageFormat.JSON):
        raise UsageError(f"{'--columns' if columns else '--base'} has no format {format_.value}", "Use tree or json.")
    root, either = registry_at(registry), upstream or downstream
    workspace, ways = as_written(root), (upstream or not either, downstream or not either)
    if base is not None:
        deliver(_since(name, base, root, (*ways, depth), in_json=format_ is LineageFormat.JSON), output)
        return
    graph = workspace.context.lineage
    focus = node_of(name, graph.nodes)
    if columns:
        deliver(_columns(focus, workspace.loaded.registry, in_json=format_ is LineageFormat.JSON), output)
        return
    part = report.Part(graph, focus, *ways, depth, statuses_of(workspace.assessment))
    make = {"tree": report.tree, "dot": report.dot, "json": report.as_json, "mermaid": report.mermaid}
    text = _svg(part, workspace.context) if format_ is LineageFormat.SVG else make[format_.value](part)
    deliver(text, output)


def _since(name: str, base: str, root: Path, reach: tuple[bool, bool, int | None], *, in_json: bool) -> str:
    """What changed in a thing's lineage since a revision."""
    from accredit.domain.lineage_change import digests_of, lineage_change  # noqa: PLC0415
    from accredit.reports import lineage_change as report  # noqa: PLC0415
    from accredit.reports.lineage import Part  # noqa: PLC0415
    from accredit.signing.clone import clone_of  # noqa: PLC0415 - loads git

    try:
        earlier = clone_of(root, base).loaded().registry
    except GitError as error:
        raise UsageError(f"{base} is no revision: {error}", "Name one such as main or HEAD~1.") from error
    now = as_written(root).loaded.registry
    before, after = lineage_of(earlier), lineage_of(now)
    focus = node_of(name, {**before.nodes, **after.nodes})
    parts = [Part(graph, focus, *reach) for graph in (before, after) if focus in graph.nodes]
    change = lineage_change(
        before, after, (digests_of(earlier), digests_of(now)), [n.id for p in parts for n in p.nodes]
    )
    return (report.as_json if in_json else report.text)(focus, base, change)


def _columns(focus: str, registry: RegistryContent, *, in_json: bool) -> str:
    """A feature set or a dataset, column by column."""
    from accredit.domain.columns import sources_of, uses_of_columns  # noqa: PLC0415 - only this option needs it
    from accredit.reports import columns as report  # noqa: PLC0415

    kind, _, name = focus.partition(":")
    if kind == "features" and name in registry.features:
        found = sources_of(registry.features[name], registry)
        return (report.features_json if in_json else report.features_text)(name, found)
    if kind == "dataset" and name in registry.datasets:
        uses = uses_of_columns(registry)
        made = {column.name: uses.get((name, column.name), ()) for column in registry.datasets[name].columns}
        return (report.dataset_json if in_json else report.dataset_text)(name, made)
    raise UsageError(f"{focus} has no columns", "Name a feature set or a dataset that is registered.")


def impact(name: Thing, *, format_: Form = Shape.TEXT, registry: Registry = None) -> None:
    """Show what hangs on a dataset, and what would close if it lost its legal basis, as consent can be withdrawn."""
    from accredit.impact import affected_by, if_withdrawn  # noqa: PLC0415 - only this command needs it
    from accredit.reports import impact as report  # noqa: PLC0415

    workspace = opened(registry_at(registry))
    focus = node_of(name, workspace.context.lineage.nodes)
    dataset = workspace.loaded.registry.datasets.get(focus.removeprefix("dataset:"))
    if dataset is not None and dataset.legal_basis is not None:
        now, effects = if_withdrawn(
            workspace.loaded, focus.removeprefix("dataset:"), workspace.today, workspace.verification
        )
    else:
        now, effects = workspace.assessment, None
    write = report.as_json if format_ is Shape.JSON else report.text
    deliver(write(now.lineage.nodes[focus], affected_by(focus, now), effects), None)


def node_of(name: str, nodes: Mapping[str, Node]) -> str:
    """The id of the node that a name means.

    Raises:
        UsageError: There is none of that name, or more than one.
    """
    found = [n for n in nodes if name in (n, n.partition(":")[2])]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"`{name}` is more than one thing", f"Say which: {' or '.join(found)}.")
    names = dict.fromkeys(n.partition(":")[2] for n in nodes)
    close = difflib.get_close_matches(name, list(names), n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "See `accredit status` and the folder datasets/."
    raise UsageError(f"nothing in the lineage is called `{name}`", hint)


def _svg(part: Part, context: Context) -> str:
    from accredit.site.graph import find_engine  # noqa: PLC0415 - only a picture needs it
    from accredit.site.neighbourhood import Cut  # noqa: PLC0415
    from accredit.site.picture import picture  # noqa: PLC0415

    stages = {f"version:{key}": lifecycle.stage for key, lifecycle in context.lifecycles.items()}
    around = Cut((part.focus,), part.nodes, part.edges, ())
    return picture(part.lineage, around, find_engine(), lambda node: stages.get(node, ""), part.statuses)
