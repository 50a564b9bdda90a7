"""What readers of the audit log wait for, as an Atom feed (RFC 4287): decisions, moves, deployments, incidents, policy.

Ids are made of the registry's own id and of what tells an event from others, so that they stay the same wherever the
site stands and however often it is built. A registry owns no domain, which a `tag:` would need; `urn:uuid:` needs none.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from accredit.domain.event import Event, start_of
from accredit.site import urls
from accredit.site.pages.catalogue import Catalogue

MOST = 100
"""Entries: the newest."""
_NAMESPACE = "http://www.w3.org/2005/Atom"
_KINDS = frozenset({"move", "deployment", "incident"})
_DECISIONS = frozenset({"approve", "reject", "approve-with-conditions"})


def feed(newest_first: Sequence[Event], catalogue: Catalogue, address: str = "", *, directory_urls: bool = True) -> str:
    """The feed; empty text for a registry without an identity.

    Args:
        newest_first: Every event.
        catalogue: Where people and models have names.
        address: Where the site stands, ending in `/`; empty where nobody says. Links are then relative to the feed.
        directory_urls: Link to folders, not to the `index.html` in each.
    """
    identity = catalogue.registry.identity
    if identity is None:
        return ""
    own = uuid.UUID(identity.id)
    root = Element("feed", xmlns=_NAMESPACE)
    SubElement(root, "id").text = uuid.uuid5(own, urls.FEED).urn
    SubElement(root, "title").text = _text(identity.name)
    SubElement(root, "updated").text = _moment(start_of(catalogue.as_of))
    SubElement(SubElement(root, "author"), "name").text = _text(identity.name)
    if address:
        SubElement(root, "link", rel="self", type="application/atom+xml", href=f"{address}{urls.FEED}")
    home = urls.relative(address, "", directory_urls=directory_urls) or "./"
    SubElement(root, "link", rel="alternate", type="text/html", href=home)
    for key, event in _told(newest_first):
        place = urls.subject_url(event.subject) if event.model in catalogue.registry.models else urls.AUDIT
        link = urls.relative(address, place, directory_urls=directory_urls)
        _entry(root, uuid.uuid5(own, key).urn, event, catalogue, link)
    indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def is_told(event: Event) -> bool:
    """Whether readers of the feed care: what was approved, rejected, released, rolled back, deployed or went wrong."""
    decided = event.kind in ("decision", "change") and event.action in _DECISIONS
    return decided or event.kind in _KINDS or event.action.startswith("policy ")


def _told(newest_first: Sequence[Event]) -> Iterator[tuple[str, Event]]:
    """The newest events, each with what no other event has. Events that are alike are counted from the oldest."""
    found: list[tuple[str, Event]] = []
    seen: dict[str, int] = {}
    for event in filter(is_told, reversed(newest_first)):
        time = event.time.astimezone(UTC).isoformat() if event.time else ""
        parts = (event.kind, event.action, event.subject, event.path, event.actor, time, event.detail.partition(";")[0])
        key = "\0".join(parts)
        seen[key] = seen.get(key, 0) + 1
        name = f"{key}\0{seen[key]}".encode("utf-8", "backslashreplace").decode()
        found.append((name, event))
    return iter(found[::-1][:MOST])


def _entry(root: Element, name: str, event: Event, catalogue: Catalogue, link: str) -> None:
    entry = SubElement(root, "entry")
    SubElement(entry, "id").text = name
    SubElement(entry, "title").text = _text(_title(event, catalogue))
    SubElement(entry, "updated").text = _moment(event.at)
    if event.actor:
        known = catalogue.registry.people.get(event.actor)
        SubElement(SubElement(entry, "author"), "name").text = _text(known.name if known else event.actor)
    SubElement(entry, "category", term=event.kind)
    SubElement(entry, "link", rel="alternate", type="text/html", href=link)
    SubElement(entry, "summary").text = _text(_summary(event))


def _title(event: Event, catalogue: Catalogue) -> str:
    model = catalogue.registry.models.get(event.model)
    name = model.record.name if model else event.model
    subject = f"{name} {event.subject.partition('@')[2]}".strip() or "The registry"
    return f"{subject}: {event.action.replace('-', ' ')}"


def _summary(event: Event) -> str:
    judged = {True: "verified", False: "does not count", None: "not verified"}[event.counts]
    said = f"{event.assurance}, {judged}" if event.assurance else ""
    return "; ".join(part for part in (event.kind, event.detail, said) if part)


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(value: str) -> str:
    """Text without the characters that XML 1.0 has no way to write."""
    return "".join(
        c for c in value if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
