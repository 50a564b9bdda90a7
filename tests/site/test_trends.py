"""What a model's page says over time: metrics and disparities by version, monitoring, approvals and emergencies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from tests.support.cases import CASES, Case, assessed, base_files, base_registry, patched
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.site.charts.chart import Chart
from accredit.site.diagrams import Diagrams
from accredit.site.pages import pages
from accredit.site.pages.models import ModelView
from accredit.site.pages.version import VersionView
from accredit.site.render import render

MODEL = "models/loan-default/"
FIRST, SECOND = f"{MODEL}versions/1.0.0/", f"{MODEL}versions/2.0.0/"
PLAN = "monitoring_plan.metrics.0.limit"


def model(assessment: Assessment) -> ModelView:
    view = next(p for p in pages(assessment) if p.url == MODEL).data["view"]
    assert isinstance(view, ModelView)
    return view


def changed(patches: Mapping[str, Mapping[str, Any] | None]) -> Assessment:
    return assessed(sealed(patched(base_files(), patches)))


def chart(found: tuple[Chart, ...], title: str) -> Chart:
    return next(c for c in found if c.title == title)


def snapshot(value: float, day: str = "2026-09-02T06:00:00Z", **more: Any) -> dict[str, Any]:
    at = datetime.fromisoformat(day)
    return {
        "observed_at": at, "period_from": at.date(), "period_to": at.date(), "n": 900,
        "metrics": [{"type": "auc", "value": value, "n": 900}], **more,
    }  # fmt: skip


def drifts(*, plan: Mapping[str, float] | None = None, **more: Any) -> Chart:
    """AUC of version 2.0.0 in two months, 0.74 in the first."""
    patches: dict[str, dict[str, Any]] = {f"{SECOND}monitoring/2026-08.yaml": snapshot(0.74, **more)}
    if plan is not None:
        patches[f"{SECOND}card.yaml"] = {PLAN: plan}
    ((version, charts),) = model(changed(patches)).drifts
    assert version.version.id == "2.0.0"
    return chart(charts, "AUC")


def test_the_key_metric_stands_version_by_version_with_interval_and_limit() -> None:
    found = model(assessed(base_registry())).trends[0]
    assert found.title == "AUC by version"
    assert found.columns == ("Version", "Trained", "Value", "Lower", "Upper", "n", "Limit")
    first = found.rows[0]
    assert (first[0], *first[2:]) == ("1.0.0", "0.835", "0.828", "0.842", "20,000", "held")
    assert [row[0] for row in found.rows] == ["1.0.0", "2.0.0"]
    assert re.findall(r'middle">([^<]+)</text>', found.svg) == ["1.0.0", "2.0.0"]
    assert "limit of policy: at least 0.7</text>" in found.svg


def test_a_disparity_is_that_of_its_counts_with_the_limit_of_policy() -> None:
    found = chart(model(assessed(base_registry())).trends, "Impact ratio by gender")
    assert found.rows[0][2] == f"{(6560 / 9000) / (8040 / 11000):.3f}"
    assert "limit of policy: at least 0.8</text>" in found.svg
    assert "ac-tone-fail" not in found.svg


def test_a_version_beyond_the_limit_is_told_by_colour_words_and_table() -> None:
    groups = {"n": 9000, "selected": 3000, "positives": 7200, "true_positives": 2800, "negatives": 1800}
    patches = {f"{FIRST}evaluations/held-out.yaml": {"fairness.0.groups.female": groups | {"false_positives": 200}}}
    found = chart(model(changed(patches)).trends, "Impact ratio by gender")
    assert [row[-1] for row in found.rows] == ["breached", "held"]
    assert found.svg.count("ac-tone-fail") == 1
    assert f"1.0.0: {(3000 / 9000) / (8040 / 11000):.3f}, beyond the limit" in found.svg


def test_one_version_has_no_trend() -> None:
    gone = {path: None for path in base_files() if path.startswith(FIRST)}
    assert model(changed(gone)).trends == ()


def test_approval_takes_from_the_request_to_the_last_signature_that_was_needed() -> None:
    found = model(assessed(base_registry())).lead_times
    assert found is not None
    assert found.columns[:2] == ("", "Days")
    assert [row[:2] for row in found.rows[:2]] == [
        ("1.0.0: staging \N{RIGHTWARDS ARROW} review", "1.000"),
        ("1.0.0: review \N{RIGHTWARDS ARROW} production", "7.000"),
    ]


def test_monitoring_is_drawn_against_the_plan_of_the_card_policy_and_the_evaluation() -> None:
    found = drifts(plan={"min": 0.75})
    assert [row[0] for row in found.rows] == ["2026-09-02", "2026-11-02"]
    assert [row[-1] for row in found.rows] == ["breached", "held"]
    said = re.findall(r'end">([a-z][^<]+)</text>', found.svg)
    assert said[0].startswith("at evaluation: 0.8")
    assert said[1:] == ["limit of the plan: at least 0.75", "limit of the policy: at least 0.7"]


def test_a_limit_that_plan_and_policy_share_is_drawn_once() -> None:
    assert drifts(plan={"min": 0.7}).svg.count("limit of the") == 1


@pytest.mark.parametrize(("metric", "outcome"), [("auc", "breached"), ("auroc", "breached"), ("brier", "held")])
def test_a_breach_that_was_recorded_counts_whatever_the_metric_is_called(metric: str, outcome: str) -> None:
    breach = {"metric": metric, "value": 0.74, "threshold": "within 0.05 of the evaluation"}
    assert drifts(breaches=[breach]).rows[0][-1] == outcome


def test_the_page_of_a_version_shows_the_same_as_that_of_its_model() -> None:
    assessment = changed({f"{SECOND}monitoring/2026-08.yaml": snapshot(0.74)})
    ((_, charts),) = model(assessment).drifts
    version = next(p for p in pages(assessment) if p.url == f"{MODEL}2.0.0/").data["view"]
    assert isinstance(version, VersionView)
    assert version.monitored == charts
    assert len(charts) == 1


def test_one_report_is_no_drift() -> None:
    assert model(assessed(base_registry())).drifts == ()


def test_an_emergency_stands_among_the_stages_and_a_suspension_moves_nothing() -> None:
    found = model(Case(CASES / "LIFE104/bad-suspended").assessed()).chart
    assert ("2.0.0", "suspension", "2026-11-22", "") in found.rows
    assert found.svg.count("ac-mark") == 1
    assert "Diamonds are emergencies" in found.caption
    last = [row for row in found.rows if row[:2] == ("2.0.0", "production")]
    assert len(last) == 1
    assert last[0][3] == "2026-11-23"


def test_without_an_emergency_there_is_no_mark() -> None:
    found = model(assessed(base_registry())).chart
    assert "ac-mark" not in found.svg
    assert "emergencies" not in found.caption


def test_every_chart_of_the_page_has_words_and_a_table_behind_it() -> None:
    assessment = changed({f"{SECOND}monitoring/2026-08.yaml": snapshot(0.74)})
    page = next(p for p in pages(assessment) if p.url == MODEL)
    html = render(page, assessment, Diagrams(assessment.lineage, None))
    figures = re.findall(r'<figure class="ac-figure">.*?</figure>', html, re.DOTALL)
    assert len(figures) > 4
    for figure in figures:
        assert re.search(r'role="img"[^>]*><title>[^<]+</title><desc>[^<]+</desc>', figure)
        assert re.search(r"<figcaption>[^<]+</figcaption>", figure)
        assert re.search(r'<tbody><tr><th scope="row">[^<]', figure)
