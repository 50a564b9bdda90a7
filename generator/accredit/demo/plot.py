"""The story: what landed when, and by whom. It follows from what the files of the finished registry say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accredit.demo.past import BEGIN, END, as_of, latest, turns
from accredit.demo.titles import title
from accredit.domain.content import NOT_CONTENT
from accredit.domain.paths import EntryPath, dataset_path, features_path, model_path, parse_path, version_path
from accredit.history.governance import governs
from accredit.loading.yaml import parse

Files = Mapping[str, bytes]
GOVERNOR = "claire-dubois"
"""Who asks for changes of people and policy."""
_BOARD = "rosa-jimenez"
_BOT = "training-bot"
_TIMES = {
    "transition": "requested_at",
    "approval": "time",
    "closing": "time",
    "validation": "date",
    "deployment": "deployed_at",
    "monitoring": "observed_at",
    "evaluation": "at",
    "waiver": "granted",
    "hold": "issued",
    "incident": "detected_at",
    "record": "created",
}
"""Kind of a file to its field that says when it was written; of others it is the last time that they name."""
_WRITERS = ("requested_by", "reviewer", "deployed_by", "issued_by", "detected_by", "by", "owner")
_SHORTLY = dt.timedelta(minutes=5)
_BEFORE_TRAINING = dt.timedelta(days=3)
_AFTER_PERIOD = dt.timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Scene:
    """One landing: files as they were then."""

    at: dt.datetime
    by: str
    message: str
    files: Files


@dataclass(frozen=True)
class Plot:
    """What led to a finished registry."""

    finished: Files

    def scenes(self) -> list[Scene]:
        """Every landing, oldest first."""
        found = [*self._governance(), *self._records()]
        for path, known in self._entries.items():
            if known.kind not in ("registry", "policy", "person", "model", "dataset", "features"):
                found += self._life([path], self._told_at(path, known), self._writer(path, known))
        return sorted(found, key=lambda scene: (scene.at, scene.message.startswith("Deploy"), min(scene.files)))

    @cached_property
    def _entries(self) -> Mapping[str, EntryPath]:
        return {path: known for path in sorted(self.finished) if (known := parse_path(path))}

    @cached_property
    def _facts(self) -> Mapping[str, Mapping[str, Any]]:
        return {path: parse(self.finished[path]).data for path in self._entries}

    def _governance(self) -> Iterator[Scene]:
        """The beginning, and every change of people and policy since."""
        ruled = [path for path in self.finished if governs(path)]
        known = {path: text for path in ruled if (text := as_of(path, self.finished[path], BEGIN))}
        beside = {p: self.finished[p] for p in self.finished if p == "registry.yaml" or p not in self._entries}
        yield Scene(BEGIN, _BOARD, "Start the registry: its policy and its people", {**beside, **known})
        for at in sorted({at for path in ruled for at in turns(path, self.finished[path]) if BEGIN < at <= END}):
            now = {path: text for path in ruled if (text := as_of(path, self.finished[path], at))}
            if changed := {path: text for path, text in now.items() if known.get(path) != text}:
                yield Scene(at, GOVERNOR, title(changed, known), changed)
            known = now

    def _records(self) -> Iterator[Scene]:
        """Models with the data that their versions are made from, each before it is first needed."""
        landed: set[str] = set()
        versions = [p for p, known in self._entries.items() if known.kind == "version"]
        for path in sorted(versions, key=lambda p: self._facts[p]["trained"]["at"]):
            known, facts = self._entries[path], self._facts[path]
            at, model = facts["trained"]["at"] - _BEFORE_TRAINING, model_path(known.model)
            new = [p for p in self._data_of(facts) if p not in landed]
            new += [p for p in self._made_from(landed | set(new)) if p not in landed]
            if new:
                yield from self._life(new, at, self._maker(known), f"the data of {known.model}")
            if model not in landed:
                yield from self._life([model], at, self._facts[model]["owner"])
            landed |= {model, *new}

    def _data_of(self, version: Mapping[str, Any]) -> list[str]:
        """The data that a version names, and all that this was made from."""
        named = [features_path(use["features"]) for use in version.get("features", ())]
        waiting = [dataset_path(use["dataset"]) for use in version["datasets"]]
        while waiting:
            path = waiting.pop()
            named.append(path)
            derived = self._facts[path].get("derived_from") or {}
            waiting += [p for use in derived.get("inputs", ()) if (p := dataset_path(use["dataset"])) not in named]
        return named

    def _made_from(self, landed: set[str]) -> list[str]:
        """Data that no version names, made from data that is there, such as what a version was tried on in use."""
        found = []
        for path in sorted(set(self._entries) - self._named):
            derived = self._facts[path].get("derived_from") if self._entries[path].kind == "dataset" else None
            if derived and {dataset_path(use["dataset"]) for use in derived["inputs"]} <= landed:
                found.append(path)
        return found

    @cached_property
    def _named(self) -> set[str]:
        """The data of every version."""
        versions = (facts for path, facts in self._facts.items() if self._entries[path].kind == "version")
        return {path for facts in versions for path in self._data_of(facts)}

    def _life(self, paths: list[str], at: dt.datetime, writer: str, named: str = "") -> Iterator[Scene]:
        """Files that somebody writes together, from the beginning on, with every change of them."""
        before: Files = {}
        later = (self._quiet(p, turn) for p in paths for turn in turns(p, self.finished[p]) if at < turn <= END)
        for moment in sorted({at, *later}):
            now = {p: text for p in paths if (text := as_of(p, self.finished[p], moment))}
            if changed := {p: text for p, text in now.items() if before.get(p) != text}:
                told = f"Bring {named} up to date" if before else f"Describe {named}"
                yield Scene(moment, writer, told if named else title(changed, before), changed)
            before = now

    def _quiet(self, path: str, at: dt.datetime) -> dt.datetime:
        """The next time at which nobody is about to sign for a version that may rest on the file."""
        known = self._entries[path]
        if known.kind not in ("model", "dataset"):
            return at
        asked = (times for model, of_it in self._asked.items() if known.model in ("", model) for times in of_it)
        for begin, end in sorted(asked):
            if begin <= at <= end:
                at = end + _SHORTLY
        return at

    @cached_property
    def _asked(self) -> Mapping[str, list[tuple[dt.datetime, dt.datetime]]]:
        """Model to the times from each request to its last sign-off."""
        found: dict[str, list[tuple[dt.datetime, dt.datetime]]] = {p.model: [] for p in self._entries.values()}
        for path, known in self._entries.items():
            if known.kind == "transition":
                signed = [self._facts[p]["time"] for p in self._beside(path, "approvals/")]
                asked = self._facts[path]["requested_at"]
                found[known.model].append((asked, max([asked, *signed])))
        return {model: sorted(times) for model, times in found.items()}

    def _beside(self, path: str, name: str) -> Iterable[str]:
        folder = f"{path.rpartition('/')[0]}/{name}"
        return (p for p in self._entries if p.startswith(folder))

    def _told_at(self, path: str, known: EntryPath) -> dt.datetime:
        facts = self._facts[path]
        if known.kind == "version":
            return _instant(facts["trained"]["at"])
        if known.kind == "decisions":
            return _instant(facts["period_to"]) + _AFTER_PERIOD
        at = _instant(facts[_TIMES[known.kind]]) if known.kind in _TIMES else latest(self.finished[path])
        folder = version_path(known.model, known.version, "")
        if not known.version or path.removeprefix(folder).startswith(NOT_CONTENT):
            return at
        if known.kind == "card":
            made = [self._facts[p]["at"] for p in self._beside(path, "evaluations/")]
            at = max(at if "reviewed" in facts else BEGIN, *made) + _SHORTLY
        asked = [begin for begin, _ in self._asked_of(folder)]
        return min([at, *(begin - _SHORTLY for begin in asked)])

    def _asked_of(self, folder: str) -> list[tuple[dt.datetime, str]]:
        """The requests of a version, oldest first: when, and by whom."""
        requests = (self._facts[p] for p in self._entries if p.startswith(f"{folder}transitions/") and "request.y" in p)
        return sorted((r["requested_at"], r["requested_by"]) for r in requests)

    def _maker(self, known: EntryPath) -> str:
        """Who works on a version: whoever asks for its moves, else the deputy of the owner."""
        asked = self._asked_of(version_path(known.model, known.version, ""))
        model = self._facts[model_path(known.model)]
        return asked[0][1] if asked else str(model.get("deputy", model["owner"]))

    def _writer(self, path: str, known: EntryPath) -> str:
        if known.kind in ("version", "evaluation", "monitoring", "decisions"):
            return _BOT
        if known.kind == "card":
            return self._maker(known)
        facts = self._facts[path]
        return next((str(facts[name]) for name in _WRITERS if name in facts), _BOT)


def _instant(value: dt.date) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time(8), dt.UTC)
