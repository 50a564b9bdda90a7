from __future__ import annotations

import datetime as dt
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.cases import assessed, base_registry

from accredit.domain.declared import Circumstances, lifecycle_of
from accredit.domain.lifecycle import Lifecycle, missing_signatures
from accredit.domain.policy import Policy
from accredit.domain.registry import ModelVersion, Transition
from accredit.domain.signatures import TransitionPolicy
from accredit.domain.signoff import Approval, Request
from accredit.domain.version import Version

REGISTRY = "6a1f1d36-7f5c-4a5e-9d34-2b8f5a5c0c11"
MORNING = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
RULES = {
    "staging->review": TransitionPolicy.model_validate({"sign": ({"role": ("owner",)},)}),
    "review->production": TransitionPolicy.model_validate({"sign": ({"role": ("validator",)}, {"role": ("risk",)})}),
    "review->staging": TransitionPolicy.model_validate({"sign": ({"role": ("validator", "owner")},)}),
    "production->production": TransitionPolicy.model_validate({"sign": ({"role": ("validator",)},)}),
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    found = assessed(base_registry()).registry.policy
    assert found is not None
    return found.model_copy(update={"transitions": RULES})


def sha(number: int) -> str:
    return f"{number:064x}"


def approval(transition: str, person: str, role: str, **fields: Any) -> Approval:
    record = {"kind": "approval/v1", "registry": REGISTRY, "request": transition, "reviewer": person, "role": role}
    record |= {"decision": "approve", "time": MORNING + dt.timedelta(hours=1), "statement": "Seen."}
    return Approval.model_validate(record | fields)


def step(seq: int, move: str, *signers: str, **fields: Any) -> Transition:
    """A transition whose request continues the chain, signed by `person:role`."""
    source, _, target = move.partition("->")
    record = {"kind": "transition-request/v1", "registry": REGISTRY, "model": "m", "version": "1", "seq": seq}
    record |= {"from": source, "to": target, "previous": sha(seq - 1) if seq > 1 else "none", "content": sha(99)}
    record |= {"policy": sha(98), "requested_by": "ada", "requested_at": MORNING, "reason": "It is ready."}
    people = [signer.split(":") for signer in signers]
    approvals = {person: approval(sha(seq), person, role) for person, role in people}
    return Transition(Request.model_validate(record | fields), sha(seq), approvals)


def replayed(policy: Policy, *steps: Transition) -> Lifecycle:
    record = Version.model_validate({"model": "m", "version": "1", "summary": "One."})
    return lifecycle_of(ModelVersion("m", "1", record, transitions=steps), Circumstances(policy, 1, {}))


TO_REVIEW = step(1, "staging->review", "olga:owner")


def test_a_version_without_transitions_is_in_staging(policy: Policy) -> None:
    assert replayed(policy) == Lifecycle("staging", None, ())


def test_signed_steps_lead_on(policy: Policy) -> None:
    found = replayed(policy, TO_REVIEW, step(2, "review->production", "vera:validator", "rolf:risk"))
    assert (found.stage, [s.status for s in found.steps]) == ("production", ["effective", "effective"])
    assert found.since == MORNING + dt.timedelta(hours=1)


def test_a_step_back_and_forth_is_three_steps(policy: Policy) -> None:
    back = step(2, "review->staging", "vera:validator")
    found = replayed(policy, TO_REVIEW, back, step(3, "staging->review", "olga:owner"))
    assert (found.stage, len(found.steps)) == ("review", 3)


def test_a_revalidation_stays_and_is_dated_anew(policy: Policy) -> None:
    late = MORNING + dt.timedelta(days=9)
    first = step(2, "review->production", "vera:validator", "rolf:risk")
    again = step(3, "production->production", "vera:validator", requested_at=late)
    found = replayed(policy, TO_REVIEW, first, again)
    assert (found.stage, found.since) == ("production", late)


def test_a_step_that_lacks_a_signature_waits_and_says_whose(policy: Policy) -> None:
    found = replayed(policy, TO_REVIEW, step(2, "review->production", "vera:validator"))
    assert found.stage == "review"
    assert found.pending is not None
    assert found.pending.missing == ("risk",)


def test_a_rejection_stops_the_step_whoever_else_signed(policy: Policy) -> None:
    fully = step(2, "review->production", "vera:validator", "rolf:risk")
    refused = {**fully.approvals, "pia": approval(sha(2), "pia", "privacy", decision="reject")}
    found = replayed(policy, TO_REVIEW, Transition(fully.request, fully.sha256, refused))
    assert (found.stage, found.steps[-1].status, found.pending) == ("review", "rejected", None)


def test_after_a_rejection_a_new_request_continues_the_chain(policy: Policy) -> None:
    refused = Transition(step(1, "staging->review").request, sha(1), {
        "olga": approval(sha(1), "olga", "owner", decision="reject")
    })  # fmt: skip
    found = replayed(policy, refused, step(2, "staging->review", "olga:owner"))
    assert (found.stage, [s.status for s in found.steps]) == ("review", ["rejected", "effective"])


def test_an_approval_of_another_request_counts_for_nothing(policy: Policy) -> None:
    elsewhere = {"olga": approval(sha(77), "olga", "owner")}
    found = replayed(policy, Transition(TO_REVIEW.request, TO_REVIEW.sha256, elsewhere))
    assert (found.stage, found.steps[0].missing) == ("staging", ("owner",))


@pytest.mark.parametrize(
    "broken",
    [
        step(3, "review->production", "vera:validator", "rolf:risk", previous=sha(1)),
        step(2, "review->production", "vera:validator", "rolf:risk", previous=sha(7)),
        step(2, "review->production", "vera:validator", "rolf:risk", previous="none"),
        step(2, "staging->review", "olga:owner"),
        step(2, "review->archived", "olga:owner"),
        step(2, "review->production", "vera:validator", "rolf:risk", model="other"),
        step(2, "review->production", "vera:validator", "rolf:risk", version="2"),
    ],
    ids=[
        "a gap",
        "wrong previous",
        "no previous",
        "wrong from",
        "a move without policy",
        "other model",
        "other version",
    ],
)
def test_a_step_that_does_not_count_takes_up_its_number_and_the_next_one_follows_on_it(
    policy: Policy, broken: Transition
) -> None:
    found = replayed(policy, TO_REVIEW, broken)
    assert (found.stage, [s.status for s in found.steps]) == ("review", ["effective", "broken"])
    after = step(3, "review->production", "vera:validator", "rolf:risk", previous=broken.sha256)
    found = replayed(policy, TO_REVIEW, broken, after)
    assert (found.stage, [s.status for s in found.steps]) == ("production", ["effective", "broken", "effective"])


def test_a_second_request_waits_until_the_first_is_settled(policy: Policy) -> None:
    found = replayed(policy, step(1, "staging->review"), step(2, "staging->review", "olga:owner"))
    assert (found.stage, [s.status for s in found.steps]) == ("staging", ["pending", "broken"])


def test_a_request_gives_way_to_one_that_binds_what_is_so_later(policy: Policy) -> None:
    later = step(2, "staging->review", "olga:owner", content=sha(55))
    found = replayed(policy, step(1, "staging->review"), later)
    assert (found.stage, [s.status for s in found.steps]) == ("review", ["broken", "effective"])


def test_content_that_differs_from_what_was_submitted_is_not_moved_on(policy: Policy) -> None:
    other = step(2, "review->production", "vera:validator", "rolf:risk", content=sha(55))
    found = replayed(policy, TO_REVIEW, other)
    assert (found.stage, found.steps[-1].status) == ("review", "broken")


def test_one_person_cannot_sign_for_two_roles() -> None:
    rules = TransitionPolicy.model_validate({"sign": ({"role": ("validator", "risk")}, {"role": ("validator",)})})
    assert missing_signatures(rules, {"vera": approval(sha(1), "vera", "validator")}, 1, {}) != ()


@pytest.mark.parametrize("order", tuple(permutations(("vera:a", "otto:b"))))
def test_a_signer_is_not_spent_where_another_would_do(order: tuple[str, ...]) -> None:
    rules = TransitionPolicy.model_validate({"sign": ({"role": ("a", "b")}, {"role": ("a",)})})
    assert missing_signatures(rules, signed(order), 1, {}) == ()


def test_tiers_and_conditions_say_who_signs_and_unknown_asks() -> None:
    sign = (
        {"role": ("owner",)},
        {"role": ("risk",), "tiers": (1, 2)},
        {"role": ("privacy",), "when": {"fact": "data.personal", "is": True}},
    )
    rules = TransitionPolicy.model_validate({"sign": sign})
    assert missing_signatures(rules, {}, 1, {"data.personal": True}) == ("owner", "risk", "privacy")
    assert missing_signatures(rules, {}, 3, {"data.personal": False}) == ("owner",)
    assert missing_signatures(rules, {}, 3, {}) == ("owner", "privacy")


def test_a_number_of_people_is_asked_for_beyond_the_roles() -> None:
    rules = TransitionPolicy.model_validate({"sign": ({"role": ("owner",)},), "distinct_people": {"1": 3}})
    assert missing_signatures(rules, signed(("olga:owner",)), 1, {}) == ("2 more people",)
    assert missing_signatures(rules, signed(("olga:owner",)), 2, {}) == ()


def signed(signers: tuple[str, ...]) -> dict[str, Approval]:
    people = [signer.split(":") for signer in signers]
    return {person: approval(sha(1), person, role) for person, role in people}


roles = st.sampled_from("abcd")


@given(
    st.lists(st.sets(roles, min_size=1, max_size=3), max_size=4),
    st.dictionaries(st.sampled_from(("p", "q", "r", "s", "t")), roles, max_size=5),
)
def test_as_many_signatures_count_as_any_assignment_allows(needed: list[set[str]], people: dict[str, str]) -> None:
    rules = TransitionPolicy.model_validate({"sign": tuple({"role": tuple(sorted(r))} for r in needed)})
    seats: list[str | None] = [*people.values(), *[None] * len(needed)]
    best = max(
        (sum(role in wanted for role, wanted in zip(chosen, needed, strict=True))
         for chosen in permutations(seats, len(needed))),
        default=0,
    )  # fmt: skip
    approvals = {person: approval(sha(1), person, role) for person, role in people.items()}
    assert len(missing_signatures(rules, approvals, 1, {})) == len(needed) - best
