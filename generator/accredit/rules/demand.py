"""Whether policy asks a model for a record, and whether the record still counts."""

from __future__ import annotations

from datetime import date

from accredit.domain.calendar import is_older
from accredit.domain.operating_criteria import Demand
from accredit.domain.paths import model_path
from accredit.domain.registry import ModelVersion, RegisteredModel
from accredit.rules.context import Context
from accredit.rules.rule import Verdict, at, not_applicable, unknown


def spared(
    demand: Demand | None, subject: RegisteredModel | ModelVersion, context: Context, what: str
) -> Verdict | None:
    """Why a record is not asked for, or that this cannot be told; None where it is due."""
    standing = context.standing(subject)
    if demand is None:
        return not_applicable(f"policy asks no model for {what}")
    due = demand.is_due(standing.profile, standing.facts)
    if due is None:
        model = subject.model_id if isinstance(subject, ModelVersion) else subject.id
        message = f"whether policy asks for {what} cannot be told from the recorded facts"
        return unknown(message, "Record the facts that policy asks about.", at(model_path(model), "decision"))
    if due:
        return None
    return not_applicable(f"policy does not ask a model with such facts in the {standing.profile} profile for {what}")


def outdated(day: date | None, demand: Demand, context: Context) -> str:
    """Why something done on a day does not count any more; empty where it does."""
    if day is None:
        return "has no date"
    months = demand.max_age_months
    return f"is of {day}, more than {months} months old" if months and is_older(day, months, context.as_of) else ""
