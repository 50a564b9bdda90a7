"""Waivers, determinations and holds are signed by whom they name, and others see what is missing."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_exceptions import PLACED, TODAY, WRITTEN, waiver
from tests.support.office import MODEL, Office
from tests.support.program import run

from accredit.assess import assess
from accredit.signing.clone import clone_of

pytestmark = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH, with which people sign, is absent")
VERSION = "2.0.0"
DECIDED = ("determine", MODEL, VERSION, "AIA-05", "--result", "met", "--as", "legal", "--id", "d1")
REASON = ("--reason", "Seen with counsel, minutes B-9")
DETERMINATION, HOLD = "determinations/d1.yaml", "holds/complaint-7.yaml"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Office(folder, {"policy.yaml": {"catalogue": {"frameworks": ("eu-ai-act",)}}})


def attested(path: str) -> dict[str, Any]:
    found = json.loads(run("verify", "--format", "json").stdout)["attestations"]
    return next(signoff for signoff in found if signoff["path"] == path)


def complaints(code: str) -> list[str]:
    found = json.loads(run("check", "--format", "json", "--select", code).stdout)["findings"]
    return [f["message"] for f in found if f["code"] == code]


def test_who_asks_writes_the_waiver_and_who_accepts_signs_it(office: Office) -> None:
    asked = office.by("dana", *waiver(by=None))
    assert asked.exit_code == 0, asked.output
    assert f"Next: rolf signs it: accredit sign registry/{WRITTEN}" in asked.stderr
    office.commit()
    [complaint] = complaints("WVR102")
    assert complaint == "that rolf accepts the risk is not proved: it is declared, and policy asks for signed"
    signed = office.by("rolf", "sign", f"registry/{WRITTEN}", "--yes")
    assert (signed.exit_code, "accepted_by: rolf" in signed.stderr) == (0, True), signed.output
    assert (office.root / f"{WRITTEN}.sig").exists()
    office.commit()
    assert complaints("WVR102") == []
    found = attested(WRITTEN)
    assert (found["person"], found["assurance"], found["counts"]) == ("rolf", "signed", True)
    for command in found["check_by_hand"]:
        done = subprocess.run(["sh", "-c", command], cwd=office.folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert "Nothing stands against it: 1 of 1 sign-offs count." in run("verify", MODEL, VERSION).stdout
    assert "Nothing stands against it: 0 of 0 sign-offs count." in run("verify", MODEL, "1.0.0").stdout
    told = [json.loads(line) for line in run("audit", "--format", "ndjson").stdout.splitlines()]
    assert [(e["assurance"], e["counts"]) for e in told if e["action"] == "accepted"] == [("signed", True)]


def test_who_accepts_may_write_the_waiver_that_somebody_else_asked_for(office: Office) -> None:
    written = office.by("rolf", *waiver())
    assert written.exit_code == 0, written.output
    assert (office.root / f"{WRITTEN}.sig").exists()
    office.commit()
    assert attested(WRITTEN)["counts"] is True


def test_a_waiver_that_is_edited_covers_nothing_until_it_is_signed_again(office: Office) -> None:
    office.by("rolf", *waiver())
    path = office.root / WRITTEN
    path.write_text(path.read_text().replace("RISK-7", "RISK-8"))
    office.commit()
    assert [d["flaw"] for d in attested(WRITTEN)["doubts"]] == ["bad-signature"]
    assert "is not proved" in complaints("WVR102")[0]
    assert office.by("rolf", "sign", WRITTEN, "--yes").exit_code == 0
    office.commit()
    assert complaints("WVR102") == []


def test_nobody_signs_for_somebody_else(office: Office) -> None:
    office.by("dana", *waiver(by=None))
    refused = office.by("olga", "sign", WRITTEN, "--yes")
    assert (refused.exit_code, "belongs to olga and not to rolf" in refused.stderr) == (2, True)
    assert not (office.root / f"{WRITTEN}.sig").exists()


def test_a_determination_is_signed_by_who_decides(office: Office) -> None:
    assert office.by("lars", *DECIDED, *REASON).exit_code == 0
    office.commit()
    assert (attested(DETERMINATION)["person"], attested(DETERMINATION)["counts"]) == ("lars", True)
    status = office.by("lars", "controls", MODEL, VERSION).stdout
    assert "    AIA-05 No prohibited practice: Needs human judgement\n" not in status


def test_a_determination_in_somebody_elses_name_is_ignored(office: Office) -> None:
    written = office.by("dana", *DECIDED, *REASON, "--by", "lars")
    assert (written.exit_code, "lars signs it: accredit sign" in written.stderr) == (0, True), written.output
    office.commit()
    assert "    AIA-05 No prohibited practice: Needs human judgement\n" in run("controls", MODEL, VERSION).stdout
    clone = clone_of(office.root, "HEAD")
    assessed = assess(clone.loaded(), TODAY, clone.verification()).version(f"{MODEL}@{VERSION}")
    [verdict] = assessed.results["CTL103"].verdicts
    assert verdict.message == "AIA-05: that lars decided is not proved: it is declared, and policy asks for signed"


def test_the_end_of_a_hold_is_signed_by_who_releases_it(office: Office) -> None:
    lars = (office.root / "people/lars.yaml").read_text().replace("Lars", "Lena").replace("lars@", "lena@")
    own, new = lars[lars.index("ssh-ed25519 ") :].split()[1].strip("\"'},"), office.new_key("lena").split()[1]
    (office.root / "people/lena.yaml").write_text(lars.replace(own, new))
    assert office.by("olga", "change", "--reason", "A second counsel").exit_code == 0
    assert office.by("gwen", "change", "approve", "1", "--yes").exit_code == 0
    office.commit()
    assert office.by("lars", *PLACED).exit_code == 0
    office.commit()
    assert attested(HOLD)["person"] == "lars"
    released = office.by("dana", "hold", "release", "complaint-7", "--by", "lena", "--reason", "Settled")
    assert "lena signs it: accredit sign" in released.stderr
    assert not (office.root / f"{HOLD}.sig").exists()
    office.commit()
    assert "the release of a legal hold does not count" in complaints("RET106")[0]
    assert office.by("lena", "sign", HOLD, "--yes").exit_code == 0
    office.commit()
    assert (attested(HOLD)["person"], complaints("RET106")) == ("lena", [])


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("people/olga.yaml", "is no waiver, determination or hold"),
        ("waivers/../policy.yaml", "is no waiver, determination or hold"),
        ("waivers/gone.yaml", "is not there"),
        ("waivers/broken.yaml", "cannot be read"),
        ("holds/anywhere.yaml", "names no registry"),
    ],
)
def test_what_cannot_be_signed_is_said(office: Office, file: str, message: str) -> None:
    (office.root / "waivers").mkdir()
    (office.root / "holds").mkdir()
    (office.root / "waivers/broken.yaml").write_text("rule: [\n")
    (office.root / "holds/anywhere.yaml").write_text("reason: Matter\nissued_by: lars\nissued: 2026-01-05\n")
    result = office.by("lars", "sign", file, "--yes")
    assert (result.exit_code, message in result.stderr, "hint: " in result.stderr) == (2, True, True), result.output
