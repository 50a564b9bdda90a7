"""Records that are kept elsewhere, and looks at stored objects: digests of bytes that the script has in its hands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accredit.domain.content import FileState
from worked.sources import digest
from worked.training import Trained

Record = dict[str, Any]
Files = dict[str, bytes]
LOOKED = dt.datetime(2026, 11, 16, 5, 0, tzinfo=dt.UTC)
"""When the stores were last gone through."""


def records(trained: Trained, written: Files) -> dict[str, Record]:
    """Class to `records/<class>.yaml`, for a version that was submitted: its documentation, as one file.

    Args:
        trained: The version.
        written: What the registry says about how it was built, of which the documentation is made.
    """
    if not trained.story.get("moves"):
        return {}
    bundle = b"---\n".join(written[path] for path in sorted(written))
    state = FileState("documentation.yaml", digest(bundle), len(bundle))
    return {
        "technical_documentation": {
            "description": "Card, build record and evaluation of the version in one file",
            "uri": f"s3://example-records/{trained.model}/{state.sha256}.yaml",
            "sha256": state.sha256,
            "size_bytes": state.size,
            "created": trained.story["evaluated"].date(),
        }
    }


def verifications(trained: Trained, kept: dict[str, Record], logs: dict[str, Record]) -> dict[str, Record]:
    """Day to `verifications/<day>.yaml`, for a version in use, or on the way there.

    Args:
        trained: The version.
        kept: Its records that are kept elsewhere, by class.
        logs: Manifests of its stored predictions, by period.
    """
    runs, moves = trained.story.get("deployments", {}).values(), trained.story.get("moves", [])
    if not moves or moves[-1]["to"] == "archived" or (runs and all("until" in run for run in runs)):
        return {}
    artifact = trained.record()["artifacts"][0]
    objects = [_seen("model_artifact", artifact["name"], artifact["uri"], artifact["sha256"])]
    for state, record in (("training", "training_dataset"), ("evaluation", "evaluation_dataset")):
        data = trained.data.datasets()[trained.data.id(state)]
        objects.append(_seen(record, trained.data.id(state), data["uri"], data["sha256"]))
    objects += [_seen("decision_records", name, log["uri"], log["sha256"]) for name, log in logs.items()]
    objects += [_seen(name, name, record["uri"], record["sha256"]) for name, record in kept.items()]
    head: Record = {"at": LOOKED, "by": "training-bot", "tool": {"name": "generator/worked"}}
    return {LOOKED.date().isoformat(): head | {"objects": objects}}


def _seen(record: str, name: str, uri: str, sha256: str) -> Record:
    return {"uri": uri, "class": record, "name": name, "method": "digest", "result": "ok", "sha256": sha256}
