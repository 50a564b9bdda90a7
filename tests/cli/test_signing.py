"""A version moves by what people sign with real keys in a real repository, and nobody signs what is not theirs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.support.office import MODEL, Office
from tests.support.program import run

from accredit.history import keys, sshsig

pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("git")), reason="git or OpenSSH, with which people sign, is absent"
)
STEP = f"models/{MODEL}/versions/1.0.0/transitions/0001"
REQUEST = ("request", MODEL, "1.0.0", "--to", "review")
APPROVE = ("approve", MODEL, "1.0.0")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Office(folder)


@pytest.fixture
def asked(office: Office) -> Office:
    assert office.by("dana", *REQUEST).exit_code == 0
    office.commit()
    return office


def files(office: Office) -> dict[str, bytes]:
    return {p.relative_to(office.root).as_posix(): p.read_bytes() for p in office.root.rglob("*") if p.is_file()}


def refused(office: Office, person: str, *arguments: object) -> str:
    """What the command says when it refuses and writes nothing."""
    before = files(office)
    result = office.by(person, *arguments)
    assert result.exit_code == 2, result.output
    assert files(office) == before
    assert "hint: " in result.stderr
    return result.stderr


def test_a_request_binds_the_folder_and_is_signed_by_the_person_whose_key_it_is(office: Office) -> None:
    result = office.by("dana", *REQUEST, "--reason", "Ready: measured, and 'written' \"up\"\nin full.")
    assert result.exit_code == 0
    assert result.stdout == f"wrote registry/{STEP}/request.yaml\nwrote registry/{STEP}/request.yaml.sig\n"
    assert f"Next: git add registry/{STEP} && git commit\n" in result.stderr
    assert "Wanted: owner (olga, otto)\n" in result.stderr
    message, signature = ((office.root / STEP / f"request.yaml{end}").read_bytes() for end in ("", ".sig"))
    key = keys.parse_line((office.home("dana") / "id.pub").read_text())
    assert sshsig.verify(signature, message, sshsig.REQUEST, key).valid
    assert b"requested_by: dana\n" in message


def test_a_walk_from_a_new_person_to_production(office: Office) -> None:
    office.in_production()
    answer = office.by("rita", "gate", MODEL, "1.0.0", "--to", "production", "--as-of", "2026-11-23")
    assert answer.exit_code == 0, answer.output
    assert office.by("rita", "verify").exit_code == 0


def test_a_reviewer_sees_what_changed_and_what_the_gates_say_before_signing(office: Office) -> None:
    office.in_production()
    office.moved("2.0.0", "review", "dana")
    shown = office.by("olga", "approve", MODEL, "2.0.0", "--yes").stdout
    assert "Changed since loan-default@1.0.0, which was approved last:\n" in shown
    assert "auc: 0.8350" in shown
    assert "+0.0050, better" in shown
    assert "brier" not in shown
    assert "Gate staging->review: open" in shown


def test_a_gate_that_is_closed_is_shown_with_its_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    card = f"models/{MODEL}/versions/1.0.0/card.yaml"
    office = Office(folder, {card: {"limitations": None}})
    office.moved("1.0.0", "review", "dana")
    shown = office.by("olga", *APPROVE, "--yes").stdout
    assert "Gate review->production: closed" in shown
    assert "    CARD103 " in shown


def test_without_yes_and_without_a_terminal_nothing_is_signed(asked: Office) -> None:
    assert "--yes" in refused(asked, "olga", *APPROVE)


def test_conditions_are_signed_with_their_days(asked: Office) -> None:
    condition = ("--condition", "Watch the young", "--due", "2999-01-31")
    assert asked.by("olga", *APPROVE, *condition, "--yes").exit_code == 0
    text = (asked.root / STEP / "approvals/olga.yaml").read_text()
    assert "decision: approve-with-conditions\n" in text
    assert '  - text: "Watch the young"\n    due: 2999-01-31\n' in text


def test_a_rejection_stops_the_move_and_the_requester_may_ask_again(asked: Office) -> None:
    assert asked.by("olga", *APPROVE, "--reject", "--statement", "The card is thin.", "--yes").exit_code == 0
    asked.commit()
    again = asked.by("dana", *REQUEST)
    assert again.exit_code == 0
    assert "transitions/0002/request.yaml\n" in again.stdout
    assert "rejected" in asked.by("dana", "history", MODEL).stdout


def test_what_is_not_signed_says_so_and_does_not_count_where_policy_asks_for_signatures(office: Office) -> None:
    unsigned = office.by("dana", *REQUEST, "--no-sign", "--by", "dana")
    assert unsigned.exit_code == 0
    assert "this one will not count" in unsigned.stderr
    assert not (office.root / STEP / "request.yaml.sig").exists()
    office.commit()
    assert "policy asks for signed" in refused(office, "olga", *APPROVE, "--yes")


def test_what_is_not_signed_counts_where_policy_is_content_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    profiles = {f"profiles.{name}.assurance": "declared" for name in ("strict", "standard", "fast")}
    office = Office(folder, {"policy.yaml": profiles})
    shutil.rmtree(folder / ".git")
    assert office.by("x", *REQUEST, "--no-sign", "--by", "dana").exit_code == 0
    assert office.by("x", *APPROVE, "--no-sign", "--by", "olga", "--yes").exit_code == 0
    assert "assurance: declared\n" in (office.root / STEP / "approvals/olga.yaml").read_text()
    assert "loan-default  review   1.0.0" in office.by("x", "status").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("request", MODEL, "1.0.0", "--to", "archived"), "policy allows no move of loan-default@1.0.0 from staging"),
        (("request", MODEL, "9", "--to", "review"), "there is no version 9"),
        (("request", "nothing", "1.0.0", "--to", "review"), "there is no model nothing"),
        ((*REQUEST, "--by", "olga"), "belongs to dana and not to olga"),
        ((*REQUEST, "--no-sign"), "--by PERSON"),
        ((*REQUEST, "--no-sign", "--by", "nobody"), "nobody is nobody registered"),
        ((*REQUEST, "--reason", "Zero\u200bwidth"), "invisible"),
        (APPROVE, "no request about loan-default@1.0.0 waits"),
    ],
)
def test_a_move_that_cannot_be_asked_for_is_refused_with_a_hint(
    office: Office, arguments: tuple[str, ...], message: str
) -> None:
    assert message in refused(office, "dana", *arguments)


def test_a_key_that_is_nobodys_or_revoked_signs_nothing(office: Office) -> None:
    office.new_key("dana")
    assert "belongs to nobody in people/" in refused(office, "dana", *REQUEST)
    person = office.root / "people/vera.yaml"
    person.write_text(f"{person.read_text().rstrip()}\n  revoked: {{reason: Lost}}\n")
    assert "is revoked" in refused(office, "vera", *REQUEST)


def test_one_request_waits_at_a_time(office: Office) -> None:
    assert office.by("dana", *REQUEST).exit_code == 0
    assert "is not committed yet" in refused(office, "dana", *REQUEST)
    assert "is not committed yet" in refused(office, "olga", *APPROVE, "--yes")
    office.commit()
    assert "request 1 to review waits for owner" in refused(office, "dana", *REQUEST)


@pytest.mark.parametrize(
    ("person", "more", "message"),
    [
        ("dana", (), "dana asked for this move"),
        ("vera", (), "vera holds no role that is still missing: owner"),
        ("vera", ("--role", "owner"), "vera does not hold the role owner"),
        ("olga", ("--condition", "Soon"), "each --condition needs a --due"),
        ("olga", ("--condition", "Soon", "--due", "tomorrow"), "--due is not a date"),
        ("olga", ("--condition", "Soon", "--due", "2020-01-01"), "--due is in the past"),
        ("olga", ("--condition", "Soon", "--due", "2999-01-01", "--reject"), "a rejection has no conditions"),
        ("olga", ("--by", "otto"), "belongs to olga and not to otto"),
        ("olga", ("--statement", "TODO"), "still to be written"),
    ],
)
def test_a_decision_that_cannot_be_given_is_refused_with_a_hint(
    asked: Office, person: str, more: tuple[str, ...], message: str
) -> None:
    assert message in refused(asked, person, *APPROVE, *more, "--yes")


def test_who_trained_the_version_does_not_approve_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    office = Office(folder, {f"models/{MODEL}/versions/1.0.0/version.yaml": {"trained.by": "olga"}})
    office.moved("1.0.0", "review", "dana")
    assert "olga trained loan-default@1.0.0" in refused(office, "olga", *APPROVE, "--yes")


def test_nobody_signs_twice_and_nobody_signs_changed_content(asked: Office) -> None:
    card = asked.root / f"models/{MODEL}/versions/1.0.0/card.yaml"
    before = card.read_bytes()
    card.write_bytes(before + b"# later\n")
    assert "are not what request 1 asks about any more" in refused(asked, "olga", *APPROVE, "--yes")
    card.write_bytes(before)
    assert asked.by("olga", *APPROVE, "--yes").exit_code == 0
    assert "exists already" in refused(asked, "olga", *APPROVE, "--yes")


def test_a_key_that_is_named_signs_though_git_is_not_configured(office: Office) -> None:
    (office.home("dana") / ".gitconfig").unlink()
    assert "user.signingkey is not set" in refused(office, "dana", *REQUEST)
    (office.home("dana") / "id.pub").unlink()
    assert office.by("dana", *REQUEST, "--key", office.home("dana") / "id").exit_code == 0


def test_a_public_key_that_lies_beside_another_private_one_is_found_out(office: Office) -> None:
    shutil.copy(office.home("olga") / "id", office.home("dana") / "id")
    assert "could not sign" in refused(office, "dana", *REQUEST)
    named = refused(office, "dana", *REQUEST, "--key", office.home("dana") / "id")
    assert "could not sign" in named or "is not one of Dana Developer" in named


def test_a_registry_in_no_repository_takes_requests(office: Office) -> None:
    shutil.rmtree(office.folder / ".git")
    assert office.by("dana", *REQUEST).exit_code == 0


def test_a_request_that_is_outdated_gives_way_to_a_new_one(asked: Office) -> None:
    card = asked.root / f"models/{MODEL}/versions/1.0.0/card.yaml"
    card.write_bytes(card.read_bytes() + b"# later\n")
    assert "are not what request 1 asks about" in refused(asked, "olga", *APPROVE, "--yes")
    assert asked.by("dana", *REQUEST).exit_code == 0
    asked.commit()
    assert asked.by("olga", *APPROVE, "--yes").exit_code == 0


def test_a_request_that_does_not_count_gives_way_to_one_that_does(office: Office) -> None:
    assert office.by("dana", *REQUEST, "--no-sign", "--by", "dana").exit_code == 0
    office.commit()
    assert office.by("x", "verify").exit_code == 1
    office.moved("1.0.0", "review", "dana", "olga")
    assert office.by("x", "verify").exit_code == 0


def test_a_condition_is_closed_by_whoever_made_it_without_touching_the_approval(office: Office) -> None:
    office.moved("1.0.0", "review", "dana", "olga")
    office.by("olga", "request", MODEL, "1.0.0", "--to", "production", "--reason", "It is better")
    office.commit()
    due = ("--condition", "Retrain", "--due", "2099-01-31")
    assert office.by("vera", "approve", MODEL, "1.0.0", "--yes", *due).exit_code == 0
    office.commit()
    for other in ("rolf", "pia", "lars", "rita"):
        assert office.by(other, "approve", MODEL, "1.0.0", "--yes").exit_code == 0
    office.commit()
    assert "took effect" in run("history", MODEL).stdout.splitlines()[-1]
    close = ("close", MODEL, "1.0.0", "--evidence", "Report 7")
    assert "cannot close a condition that vera answers for" in refused(office, "rolf", *close)
    done = office.by("vera", *close)
    path = f"registry/models/{MODEL}/versions/1.0.0/transitions/0002/closings/01.yaml"
    assert done.stdout.splitlines() == [f"wrote {path}", f"wrote {path}.sig"]
    office.commit()
    assert "was closed on" in refused(office, "vera", *close)
    assert "closing@accredit" in run("verify", MODEL, "1.0.0").stdout
    assert "closing by vera" in run("history", MODEL).stdout.splitlines()[-1]
