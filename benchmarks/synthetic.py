"""A large registry made from a real one: every model many times over, each copy as valid as the original.

A copy differs from its original in the model's id and in a remark at the end of each file, so that no two files are
equal. All digests that sign-offs bind (previous request, content, context) are computed anew, and waivers are copied.
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
    models = sorted({path.split("/")[1] for path in content if path.startswith("models/")})
    parts = {model: {p: d for p, d in content.items() if _belongs(p, d, model)} for model in models}
    shared = {p: d for p, d in content.items() if not any(p in part for part in parts.values())}
    _write(folder, shared)
    made, total, copy = 0, len(shared), 0
    while made < versions or total < files:
        model = models[copy % len(models)]
        written = _copy(parts[model], model, copy // len(models))
        _write(folder, written)
        made += sum(path.endswith("/version.yaml") for path in written)
        total += len(written)
        copy += 1
    return total


def _belongs(path: str, data: bytes, model: str) -> bool:
    waives = path.startswith("waivers/") and re.search(rf"(?m)^model: {model}$".encode(), data)
    return path.startswith(f"models/{model}/") or bool(waives)


def _files(folder: Path) -> Iterator[Path]:
    return (p for p in sorted(folder.rglob("*")) if p.suffix == ".yaml")


def _write(folder: Path, content: dict[str, bytes]) -> None:
    for path, data in content.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _copy(content: dict[str, bytes], model: str, number: int) -> dict[str, bytes]:
    """One model under another id, with every digest of a file that changed replaced by the new one."""
    name = f"{model}-{number:05}" if number else model  # the first keeps its id, which others refer to
    digests: dict[bytes, bytes] = {}
    written: dict[str, bytes] = {}
    for path in sorted(content, key=_order):
        if path.endswith("/transitions/0001/request.yaml"):
            version = path.split("/transitions/")[0] + "/"
            digests[_content(content, version)] = _content(written, version.replace(f"/{model}/", f"/{name}/", 1))
        data = re.sub(rf"(?m)^model: {model}$".encode(), f"model: {name}".encode(), content[path])
        data = data.replace(f"models/{model}/".encode(), f"models/{name}/".encode()) + f"# {name}\n".encode()
        data = _DIGEST.sub(lambda found: digests.get(found[0], found[0]), data)
        digests[_sha256(content[path])] = _sha256(data)
        folder, _, rest = path.partition("/")
        target = f"models/{name}/{rest.partition('/')[2]}" if folder == "models" else f"waivers/{number:05}-{rest}"
        written[target] = data
    return written


def _order(path: str) -> tuple[bool, str]:
    """Content before the requests that bind it, each request before its approvals and the next request."""
    return ("/transitions/" in path, path.replace("/approvals/", "/request.yaml/"))


def _content(files: dict[str, bytes], version: str) -> bytes:
    states = [
        FileState(path.removeprefix(version), _sha256(data).decode(), len(data))
        for path, data in files.items()
        if path.startswith(version)
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
