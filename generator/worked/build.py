"""The whole registry: what people wrote in `story/`, joined with what the script measured."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import yaml

from accredit.demo.keys import public_line
from accredit.domain.content import FileState, content_digest
from worked import keeping, operation
from worked.catalogue import SOURCES, Prepared
from worked.signoffs import attestations, content_of, transitions
from worked.sources import digest
from worked.training import Trained
from worked.validations import validations
from worked.yaml_writer import to_yaml

STORY = Path(__file__).parent / "story"
NIL = str(uuid.UUID(int=0))
"""Stands for the registry's id until that is known."""
Record = dict[str, Any]
Files = dict[str, bytes]
Chains = dict[str, list[Record]]
"""Path of a version's folder to the story of its moves."""


def build(only: str | None = None, identity: str | None = None) -> Files:
    """Path to bytes of every file of the registry.

    Args:
        only: Id of one model, to leave the others and their data out.
        identity: The registry's id; None to derive it from all that the registry holds, so that one made anew has
            another.
    """
    stories = {path.stem: _read(path) for path in sorted((STORY / "models").glob("*.yaml"))}
    if only is not None:
        stories = {only: stories[only]}
    prepared = {
        s["source"]: Prepared(SOURCES[s["source"]], _read(STORY / f"sources/{s['source']}.yaml"))
        for s in stories.values()
    }
    files = _copied()
    for data in prepared.values():
        files |= {f"datasets/{name}.yaml": to_yaml(record) for name, record in data.datasets().items()}
        files |= {f"features/{name}.yaml": to_yaml(record) for name, record in data.feature_sets().items()}
    chains: Chains = {}
    for model, story in stories.items():
        files[f"models/{model}/model.yaml"] = to_yaml(story["model"])
        for version in story["versions"]:
            told = story["versions"][version]
            told = told | {"card": story["card"] | told["card"]}
            files |= _version(Trained(model, version, told, prepared[story["source"]]))
            chains[f"models/{model}/versions/{version}"] = told.get("moves", [])
    files |= {path: _determined(data, files) for path, data in files.items() if path.startswith("determinations/")}
    return dict(sorted(_signed(files, chains, identity or _identity(_signed(files, chains, NIL))).items()))


def _signed(files: Files, chains: Chains, identity: str) -> Files:
    """The files with their sign-offs, for a registry of this id."""
    signed = files | {"registry.yaml": files["registry.yaml"].replace(NIL.encode(), identity.encode())}
    for folder, moves in chains.items():
        signed |= transitions(files, folder, identity, moves)
    signed |= attestations(files, identity)
    return signed


def _determined(data: bytes, files: Files) -> bytes:
    """A determination with the digest of the version that was looked at."""
    told: Record = yaml.safe_load(data)
    folder = f"models/{told['model']}/versions/{told['version']}"
    return data.replace(b"<content>", content_of(files, folder).encode())


def _identity(files: Files) -> str:
    """The same for the same files, and for no others."""
    states = (FileState(path, digest(data), len(data)) for path, data in files.items())
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sha256:{content_digest(states)}"))


def write(files: Files, folder: Path) -> None:
    """Makes the folder hold exactly these files."""
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in files:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_bytes() != data:
            target.write_bytes(data)


def _read(path: Path) -> Record:
    record: Record = yaml.safe_load(path.read_text(encoding="utf-8"))
    return record


def _copied() -> Files:
    """Files that hold no measurement, as they were written."""
    plain = [p for p in sorted(STORY.rglob("*")) if p.is_file() and p.parent.name not in ("models", "sources")]
    return {p.relative_to(STORY).as_posix(): _with_key(p) for p in plain}


def _with_key(path: Path) -> bytes:
    """A file of the story; a person's with the key that the person signs with."""
    if path.parent.name != "people" or path.stem.endswith("-bot"):
        return path.read_bytes()
    return path.read_bytes() + f"keys:\n  - {{type: ssh, public: {public_line(path.stem)}}}\n".encode()


def _version(trained: Trained) -> Files:
    folder = f"models/{trained.model}/versions/{trained.version}"
    written = {
        f"{folder}/version.yaml": to_yaml(trained.record()),
        f"{folder}/card.yaml": to_yaml(trained.story["card"]),
        f"{folder}/evaluations/holdout.yaml": to_yaml(trained.evaluation()),
    }
    grown = {kind: getattr(operation, kind)(trained) for kind in ("deployments", "monitoring", "decisions")}
    grown["records"] = keeping.records(trained, written)
    grown["verifications"] = keeping.verifications(trained, grown["records"], grown["decisions"])
    grown["validations"] = validations(content_of(written, folder), trained.story.get("moves", []))
    for kind, records in grown.items():
        written |= {f"{folder}/{kind}/{name}.yaml": to_yaml(record) for name, record in records.items()}
    return written
