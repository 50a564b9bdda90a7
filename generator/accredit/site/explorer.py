"""The whole lineage as one file that the explorer page reads, from a web server as well as from a folder.

It is a script that sets one value, since a page opened from a folder may not fetch data. Text in it is data to the
page, which never makes markup of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accredit.assess import Assessment
from accredit.domain.lineage import Lineage
from accredit.domain.value import STAGES, Stage
from accredit.impact import owner_of
from accredit.problems import Problem, Status, in_use
from accredit.site.layers import places_of
from accredit.site.pages.stages import in_sentence, stage_names
from accredit.site.urls import node_url, relative

KINDS = ("dataset", "features", "version", "deployment")
_NOTHING = Status()


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a node beside what the lineage knows."""

    owner: str = ""
    """The name of who answers for it."""
    stage: Stage | None = None
    running: bool | None = None
    """Of a deployment, whether it is in use."""


def data_script(assessment: Assessment, statuses: Mapping[str, Status], *, directory_urls: bool = True) -> str:
    """The lineage of an assessment as a script."""
    names = {stage: in_sentence(name) for stage, name in stage_names(assessment.registry.policy).items()}
    about = about_nodes(assessment)
    return script_of(assessment.lineage, statuses, about, names=names, directory_urls=directory_urls)


def script_of(
    lineage: Lineage,
    statuses: Mapping[str, Status],
    about: Callable[[str], About],
    *,
    names: Mapping[str, str] | None = None,
    directory_urls: bool = True,
) -> str:
    """The lineage as a script: `window.acLineage = {...}`. Nodes refer to lists by index, edges to nodes.

    Args:
        lineage: The lineage.
        statuses: Node to what is wrong with it or upstream of it.
        about: What else is said of a node.
        names: What stages are called, if not by their ids.
        directory_urls: Link to folders, not to the `index.html` in each.
    """
    places, number = places_of(lineage), {node: i for i, node in enumerate(lineage.nodes)}
    found = (p for node in lineage.nodes for p in _all(statuses.get(node, _NOTHING)))
    problems = {problem: i for i, problem in enumerate(dict.fromkeys(found))}
    owners: dict[str, int] = {}
    roles: dict[str, int] = {}

    def row(node: str) -> list[object]:
        known, status, place, told = lineage.nodes[node], statuses.get(node, _NOTHING), places[node], about(node)
        return [
            node.partition(":")[2], known.label, known.detail, KINDS.index(known.kind),
            -1 if told.stage is None else STAGES.index(told.stage), -1 if told.running is None else int(told.running),
            owners.setdefault(told.owner, len(owners)), place.layer, place.order,
            [problems[p] for p in status.own], [problems[p] for p in status.upstream],
            "" if known.missing else relative("../", node_url(node), directory_urls=directory_urls),
        ]  # fmt: skip

    nodes = [row(node) for node in lineage.nodes]
    edges: list[int] = []
    for edge in lineage.edges:
        edges += (number[edge.source], number[edge.target], roles.setdefault(edge.role, len(roles)))
    content = {
        "kinds": KINDS,
        "stages": STAGES,
        "stageNames": [(names or {}).get(stage, stage) for stage in STAGES],
        "owners": list(owners),
        "roles": list(roles),
        "problems": [[number.get(p.node, -1), p.code, p.message] for p in problems],
        "nodes": nodes,
        "edges": edges,
    }
    return f"window.acLineage={json.dumps(content, separators=(',', ':'))};\n"


def _all(status: Status) -> tuple[Problem, ...]:
    return (*status.own, *status.upstream)


def about_nodes(assessment: Assessment) -> Callable[[str], About]:
    """From a node to what an assessment knows of it."""

    def about(node: str) -> About:
        if assessment.lineage.nodes[node].missing:
            return About()
        owner = owner_of(node, assessment)
        person = assessment.registry.people.get(owner)
        name = person.name if person else owner
        key, _, deployment = node.partition(":")[2].partition("/")
        model, _, version = key.partition("@")
        found = assessment.models.get(model)
        if not version or found is None or version not in found.versions:
            return About(name)
        known = found.versions[version]
        if not deployment:
            return About(name, known.stage)
        return About(name, running=in_use(known.version.deployments[deployment], assessment.as_of))

    return about
