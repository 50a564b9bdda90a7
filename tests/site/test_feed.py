from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

from tests.support.cases import assessed, base_registry, patched
from tests.support.hostile import HOSTILE

from accredit.domain.event import Event
from accredit.domain.events import events
from accredit.site.feed import MOST, feed, is_told
from accredit.site.pages.catalogue import Catalogue

ATOM = "{http://www.w3.org/2005/Atom}"
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
KEY = "loan-default@2.0.0"


def catalogue() -> Catalogue:
    return Catalogue(assessed(base_registry()))


def of_base() -> list[Event]:
    known = assessed(base_registry())
    return list(events(known.registry, known.lifecycles, known.verification, known.as_of))[::-1]


def entries(text: str) -> Iterator[dict[str, str]]:
    for entry in ET.fromstring(text).iter(f"{ATOM}entry"):
        told = {part.tag.removeprefix(ATOM): part.text or "" for part in entry}
        link = entry.find(f"{ATOM}link")
        assert link is not None
        yield {**told, "link": link.get("href", "")}


def many(count: int) -> list[Event]:
    return [Event("move", "released", KEY, START + timedelta(hours=i), detail=str(i)) for i in range(count)][::-1]


def test_the_feed_has_what_rfc_4287_asks_for() -> None:
    root = ET.fromstring(feed(of_base(), catalogue()))
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(f"{ATOM}{name}")) == 1
    assert root.findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z"
    found = root.findall(f"{ATOM}entry")
    assert found
    for entry in found:
        for name in ("id", "title", "updated"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1
        datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "")


def test_ids_are_permanent_and_no_two_events_share_one() -> None:
    before = [entry["id"] for entry in entries(feed(of_base(), catalogue()))]
    assert len(before) == len(set(before))
    assert all(uuid.UUID(name).version == 5 for name in before)
    later = [Event("incident", "detected", KEY, START + timedelta(days=400), detail="high: drift"), *of_base()]
    elsewhere = feed(later, catalogue(), "https://elsewhere.example.org/")
    assert [entry["id"] for entry in entries(elsewhere)][1:] == before


def test_events_that_are_alike_have_ids_of_their_own() -> None:
    alike = [Event("deployment", "deployed", KEY, START)] * 3
    assert len({entry["id"] for entry in entries(feed(alike, catalogue()))}) == 3


def test_only_the_newest_are_told_newest_first() -> None:
    found = [entry["summary"] for entry in entries(feed(many(MOST + 7), catalogue()))]
    assert len(found) == MOST
    assert found[0] == f"move; {MOST + 6}"
    assert found[-1] == "move; 7"


def test_an_id_does_not_change_when_older_events_leave_the_feed() -> None:
    short = {e["summary"]: e["id"] for e in entries(feed(many(MOST), catalogue()))}
    long = {e["summary"]: e["id"] for e in entries(feed(many(MOST + 7), catalogue()))}
    assert all(long[summary] == name for summary, name in short.items() if summary in long)


def test_readers_are_told_what_concerns_them_and_spared_the_rest() -> None:
    told = [
        Event("decision", "approve", KEY, START), Event("decision", "reject", KEY, START),
        Event("move", "rolled back to", KEY, START), Event("deployment", "deployed", KEY, START),
        Event("change", "policy changed", "", START), Event("change", "approve", "", START),
        Event("incident", "detected", KEY, START),
    ]  # fmt: skip
    spared = [
        Event("training", "trained", KEY, START), Event("request", "requested", KEY, START),
        Event("change", "key added", "", START), Event("monitoring", "monitored", KEY, START),
    ]  # fmt: skip
    assert all(map(is_told, told))
    assert not any(map(is_told, spared))


def test_links_are_relative_unless_the_site_has_an_address() -> None:
    event = [Event("move", "released", KEY, START)]
    place = "models/loan-default/2.0.0/"
    assert [e["link"] for e in entries(feed(event, catalogue()))] == [place]
    assert [e["link"] for e in entries(feed(event, catalogue(), directory_urls=False))] == [f"{place}index.html"]
    whole = feed(event, catalogue(), "https://models.example.org/")
    assert [e["link"] for e in entries(whole)] == [f"https://models.example.org/{place}"]
    assert 'rel="self"' in whole
    assert 'rel="self"' not in feed(event, catalogue())


def test_hostile_words_and_control_characters_leave_it_well_formed() -> None:
    words = [*HOSTILE, "a\x00b\x0bc\ud800d\ufffee"]
    hostile = [Event("incident", word, word, START, word, word) for word in words]
    found = list(entries(feed(hostile, catalogue())))
    assert len(found) == len(words)
    assert all(entry["link"] == "audit/" for entry in found)


def test_a_registry_without_an_identity_has_no_feed() -> None:
    unnamed = assessed({**base_registry(), "registry.yaml": b"nonsense: ["})
    assert feed(of_base(), Catalogue(unnamed)) == ""


def test_an_approval_is_told_with_its_person_and_how_sure_it_is() -> None:
    renamed = patched(base_registry(), {"people/nina.yaml": {"name": "Nina <b>"}})
    event = Event("decision", "approve", KEY, START, "nina", "owner", assurance="signed", counts=True)
    text = feed([event], Catalogue(assessed(renamed)))
    assert "<name>Nina &lt;b&gt;</name>" in text
    assert "<title>Loan default 2.0.0: approve</title>" in text
    assert "<summary>decision; owner; signed, verified</summary>" in text
