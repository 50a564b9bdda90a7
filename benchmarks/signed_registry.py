"""A synthetic repository of signed sign-offs in signed commits, for `signatures.py`.

Every landing brings one request or one approval, each with an SSH signature: five landings take a version of one of ten
models to production.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT)]

from tests.support.cases import base_files, patched  # noqa: E402 - the checkout's own
from tests.support.cast import POLICY, ROLES, key_of, member  # noqa: E402
from tests.support.records import REGISTRY, sha256, yaml_of  # noqa: E402
from tests.support.ssh_forge import Forgery  # noqa: E402

from accredit.domain.content import FileState, content_digest  # noqa: E402

MODELS = 10
START = 1_767_225_600
SEED = "models/loan-default/versions/1.0.0/"
MODEL = "models/loan-default/model.yaml"
MOVES = (("staging", "review", ("otto",)), ("review", "production", ("vera", "rita")))
Files = dict[str, bytes]


def synthetic(folder: Path, count: int) -> Path:
    """A bare repository with so many landings after the one in which the registry begins."""
    path = folder / f"signatures-{count}.git"
    if not (path / "done").is_file():
        shutil.rmtree(path, ignore_errors=True)
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", path], check=True)
        with subprocess.Popen(["git", "-C", path, "fast-import", "--quiet"], stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            process.stdin.writelines(_commit(number, files) for number, files in enumerate(_landings(count)))
        if process.returncode:
            raise SystemExit("git fast-import failed")
        sign_commits(path)
        (path / "done").touch()
    return path


def _commit(number: int, files: Files) -> bytes:
    lines = [b"commit refs/heads/main\ncommitter %b\ndata 4\nLand\n" % _who(number)]
    lines += [b"M 100644 inline %b\ndata %d\n%b\n" % (p.encode(), len(data), data) for p, data in files.items()]
    return b"".join(lines)


def _who(number: int) -> bytes:
    return b"Dana <dana@bank.example> %d +0000" % (START + 60 * number)


def _landings(count: int) -> Iterator[Files]:
    """What each commit adds. The first content of a version comes with its first request."""
    policy = patched(base_files(), {"policy.yaml": POLICY})
    shared = {p: d for p, d in policy.items() if not p.startswith(("people/", "models/"))}
    shared |= {f"people/{name}.yaml": member(name, role).file().encode() for name, role in ROLES.items()}
    shared |= {MODEL.replace("default", f"default-{model}"): policy[MODEL] for model in range(MODELS)}
    yield shared
    made = 0
    while made < count:
        for files in _Version(made // 5, shared, policy).landings():
            if made < count:
                yield files
                made += 1


@dataclass
class _Version:
    """One version on its way to production."""

    number: int
    shared: Files
    seed: Files
    previous: str = "none"
    content: Files = field(default_factory=dict)

    @property
    def model(self) -> str:
        return f"loan-default-{self.number % MODELS}"

    @property
    def id(self) -> str:
        return f"{self.number // MODELS + 1}.0.0"

    def landings(self) -> Iterator[Files]:
        names = ("version.yaml", "card.yaml", "evaluations/held-out.yaml")
        remark = f"# {self.model} {self.id}\n".encode()
        self.content = {name: self.seed[SEED + name] + remark for name in names}
        folder = f"models/{self.model}/versions/{self.id}/"
        new = {folder + name: data for name, data in self.content.items()}
        for seq, (before, after, signers) in enumerate(MOVES, 1):
            at = f"{folder}transitions/{seq:04}/"
            request = yaml_of(self._request(seq, before, after))
            yield {**new, **_signed(f"{at}request.yaml", request, "olga", b"request@accredit")}
            self.previous, new = sha256(request), {}
            for who in signers:
                yield _signed(f"{at}approvals/{who}.yaml", yaml_of(self._approval(who)), who, b"approval@accredit")

    def _request(self, seq: int, before: str, after: str) -> dict[str, object]:
        named = [p for p in self.shared if p.startswith(("datasets/", "features/"))]
        context = {
            p: sha256(self.shared[p]) for p in named if p.split("/")[1][:-5].encode() in self.content["version.yaml"]
        }
        model = MODEL.replace("loan-default", self.model)
        return {
            "kind": "transition-request/v1",
            "registry": REGISTRY,
            "model": self.model,
            "version": self.id,
            "seq": seq,
            "from": before,
            "to": after,
            "previous": self.previous,
            "content": content_digest(FileState(p, sha256(d), len(d)) for p, d in self.content.items()),
            "context": {**context, model: sha256(self.shared[model])},
            "policy": sha256(self.shared["policy.yaml"]),
            "requested_by": "olga",
            "requested_at": "2026-01-10T10:00:00Z",
            "reason": "It is ready.",
        }

    def _approval(self, who: str) -> dict[str, object]:
        return {
            "kind": "approval/v1",
            "registry": REGISTRY,
            "request": self.previous,
            "reviewer": who,
            "role": ROLES[who],
            "decision": "approve",
            "time": "2026-01-10T10:00:00Z",
            "statement": "Looked at all of it.",
        }


def _signed(path: str, content: bytes, who: str, namespace: bytes) -> Files:
    return {path: content, f"{path}.sig": Forgery(key_of(who), content, namespace=namespace).armored()}


def sign_commits(path: Path) -> None:
    """Makes every commit anew with a signature, as git writes it, and packs the repository."""
    told = subprocess.run(
        ["git", "-C", path, "log", "--reverse", "--format=%T", "main"], check=True, capture_output=True
    )
    commit = b""
    for number, tree in enumerate(told.stdout.split()):
        parent = b"parent %b\n" % commit if commit else b""
        head = b"tree %b\n%bauthor %b\ncommitter %b\n" % (tree, parent, _who(number), _who(number))
        armored = Forgery(key_of("dana"), head + b"\nLand\n", namespace=b"git").armored()
        signature = b"gpgsig " + armored.rstrip(b"\n").replace(b"\n", b"\n ") + b"\n"
        commit = _store(path, head + signature + b"\nLand\n")
    subprocess.run(["git", "-C", path, "update-ref", "refs/heads/main", commit], check=True)
    subprocess.run(["git", "-C", path, "repack", "-a", "-d", "--quiet"], check=True)
    (path / "allowed").write_text(f"dana@bank.example {key_of('dana').public.line}\n")


def _store(path: Path, body: bytes) -> bytes:
    whole = b"commit %d\0" % len(body) + body
    oid = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    file = path / "objects" / oid[:2] / oid[2:]
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(zlib.compress(whole, 1))
    return oid.encode()
