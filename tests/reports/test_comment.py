"""The comment on a pull request: whatever its author writes, it stays text, and it fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.support.cases import AS_OF, base_registry, patched
from tests.support.memory_tree import MemoryTree

from accredit.loading.tree import Loaded, load
from accredit.proposals.fork import Side
from accredit.proposals.proposal import Proposal
from accredit.reports.comment import LIMITS, MARKER, report
from accredit.reports.markdown import Section, code, fitted, row, table

PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")
FOLD = r"<details><summary>[\d,]+ of them</summary>"
FOLDER = "models/loan-default/versions/2.0.0"
SIGN = "ZQX"
"""Stands in every hostile text, and nowhere in ours."""
ATTACKS = [
    "`", "``` \n", "|", "\\|", "\\`", "\\\\|", "<b>", "<!--", "-->", "@octocat", "@org/team", "#12", "GH-12", "&#64;x",
    "fixes #1", "bank/models#1", "!12", "~label", "https://evil.example", "www.evil.example", "[x](https://evil.example)",
    "![x](y)", "## Model registry: nothing new", "- New findings: none", "| --- |", "***", "~~", "$x$", ":+1:",
    "\n/close\n", "\u202e", "\u200b", "\x1b[31m", "\r\n", "::error::", "]]>", "<details>", "<https://evil.example>",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(ATTACKS) | st.text(max_size=8), min_size=1, max_size=8).map(
    lambda parts: SIGN + f" {SIGN}".join(parts) + SIGN
)
TITLES = {"What is proposed", "Signatures that are missing", "New findings", "Gates", "Fields", "Lineage"}
TITLES |= {
    "Measures that are worse or gone",
    "Other measures",
    "What the change of people and policy does",
    "What hangs on the changed data",
}


@cache
def base() -> Loaded:
    return load(MemoryTree(base_registry()))


def proposal(patches: Mapping[str, Mapping[str, object] | None], extra: Mapping[str, bytes] | None = None) -> Proposal:
    changed = load(MemoryTree({**patched(base_registry(), patches), **(extra or {})}))
    return Proposal("main", "0" * 40, Side(base()), Side(changed), base().registry, AS_OF)


def inlines(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def outside_of_code(text: str) -> str:
    return "\n".join(t.content for t in inlines(text) if t.type in ("text", "html_block", "html_inline"))


def assert_harmless(text: str) -> None:
    tokens = list(inlines(text))
    marker, *folds = [t.content.strip() for t in tokens if t.type.startswith("html")]
    assert marker == text.partition("\n")[0]
    assert all(re.fullmatch(FOLD, begun) for begun in folds[::2])
    assert folds[1::2] == ["</details>"] * len(folds[::2])
    assert text.startswith(MARKER)
    assert not {t.type for t in tokens} & {"link_open", "image", "s_open", "hr", "blockquote_open", "code_block"}
    assert SIGN not in outside_of_code(text)
    ours = re.sub(f"{FOLD}|</details>", "", outside_of_code(text.partition("\n")[2]))
    assert not re.search(r"@|://|www\.|#\d|GH-\d|<|`", ours)
    heads = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open"]
    assert heads[0].startswith("Model registry: ")
    assert set(heads[1:]) <= TITLES
    assert len(heads) == len(set(heads))
    assert {t.info for t in tokens if t.type == "fence"} <= {"mermaid"}
    for chart in (t.content for t in tokens if t.type == "fence"):
        labels = [line for line in chart.splitlines() if SIGN in line]
        assert all(re.fullmatch(r'  n\d+\["[^"\[\]<>`]*"\]', line) for line in labels)


@settings(max_examples=40)
@given(st.lists(HOSTILE, min_size=8, max_size=8))
@example([f"{SIGN}{attack}{SIGN}" for attack in ATTACKS[:8]])
@example([f"{SIGN}{attack}{SIGN}" for attack in ATTACKS[-8:]])
def test_no_text_of_a_registry_is_more_than_text(texts: list[str]) -> None:
    found = proposal(
        {
            "datasets/loans-raw.yaml": {"name": texts[0], "legal_basis.reference": texts[1]},
            f"{FOLDER}/version.yaml": {"summary": texts[2], f"hyperparameters.{texts[3].replace('.', '')}": texts[3]},
            "models/loan-default/model.yaml": {"name": texts[4], "owner": texts[5]},
            "policy.yaml": {"policy.id": texts[6]},
            f"{FOLDER}/card.yaml": {"model_details": texts[7]},
        },
        {f"datasets/{texts[0].replace('/', '_')}.yaml": texts[1].encode("utf-8", "replace")},
    )
    assert_harmless(report(found, "registry/"))


@given(st.lists(st.text() | HOSTILE, min_size=2, max_size=2))
def test_a_cell_stays_a_cell_and_an_item_an_item(texts: list[str]) -> None:
    lines = [*table("One", "Other"), row(*map(code, texts)), "", f"- {code(texts[0])}: {code(texts[1])}"]
    tokens = list(inlines("\n".join(lines)))
    said = [t.type for t in tokens if t.level == 0 and t.type.endswith("_open")]
    assert said == ["table_open", "bullet_list_open"]
    assert sum(t.type == "tr_open" for t in tokens) == 2
    inside = [t for t in tokens if t.type == "code_inline"]
    assert len(inside) == 2 * sum(bool(" ".join(text.split())) for text in texts)
    words = {t.content for t in tokens if t.type == "text"} - {""}
    assert words <= {"One", "Other", ": ", "(empty)", "(empty): ", ": (empty)", "(empty): (empty)"}


ITEMS = st.lists(st.text("abc", min_size=1, max_size=400).map(lambda s: f"- {s}"), max_size=30)


@given(st.lists(ITEMS, max_size=6), st.integers(1_000, 8_000))
def test_a_comment_fits_and_says_what_is_left_out(groups: list[list[str]], limit: int) -> None:
    sections = [Section(f"Part {i}", tuple(items), see="accredit check", fold=i) for i, items in enumerate(groups)]
    text = fitted("verdict\n", sections, limit)
    assert len(text) <= limit
    assert text.startswith("verdict\n")
    for section in sections:
        shown = text.partition(f"### {section.title}\n")[2].partition("\n### ")[0]
        items = sum(line.startswith("- ") for line in shown.splitlines())
        left = re.search(r"_([\d,]+) of [\d,]+ left out here", shown)
        assert items + (int(left[1]) if left else 0) == len(section.items)


def test_a_large_change_keeps_its_verdict_and_the_forges_limit() -> None:
    person = base_registry()["people/olga.yaml"]
    many = {f"datasets/d{i}.yaml": b"name: [" for i in range(900)}
    found = proposal({"policy.yaml": {"policy.version": "9"}}, {**many, "people/zoe.yaml": person})
    text = report(found, "registry/")
    assert len(text) <= LIMITS["github"]
    assert "## Model registry: 900 new findings against it" in text
    assert "counts only once it is signed for in changes/" in text
    assert re.search(r"_\d+ of 900 left out here: see `accredit check`\._", text)
    assert len(report(found, "registry/", limit=LIMITS["gitlab"])) > LIMITS["github"]


def test_what_is_long_is_folded_and_whole() -> None:
    patches = {f"{FOLDER}/version.yaml": {f"hyperparameters.h{i}": f"</details>{i}" for i in range(9)}}
    text = report(proposal(patches), "registry/")
    assert_harmless(text)
    shown = text.partition("### Fields\n\n<details><summary>9 of them</summary>\n\n")[2].partition("\n\n</details>\n")[
        0
    ]
    assert shown.count("\n- ") == 9
    del patches[f"{FOLDER}/version.yaml"]["hyperparameters.h0"]
    assert "<details>" not in report(proposal(patches), "registry/")


def test_the_same_change_gives_the_same_bytes() -> None:
    patches = {"datasets/loans-raw.yaml": {"name": "Other"}, "policy.yaml": {"policy.version": "9"}}
    assert report(proposal(patches), "registry/") == report(proposal(patches), "registry/")


@pytest.mark.parametrize(
    ("path", "route", "value", "told"),
    [
        ("datasets/loans-raw.yaml", "name", "Other", "`datasets/loans-raw.yaml` `name`: `Loans as booked` → `Other`"),
        ("policy.yaml", "policy.version", "9", "`policy.yaml` `policy.version`: `1.0` → `9`"),
        ("models/loan-default/model.yaml", "name", "Other", "- changed model `loan-default`: `Other`"),
    ],
)
def test_each_kind_of_change_is_told(path: str, route: str, value: str, told: str) -> None:
    assert told in report(proposal({path: {route: value}}), "registry/")
