"""Who may accept a risk, decide on a control and end a legal hold, and by which signature over which text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from tests.support.cast import POLICY, member
from tests.support.ceremony import ROOT, Ceremony, a_ceremony
from tests.support.parts import in_parts
from tests.support.proof import breaches, message
from tests.support.records import MODEL, REGISTRY, VERSION, sha256

from accredit.domain.verification import Flaw, Verification
from accredit.history.repository import Repository
from accredit.history.verify import verify

WAIVER, DETERMINATION, HOLD = "waivers/w1.yaml", "determinations/d1.yaml", "holds/h1.yaml"
_SIGNERS = {WAIVER: "accepted_by", DETERMINATION: "by", HOLD: "issued_by"}
_NAMESPACES = {WAIVER: "waiver@accredit", DETERMINATION: "determination@accredit", HOLD: "hold@accredit"}
DAY, END = dt.date(2026, 1, 10), dt.date(2026, 12, 31)
FIELDS: dict[str, dict[str, Any]] = {
    WAIVER: {
        "registry": REGISTRY,
        "rule": "FAIR103",
        "model": MODEL,
        "version": VERSION,
        "reason": "Too few people under 30",
        "risk": "Too few approvals",
        "ticket": "RISK-7",
        "requested_by": "dana",
        "accepted_by": "vera",
        "accepted_as": "validator",
        "granted": DAY,
        "expires": END,
    },
    DETERMINATION: {
        "registry": REGISTRY,
        "framework": "eu-ai-act",
        "control": "AIA-14",
        "model": MODEL,
        "version": VERSION,
        "result": "met",
        "reason": "The officers overrule it",
        "by": "vera",
        "role": "validator",
        "date": DAY,
        "expires": END,
        "subject_digest": "0" * 64,
    },
    HOLD: {"registry": REGISTRY, "reason": "Complaint 7", "models": [MODEL], "issued_by": "vera", "issued": DAY},
}
RELEASED = {"released": {"by": "rita", "date": dt.date(2026, 1, 11), "reason": "Settled"}}


@pytest.fixture
def story(tmp_path: Path) -> Ceremony:
    return a_ceremony(tmp_path)


def wrote(story: Ceremony, path: str = WAIVER, **options: Any) -> Ceremony:
    """The named person signs a record and it lands; options as `signed` takes them."""
    fields = {**FIELDS[path], **{k: v for k, v in options.items() if k in FIELDS[path]}}
    rest = {k: v for k, v in options.items() if k not in FIELDS[path]}
    by = rest.pop("by_", fields[_SIGNERS[path]])
    return story.signed(path, fields, by, _NAMESPACES[path], rest).land()


def flaws(found: Verification, path: str = WAIVER) -> set[Flaw]:
    return {d.flaw for d in found.attestations[path].doubts}


@pytest.mark.parametrize("path", [WAIVER, DETERMINATION, HOLD])
def test_whoever_it_names_signs_it(story: Ceremony, path: str) -> None:
    found = wrote(story, path).verify()
    signoff = found.attestations[path]
    assert (signoff.person, signoff.assurance, signoff.doubts) == ("vera", "signed", ())
    assert found.against(path, sha256(story.files[path]), "signed") == ""
    assert not found.standing_breaches()


@pytest.mark.parametrize("path", [WAIVER, DETERMINATION])
@pytest.mark.parametrize(
    ("options", "flaw"),
    [
        ({"key": "rita"}, Flaw.OTHER_SIGNER),
        ({"key": "stranger"}, Flaw.OTHER_SIGNER),
        ({"sign": False}, Flaw.TOO_WEAK),
        ({"namespace": "approval@accredit"}, Flaw.BAD_SIGNATURE),
        ({"namespace": "hold@accredit"}, Flaw.BAD_SIGNATURE),
        ({"registry": "00000000-0000-4000-8000-000000000000"}, Flaw.OTHER_REGISTRY),
    ],
)
def test_a_forged_one_does_not_count(story: Ceremony, path: str, options: dict[str, Any], flaw: Flaw) -> None:
    found = wrote(story, path, **options).verify()
    assert flaws(found, path) == {flaw}
    assert found.against(path, sha256(story.files[path]), "signed")
    assert found.against(path, sha256(story.files[path]), "declared") == ""


def test_one_that_names_no_registry_could_be_of_another(story: Ceremony) -> None:
    fields = {name: value for name, value in FIELDS[WAIVER].items() if name != "registry"}
    found = story.signed(WAIVER, fields, "vera", "waiver@accredit", {}).land().verify()
    assert flaws(found) == {Flaw.OTHER_REGISTRY}


@pytest.mark.parametrize(("old", "new"), [(VERSION, "2.0.0"), ("2026-12-31", "2028-12-31"), ("FAIR103", "FAIR105")])
def test_a_signature_is_of_one_text(story: Ceremony, old: str, new: str) -> None:
    found = wrote(story).edit(WAIVER, old, new).land().verify()
    assert Flaw.BAD_SIGNATURE in flaws(found)


def test_a_signature_moved_to_another_model_does_not_fit(story: Ceremony) -> None:
    wrote(story).copy(WAIVER, "waivers/w2.yaml").edit("waivers/w2.yaml", MODEL, "another-model").land()
    assert Flaw.BAD_SIGNATURE in flaws(story.verify(), "waivers/w2.yaml")


def test_a_text_counts_in_one_place(story: Ceremony) -> None:
    found = wrote(story).copy(WAIVER, "waivers/w2.yaml").land().verify()
    assert flaws(found) == set()
    assert flaws(found, "waivers/w2.yaml") == {Flaw.MISPLACED}


def test_a_text_that_its_signer_replaced_does_not_come_back(story: Ceremony) -> None:
    wrote(story)
    earlier = {path: story.files[path] for path in (WAIVER, f"{WAIVER}.sig")}
    assert flaws(wrote(story, expires=dt.date(2026, 2, 1)).verify()) == set()
    assert flaws(story.write(earlier).land().verify()) == {Flaw.REWRITTEN}


def test_a_text_that_was_deleted_does_not_come_back(story: Ceremony) -> None:
    wrote(story)
    earlier = {path: story.files[path] for path in (WAIVER, f"{WAIVER}.sig")}
    story.delete("waivers/").land()
    assert story.verify().attestations == {}
    assert flaws(story.write(earlier).land().verify()) == {Flaw.REWRITTEN}


def test_a_replay_in_parts_remembers_what_was_replaced_and_where_a_text_counted(story: Ceremony) -> None:
    wrote(wrote(story), HOLD)
    earlier = {path: story.files[path] for path in (WAIVER, f"{WAIVER}.sig")}
    wrote(story, expires=dt.date(2026, 2, 1)).write(earlier).land()
    wrote(story, HOLD, by_="rita", sign=False, **RELEASED).copy(HOLD, "holds/h2.yaml").land()
    repository, tip = Repository.around(story.repository.path), story.repository.head
    found = [(known, verify(repository, commit, ROOT)) for commit, known in in_parts(repository, tip, ROOT)]
    assert all(known == at_once for known, at_once in found)
    assert {path for _, at_once in found for path in at_once.attestations} == {WAIVER, HOLD, "holds/h2.yaml"}
    assert any(Flaw.REWRITTEN in flaws(known) for known, _ in found if WAIVER in known.attestations)


def test_what_somebody_else_wrote_over_it_does_not_use_it_up(story: Ceremony) -> None:
    wrote(story)
    earlier = {path: story.files[path] for path in (WAIVER, f"{WAIVER}.sig")}
    assert flaws(story.edit(WAIVER, "FAIR103", "FAIR105").land().verify()) == {Flaw.BAD_SIGNATURE}
    assert flaws(story.write(earlier).land().verify()) == set()


def test_a_signature_may_land_after_the_file(story: Ceremony) -> None:
    assert flaws(wrote(story, sign=False).verify()) == {Flaw.TOO_WEAK}
    assert flaws(wrote(story).verify()) == set()


def test_a_key_that_is_revoked_signs_nothing_more_and_what_it_signed_stays(story: Ceremony) -> None:
    wrote(story)
    story.revoke_key("vera").land()
    wrote(story, DETERMINATION)
    found = story.verify()
    assert flaws(found) == set()
    assert flaws(found, DETERMINATION) == {Flaw.REVOKED_KEY}


def test_a_key_in_wrong_hands_taints_what_it_signed_since(story: Ceremony) -> None:
    wrote(story)
    found = story.revoke_key("vera", compromised_since="2026-01-10").land().verify()
    assert flaws(found) == {Flaw.TAINTED}


def test_a_day_that_the_file_says_gives_nobody_a_role_back(story: Ceremony) -> None:
    story.add_person(member("vera", "owner")).land()
    found = wrote(story).verify()
    assert message(found.attestations[WAIVER], Flaw.NO_ROLE) == "vera did not hold the role validator on 2026-01-10"


def test_where_names_are_enough_nothing_is_asked(tmp_path: Path) -> None:
    story = a_ceremony(tmp_path, **{name: "declared" for name in POLICY if name.endswith(".assurance")})
    found = wrote(story, sign=False).verify()
    assert (found.attestations[WAIVER].assurance, flaws(found)) == ("declared", set())


# Legal holds


def test_a_hold_stands_whoever_signed_it(story: Ceremony) -> None:
    wrote(story, HOLD, sign=False).delete(HOLD).land()
    assert breaches(story.verify())[Flaw.UNDER_HOLD].message == "a legal hold was deleted and not released"


def test_a_second_person_releases_a_hold_by_a_signature_over_the_new_text(story: Ceremony) -> None:
    wrote(story, HOLD)
    found = wrote(story, HOLD, by_="rita", **RELEASED).verify()
    assert (found.attestations[HOLD].person, flaws(found, HOLD)) == ("rita", set())
    assert not found.standing_breaches()
    assert not story.delete(HOLD).land().verify().standing_breaches()


@pytest.mark.parametrize(
    ("options", "flaw"),
    [
        ({"by_": "rita", "sign": False}, Flaw.OTHER_SIGNER),  # what is there is of whoever placed it
        ({"by_": "rita", "key": "vera"}, Flaw.OTHER_SIGNER),
        ({"by_": "rita", "namespace": "waiver@accredit"}, Flaw.BAD_SIGNATURE),
        ({"by_": "vera", "released": {**RELEASED["released"], "by": "vera"}}, Flaw.REQUESTER),
    ],
)
def test_a_release_that_does_not_count_ends_nothing(story: Ceremony, options: dict[str, Any], flaw: Flaw) -> None:
    found = wrote(wrote(story, HOLD), HOLD, **{**RELEASED, **options}).verify()
    assert flaws(found, HOLD) == {flaw}
    assert breaches(found)[Flaw.UNDER_HOLD].message.startswith("the release of a legal hold does not count: ")
    # What the hold covers is kept, and it cannot be taken away in a second step either
    found = story.delete(HOLD).land().verify()
    assert breaches(found)[Flaw.UNDER_HOLD].message == "a legal hold was deleted and not released"


def test_a_release_counts_once_its_signature_has_landed(story: Ceremony) -> None:
    wrote(story, HOLD)
    assert Flaw.UNDER_HOLD in breaches(wrote(story, HOLD, by_="rita", sign=False, **RELEASED).verify())
    assert not wrote(story, HOLD, by_="rita", **RELEASED).verify().standing_breaches()
    assert not story.delete(HOLD).land().verify().standing_breaches()
