"""A large registry made from a real one: every model many times over, each copy as valid as the original.

A copy differs from its original in the model's id and in the name of each version, so that no two files are equal. All
digests that sign-offs bind (previous request, content, context) are computed anew, the rest of each file is as it was.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from accredit.domain.content import FileState, content_digest

SEED = Path(__file__).parents[1] / "registry"
_DIGEST = re.compile(rb"\b[0-9a-f]{64}\b")


def multiply(folder: Path, *, versions: int = 0, files: int = 0, seed: Path = SEED) -> int:
    """Writes a registry of at least so many versions or files into an empty folder; returns its number of files.

    Signatures are left out: a copy's bytes differ, and the keys of the seed's people are nobody's to use.
    """
    content = {p.relative_to(seed).as_posix(): p.read_bytes() for p in _files(seed)}
    shared = {path: data for path, data in content.items() if not path.startswith(("models/", "waivers/", "changes/"))}
    models = sorted({path.split("/")[1] for path in content if path.startswith("models/")})
    _write(folder, shared)
    made, total, copy = 0, len(shared), 0
    while made < versions or total < files:
        model = models[copy % len(models)]
        part = {path: data for path, data in content.items() if path.startswith(f"models/{model}/")}
        written = _renamed(part, model, f"{model}-{copy // len(models):05}")
        _write(folder, written)
        made += sum(path.endswith("/version.yaml") for path in written)
        total += len(written)
        copy += 1
    return total


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.suffix == ".yaml")


def _write(folder: Path, content: dict[str, bytes]) -> None:
    for path, data in content.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _renamed(content: dict[str, bytes], model: str, name: str) -> dict[str, bytes]:
    """One model under another id, with every digest of a file that changed replaced by the new one."""
    word = re.compile(rf"(?<![a-z0-9-]){re.escape(model)}(?![a-z0-9-])".encode())
    digests: dict[bytes, bytes] = {}
    written: dict[str, bytes] = {}
    for path in sorted(content, key=_order):
        if path.endswith("/0001/request.yaml"):
            version = path.split("/transitions/")[0] + "/"
            digests[_content(content, version)] = _content(
                written, version, f"models/{name}/" + version.split("/", 2)[2]
            )
        data = word.sub(name.encode(), content[path])
        if path.endswith(("/version.yaml", "/model.yaml")):
            data += f"# copy {name}\n".encode()
        data = _DIGEST.sub(lambda found: digests.get(found[0], found[0]), data)
        digests[_sha256(content[path])] = _sha256(data)
        written[f"models/{name}/{path.split('/', 2)[2]}"] = data
    return written


def _order(path: str) -> tuple[bool, str]:
    """Content before the requests that bind it, each request before its approvals and the next request."""
    return ("/transitions/" in path, path.replace("/approvals/", "/request.yaml/"))


def _content(files: dict[str, bytes], version: str, renamed: str = "") -> bytes:
    prefix = renamed or version
    states = [
        FileState(path.removeprefix(prefix), _sha256(data).decode(), len(data))
        for path, data in files.items()
        if path.startswith(prefix)
    ]
    return content_digest(states).encode()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def main() -> None:
    """Writes a registry of N versions: `python benchmarks/synthetic.py FOLDER N`."""
    parser = argparse.ArgumentParser(description="Writes a large registry for trying things out.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("versions", type=int)
    arguments = parser.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    print(f"{multiply(arguments.folder, versions=arguments.versions)} files in {arguments.folder}")


if __name__ == "__main__":
    main()
