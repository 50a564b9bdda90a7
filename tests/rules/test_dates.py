from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.support.cases import assessed, base_files, finding_lines, patched
from tests.support.sealing import sealed

V = "models/loan-default/versions/2.0.0"


def _found(patches: dict[str, Any], as_of: date = date(2026, 11, 23)) -> list[str]:
    lines = finding_lines(assessed(sealed(patched(base_files(), patches)), as_of))
    return [line.split(" ", 2)[2] for line in lines if " REG005 " in line]


def _moment(text: str) -> Any:
    from datetime import datetime  # noqa: PLC0415

    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("path", "route", "moment", "said"),
    [
        ("version.yaml", "trained.at", "2026-08-06T09:00:00Z", "the evaluation held-out"),
        ("evaluations/held-out.yaml", "at", "2026-08-10T09:00:01Z", "request 0001"),
        ("transitions/0001/request.yaml", "requested_at", "2026-08-11T09:00:01Z", "the decision of olga"),
        ("transitions/0002/request.yaml", "requested_at", "2026-08-10T08:59:59Z", "request 0002"),
        ("transitions/0002/approvals/rita.yaml", "time", "2026-09-07T08:00:01Z", "the deployment branches"),
        ("deployments/branches.yaml", "until", "2026-09-07T07:59:59Z", "its end"),
    ],
)
def test_an_event_before_what_it_follows_is_found(path: str, route: str, moment: str, said: str) -> None:
    found = _found({f"{V}/{path}": {route: _moment(moment)}})
    assert any(line.startswith(f"{said} (") and "comes before" in line for line in found)


def test_a_deployment_for_trial_may_come_before_the_approval() -> None:
    early = {"deployed_at": _moment("2026-08-20T08:00:00Z"), "environment": "trial"}
    assert _found({f"{V}/deployments/branches.yaml": early}) == []


def test_everything_after_the_day_of_the_assessment_is_in_the_future() -> None:
    found = _found({}, date(2026, 8, 31))
    assert any("the decision of rita is dated 2026-09-01" in line for line in found)
    assert not any("the decision of olga" in line for line in found)


def test_a_planned_end_may_lie_in_the_future() -> None:
    assert _found({f"{V}/deployments/branches.yaml": {"until": _moment("2027-09-07T08:00:00Z")}}) == []
