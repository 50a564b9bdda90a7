"""Repositories whose configuration would run a program, and the command with which plain git falls for it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.repository import a_repository, git


@dataclass(frozen=True)
class Place:
    """A checkout with a program in it that leaves a mark when it runs."""

    checkout: Path
    program: str
    marker: Path

    def configure(self, **settings: str) -> None:
        """Sets `section__key` or `section__sub__key` in the repository's own configuration."""
        for name, value in settings.items():
            git(self.checkout, "config", "--add", name.replace("__", "."), value)

    def write(self, path: str, content: str) -> Path:
        """Writes a file of the checkout."""
        file = self.checkout / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        return file

    def has_run(self, *command: str) -> bool:
        """Whether a plain git runs the program."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.checkout), "GIT_CONFIG_NOSYSTEM": "1"}
        environment["GIT_ALLOW_PROTOCOL"] = "file:ext:ssh:git"
        done = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *command]
        terminal, screen = os.openpty()  # git asks a pager only where somebody looks
        subprocess.run(
            done,
            cwd=self.checkout,
            env=environment,
            input=b"protocol=https\nhost=x\n\n",
            stdout=screen if command[0] == "--paginate" else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=20,
        )
        os.close(screen)
        os.close(terminal)
        ran = self.marker.exists()
        self.marker.unlink(missing_ok=True)
        return ran


def _bare_inside(place: Place) -> None:
    git(place.checkout, "init", "--quiet", "--bare", "registry")
    git(place.checkout / "registry", "config", "core.bare", "false")
    git(place.checkout / "registry", "config", "core.worktree", "..")
    git(place.checkout / "registry", "config", "core.fsmonitor", place.program)


def _hooks(place: Place, setting: str = "") -> None:
    hooks = Path(setting) if setting else place.checkout / ".git/hooks"
    hooks.mkdir(parents=True, exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman", "pre-auto-gc"):
        (hooks / name).symlink_to(place.program)
    if setting:
        place.configure(core__hooksPath=setting)


def _included(place: Place) -> None:
    planted = place.write(
        "registry/planted", f"[core]\n\tfsmonitor = {place.program}\n[diff]\n\texternal = {place.program}\n"
    )
    place.configure(include__path=str(planted))


def _included_if(place: Place) -> None:
    planted = place.write("registry/planted", f"[core]\n\tfsmonitor = {place.program}\n")
    for condition in ("gitdir:**", "onbranch:**"):
        git(place.checkout, "config", f"includeIf.{condition}.path", str(planted))


def _worktree_config(place: Place) -> None:
    place.configure(extensions__worktreeConfig="true")
    (place.checkout / ".git/config.worktree").write_text(f"[core]\n\tfsmonitor = {place.program}\n")


def _signed(place: Place) -> None:
    place.configure(gpg__format="ssh", gpg__ssh__program=place.program, gpg__program=place.program)
    place.configure(
        log__showSignature="true", gpg__ssh__allowedSignersFile="/dev/null", gpg__x509__program=place.program
    )
    raw = git(place.checkout, "cat-file", "commit", "HEAD").decode()
    head, _, message = raw.partition("\n\n")
    armor = "-----BEGIN SSH SIGNATURE-----\n x\n -----END SSH SIGNATURE-----"
    signed = f"{head}\ngpgsig {armor}\n\n{message}".encode()
    oid = git(place.checkout, "hash-object", "-t", "commit", "-w", "--stdin", stdin=signed).decode().strip()
    git(place.checkout, "update-ref", "refs/heads/main", oid)


def _alternates(place: Place) -> None:
    other = a_repository(place.checkout.parent / "other").write({"x": "x"}).commit()
    (place.checkout / ".git/objects/info/alternates").write_text(f"{other.path}/objects\n")
    place.configure(core__alternateRefsCommand=place.program)


def _submodule(place: Place) -> None:
    place.write(".gitmodules", f'[submodule "s"]\n\tpath = s\n\turl = ext::{place.program}\n')
    git(place.checkout, "config", "submodule.s.update", f"!{place.program}")
    git(place.checkout, "config", "submodule.s.url", str(place.checkout.parent / "origin/repository.git"))
    git(place.checkout, "config", "submodule.s.active", "true")
    head = git(place.checkout, "rev-parse", "HEAD").decode().strip()
    git(place.checkout, "update-index", "--add", "--cacheinfo", f"160000,{head},s")


def promise(place: Place) -> None:
    """A blob is gone, and the promisor that could bring it back is a program."""
    blob = git(place.checkout, "hash-object", "-w", "--stdin", stdin=b"gone").decode().strip()
    (place.checkout / ".git/objects" / blob[:2] / blob[2:]).unlink()
    place.configure(core__repositoryFormatVersion="1", extensions__partialClone="origin", protocol__ext__allow="always")
    place.configure(remote__origin__promisor="true", remote__origin__uploadpack=place.program)
    git(place.checkout, "config", "remote.origin.url", f"ext::{place.program}")


def _remote(url: str) -> Callable[[Place], None]:
    def plant(place: Place) -> None:
        place.configure(protocol__allow="always", protocol__ext__allow="always", core__sshCommand=place.program)
        place.configure(core__gitProxy=place.program, remote__origin__vcs="", core__askPass=place.program)
        git(place.checkout, "config", "--unset-all", "remote.origin.vcs")
        git(place.checkout, "config", "remote.origin.url", url.replace("PROGRAM", place.program))
        git(place.checkout, "config", "remote.origin.uploadpack", place.program)

    return plant


def _attributes(place: Place) -> None:
    (place.checkout / ".git/info").mkdir(exist_ok=True)
    (place.checkout / ".git/info/attributes").write_text("* diff=x filter=x merge=x\n")


def _filters(place: Place) -> None:
    _attributes(place)
    place.configure(filter__x__smudge=place.program, filter__x__clean=place.program, filter__x__process=place.program)


def _text_converters(place: Place) -> None:
    _attributes(place)
    place.configure(diff__x__textconv=place.program, diff__x__command=place.program, merge__x__driver=place.program)


def _aliases(place: Place) -> None:
    commands = (
        "rev-parse",
        "rev-list",
        "cat-file",
        "diff-tree",
        "ls-tree",
        "for-each-ref",
        "config",
        "merge-base",
        "own",
    )
    place.configure(**{f"alias__{name}": f"!{place.program}" for name in commands})


def _pagers(place: Place) -> None:
    commands = ("rev-parse", "rev-list", "cat-file", "diff-tree", "ls-tree", "for-each-ref", "config", "merge-base")
    place.configure(core__pager=place.program, **{f"pager__{name}": place.program for name in commands})


def _refs_like_options(place: Place) -> None:
    for name in ("--output=zz", f"--upload-pack={place.program}".replace("/", "-"), "-x"):
        git(place.checkout, "update-ref", f"refs/heads/{name}", "HEAD")


def _hidden(place: Place) -> None:
    """Settings that run nothing and would hide changes."""
    place.configure(diff__ignoreSubmodules="all", submodule__x__ignore="all", diff__orderFile="/dev/null")
    place.configure(log__follow="true", log__showRoot="false", log__mailmap="true", diff__relative="true")
    place.configure(core__quotePath="true", core__abbrev="4", core__ignoreCase="true", color__ui="always")
    place.configure(
        format__pretty="%x00", i18n__logOutputEncoding="UTF-16", diff__renames="copies", core__useReplaceRefs="true"
    )


TRAPS: dict[str, tuple[Callable[[Place], object], tuple[str, ...]]] = {
    "core.fsmonitor": (lambda p: p.configure(core__fsmonitor=p.program), ("status",)),
    "textconv": (_text_converters, ("log", "-p")),
    "diff.external": (lambda p: p.configure(diff__external=p.program), ("diff", "HEAD~1")),
    "filters": (_filters, ("checkout", "HEAD~1")),
    "core.hooksPath": (lambda p: _hooks(p, f"{p.checkout}/planted"), ("update-ref", "refs/heads/new", "HEAD")),
    "hooks": (_hooks, ("update-ref", "refs/heads/new", "HEAD")),
    "core.pager": (_pagers, ("--paginate", "log")),
    "gpg.ssh.program": (_signed, ("log",)),
    "include.path": (_included, ("status",)),
    "includeIf": (_included_if, ("status",)),
    "extensions.worktreeConfig": (_worktree_config, ("status",)),
    "a bare repository inside": (_bare_inside, ("-C", "registry", "status")),
    "refs like options": (_refs_like_options, ()),
    "ext::": (_remote("ext::PROGRAM"), ("ls-remote", "origin")),
    "core.sshCommand": (_remote("ssh://example.invalid/x"), ("ls-remote", "origin")),
    "upload-pack": (_remote("/"), ("ls-remote", "origin")),
    "core.gitProxy": (_remote("git://example.invalid/x"), ("ls-remote", "origin")),
    "credential.helper": (lambda p: p.configure(credential__helper=f"!{p.program}"), ("credential", "fill")),
    "core.editor": (lambda p: p.configure(core__editor=p.program), ("commit", "--allow-empty", "--amend")),
    "core.alternateRefsCommand": (_alternates, ("rev-list", "--alternate-refs")),
    "submodule": (_submodule, ("submodule", "update", "--init")),
    "uploadpack.packObjectsHook": (lambda p: p.configure(uploadpack__packObjectsHook=p.program), ()),
    "alias": (_aliases, ("own",)),
    "trace2": (lambda p: p.configure(trace2__eventTarget=str(p.marker), trace2__normalTarget=str(p.marker)), ()),
    "settings that hide": (_hidden, ()),
    "core.worktree": (lambda p: p.configure(core__worktree="/nowhere"), ()),
    "core.attributesFile": (
        lambda p: p.configure(core__attributesFile="~/x", core__excludesFile="~/y"),
        (),
    ),
}
