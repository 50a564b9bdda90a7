"""As many signatures are given as any assignment of people to roles allows."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.quorum import signers

ROLES = st.frozensets(st.sampled_from("abc"), max_size=3)


@given(st.lists(ROLES, max_size=4), st.dictionaries(st.sampled_from("wxyz"), ROLES))
def test_no_assignment_gives_more_signatures(needed: list[frozenset[str]], roles: dict[str, frozenset[str]]) -> None:
    found = signers(needed, roles)
    assert all(roles[person] & needed[slot] for slot, person in found.items())
    assert len(set(found.values())) == len(found)
    possible = product((None, *range(len(needed))), repeat=len(roles))
    assert len(found) == max(_signed(slots, needed, list(roles.values())) for slots in possible)


def _signed(slots: tuple[int | None, ...], needed: list[frozenset[str]], roles: list[frozenset[str]]) -> int:
    return len({s for s, held in zip(slots, roles, strict=True) if s is not None and held & needed[s]})
