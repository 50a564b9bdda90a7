"""The month ends of a registry replayed, each once: what was known of a month that is over is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from accredit.domain.verification import Verification
from accredit.errors import AccreditError
from accredit.history.timeline import Timeline
from accredit.loading.cache import code_digest
from accredit.signing.as_of import Replay, replayed
from accredit.signing.clone import Clone
from accredit.site.cache import Cache

MONTHS = 36
"""Month ends that have a page; earlier ones are a matter of `accredit audit --as-of`."""


def month_ends(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The last days of months from one day to another, oldest first."""
    month = first.replace(day=1)
    while (after := (month + dt.timedelta(days=32)).replace(day=1)) - dt.timedelta(days=1) <= last:
        yield after - dt.timedelta(days=1)
        month = after


def replays(clone: Clone, proof: Verification, as_of: dt.date, cache: Cache, folder: Path | None) -> tuple[Replay, ...]:
    """The registry at the last month ends since its genesis, oldest first.

    The first time costs a walk through the history and an assessment under two policies for each month; after that
    only a month end that is new does, or every one when the policy of today changes.

    Args:
        clone: The registry in its repository.
        proof: What its history proves up to now.
        as_of: The day of the site.
        cache: What the site keeps.
        folder: The user's cache folder, for what replays of the history keep.
    """
    timeline = Timeline.of(clone.repository, clone.commit)
    began = timeline.days[proof.genesis.position]
    days = timeline.by_each([*month_ends(began, as_of)][-MONTHS:])
    found = (_kept(replace(clone, commit=commit), proof, day, cache, folder) for day, commit in days.items())
    return tuple(replay for replay in found if replay is not None)


def _kept(clone: Clone, proof: Verification, day: dt.date, cache: Cache, folder: Path | None) -> Replay | None:
    facts = (clone.commit, clone.folder, clone.root, str(day), proof.governance, proof.genesis.commit, code_digest())
    key = hashlib.sha256("\0".join(facts).encode("utf-8", "surrogateescape")).digest()
    if (known := cache.get(key)) is not None:
        try:
            return _form().validate_json(known)
        except ValidationError:
            pass
    if proof.policy is None:
        return None
    try:
        made = replayed(clone.loaded(), clone.verification(cache=folder), day, proof.policy, clone.commit)
    except AccreditError:  # a registry that could not be read then, as between two commits of a move
        return None
    cache.put(key, _form().dump_json(made))
    return made


@lru_cache(maxsize=1)
def _form() -> TypeAdapter[Replay]:
    return TypeAdapter(Replay)
