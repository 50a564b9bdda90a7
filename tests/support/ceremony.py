"""Sign-off told as a story, on real repositories and with real SSH signatures.

    story = a_ceremony(folder)
    story.request("review").approve("otto").land("squash")
    assert stage(story.verify()) == "review"

Requests, approvals and change records bind the digests of the files as they are in the story, unless told otherwise:
an attack says by keyword which field lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self

from tests.support.cases import base_files, patched
from tests.support.cast import POLICY, ROLES, Member, key_of, member
from tests.support.records import (
    MODEL,
    REGISTRY,
    TRANSITIONS,
    VERSION,
    content_of,
    context_of,
    governance_of,
    sha256,
    transition,
    yaml_of,
)
from tests.support.repository import Content, RepositoryBuilder, a_repository
from tests.support.ssh_forge import Forgery

from accredit.domain.verification import Verification
from accredit.history.repository import Repository
from accredit.history.verify import verify

How = Literal["direct", "merge", "squash", "rebase"]
ROOT = "registry"


@dataclass
class Ceremony:
    """A registry with one version, some people, and what they do."""

    repository: RepositoryBuilder
    files: dict[str, bytes] = field(default_factory=dict)
    """The registry as it will be once all that was written has landed."""
    people: dict[str, Member] = field(default_factory=dict)
    _written: list[tuple[str, dict[str, Content], str]] = field(default_factory=list)
    stage_wanted: str = "staging"
    """Where the last request leads, if all goes well."""
    _branches: int = 0

    def on(self, day: str) -> Self:
        """On which day things happen from now on."""
        self.repository.on(day)
        return self

    def write(self, files: Mapping[str, Content], by: str = "dana", mode: str = "100644") -> Self:
        """Somebody commits files of the registry; None deletes one."""
        for path, content in files.items():
            if content is None:
                self.files.pop(path, None)
            elif mode == "100644":
                self.files[path] = content.encode() if isinstance(content, str) else content
        self._written.append((by, dict(files), mode))
        return self

    def edit(self, path: str, old: str, new: str, by: str = "dana") -> Self:
        """Somebody replaces a text that must be there."""
        text = self.files[path].decode()
        assert old in text, f"{path} does not say {old}"
        return self.write({path: text.replace(old, new)}, by)

    def delete(self, folder: str, by: str = "dana") -> Self:
        """Somebody deletes every file below a folder, or one file."""
        return self.write({path: None for path in list(self.files) if path.startswith(folder)}, by)

    def copy(self, source: str, target: str, by: str = "dana") -> Self:
        """Somebody copies every file below a folder, or one file with its signature."""
        found = {p: data for p, data in self.files.items() if p.startswith(source)}
        return self.write({target + path.removeprefix(source): data for path, data in found.items()}, by)

    def request(self, to: str, by: str = "olga", **options: Any) -> Self:
        """Asks for a move, from the stage in which the story is. Options: as `signed` takes them, and any field."""
        seq = options.pop("folder", None) or self.seq + 1
        last = self.files.get(transition(seq - 1))
        fields = {
            "kind": "transition-request/v1",
            "registry": REGISTRY,
            "model": MODEL,
            "version": VERSION,
            "seq": seq,
            "from": self.stage_wanted,
            "to": to,
            "previous": sha256(last) if last else "none",
            "content": content_of(self.files),
            "context": context_of(self.files),
            "policy": sha256(self.files.get("policy.yaml", b"")),
            "requested_by": by,
            "requested_at": self.now,
            "reason": "It is ready.",
        }
        self.stage_wanted = to
        return self.signed(transition(seq), fields, by, "request@accredit", options)

    def approve(self, who: str, role: str = "", seq: int = 0, decision: str = "approve", **options: Any) -> Self:
        """Approves the last request, or another one."""
        folder = transition(seq or self.seq, "")
        request = self.files.get(f"{folder}request.yaml", b"")
        return self._decide(f"{folder}approvals/", request, who, role, decision, options)

    def reject(self, who: str, role: str = "", **options: Any) -> Self:
        """Rejects the last request, after which the version stays where it was."""
        before = options.pop("stays", "staging")
        self.approve(who, role, decision="reject", **options)
        self.stage_wanted = before
        return self

    def change(
        self, files: Mapping[str, Content], approvals: tuple[str, ...] = ("gwen", "greta"), **options: Any
    ) -> Self:
        """Changes people or policy with a change record."""
        by, old = options.pop("by", "olga"), options.pop("old", None) or governance_of(self.files)
        self.write(files, by)
        seq = 1 + sum(p.startswith("changes/") and p.endswith("request.yaml") for p in self.files)
        last = self.files.get(f"changes/{seq - 1:04}/request.yaml")
        fields = {
            "kind": "change-request/v1",
            "registry": REGISTRY,
            "seq": seq,
            "previous": sha256(last) if last else "none",
            "from": old,
            "to": governance_of(self.files),
            "requested_by": by,
            "requested_at": self.now,
            "reason": "People come and go.",
        }
        decisions = options.pop("decisions", {})
        self.signed(f"changes/{seq:04}/request.yaml", fields, by, "change@accredit", options)
        for who in approvals:
            request = self.files[f"changes/{seq:04}/request.yaml"]
            decision = decisions.get(who, "approve")
            self._decide(f"changes/{seq:04}/approvals/", request, who, "governance", decision, {})
        return self

    def change_policy(self, routes: Mapping[str, Any], approvals: tuple[str, ...] = ("gwen", "greta")) -> Self:
        """Changes policy with a change record."""
        return self.change({"policy.yaml": self.policy_with(routes)}, approvals)

    def policy_with(self, routes: Mapping[str, Any]) -> bytes:
        """The policy with other values at some dotted routes."""
        return patched(self.files, {"policy.yaml": routes})["policy.yaml"]

    def add_person(self, person: Member, approvals: tuple[str, ...] = ("gwen", "greta")) -> Self:
        """Registers somebody, or changes how, with a change record."""
        self.people[person.id] = person
        return self.change({f"people/{person.id}.yaml": person.file()}, approvals)

    def revoke_key(self, person: str, key: str = "", compromised_since: str = "") -> Self:
        """Revokes a key of somebody with a change record."""
        since = f", compromised_since: {compromised_since}" if compromised_since else ""
        known = self.people[person]
        keys = tuple((k, f"{{reason: It was lost{since}}}" if k == (key or person) else r) for k, r in known.keys)
        return self.add_person(replace(known, keys=keys))

    def signed(self, path: str, fields: dict[str, Any], by: str, namespace: str, options: dict[str, Any]) -> Self:
        """Writes a record and its signature.

        Options: `key` signs instead of the person's own, `sign=False` leaves the signature out, `namespace` is another,
        `at` is another path, `author` commits it. Everything else is a field.
        """
        key, wanted = options.pop("key", by), options.pop("sign", True)
        namespace, path = options.pop("namespace", namespace), options.pop("at", path)
        author = options.pop("author", by)
        content = yaml_of({**fields, **{name.rstrip("_"): value for name, value in options.items()}})
        made: dict[str, Content] = {path: content}
        if wanted:
            made[f"{path}.sig"] = Forgery(key_of(key), content, namespace=namespace.encode()).armored()
        return self.write(made, author)

    def _decide(self, folder: str, request: bytes, who: str, role: str, decision: str, options: dict[str, Any]) -> Self:
        fields = {
            "kind": "approval/v1",
            "registry": REGISTRY,
            "request": sha256(request),
            "reviewer": who,
            "role": role or ROLES.get(who, "owner"),
            "decision": decision,
            "time": self.now,
            "statement": "Looked at all of it.",
        }
        return self.signed(f"{folder}{who}.yaml", fields, who, "approval@accredit", options)

    def land(self, how: How = "direct", by: str = "") -> Self:
        """All that was written arrives on the main line; `by` is who merges or pushes, if not the first author."""
        story, written, self._written = self.repository, self._written, []
        if how == "direct":
            for _, files, mode in written:
                story.write({f"{ROOT}/{path}": content for path, content in files.items()}, mode)
            return self._commit(by or (written[0][0] if written else "dana"))
        self._branches += 1
        name = f"proposal-{self._branches}"
        story.branch(name)
        for author, files, mode in written:
            story.write({f"{ROOT}/{path}": content for path, content in files.items()}, mode)
            self._commit(author)
        story.switch("main").by((by or "rita").title(), f"{by or 'rita'}@bank.example")
        {"merge": story.merge, "squash": story.squash_merge, "rebase": story.rebase_merge}[how](name)
        return self

    def _commit(self, author: str) -> Self:
        email = self.people[author].email if author in self.people else f"{author}@bank.example"
        self.repository.by(author.title(), email).commit()
        return self

    @property
    def now(self) -> str:
        """The moment, as people write it into records."""
        return f"{self.repository.now:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def seq(self) -> int:
        """The number of the last request."""
        return sum(p.startswith(TRANSITIONS) and p.endswith("request.yaml") for p in self.files)

    def verify(self, **anchors: str) -> Verification:
        """What history proves by now."""
        return verify(Repository.around(self.repository.path), self.repository.head, ROOT, **anchors)


def a_ceremony(folder: Path, **policy: Any) -> Ceremony:
    """A registry whose only version is in staging. Keywords are routes in the policy."""
    routes = {**POLICY, **policy}
    wanted = {p: d for p, d in base_files().items() if not p.startswith("people/") and "/transitions/" not in p}
    kept = {p: d for p, d in wanted.items() if "/2.0.0/" not in p and "/1.0.0/monitoring/" not in p}
    story = Ceremony(a_repository(folder).on("2026-01-10"))
    story.people = {name: member(name, role) for name, role in ROLES.items()}
    people = {f"people/{name}.yaml": person.file() for name, person in story.people.items()}
    files: dict[str, Content] = {**patched(kept, {"policy.yaml": routes})}
    return story.write({**files, **people}).land()


def in_production(story: Ceremony) -> Ceremony:
    """Two moves later."""
    story.request("review").approve("otto").land()
    return story.request("production").approve("vera").approve("rita").land()
