from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.support.cases import AS_OF, SUBJECT, assessed, base_files, base_registry, finding_lines, patched
from tests.support.memory_tree import MemoryTree
from tests.support.sealing import sealed

from accredit.assess import assess
from accredit.domain.paths import GRAMMAR, parse_path
from accredit.loading.tree import load
from accredit.rules import all_rules

MODEL = "models/loan-default/model.yaml"
CARD = "models/loan-default/versions/2.0.0/card.yaml"


def _outcome(patches: dict[str, Any], code: str, as_of: dt.date = AS_OF) -> str:
    return assessed(sealed(patched(base_files(), patches)), as_of).version(SUBJECT).results[code].outcome


def test_the_base_registry_has_an_entry_of_nearly_every_kind() -> None:
    present = {parsed.kind for path in base_files() if (parsed := parse_path(path))}
    decided = {"change", "change-approval", "waiver", "hold", "incident"}
    shown = {"closing", "validation", "record", "verification", "framework", "determination"}
    assert set(GRAMMAR) - present == decided | shown


def test_a_file_outside_the_layout_closes_the_gate() -> None:
    assessment = assessed({**base_registry(), "notes/a.txt": b"x"})
    assert assessment.version(SUBJECT).results["REG001"].outcome == "fail"


def test_a_file_that_is_not_utf8_breaks_itself_only() -> None:
    assessment = assessed({**base_registry(), "people/nina.yaml": b"name: \xff\n"})
    assert [f.code for f in assessment.findings] == ["REG001"]


def test_the_order_of_files_does_not_matter() -> None:
    files = base_registry()

    class Reversed(MemoryTree):
        def files(self) -> Any:
            return reversed(list(super().files()))

    assert assess(load(Reversed(files)), AS_OF).findings == assessed(files).findings


@pytest.mark.parametrize(
    ("patches", "code", "outcome"),
    [
        ({MODEL: {"risk.ai_act.risk": "minimal"}}, "CARD109", "not_applicable"),
        ({MODEL: {"regions": ["US"]}}, "RISK102", "not_applicable"),
        ({MODEL: {"regions": None}}, "RISK102", "unknown"),
        ({MODEL: {"regions": ["GR"]}}, "RISK102", "pass"),
        ({MODEL: {"decision.effect": None}}, "RISK103", "unknown"),
        ({MODEL: {"risk.tier": None}}, "RISK103", "unknown"),
        ({MODEL: {"risk.ai_act.risk": "unacceptable"}}, "RISK101", "fail"),
        ({"policy.yaml": {"risk.screening": []}, MODEL: {"risk.screening": None}}, "RISK101", "not_applicable"),
        ({"policy.yaml": {"card.sections": {}}}, "CARD101", "not_applicable"),
        ({"policy.yaml": {"card.sections.strict": ["model_detials"]}}, "CARD101", "fail"),
        ({"policy.yaml": {"card.review_months": {}}}, "CARD110", "not_applicable"),
        ({"policy.yaml": {"ownership.deputy_tiers": []}, MODEL: {"deputy": None}}, "OWN103", "not_applicable"),
        ({"policy.yaml": {"risk.impact_assessments": []}}, "RISK106", "not_applicable"),
        ({MODEL: {"risk.impact_assessments": None}}, "RISK106", "fail"),
        ({CARD: None}, "CARD102", "unknown"),
        ({CARD: {"performance": "It works well on everything that we have tried."}}, "CARD105", "pass"),
        (
            {
                CARD: {
                    "performance": "It works well on all that we tried.",
                    "fairness": "Groups fare alike, see records.",
                }
            },
            "CARD105",
            "not_applicable",
        ),
    ],
)
def test_what_is_not_recorded_is_never_a_pass(patches: dict[str, Any], code: str, outcome: str) -> None:
    assert _outcome(patches, code) == outcome


def test_a_rule_that_does_not_hold_says_where_and_what_to_do() -> None:
    empty: dict[str, Any] = {CARD: {"limitations": None}, MODEL: {"risk": None, "decision": None, "owner": "nobody"}}
    assessment = assessed(sealed(patched(base_files(), empty)))
    assert len(assessment.findings) > 10
    assert all(f.help and f.location.path for f in assessment.findings)
    assert {f.code for f in assessment.findings} <= set(all_rules())


def test_an_untouched_card_is_no_excuse_for_a_broken_chain() -> None:
    request = "models/loan-default/versions/2.0.0/transitions/0002/request.yaml"
    assert _outcome({request: {"previous": "f" * 64}}, "REG003") == "unknown"


def test_approvals_without_a_request_are_reported() -> None:
    files = base_registry()
    stray = "models/loan-default/versions/2.0.0/transitions/0007/approvals/vera.yaml"
    files[stray] = files[stray.replace("0007", "0002")]
    assert any(line.startswith(f"{stray} REG002 there is no") for line in finding_lines(assessed(files)))
