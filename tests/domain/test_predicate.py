from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from accredit.domain.predicate import Predicate

FACTS = ("a", "b", "c")
VALUES = ("x", "y", True, False, 1, 7)
ANSWERS = (True, False, None)


def predicate(**form: Any) -> Predicate:
    return Predicate.model_validate(form)


def leaf(answer: object) -> Predicate:
    """A condition with the given answer, on facts that record `yes` and nothing else."""
    return predicate(fact="unrecorded" if answer is None else "yes", **{"is": answer is not False})


RECORDED = {"yes": True}


@pytest.mark.parametrize(
    ("form", "value", "answer"),
    [
        ({"is": "credit"}, "credit", True),
        ({"is": "credit"}, "banking", False),
        ({"is": False}, False, True),
        ({"is": False}, True, False),
        ({"is": 0}, 0, True),
        ({"is": "credit"}, ("banking", "credit"), True),
        ({"is": "retail"}, ("banking", "credit"), False),
        ({"in": ("high", "limited")}, "limited", True),
        ({"in": ("high", "limited")}, "minimal", False),
        ({"any_in": ("EU", "GB")}, ("US", "GB"), True),
        ({"any_in": ("EU", "GB")}, ("US", "CA"), False),
        ({"any_in": ("EU", "GB")}, "EU", True),
        ({"at_least": 1000}, 1000, True),
        ({"at_least": 1000}, 999, False),
        ({"at_least": 1000}, "many", False),
    ],
)
def test_a_recorded_fact_is_tested(form: dict[str, Any], value: object, *, answer: bool) -> None:
    assert predicate(fact="a", **form).holds({"a": value}) is answer


@pytest.mark.parametrize("form", [{"is": True}, {"in": ("x",)}, {"any_in": ("x",)}, {"at_least": 1}])
@pytest.mark.parametrize("facts", [{}, {"a": None}, {"a": ()}])
def test_an_unrecorded_fact_makes_every_test_unknown(form: dict[str, Any], facts: Mapping[str, object]) -> None:
    assert predicate(fact="a", **form).holds(facts) is None


@pytest.mark.parametrize(("left", "right"), tuple(product(ANSWERS, ANSWERS)))
def test_all_and_any_follow_kleene(*, left: bool | None, right: bool | None) -> None:
    both, either = predicate(all=(leaf(left), leaf(right))), predicate(any=(leaf(left), leaf(right)))
    order = {False: 0, None: 1, True: 2}  # Kleene's logic is minimum and maximum in this order
    assert both.holds(RECORDED) is min(left, right, key=order.__getitem__)
    assert either.holds(RECORDED) is max(left, right, key=order.__getitem__)


@pytest.mark.parametrize(("answer", "negated"), [(True, False), (False, True), (None, None)])
def test_not_turns_a_definite_answer_and_leaves_unknown(*, answer: bool | None, negated: bool | None) -> None:
    assert predicate(**{"not": leaf(answer)}).holds(RECORDED) is negated


def test_nothing_to_hold_holds_and_no_choice_does_not() -> None:
    assert predicate(all=()).holds({}) is True
    assert predicate(any=()).holds({}) is False


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"fact": "a"},
        {"is": True},
        {"fact": "a", "is": True, "in": ("x",)},
        {"fact": "a", "is": True, "all": ()},
        {"all": (), "any": ()},
        {"all": (), "at_least": 1},
        {"fact": "a", "is": None},
    ],
)
def test_a_condition_has_exactly_one_form_and_one_test(form: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="give one of fact, all, any and not"):
        predicate(**form)


tests_of_a_fact = st.one_of(
    st.sampled_from(VALUES).map(lambda v: {"is": v}),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(lambda v: {"in": tuple(v)}),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(lambda v: {"any_in": tuple(v)}),
    st.integers(0, 8).map(lambda v: {"at_least": v}),
)
leaves = st.builds(lambda f, t: predicate(fact=f, **t), st.sampled_from(FACTS), tests_of_a_fact)
predicates = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda p: predicate(all=tuple(p))),
        st.lists(inner, max_size=3).map(lambda p: predicate(any=tuple(p))),
        inner.map(lambda p: predicate(**{"not": p})),
    ),
    max_leaves=8,
)
values = st.one_of(st.sampled_from(VALUES), st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(tuple))
facts_in_full = st.fixed_dictionaries(dict.fromkeys(FACTS, values))


@given(predicates, facts_in_full, st.sets(st.sampled_from(FACTS)))
def test_recording_a_fact_never_turns_a_definite_answer(
    condition: Predicate, facts: dict[str, object], unrecorded: set[str]
) -> None:
    before = condition.holds({f: None if f in unrecorded else v for f, v in facts.items()})
    assert before in (None, condition.holds(facts))


@given(predicates, facts_in_full)
def test_an_answer_on_all_facts_is_definite(condition: Predicate, facts: dict[str, object]) -> None:
    assert condition.holds(facts) is not None


@given(predicates, predicates, facts_in_full, st.sets(st.sampled_from(FACTS)))
def test_de_morgan_holds_in_three_values(
    one: Predicate, other: Predicate, facts: dict[str, object], unrecorded: set[str]
) -> None:
    known = {f: v for f, v in facts.items() if f not in unrecorded}
    negated_any = predicate(**{"not": predicate(any=(one, other))})
    all_negated = predicate(all=(predicate(**{"not": one}), predicate(**{"not": other})))
    assert negated_any.holds(known) is all_negated.holds(known)


@pytest.mark.parametrize(
    ("form", "open_facts"),
    [
        ({"fact": "a", "is": True}, ("a",)),
        ({"fact": "yes", "is": True}, ()),
        ({"all": ({"fact": "a", "is": True}, {"fact": "b", "in": (1, 2)})}, ("a", "b")),
        ({"all": ({"fact": "a", "is": True}, {"fact": "yes", "is": False})}, ()),
        ({"all": ({"fact": "b", "any_in": ("x",)}, {"fact": "yes", "is": True})}, ("b",)),
        ({"any": ({"fact": "c", "at_least": 3}, {"fact": "yes", "is": False})}, ("c",)),
        ({"any": ({"fact": "c", "at_least": 3}, {"fact": "yes", "is": True})}, ()),
        ({"not": {"fact": "a", "is": True}}, ("a",)),
    ],
)
def test_the_facts_that_leave_the_answer_open_are_named(form: Any, open_facts: tuple[str, ...]) -> None:
    assert predicate(**form).undecided(RECORDED) == open_facts


def test_every_fact_that_a_condition_speaks_of_is_named() -> None:
    form = {"all": ({"not": {"fact": "b", "is": 1}}, {"any": ({"fact": "a", "is": 1}, {"fact": "b", "is": 2})})}
    assert predicate(**form).named == ("a", "b")
