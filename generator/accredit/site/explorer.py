"""The whole lineage as one file that the explorer page reads, from a web server as well as from a folder.

It is a script that sets one value, since a page opened from a folder may not fetch data. Text in it is data to the
page, which never makes markup of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from accredit.assess import Assessment
from accredit.domain.value import STAGES
from accredit.impact import owner_of
from accredit.problems import Problem, Status, in_use
from accredit.site.layers import places_of
from accredit.site.urls import node_url, relative

KINDS = ("dataset", "features", "version", "deployment")
_NOTHING = Status()


def data_script(assessment: Assessment, statuses: Mapping[str, Status], *, directory_urls: bool = True) -> str:
    """The lineage as a script: `window.acLineage = {...}`. Nodes refer to lists by index, edges to nodes."""
    lineage, places = assessment.lineage, places_of(assessment.lineage)
    number = {node: i for i, node in enumerate(lineage.nodes)}
    problems: dict[Problem, int] = {}
    for status in statuses.values():
        for problem in (*status.own, *status.upstream):
            problems.setdefault(problem, len(problems))
    owners: dict[str, int] = {}
    roles: dict[str, int] = {}

    def row(node: str) -> list[object]:
        known, status, place = lineage.nodes[node], statuses.get(node, _NOTHING), places[node]
        stage, running = _state(assessment, node)
        owner = "" if known.missing else owner_of(node, assessment)
        person = assessment.registry.people.get(owner)
        return [
            node.partition(":")[2], known.label, known.detail, KINDS.index(known.kind), stage, running,
            owners.setdefault(person.name if person else owner, len(owners)), place.layer, place.order,
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
        "owners": list(owners),
        "roles": list(roles),
        "problems": [[number.get(p.node, -1), p.code, p.message] for p in problems],
        "nodes": nodes,
        "edges": edges,
    }
    return f"window.acLineage={json.dumps(content, separators=(',', ':'))};\n"


def _state(assessment: Assessment, node: str) -> tuple[int, int]:
    """Index of the stage, and for a deployment whether it runs (1) or not (0); -1 where that is no question."""
    kind, _, name = node.partition(":")
    key, _, deployment = name.partition("/")
    model, _, version = key.partition("@")
    found = assessment.models.get(model)
    if kind in KINDS[:2] or found is None or version not in found.versions:
        return -1, -1
    if kind == "version":
        return STAGES.index(found.versions[version].stage), -1
    return -1, int(in_use(found.versions[version].version.deployments[deployment], assessment.as_of))
