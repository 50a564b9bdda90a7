"""Case directories: the base registry with an overlay.

A case departs from the base by `case.yaml`, which maps a path to `{dotted.route: value}` (null deletes the key; a path
with null deletes the file), and by whole files under `registry/`. A `bad` case has `expected.txt` beside it: the
findings that it yields, one a line. `then.yaml` departs from the case in a second commit, for rules about history.
`cases/<CODE>/{bad,good}` is the place; `bad-<what>` and `good-<what>` add more.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from tests.support.memory_tree import MemoryTree
from tests.support.sealing import sealed

from accredit.assess import Assessment, assess
from accredit.loading.folder import Folder
from accredit.loading.tree import load
from accredit.loading.yaml import parse
from accredit.signing.clone import clone_of

CASES = Path(__file__).parents[1] / "cases"
AS_OF = dt.date(2026, 11, 23)
SUBJECT = "loan-default@2.0.0"
"""The version that cases are about."""


@dataclass(frozen=True)
class Case:
    """One case directory."""

    folder: Path

    @property
    def code(self) -> str:
        """The rule that the case is about."""
        return self.folder.parent.name

    @property
    def is_bad(self) -> bool:
        """Whether the rule must find something."""
        return self.folder.name.split("-")[0] == "bad"

    @property
    def expected(self) -> Path:
        """The file with the findings."""
        return self.folder / "expected.txt"

    def files(self) -> dict[str, bytes]:
        """The registry of the case: base, overlay, and digests filled in."""
        return sealed(overlaid(base_files(), self.folder))

    def write(self, root: Path) -> None:
        """Writes the registry. Where there is a `then.yaml`, it is committed, patched so, and committed again."""
        files, then = self.files(), self.folder / "then.yaml"
        _write(files, root)
        if then.exists():
            _commit(root)
            after = patched(files, parse(then.read_bytes()).data)
            _write(after, root)
            for path in files.keys() - after.keys():
                (root / path).unlink()
            _commit(root)

    def assessed(self) -> Assessment:
        """What the registry comes to, with its history if it has one."""
        if not (self.folder / "then.yaml").exists():
            return assessed(self.files())
        with tempfile.TemporaryDirectory() as folder:
            self.write(Path(folder))
            verification = clone_of(Path(folder)).verification()
            return assess(load(Folder(Path(folder))), AS_OF, verification)


def _write(files: Mapping[str, bytes], root: Path) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def _commit(root: Path) -> None:
    """Commits everything, with fixed names and dates."""
    stamps = {f"GIT_{who}_DATE": f"{AS_OF}T09:00:00Z" for who in ("AUTHOR", "COMMITTER")}
    environment = {**stamps, "PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    identity = ("-c", "user.name=ci", "-c", "user.email=ci@bank.example")
    for command in (("init", "-q", "-b", "main"), ("add", "--all"), (*identity, "commit", "-q", "-m", "Land")):
        subprocess.run(["git", "-C", root, *command], env=environment, check=True)


def all_cases() -> list[Case]:
    """Every case directory, by code."""
    return [Case(f) for f in sorted(CASES.glob("[A-Z]*/*")) if f.name.split("-")[0] in ("bad", "good")]


@cache
def base_files() -> Mapping[str, bytes]:
    """The files of the base registry, placeholders not yet filled in."""
    return _read(CASES / "_base" / "registry")


def base_registry() -> dict[str, bytes]:
    """The base registry, sealed: complete, valid, and clean under every rule."""
    return sealed(base_files())


def assessed(files: Mapping[str, bytes], as_of: dt.date = AS_OF) -> Assessment:
    """What a registry of these files comes to."""
    return assess(load(MemoryTree(files)), as_of)


def finding_lines(assessment: Assessment) -> list[str]:
    """Every finding as `path:line:col CODE message`, sorted, none twice."""
    return sorted({f"{f.location} {f.code} {f.message}" for f in assessment.findings})


def overlaid(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Files with the overlay in a folder: whole files first, then `case.yaml`."""
    result = {**files, **_read(folder / "registry")}
    departures = folder / "case.yaml"
    patches = parse(departures.read_bytes()).data if departures.exists() else {}
    return patched(result, patches or {})


def patched(files: Mapping[str, bytes], patches: Mapping[str, Mapping[str, Any] | None]) -> dict[str, bytes]:
    """Files with values set at dotted routes; null deletes a key, an item or a whole file."""
    result = dict(files)
    for path, routes in patches.items():
        if routes is None:
            del result[path]
            continue
        data = _mutable(parse(result[path]).data) if path in result else {}
        for route, value in routes.items():
            _set(data, [int(k) if k.isdigit() else k for k in route.split(".")], _mutable(value))
        result[path] = yaml.dump(data, Dumper=_Writer, sort_keys=False, width=120, allow_unicode=True).encode()
    return result


def _set(data: Any, route: list[str | int], value: Any) -> None:
    for here, after in pairwise(route):
        if isinstance(data, list):
            data = data[here]
        else:
            here = str(here)  # noqa: PLW2901 - keys of a mapping are text, also where they are digits
            data = data.setdefault(here, [] if isinstance(after, int) else {})
    last: Any = route[-1] if isinstance(data, list) else str(route[-1])
    if value is None:
        del data[last]
    elif isinstance(data, list) and last == len(data):
        data.append(value)
    else:
        data[last] = value


def _mutable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _mutable(v) for k, v in value.items()}
    return [_mutable(v) for v in value] if isinstance(value, tuple) else value


def _read(root: Path) -> dict[str, bytes]:
    def below(folder: Path) -> Iterator[Path]:
        return (p for p in sorted(folder.rglob("*")) if p.is_file())

    return {p.relative_to(root).as_posix(): p.read_bytes() for p in below(root)}


class _Writer(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """YAML as the registry wants it: instants with `T` and `Z`, no aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _instant(writer: Any, value: dt.datetime) -> Any:
    text = value.isoformat().replace("+00:00", "Z")
    return writer.represent_scalar("tag:yaml.org,2002:timestamp", text)


_Writer.add_representer(dt.datetime, _instant)
