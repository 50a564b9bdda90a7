"""A history replayed in as many parts as it has landings, with nothing kept between them but what is written down."""

from __future__ import annotations

from collections.abc import Iterator

from accredit.domain.verification import Verification
from accredit.errors import GitError
from accredit.history.memory import Memory, from_json, to_json
from accredit.history.objects import Objects
from accredit.history.repository import Repository
from accredit.history.verify import proved, replayed


def in_parts(repository: Repository, tip: str, root: str) -> Iterator[tuple[str, Verification]]:
    """Every landing from the genesis on, and what the history up to it proves."""
    memory: Memory | None = None
    for commit in reversed(list(repository.line(tip))):
        with Objects(repository.git) as objects:
            try:
                replay = replayed(repository, objects, commit, root, pin=None, memory=memory)
            except GitError:
                assert memory is None
                continue
            yield commit, proved(repository, replay, commit, root)
        text = to_json(replay.memory)
        assert text is not None
        memory = from_json(text)
        assert memory == replay.memory
