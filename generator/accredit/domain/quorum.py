"""Who can give which of the signatures that a move needs."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence


def signers(needed: Sequence[Collection[str]], roles: Mapping[str, Collection[str]]) -> dict[int, str]:
    """Signature to signer: a largest matching, found by augmenting paths (Kuhn 1955). One person gives one signature.

    Taking the first who fits is not enough: for `a or b` and `a`, an `a` must not be spent where a `b` would do.

    Args:
        needed: The roles of which each signature takes one.
        roles: Person to the roles in which they may sign.
    """
    signer: dict[int, str] = {}
    for slot in range(len(needed)):
        asked: dict[str, int] = {}
        queue = deque([slot])
        while queue:
            wanted = queue.popleft()
            fitting = [p for p, held in roles.items() if p not in asked and any(r in needed[wanted] for r in held)]
            asked |= dict.fromkeys(fitting, wanted)
            taken = {person: filled for filled, person in signer.items()}
            free: str | None = next((p for p in fitting if p not in taken), None)
            if free is None:
                queue.extend(taken[p] for p in fitting)
                continue
            while free is not None:  # whoever gives up a signature takes the one that asked for them
                wanted, person = asked[free], free
                free = signer.get(wanted)
                signer[wanted] = person
            break
    return signer
