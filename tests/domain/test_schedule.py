from __future__ import annotations

import datetime as dt
from typing import Any

from tests.support.cases import AS_OF, SUBJECT, base_files, patched
from tests.support.memory_tree import MemoryTree
from tests.support.sealing import sealed

from accredit.domain.dues import Agenda, Due
from accredit.domain.schedule import Kept
from accredit.loading.tree import load
from accredit.rules.context import Context

V = "models/loan-default/versions/2.0.0"
HOLD = {"reason": "Complaint 7", "issued_by": "lars", "issued": dt.date(2026, 4, 20)}


def agenda(patches: dict[str, Any], as_of: dt.date = AS_OF) -> Agenda:
    registry = load(MemoryTree(sealed(patched(base_files(), patches)))).registry
    assert registry.policy is not None
    context = Context(registry, registry.policy, as_of)
    return Agenda(registry, registry.policy, context.lifecycles, context.standings, as_of)


def kept(patches: dict[str, Any]) -> dict[str, Kept]:
    known = agenda(patches)
    model, _, version = SUBJECT.partition("@")
    found = known.schedule(known.registry.models[model].versions[version])
    return {f"{k.pointer.record} {k.pointer.name}": k for k in found}


def days(patches: dict[str, Any], kind: str) -> list[dt.date]:
    return [due.day for due in agenda(patches).dues() if due.kind == kind]


def record(**fields: Any) -> dict[str, Any]:
    told = {"uri": "https://documents.bank.example/a.pdf", "sha256": "5e" * 32, "created": dt.date(2026, 9, 1)}
    return {f"{V}/records/technical_documentation.yaml": told | fields}


def test_a_version_in_production_is_kept_without_end() -> None:
    found = kept({})
    assert found["model_artifact model"].until is None
    assert found["model_artifact model"].why == (
        "policy's default: 3 years from the last day in production, which has not come"
    )


def test_records_in_git_are_found_where_they_are() -> None:
    classes = {name.partition(" ")[0] for name, k in kept({}).items() if k.pointer.in_git}
    assert classes == {"approvals", "audit_log", "card", "hyperparameters", "metrics"}


def test_a_clock_that_the_release_starts_runs_from_the_deployment() -> None:
    overlay = {"control": "AIA-18", "class": "technical_documentation", "years": 10, "clock": "placed_on_market"}
    policy = {"policy.yaml": {"retention": {"overlays": [overlay], "default": {"months": 0, "clock": "created"}}}}
    assert kept(record() | policy)["technical_documentation technical_documentation"].until == dt.date(2036, 9, 7)


def test_stored_predictions_are_kept_from_the_end_of_their_period() -> None:
    policy = {
        "policy.yaml": {"retention": {"classes": {"decision_records": {"months": 25, "clock": "decision_notice"}}}}
    }
    assert kept(policy)["decision_records 2026-10"].until == dt.date(2028, 11, 30)


def test_a_record_can_start_its_clock_later_and_never_earlier() -> None:
    policy = {"policy.yaml": {"retention": {"default": {"months": 12, "clock": "placed_on_market"}}}}
    ends = []
    for day in (dt.date(2020, 1, 1), dt.date(2026, 11, 1)):
        told = record(clocks={"placed_on_market": day})
        ends.append(kept(told | policy)["technical_documentation technical_documentation"].until)
    assert ends == [dt.date(2027, 9, 7), dt.date(2027, 11, 1)]


def test_a_record_cannot_start_a_clock_that_the_version_has_not() -> None:
    told = record(clocks={"last_in_production": dt.date(2001, 1, 1)})
    assert kept(told)["technical_documentation technical_documentation"].until is None


def test_a_hold_covers_what_it_names_and_nothing_else() -> None:
    policy = {"policy.yaml": {"retention": {"default": {"months": 0, "clock": "created"}}}}
    found = kept(policy | {"holds/complaint-7.yaml": HOLD | {"models": ["loan-default"]}})
    assert found["model_artifact model"].holds == ("complaint-7",)
    assert found["model_artifact model"].until is None
    assert found["training_dataset loans-training"].holds == ()
    found = kept(policy | {"holds/complaint-7.yaml": HOLD | {"datasets": ["loans-training"]}})
    assert found["training_dataset loans-training"].holds == ("complaint-7",)
    assert found["model_artifact model"].until == dt.date(2026, 8, 3)


def test_a_maximum_counts_from_the_end_of_the_collection() -> None:
    assert kept({})["training_dataset loans-training"].longest == dt.date(2032, 6, 30)


def test_data_without_a_source_counts_from_what_it_was_made_from() -> None:
    found = kept({"datasets/loans-training.yaml": {"source": None}})
    assert found["training_dataset loans-training"].longest == dt.date(2032, 6, 30)


def test_the_latest_look_counts() -> None:
    def look(day: str, result: str) -> dict[str, Any]:
        seen = {"uri": "https://artifacts.bank.example/loan-default-2.0.0.skops", "class": "model_artifact"}
        seen |= {"name": "model", "method": "exists", "result": result}
        at = dt.datetime.fromisoformat(f"{day}T03:00:00Z")
        return {f"{V}/verifications/{day}.yaml": {"at": at, "by": "rita", "tool": {"name": "x"}, "objects": [seen]}}

    found = kept(look("2026-11-20", "missing") | look("2026-10-20", "ok"))["model_artifact model"].look
    assert found is not None
    assert (found.found.result, found.path) == ("missing", f"{V}/verifications/2026-11-20.yaml")


def test_conditions_that_are_open_fall_due() -> None:
    open_ = {"text": "Repeat it on autumn data", "due": dt.date(2026, 12, 15)}
    conditions = [open_, open_ | {"closed": dt.date(2026, 11, 1), "evidence": "Report 9"}]
    path = f"{V}/transitions/0002/approvals/rita.yaml"
    assert days({path: {"decision": "approve-with-conditions", "conditions": conditions}}, "condition") == [
        dt.date(2026, 12, 15)
    ]


def test_approvals_revalidations_and_reviews_fall_due() -> None:
    assert days({}, "approval") == days({}, "revalidation")
    assert len(days({}, "card-review")) == 2


def test_each_due_says_what_to_do() -> None:
    found: tuple[Due, ...] = agenda({}).dues()
    assert found == tuple(sorted(found))
    assert all(due.message and due.remedy and due.path for due in found)
