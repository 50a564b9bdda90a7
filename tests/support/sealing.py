"""Fills in the digests that requests and approvals bind, so that test registries need no digests made by hand.

A file of a transition may hold the placeholders `<content>`, `<context>`, `<policy>`, `<previous>` and `<request>`,
a closing `<approval of PERSON>`, a validation and a determination `<content>`.
Anything else that stands there, such as a digest that is wrong on purpose, is left as it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from accredit.domain.content import FileState, content_digest
from accredit.loading.yaml import parse

Files = Mapping[str, bytes]
_TRANSITION = re.compile(r"(models/([^/]+)/versions/[^/]+)/transitions/([0-9]{4})/")


def sealed(files: Files) -> dict[str, bytes]:
    """The files with every placeholder filled in from the files themselves."""
    result = dict(files)
    previous: dict[str, bytes] = {}
    for folder, model, seq in _transitions(files):
        step = f"{folder}/transitions/{seq}"
        request = f"{step}/request.yaml"
        if request not in result:
            continue
        blanks = {
            b"<content>": _content(files, folder),
            b"<context>": _context(files, folder, model),
            b"<policy>": _sha256(files.get("policy.yaml", b"")),
            b"<previous>": previous.get(folder, b"none"),
        }
        result[request] = _filled(files[request], blanks)
        previous[folder] = _sha256(result[request])
        for path in [p for p in files if p.startswith(f"{step}/approvals/")]:
            result[path] = _filled(files[path], {b"<request>": previous[folder]})
        signed = {p: _sha256(result[p]) for p in result if p.startswith(f"{step}/approvals/")}
        given = {f"<approval of {path.rpartition('/')[2][:-5]}>".encode(): digest for path, digest in signed.items()}
        for path in [p for p in files if p.startswith(f"{step}/closings/")]:
            result[path] = _filled(files[path], given)
        for path in [p for p in files if p.startswith(f"{folder}/validations/")]:
            result[path] = _filled(files[path], {b"<content>": blanks[b"<content>"]})
    for path in [p for p in files if p.startswith("determinations/")]:
        made = parse(files[path]).data
        folder = f"models/{made['model']}/versions/{made.get('version')}"
        result[path] = _filled(files[path], {b"<content>": _content(files, folder)})
    return result


def _transitions(files: Files) -> Iterator[tuple[str, str, str]]:
    found = {match.groups() for path in files if (match := _TRANSITION.match(path))}
    yield from sorted(found)  # type: ignore[misc]


def _filled(content: bytes, blanks: Mapping[bytes, bytes]) -> bytes:
    for blank, value in blanks.items():
        content = content.replace(blank, value)
    return content


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _content(files: Files, folder: str) -> bytes:
    inside = {path.removeprefix(f"{folder}/"): data for path, data in files.items() if path.startswith(f"{folder}/")}
    return content_digest(FileState(path, _sha256(data).decode(), len(data)) for path, data in inside.items()).encode()


def _context(files: Files, folder: str, model: str) -> bytes:
    version: Any = parse(files.get(f"{folder}/version.yaml", b"{}")).data or {}
    named = [f"models/{model}/model.yaml"]
    named += [f"datasets/{use['dataset']}.yaml" for use in version.get("datasets", ())]
    named += [f"features/{use['features']}.yaml" for use in version.get("features", ())]
    digests = [f"{path}: {_sha256(files[path]).decode()}" for path in sorted(set(named)) if path in files]
    return f"{{{', '.join(digests)}}}".encode()
