"""What a history proves: replayed to a tip, from its genesis or from where an earlier replay ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from accredit.copies import Copy
from accredit.domain.verification import Breach, Flaw, Verification
from accredit.errors import GitError
from accredit.history import foresight
from accredit.history.foresight import Foresight
from accredit.history.genesis import anchor_faults
from accredit.history.landing import Landing
from accredit.history.memory import Memory
from accredit.history.objects import Objects
from accredit.history.replay import Replay, registry_of
from accredit.history.repository import Repository
from accredit.history.savepoint import WORTH_KEEPING, Savepoints
from accredit.history.state import State
from accredit.history.walk import as_landed, landings
from accredit.loading.collection import collection_paused

_AHEAD = 120
"""Changes of landings that are read ahead."""


def verify(  # noqa: PLR0913 - one argument an anchor
    repository: Repository,
    tip: str,
    root: str = "",
    *,
    pin: str | None = None,
    checkpoint: str | None = None,
    cache: Path | None = None,
    proposed: str = "",
) -> Verification:
    """What the history up to a commit proves about the registry in a folder of it.

    Args:
        repository: A complete clone.
        tip: The full id of a commit.
        root: The registry's folder; empty for the top.
        pin: The full id of the commit in which the auditor knows the registry to begin. Only whoever pins it accepts
            that a registry was made anew, with another id, in the place of an older one.
        checkpoint: The full id of a tip that was audited before.
        cache: The user's cache folder, to go on from what was replayed before; None to replay everything.
        proposed: The full id of a commit that is judged as if it were merged there; empty for none.

    Raises:
        GitError: where the repository cannot be read, or no registry begins in its history.
    """
    savepoints = Savepoints(cache, repository, root, pin) if cache else None
    with collection_paused(), Objects(repository.git) as objects:
        memory = savepoints.latest(tip) if savepoints else None
        known = memory.place.position if memory else -1
        replay = replayed(repository, objects, tip, root, pin=pin, memory=memory)
        if savepoints and replay.place.position - known >= WORTH_KEEPING:
            savepoints.keep(replay.memory)
        if proposed and proposed != tip:
            replay.land(as_landed(repository, proposed, root, replay.memory.mark))
        return proved(repository, replay, tip, root, pin, checkpoint)


def proved(  # noqa: PLR0913, PLR0917 - as above
    repository: Repository, replay: Replay, tip: str, root: str, pin: str | None = None, checkpoint: str | None = None
) -> Verification:
    """What a replay proves, held against what an auditor knows."""
    faults = anchor_faults(repository, tip, replay.memory.genesis, pin, checkpoint)
    anchors = (Breach(Flaw(f.kind), "registry.yaml", replay.place, f.message) for f in faults)
    return replace(replay.verification(tuple(anchors)), folder=root)


def replayed(  # noqa: PLR0913 - as above
    repository: Repository, objects: Objects, tip: str, root: str, *, pin: str | None, memory: Memory | None
) -> Replay:
    """The replay up to a commit, from the beginning or from what was known after an earlier landing.

    Raises:
        GitError: where the repository cannot be read, or no registry begins in its history.
    """
    state = State(objects, memory.files if memory else None)
    replay = Replay(repository, root, state, memory) if memory else None
    rest = (
        ()
        if memory and memory.place.commit == tip
        else landings(repository, tip, root, memory.mark if memory else None)
    )
    copy = foresight.begun(repository, tip, root) if memory is None else None
    try:
        for landing in _foreseen(rest, state, copy):
            state.apply(landing.changes)
            registry = registry_of(state)
            if registry and (replay is None or (landing.commit == pin and registry != replay.memory.registry)):
                replay = Replay.begun(repository, root, state, landing)
            elif replay is not None:
                replay.take(landing, landing.changes)
    finally:
        if copy:
            copy.stop()
    if replay is None:
        raise GitError(
            "no registry begins in this history: registry.yaml never landed",
            "Commit registry.yaml, or name the folder of the registry.",
        )
    return replay


def _foreseen(landings: Iterable[Landing], state: State, copy: Copy[Foresight] | None) -> Iterator[Landing]:
    """The landings, their files read some landings ahead. Few changes are held at a time, however many there are."""
    ahead: list[Landing] = []
    held = 0
    for landing in landings:
        ahead.append(landing)
        held += len(landing.changes)
        if held >= _AHEAD:
            state.foresee(change for known in ahead for change in known.changes)
            if copy and copy.is_done() and (found := copy.result()):
                state.learn(found)
            yield from ahead
            ahead, held = [], 0
    state.foresee(change for known in ahead for change in known.changes)
    yield from ahead
