"""Two sheets side by side: what differs, section by section. Nothing differs between a sheet and itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from accredit.comparison.measures import Numbers, numbers, telling
from accredit.comparison.numbers import reading
from accredit.comparison.prose import Part, parts
from accredit.comparison.sheet import Entry, Evaluated, Measure, Ruling, Sheet

_QUIET = frozenset({"pass", "not applicable"})
PROSE = 80
"""Characters from which on a text is compared word by word."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that differs. None stands for what is not there."""

    name: str
    where: str
    before: str | None
    after: str | None
    parts: tuple[Part, ...] = ()
    """For prose: both texts as one."""
    numbers: Numbers | None = None
    """For a measure that has a value in both."""
    told: tuple[str, ...] = ()
    """What to know of it, in sentences."""


@dataclass(frozen=True, slots=True)
class Section:
    """What differs of one kind, and how much is the same."""

    id: str
    title: str
    rows: tuple[Row, ...]
    same: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions. Sections in which nothing differs have no rows."""

    before: str
    """`model@version`."""
    after: str
    sections: tuple[Section, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not any(section.rows for section in self.sections)


def compare(before: Sheet, after: Sheet) -> Comparison:
    """What differs, the second against the first."""
    named = _named(before.evaluations, after.evaluations)
    before = _renamed(before, named)
    data = tuple(_data_notes(before.evaluations, after.evaluations)) if before.key != after.key else ()
    return Comparison(
        before.key,
        after.key,
        (
            _measured("metrics", "Metrics", before.metrics, after.metrics, data),
            _measured("fairness", "Fairness", before.fairness, after.fairness, data),
            _measured("slices", "Metrics by group", before.slices, after.slices, data),
            Section("gates", "Gates", *_texts(before.gates, after.gates, None)),
            Section("rules", "Rules", *_rules(before.rules, after.rules)),
            Section("data", "Data", *_texts(before.data, after.data)),
            Section("hyperparameters", "Hyperparameters", *_texts(before.hyperparameters, after.hyperparameters)),
            Section("card", "Model card", *_texts(before.card, after.card)),
            Section("fields", "Other fields", *_texts(before.fields, after.fields)),
        ),
    )


def _named(before: Sequence[Evaluated], after: Sequence[Evaluated]) -> Mapping[str, str]:
    """Evaluations before to those after that stand in their place: by name, else as the only ones on a split."""
    names = {e.id: e.id for e in before if any(e.id == other.id for other in after)}
    old, new = ([e for e in found if e.id not in names] for found in (before, after))
    for e in old:
        alike = [other for other in new if other.split == e.split]
        if len(alike) == 1 and sum(other.split == e.split for other in old) == 1:
            names[e.id] = alike[0].id
    return names


def _renamed(sheet: Sheet, names: Mapping[str, str]) -> Sheet:
    moved = {f"evaluations/{old}.yaml": f"evaluations/{new}.yaml" for old, new in names.items()}
    return replace(
        sheet,
        evaluations=tuple(replace(e, id=names.get(e.id, e.id)) for e in sheet.evaluations),
        metrics=tuple(replace(m, evaluation=names.get(m.evaluation, m.evaluation)) for m in sheet.metrics),
        fairness=tuple(replace(m, evaluation=names.get(m.evaluation, m.evaluation)) for m in sheet.fairness),
        fields=tuple(replace(f, where=moved.get(f.where, f.where)) for f in sheet.fields),
    )


def _data_notes(before: Sequence[Evaluated], after: Sequence[Evaluated]) -> Iterator[str]:
    """Whether numbers of an evaluation were measured on the same data in both."""
    known = {e.id: e for e in before}
    for new in after:
        old = known.get(new.id)
        if old is None:
            continue
        place = f"{new.dataset}, {new.split}"
        if (old.dataset, old.split) != (new.dataset, new.split):
            was = f"{old.dataset}, {old.split}"
            yield f"{new.id}: measured on other data ({was}; then {place}): a difference may come from it."
        elif not (old.sha256 and new.sha256):
            yield f"{new.id}: measured on {place}; no digest says whether it was the same data."
        elif old.sha256 == new.sha256:
            yield f"{new.id}: measured on the same data ({place}), so intervals of differences are rather too wide."
        else:
            yield f"{new.id}: measured on {place}, whose content is another: a difference may come from the data."


def _texts(before: Iterable[Entry], after: Iterable[Entry], prose: int | None = PROSE) -> tuple[tuple[Row, ...], int]:
    old, new = ({(e.where, e.name): e.value for e in found} for found in (before, after))
    rows, same = [], 0
    for where, name in dict.fromkeys([*new, *old]):
        row = _text(name, where, old.get((where, name)), new.get((where, name)), prose)
        rows += [row] if row else []
        same += row is None
    return tuple(rows), same


def _text(name: str, where: str, before: str | None, after: str | None, prose: int | None) -> Row | None:
    if before == after:
        return None
    is_prose = prose is not None and max(len(before or ""), len(after or "")) > prose
    found = parts(before or "", after or "") if is_prose else ()
    return None if is_prose and not found else Row(name, where, before, after, found)


def _measured(
    name: str, title: str, before: Sequence[Measure], after: Sequence[Measure], data: tuple[str, ...]
) -> Section:
    rows, same = _measure_rows(before, after)
    return Section(name, title, rows, same, (*(data if rows else ()), *_untold(before, after)))


def _measure_rows(before: Iterable[Measure], after: Iterable[Measure]) -> tuple[tuple[Row, ...], int]:
    old, new = ({(m.evaluation, m.name): m for m in found} for found in (before, after))
    rows, same = [], 0
    for key in dict.fromkeys([*new, *old]):
        one, other = old.get(key), new.get(key)
        if one == other:
            same += one is not None and one.value is not None
            continue
        found = numbers(one, other) if one and other else None
        shown = [reading(m) if m else None for m in (one, other)]
        rows.append(Row(key[1], key[0], shown[0], shown[1], numbers=found, told=tuple(telling(one, other, found))))
    return tuple(rows), same


def _untold(before: Iterable[Measure], after: Iterable[Measure]) -> Iterator[str]:
    """What nobody can compare, because neither has a value."""
    untold = {(m.evaluation, m.name) for m in before if m.value is None}
    found = [m.name for m in after if m.value is None and (m.evaluation, m.name) in untold]
    if found:
        yield f"Without a value in both, so not compared: {', '.join(found)}."


def _rules(before: Iterable[Ruling], after: Iterable[Ruling]) -> tuple[tuple[Row, ...], int]:
    old, new = ({r.code: r for r in found} for found in (before, after))
    rows, same = [], 0
    for code in dict.fromkeys([*new, *old]):
        one, other = old.get(code), new.get(code)
        if one and other and one.outcome == other.outcome:
            same += 1
        else:
            shown = [r.outcome if r else None for r in (one, other)]
            rows.append(Row(code, "", shown[0], shown[1], told=other.why if other else ()))
    return tuple(sorted(rows, key=_gravity)), same


def _gravity(row: Row) -> int:
    """What does not hold now comes first, then what did not hold before."""
    troubled = [state is not None and state not in _QUIET for state in (row.after, row.before)]
    return 0 if troubled[0] else 1 if troubled[1] else 2
