"""A recommender of the fast profile that retrains every day: one file a day, nobody signs, and it stays traceable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.cases import AS_OF, assessed, base_files, finding_lines, patched
from tests.support.hostile import Reader
from tests.support.program import on_disk, run
from tests.support.sealing import sealed

from accredit.assess import Assessment
from accredit.domain.events import events
from accredit.site.diagrams import Diagrams
from accredit.site.pages import pages
from accredit.site.render import render

MODEL = "song-picks"
DAYS = ("2026.11.20", "2026.11.21", "2026.11.22")
NEW = ("TRN", "OVR", "SEC", "MON")
PLAYS: dict[str, Any] = {
    "name": "Plays by song and hour",
    "kind": "training",
    "owner": "dana",
    "version": "2026-11",
    "sha256": "a" * 64,
    "uri": f"https://data.bank.example/{'a' * 64}.parquet",
    "source": {"name": "Player", "collected_from": dt.date(2026, 10, 1), "collected_to": dt.date(2026, 11, 19)},
    "licence": {"id": "other", "terms": "Own data", "allows_training": True, "allows_commercial_use": True},
    "personal_data": False,
    "permitted_purposes": ["song-recommendation"],
}
SONG_PICKS: dict[str, Any] = {
    "name": "Song picks",
    "summary": "Picks the songs that the waiting line plays.",
    "owner": "olga",
    "owner_confirmed": dt.date(2026, 6, 1),
    "purpose": "song-recommendation",
    "domain": ["marketing"],
    "regions": ["DE"],
    "task": "ranking",
    "decision": {"kind": "music", "effect": "none", "automation": "solely", "people_per_year": 0},
    "risk": {
        "screening": [
            {"practice": practice, "answer": False}
            for practice in ("subliminal-manipulation", "exploiting-vulnerability", "social-scoring")
        ],
        "ai_act": {
            "role": "none",
            "risk": "minimal",
            "rationale": "It chooses music.",
            "assessor": "lars",
            "date": dt.date(2026, 6, 1),
        },
    },
}


def of_a_day(day: str) -> dict[str, Any]:
    """What the training job writes: one `version.yaml`."""
    trained = dt.datetime.strptime(f"{day} 03:00+0000", "%Y.%m.%d %H:%M%z")
    digest = day.replace(".", "") * 8
    return {
        "model": MODEL,
        "version": day,
        "summary": "Retrained on the plays of yesterday.",
        "trained": {"by": "dana", "at": trained, "run": f"nightly-{day}"},
        "code": {"repository": "https://git.bank.example/songs", "commit": "b" * 40},
        "config": {"sha256": "c" * 64},
        "environment": {"python": "3.13", "lock_sha256": "d" * 64},
        "datasets": [{"dataset": "plays", "role": "training", "sha256": "a" * 64}],
        "artifacts": [{"name": "model", "uri": f"https://artifacts.bank.example/{digest}", "sha256": digest}],
    }


def with_recommender(days: tuple[str, ...], more: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, bytes]:
    changes = {"datasets/plays.yaml": PLAYS, f"models/{MODEL}/model.yaml": SONG_PICKS, **(more or {})}
    changes |= {f"models/{MODEL}/versions/{day}/version.yaml": of_a_day(day) for day in days}
    return sealed(patched(base_files(), changes))


@pytest.fixture
def recommender() -> Assessment:
    return assessed(with_recommender(DAYS))


def test_a_day_is_one_file_and_the_check_finds_nothing(recommender: Assessment) -> None:
    before = with_recommender(DAYS[:-1])
    after = with_recommender(DAYS)
    assert sorted(set(after) - set(before)) == [f"models/{MODEL}/versions/{DAYS[-1]}/version.yaml"]
    assert recommender.models[MODEL].standing.profile == "fast"
    assert finding_lines(recommender) == []


def test_nothing_is_asked_about_people_or_use(recommender: Assessment) -> None:
    results = recommender.version(f"{MODEL}@{DAYS[-1]}").results
    assert {results[code].outcome for code in results if code.startswith(NEW)} == {"not_applicable"}


def test_it_gets_to_production_without_any_approval() -> None:
    folder = f"models/{MODEL}/versions/{DAYS[-1]}"
    asked = {
        f"{folder}/transitions/{seq:04}/request.yaml": {
            "kind": "transition-request/v1",
            "registry": "5f0c1d5e-2b7a-4f0e-9a51-3d1c8b6e7f20",
            "model": MODEL,
            "version": DAYS[-1],
            "seq": seq,
            "from": source,
            "to": target,
            "previous": "<previous>",
            "content": "<content>",
            "context": "<context>",
            "policy": "<policy>",
            "requested_by": "dana",
            "requested_at": dt.datetime(2026, 11, 22, 3 + seq, tzinfo=dt.UTC),
            "reason": "Nightly.",
        }
        for seq, source, target in ((1, "staging", "review"), (2, "review", "production"))
    }
    policy = {
        "transitions.staging->review.sign.0.tiers": [1],
        "transitions.review->production.sign.4.tiers": [1],
    }
    assessment = assessed(with_recommender(DAYS, {"policy.yaml": policy, **asked}))
    version = assessment.version(f"{MODEL}@{DAYS[-1]}")
    assert version.stage == "production"
    assert version.gates["review->production"].is_open
    assert finding_lines(assessment) == []


def test_every_day_is_traceable(recommender: Assessment) -> None:
    for day in DAYS:
        assert "dataset:plays" in recommender.lineage.upstream(f"version:{MODEL}@{day}")
    trained = [e.subject for e in events(recommender.registry, recommender.lifecycles) if e.kind == "training"]
    assert [f"{MODEL}@{day}" for day in DAYS] == [s for s in trained if s.startswith(MODEL)]
    page = next(p for p in pages(recommender) if p.url == f"models/{MODEL}/{DAYS[-1]}/")
    text = Reader(render(page, recommender, Diagrams(recommender.lineage, None))).text
    assert "nightly-2026.11.22" in text
    assert "Plays by song and hour" in text


def test_the_command_says_that_there_is_nothing_to_find(tmp_path: Path) -> None:
    on_disk(tmp_path, with_recommender(DAYS))
    result = run("check", tmp_path / "registry", "--as-of", AS_OF, "--no-cache")
    assert result.exit_code == 0
    assert result.output.endswith("No findings.\n")
