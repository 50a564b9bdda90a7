"""Rules that only a history can fail: what was approved is not there, nobody knows who signed, the order is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.cast import key_of
from tests.support.ceremony import Ceremony, a_ceremony, in_production
from tests.support.memory_tree import MemoryTree
from tests.support.records import MODEL, REGISTRY, SUBJECT, VERSION, approval, sha256, transition
from tests.support.ssh_forge import Forgery

from accredit.assess import assess
from accredit.domain.events import events
from accredit.gates import Result
from accredit.loading.tree import load

DAY = dt.date(2026, 2, 20)
CONDITION = '[{text: "Look again at people under 25.", due: 2026-02-01, owner: olga}]'


def proven(story: Ceremony, day: dt.date = DAY) -> Mapping[str, Result]:
    return assess(load(MemoryTree(story.files)), day, story.verify()).version(SUBJECT).results


def reasons(results: Mapping[str, Result], code: str) -> list[str]:
    return [v.message for v in results[code].verdicts if v.outcome == "fail"]


def test_content_that_changed_after_the_approval_is_not_what_was_approved(tmp_path: Path) -> None:
    story = in_production(a_ceremony(tmp_path))
    card = f"models/{MODEL}/versions/{VERSION}/card.yaml"
    found = proven(story.write({card: story.files[card] + b"\n# Later\n"}).land())
    assert "and the content is" in reasons(found, "APR104")[0]


def test_an_approval_of_another_request_does_not_cover_the_one_that_waits(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path).request("review").approve("otto").land()
    other = story.request("production").approve("vera", request="0" * 64).land()
    assert reasons(proven(other), "APR104") == ["it approves the request 000000000000, not this one"]


def test_a_signature_by_somebody_elses_key_evidences_nobody(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path).request("review").approve("otto").land()
    forged = proven(story.request("production").approve("vera", key="rita").land())
    assert forged["APR108"].outcome == "fail"
    unsigned = a_ceremony(tmp_path / "other").request("review").approve("otto", sign=False).land()
    assert proven(unsigned)["APR108"].outcome == "fail"


def test_a_move_that_policy_does_not_know_and_one_out_of_order_are_not_allowed(tmp_path: Path) -> None:
    leap = proven(a_ceremony(tmp_path).request("production").approve("vera").approve("rita").land())
    assert "policy knows no move staging->production" in reasons(leap, "LIFE101")[-1]
    story = a_ceremony(tmp_path / "other").request("review", previous="f" * 64).land()
    found = proven(story)
    assert "the request follows on ffffffffffff" in reasons(found, "LIFE101")[-1]
    assert found["AUD102"].outcome == "fail"


def closed(story: Ceremony, by: str, **options: Any) -> Ceremony:
    """Closes the only condition of Vera's approval of the move into production."""
    fields = {
        "kind": "closing/v1", "registry": REGISTRY, "approval": sha256(story.files[approval(2, "vera")]),
        "condition": 1, "by": by, "closed": dt.date(2026, 1, 20), "evidence": "Report 7", "time": story.now,
    }  # fmt: skip
    lines = [f'{k}: "{v}"' if isinstance(v, str) and k != "time" else f"{k}: {v}" for k, v in fields.items()]
    content = "\n".join([*lines, ""]).encode()
    return signed(story, content, by, **options)


def signed(story: Ceremony, content: bytes, by: str, *, key: str = "", sign: bool = True) -> Ceremony:
    path = transition(2, "closings/01.yaml")
    made = {path: content}
    if sign:
        forgery = Forgery(key_of(key or by), content, namespace=b"closing@accredit")
        made[f"{path}.sig"] = forgery.armored()
    return story.write(made, by).land()


def with_condition(folder: Path) -> Ceremony:
    story = a_ceremony(folder).request("review").approve("otto").land()
    story.request("production").approve("rita").approve("vera", decision="approve-with-conditions")
    path = approval(2, "vera")
    content = story.files[path] + f"conditions: {CONDITION}\n".encode()
    signature = Forgery(key_of("vera"), content, namespace=b"approval@accredit").armored()
    return story.write({path: content, f"{path}.sig": signature}, "vera").land()


@pytest.mark.parametrize("by", ["vera", "olga"])
def test_a_condition_is_closed_later_by_whoever_made_it_or_answers_for_it(tmp_path: Path, by: str) -> None:
    story = with_condition(tmp_path)
    assert reasons(proven(story), "APR107") == ["condition 1 of vera was due on 2026-02-01 and is not closed"]
    found = proven(closed(story, by))
    assert (found["APR107"].outcome, found["APR101"].outcome, found["RET108"].outcome) == ("pass", "pass", "pass")
    log = events(load(MemoryTree(story.files)).registry, {}, story.verify())
    (event,) = [e for e in log if e.action == "closing"]
    assert (event.actor, event.counts, event.assurance, event.detail) == (by, True, "signed", "condition 1: Report 7")


@pytest.mark.parametrize(
    ("by", "options", "why"),
    [
        ("rita", {}, "rita cannot close a condition that vera or olga answers for"),
        ("vera", {"key": "rita"}, "not by vera"),
        ("vera", {"sign": False}, "it is declared, and policy asks for signed"),
    ],
)
def test_a_closing_by_another_hand_does_not_count(tmp_path: Path, by: str, options: dict[str, Any], why: str) -> None:
    story = closed(with_condition(tmp_path), by, **options)
    assert proven(story)["APR107"].outcome == "fail"
    signoff = story.verify().signoffs[transition(2, "closings/01.yaml")]
    assert why in "; ".join(d.message for d in signoff.doubts)


def test_a_closing_that_is_changed_after_it_landed_closes_nothing_and_is_seen(tmp_path: Path) -> None:
    story = closed(with_condition(tmp_path), "vera")
    story.edit(transition(2, "closings/01.yaml"), "Report 7", "Report 8").land()
    found = proven(story)
    assert (found["APR107"].outcome, found["AUD102"].outcome) == ("fail", "fail")


def test_people_keys_and_policy_leave_events_where_they_landed(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path).change_policy({"policy.version": "1.1"}).land()
    story.revoke_key("vito").land()
    proof = story.verify()
    log = events(load(MemoryTree(story.files)).registry, proof.lifecycles, proof)
    told = [(e.action, e.landed.position) for e in log if e.kind == "change" and e.landed and e.landed.position]
    assert told == [
        ("approve", 1), ("approve", 1), ("requested", 1), ("policy changed", 1),
        ("approve", 2), ("approve", 2), ("requested", 2), ("key revoked", 2),
    ]  # fmt: skip
    assert {e.counts for e in log if e.kind == "change" and e.action in ("requested", "approve")} == {True}
    registered = [(e.subject, e.landed.position) for e in log if e.kind == "registration" and e.landed]
    assert registered == [(MODEL, 0), (SUBJECT, 0)]


def test_a_change_of_policy_that_nobody_signed_is_an_event_that_does_not_count(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path).change({"policy.yaml": _louder(tmp_path)}, approvals=()).land()
    proof = story.verify()
    log = events(load(MemoryTree(story.files)).registry, proof.lifecycles, proof)
    assert [e.counts for e in log if e.kind == "change" and e.action == "requested"] == [False]


def _louder(folder: Path) -> bytes:
    return a_ceremony(folder / "copy").policy_with({"policy.version": "9"})


def test_the_content_that_was_validated_does_not_change_with_the_report_and_the_report_never_does(
    tmp_path: Path,
) -> None:
    story = in_production(a_ceremony(tmp_path))
    report = f"models/{MODEL}/versions/{VERSION}/validations/2026.yaml"
    text = (
        f"content: {'0' * 64}\nby: vera\ndate: 2026-01-10\noutcome: approved\nscope: All of it.\n"
        f"report: https://reports.bank.example/1\nsha256: {'1' * 64}\n"
    )
    assert proven(story.write({report: text}).land())["APR104"].outcome == "pass"
    assert proven(story.edit(report, "approved", "rejected").land())["AUD102"].outcome == "fail"
