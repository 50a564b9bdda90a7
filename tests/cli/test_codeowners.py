"""CODEOWNERS names whom policy and people name, for the paths that they answer for and for no others."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.cases import base_registry, patched
from tests.support.program import on_disk, run

from accredit.domain.paths import GRAMMAR, is_signature, parse_path

GOVERNING = {"registry", "policy", "person", "change", "change-approval", "framework"}
SIGNING = {"transition", "approval", "closing"}
PEOPLE = {"gwen": 1, "vera": 2, "rolf": 3, "olga": 4}


def patches(**more: dict[str, Any]) -> dict[str, dict[str, Any]]:
    named = {f"people/{p}.yaml": {"forge": {"github": n}, "email": f"{p}@bank.example"} for p, n in PEOPLE.items()}
    return named | {f"people/{p}.yaml": {**named.get(f"people/{p}.yaml", {}), **fields} for p, fields in more.items()}


def owners_of(folder: Path, forge: str = "github", **more: dict[str, Any]) -> str:
    (folder / ".git").mkdir(exist_ok=True)
    on_disk(folder, patched(base_registry(), patches(**more)))
    result = run("codeowners", forge, "--registry", folder / "registry")
    assert result.exit_code == 0, result.output
    return result.stdout


def lines(text: str) -> dict[str, list[str]]:
    found = (line.split() for line in text.splitlines() if line.startswith("/"))
    return {pattern: owners for pattern, *owners in found}


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that ignores what CODEOWNERS matches: git itself says which pattern a path falls under."""
    folder = tmp_path_factory.mktemp("owned")
    found = lines(owners_of(folder))
    other = tmp_path_factory.mktemp("matcher")
    subprocess.run(["git", "init", "-q", other], check=True)
    (other / ".gitignore").write_text("".join(f"{pattern}\n" for pattern in found))
    return other


def matched(folder: Path, paths: list[str]) -> dict[str, str]:
    asked = ["git", "check-ignore", "--no-index", "--verbose", "--non-matching", "-z", "--stdin"]
    done = subprocess.run(asked, cwd=folder, input="\0".join(paths), capture_output=True, text=True, check=False)
    fields = done.stdout.split("\0")[:-1]
    return {fields[i + 3]: fields[i + 2] for i in range(0, len(fields), 4)}


def expected(path: str) -> str:
    entry = parse_path(re.sub(r"\.(sig|asc)$", "", path))
    kind = entry.kind if entry else ""
    if kind in GOVERNING:
        return "governing"
    return "signing" if kind in SIGNING else kind if kind in {"waiver", "determination", "hold", "incident"} else ""


def group(pattern: str) -> str:
    own = {f"/registry/{kind}s/": kind for kind in ("waiver", "determination", "hold", "incident")}
    return {"": "", "/registry/models/*/versions/*/transitions/": "signing", **own}.get(pattern, "governing")


entry_paths = st.sampled_from(sorted(GRAMMAR)).flatmap(lambda k: st.from_regex(GRAMMAR[k], fullmatch=True))


@settings(max_examples=25, deadline=None)
@given(st.lists(entry_paths.filter(parse_path), min_size=1, max_size=40))
def test_a_pattern_matches_the_files_that_its_roles_answer_for_and_no_others(matcher: Path, paths: list[str]) -> None:
    signed = [f"{p}.sig" for p in paths if is_signature(f"{p}.sig")]
    inside = {f"registry/{p}": expected(p) for p in (*paths, *signed)}
    outside = {f"other/{p}": "" for p in inside} | {f"models/{p}": "" for p in paths}
    wanted = inside | outside
    assert {p: group(pattern) for p, pattern in matched(matcher, [*wanted]).items()} == wanted


def test_the_program_s_own_files_belong_to_who_governs(matcher: Path) -> None:
    paths = [".github/CODEOWNERS", ".github/workflows/accredit-record.yml", "registry/.gitattributes"]
    assert {group(p) for p in matched(matcher, paths).values()} == {"governing"}


def test_the_holders_of_a_role_are_named_by_the_address_that_their_account_has(tmp_path: Path) -> None:
    found = lines(owners_of(tmp_path))
    assert found["/registry/policy.yaml"] == ["gwen@bank.example"]
    signers = found["/registry/models/*/versions/*/transitions/"]
    assert {"olga@bank.example", "vera@bank.example", "rolf@bank.example"} <= {*signers}
    assert "vera@bank.example" not in found["/registry/waivers/"]
    assert "gwen@bank.example" in found["/registry/incidents/"]


@pytest.mark.parametrize(
    "gone",
    [
        {"forge": {"gitlab": 1}},
        {"email": None},
        {"email": "gwen@bank.example\t@somebody-else"},
        {"email": "* @somebody-else"},
        {"active_to": "2020-01-01"},
        {"kind": "bot", "responsible": "olga"},
    ],
    ids=["no account here", "no address", "two owners in one", "a pattern", "left", "bot"],
)
def test_who_cannot_be_named_is_not_and_the_path_has_no_owner_line(tmp_path: Path, gone: dict[str, Any]) -> None:
    text = owners_of(tmp_path, gwen=gone)
    assert "somebody-else" not in text
    assert "/registry/policy.yaml" not in lines(text)
    assert "# /registry/policy.yaml\n" in text


def test_gitlab_has_its_own_accounts_and_files(tmp_path: Path) -> None:
    found = lines(owners_of(tmp_path, "gitlab", gwen={"forge": {"gitlab": 5}}))
    assert found["/.gitlab-ci.yml"] == ["gwen@bank.example"]
    assert "/.github/" not in found
