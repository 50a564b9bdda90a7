"""`accredit diff` on the worked registry."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.program import run

REGISTRY = Path(__file__).parents[2] / "registry"
BEFORE, AFTER = "credit-risk-predictor@2.0.0", "credit-risk-predictor@2.1.0"


def diff(*arguments: str) -> str:
    answer = run("diff", *arguments, "--registry", REGISTRY)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_the_terminal_tells_numbers_gates_settings_and_words() -> None:
    text = diff(BEFORE, AFTER)
    assert text.startswith(f"{BEFORE} -> {AFTER}\n")
    assert "+0.0462, better)" in text
    assert "could be chance" in text
    assert "~ selected_share: 0.78 -> 0.86" in text
    assert "{+" in text


def test_nothing_differs_between_a_version_and_itself() -> None:
    assert "Nothing differs." in diff(AFTER, AFTER)


def test_a_model_alone_means_its_version_in_production() -> None:
    assert diff("credit-risk-predictor", AFTER) == diff(BEFORE, AFTER)


def test_a_program_reads_every_value() -> None:
    told = json.loads(diff(BEFORE, AFTER, "--format", "json"))
    sections = {s["id"]: s for s in told["sections"]}
    recall = next(r for r in sections["metrics"]["rows"] if r["name"] == "recall")
    assert recall["numbers"]["verdict"] == "better"
    assert recall["numbers"]["clear"] is True


def test_markdown_has_headings_and_no_markup_of_the_registry() -> None:
    text = diff(BEFORE, AFTER, "--format", "markdown")
    assert "## Metrics" in text
    assert "\\[\\[holdout.auc\\]\\]" in text


def test_what_is_not_there_is_named_with_what_is() -> None:
    for name, said in (("nothing@1", "no model nothing"), ("credit-risk-predictor@9", "Known versions")):
        answer = run("diff", name, AFTER, "--registry", REGISTRY)
        assert answer.exit_code == 2
        assert said in answer.output
