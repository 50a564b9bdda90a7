"""The clone around a registry, and when its history has a say in an assessment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from accredit.domain.policy import Policy
from accredit.domain.verification import Verification
from accredit.errors import GitError
from accredit.history.landing import Change
from accredit.history.objects import Objects
from accredit.history.repository import Repository, full_id
from accredit.history.tree import GitTree
from accredit.history.verify import verify
from accredit.history.walk import landings
from accredit.loading.schema import read_entry
from accredit.loading.tree import Loaded, load


@dataclass(frozen=True)
class Clone:
    """A registry as a commit of a repository has it."""

    repository: Repository
    folder: str
    """The registry's folder in the repository, with slashes; empty for its top."""
    commit: str
    root: str = ""
    """The commit in which somebody knows the registry to begin; empty if nobody wrote it down."""

    def verification(
        self, root: str = "", checkpoint: str = "", cache: Path | None = None, proposed: str = ""
    ) -> Verification:
        """What the history up to the commit proves.

        Args:
            root: The commit in which the registry must begin; empty if nobody wrote it down.
            checkpoint: A commit that was audited earlier; empty if there is none.
            cache: The user's cache folder, to go on from an earlier run; None to replay everything.
            proposed: A commit that is judged as if it were merged there; empty for none.
        """
        pin, earlier = (full_id(c) if c else None for c in (root or self.root, checkpoint))
        anchors = {"pin": pin, "checkpoint": earlier}
        return verify(self.repository, self.commit, self.folder, cache=cache, proposed=proposed, **anchors)

    def holds_registry(self) -> bool:
        """Whether the commit has a registry in the folder."""
        name = f"{self.folder}/registry.yaml" if self.folder else "registry.yaml"
        return bool(self.repository.git.run("ls-tree", "-z", "--full-tree", self.commit, "--", name).output)

    def loaded(self) -> Loaded:
        """The registry in the commit."""
        tree = GitTree(self.repository, self.commit, self.folder)
        try:
            return load(tree)
        finally:
            tree.close()

    def asked_for_proof(self) -> bool:
        """Whether any policy that landed up to the commit asks for a proof: a later one cannot end that by itself."""
        with Objects(self.repository.git) as objects:
            walked = landings(self.repository, self.commit, self.folder)
            written = (c.new_oid for landing in walked for c in landing.changes if _is_policy(c))
            contents = (blob.content for oid in written if (blob := objects.blob(oid)).content is not None)
            policies = (read_entry("policy", "policy.yaml", content)[0] for content in contents)
            return any(isinstance(policy, Policy) and policy.asks_for_proof for policy in policies)


def _is_policy(change: Change) -> bool:
    return change.path == "policy.yaml" and change.is_plain


def is_in_git(root: Path) -> bool:
    """Whether a folder lies in the checkout of a repository. No git is run."""
    root = root.resolve()
    return any((folder / ".git").exists() for folder in (root, *root.parents))


def clone_of(root: Path, revision: str = "HEAD") -> Clone:
    """The clone around a registry's folder, at a revision.

    Raises:
        GitError: where there is no complete clone or no such revision.
    """
    repository = Repository.around(root)
    return Clone(repository, repository.root_of(root), repository.resolve(revision))


def landed_clone(root: Path) -> Clone | None:
    """The clone around a registry that was committed; None where there is no history of it yet."""
    if not is_in_git(root):
        return None
    repository = Repository.around(root)
    folder = repository.root_of(root)
    try:
        commit = repository.resolve("HEAD")
    except GitError:  # a repository without a commit
        return None
    clone = Clone(repository, folder, commit)
    return clone if clone.holds_registry() else None


def bare_clone(folder: Path, revision: str) -> Clone:
    """The registry in a clone without a checkout: at the top of the commit, or in its `registry` folder."""
    repository = Repository.around(folder)
    commit = repository.resolve(revision)
    for inside in ("", "registry"):
        clone = Clone(repository, inside, commit)
        if clone.holds_registry():
            return clone
    raise GitError(f"the commit {commit} holds no registry", "Name the folder that holds registry.yaml.")


def asks_for_proof(policy: Policy | None) -> bool:
    """Whether policy asks for more than that a file says who signed, so that only history can tell."""
    return policy is not None and policy.asks_for_proof
