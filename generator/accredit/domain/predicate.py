"""Conditions over facts, in Kleene's three-valued logic: an unrecorded fact makes the answer unknown, not false."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator

from accredit.domain.value import Line, Scalar, Value

Facts = Mapping[str, object]
"""Fact name to value; None or absent means not recorded. A tuple is a fact with several values."""


class Predicate(Value):
    """A condition on recorded facts. Exactly one of `fact`, `all`, `any` and `not` is given.

    A `fact` is compared with exactly one of `is`, `in`, `any_in` and `at_least`.
    """

    fact: Line | None = Field(None, description="Name of the recorded fact.", examples=["decision.effect"])
    equals: Scalar = Field(
        None, alias="is", description="The fact is this value; one of several values, where it has several."
    )
    one_of: tuple[Scalar, ...] | None = Field(None, alias="in", description="The fact is one of these values.")
    any_in: tuple[Scalar, ...] | None = Field(None, description="Some value of the fact is one of these.")
    at_least: float | None = Field(None, description="The fact is this number or more.")
    every: tuple[Predicate, ...] | None = Field(None, alias="all")
    some: tuple[Predicate, ...] | None = Field(None, alias="any")
    negated: Predicate | None = Field(None, alias="not")

    @model_validator(mode="after")
    def _one_form(self) -> Predicate:
        forms = [f for f in (self.fact, self.every, self.some, self.negated) if f is not None]
        tests = [t for t in (self.equals, self.one_of, self.any_in, self.at_least) if t is not None]
        if len(forms) != 1 or len(tests) != (1 if self.fact is not None else 0):
            raise ValueError("give one of fact, all, any and not; and with fact one of is, in, any_in and at_least")
        return self

    def holds(self, facts: Facts) -> bool | None:
        """Whether the condition holds; None where a fact that decides it was not recorded."""
        if self.every is not None:
            return _all([p.holds(facts) for p in self.every])
        if self.some is not None:
            return _not(_all([_not(p.holds(facts)) for p in self.some]))
        if self.negated is not None:
            return _not(self.negated.holds(facts))
        return self._test(facts.get(self.fact or ""))

    def undecided(self, facts: Facts) -> tuple[str, ...]:
        """The facts that were not recorded and that leave the answer open, sorted; empty where there is an answer."""
        if self.holds(facts) is not None:
            return ()
        if self.fact is not None:
            return (self.fact,)
        parts = (*(self.every or ()), *(self.some or ()), *([self.negated] if self.negated else []))
        return tuple(sorted({name for part in parts for name in part.undecided(facts)}))

    @property
    def named(self) -> tuple[str, ...]:
        """Every fact that it speaks of, sorted."""
        parts = (*(self.every or ()), *(self.some or ()), *([self.negated] if self.negated else []))
        return (self.fact,) if self.fact else tuple(sorted({name for part in parts for name in part.named}))

    def _test(self, value: object) -> bool | None:
        if value is None or value == ():
            return None
        values = value if isinstance(value, tuple) else (value,)
        if self.equals is not None:
            return self.equals in values
        if self.at_least is not None:
            return isinstance(value, (int, float)) and value >= self.at_least
        return any(v in (self.one_of or self.any_in or ()) for v in values)


def _not(answer: bool | None) -> bool | None:  # noqa: FBT001 - a truth value, not a flag
    return None if answer is None else not answer


def _all(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True
