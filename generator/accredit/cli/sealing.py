"""Signs a record and writes both files, never over one that is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from accredit.cli.console import say
from accredit.cli.output import replace_file
from accredit.cli.place import shown_from_here
from accredit.cli.scaffold.write import write_new
from accredit.domain.person import Person
from accredit.errors import AccreditError, UsageError
from accredit.reports.plain import one_line

if TYPE_CHECKING:
    from accredit.history.signer import SigningKey
    from accredit.signing.record import Draft

_SUFFIXES = ("", ".sig", ".asc")
_SIGNED_LATER = ("waivers/", "determinations/", "holds/")
"""Records that can be signed after they are written."""


@dataclass(frozen=True)
class Hand:
    """Who signs and with what; without a key the person is only declared."""

    person: str
    key: SigningKey | None
    people: Mapping[str, Person]

    @classmethod
    def of(cls, people: Mapping[str, Person], by: str, key: str | None, *, signs: bool) -> Hand:
        """The hand of whoever runs the command: found by the key, or named where nothing is signed."""
        from accredit.history.signer import configured  # noqa: PLC0415 - loads cryptography
        from accredit.signing.identity import declared_person, signing_person  # noqa: PLC0415

        if not signs:
            return cls(declared_person(people, by), None, people)
        found = configured(os.environ, key)
        return cls(signing_person(people, by, found, os.environ), found, people)

    @classmethod
    def named(cls, people: Mapping[str, Person], person: str, key: str | None, *, signs: bool) -> Hand:
        """The hand of whoever a record names; without a key where somebody else runs the command."""
        from accredit.signing.identity import declared_person  # noqa: PLC0415 - loads cryptography

        if signs:
            try:
                return cls.of(people, person, key, signs=True)
            except AccreditError as error:
                if key is not None:
                    raise
                say(one_line(f"Not signed: {error}"))
        return cls(declared_person(people, person), None, people)

    def texts(self, draft: Draft, namespace: str) -> dict[str, str]:
        """Path to text of a record and of its signature, if there is a key."""
        from accredit.signing.identity import sign_as  # noqa: PLC0415 - loads cryptography

        texts = {draft.path: draft.text}
        if self.key is not None:
            person = self.people[self.person]
            signed = sign_as(person, draft.text.encode(), namespace, self.key, os.environ)
            texts[f"{draft.path}{signed.suffix}"] = signed.signature.decode("ascii")
        return texts

    def write(self, root: Path, draft: Draft, namespace: str) -> None:
        """Writes a record and its signature, and says what to commit."""
        for suffix in _SUFFIXES:
            if os.path.lexists(root / f"{draft.path}{suffix}"):
                raise UsageError(
                    f"{shown_from_here(root)}{draft.path}{suffix} exists already", "What was signed is never replaced."
                )
        result = write_new(root, self.texts(draft, namespace))
        if result.left:
            raise UsageError(f"{', '.join(result.left)} appeared meanwhile and was left alone", "Look at it first.")
        for path in result.written:
            typer.echo(f"wrote {shown_from_here(root)}{path}")
        self._tell(root, draft.path, draft.path.rpartition("/")[0])

    def renew(self, root: Path, draft: Draft, namespace: str) -> None:
        """Replaces a record that may change, with a signature of what it says now in the place of the one before."""
        texts = self.texts(draft, namespace)
        for suffix in _SUFFIXES[1:]:
            (root / f"{draft.path}{suffix}").unlink(missing_ok=True)
        for path, text in texts.items():
            replace_file(root / path, text)
            typer.echo(f"wrote {shown_from_here(root)}{path}")
        self._tell(root, draft.path, f"{draft.path}*")

    def _tell(self, root: Path, path: str, what: str) -> None:
        if self.key is None and path.startswith(_SIGNED_LATER):
            say(f"Next: {self.person} signs it: accredit sign {shown_from_here(root)}{path}")
        say(f"Next: git add {shown_from_here(root)}{what} && git commit")


def confirmed(question: str, *, yes: bool) -> bool:
    """Whether the person agrees. Where nobody is at the terminal, only `--yes` says so."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError("nobody is here to confirm this", "Add --yes.")
    return typer.confirm(question, err=True)
