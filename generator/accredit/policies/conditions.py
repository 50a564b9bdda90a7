"""Conditions of policy as English."""

from __future__ import annotations

from accredit.domain.predicate import Predicate

_FACTS = {
    "domain": "the model's domain",
    "regions": "the regions of the people affected",
    "task": "the task",
    "purpose": "the purpose",
    "decision.kind": "the kind of decision",
    "decision.effect": "the effect on the person",
    "decision.automation": "the automation of the decision",
    "decision.people_per_year": "the number of people affected in a year",
    "eu_ai_act.role": "the role under the EU AI Act",
    "eu_ai_act.risk": "the risk class under the EU AI Act",
    "data.personal": "personal data",
    "data.sensitive": "data of a special category",
    "data.phi": "protected health information",
    "data.bases": "the legal bases of the data",
    "eu_ai_act.annex_iii_point": "the point of Annex III of the EU AI Act",
    "organisation.hipaa_role": "the role under HIPAA",
    "organisation.role": "the role under Colorado SB 26-189",
    "policy.frameworks": "the frameworks that policy reports on",
    "tier": "the tier",
}
_CLAUSES = {
    "data.large_scale": "data about people is used on a large scale",
    "data.transfer_outside": "data leaves the region of its people",
    "decision.consumer": "the decision is about consumers",
    "eu_ai_act.derogated": "an exemption under Art. 6(3) of the EU AI Act is claimed",
    "interaction.direct_with_people": "people deal with the model directly",
    "organisation.bank": "the organisation is a bank",
    "organisation.ccpa_audit_threshold": "the organisation reaches the thresholds of the Californian security audit",
    "organisation.ccpa_business": "the organisation is a business under the CCPA",
    "organisation.federal_health_funds": "the organisation receives federal health funds of the United States",
    "organisation.public_service": "the organisation provides a public service",
    "organisation.us_bank": "the organisation is supervised by a United States banking agency",
}
"""Facts that are so or not so, as the clause that says so."""
_VALUES = {"high_annex_i": "high risk (Annex I)", "high_annex_iii": "high risk (Annex III)"}
_FLAGS = ("data.personal", "data.sensitive", "data.phi")


def fact_name(fact: str) -> str:
    """A fact as a heading."""
    words = _FACTS.get(fact) or _CLAUSES.get(fact) or fact.replace(".", ": ").replace("_", " ")
    for start in ("the organisation ", "is ", "the ", "an ", "a "):
        words = words.removeprefix(start)
    return words[:1].upper() + words[1:]


def in_words(condition: Predicate, *, negated: bool = False) -> str:
    """The condition as a clause that follows `if` or `because`."""
    if condition.negated is not None:
        return in_words(condition.negated, negated=not negated)
    parts = condition.every if condition.every is not None else condition.some
    if parts is not None:
        both = (condition.every is not None) != negated
        return (" and " if both else " or ").join(_bracketed(p, negated=negated) for p in parts)
    return _test(condition, negated=negated)


def _bracketed(condition: Predicate, *, negated: bool) -> str:
    words = in_words(condition, negated=negated)
    return f"({words})" if condition.every is not None or condition.some is not None else words


def _test(condition: Predicate, *, negated: bool) -> str:
    fact = condition.fact or ""
    name = _FACTS.get(fact, fact)
    if fact in _FLAGS and isinstance(condition.equals, bool):
        return f"{name} is {'used' if condition.equals != negated else 'not used'}"
    if fact in _CLAUSES and isinstance(condition.equals, bool):
        return f"{'' if condition.equals != negated else 'it is not so that '}{_CLAUSES[fact]}"
    verb = "is not" if negated else "is"
    if condition.at_least is not None:
        return f"{name} is {'below' if negated else 'at least'} {condition.at_least:,g}"
    if condition.equals is not None:
        return f"{name} {verb} {_value(condition.equals)}"
    options = [_value(v) for v in condition.one_of or condition.any_in or ()]
    words = " or ".join([", ".join(options[:-1]), options[-1]]) if len(options) > 1 else "".join(options)
    return f"{name} {'includes' if condition.any_in and not negated else verb} {words}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _VALUES.get(str(value)) or str(value).replace("_", " ")
