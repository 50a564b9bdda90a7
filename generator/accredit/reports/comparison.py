"""What differs between two versions, as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from accredit.comparison.compare import Comparison, Row, Section
from accredit.comparison.prose import Part
from accredit.policies.words import plural
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1
_WIDTH = 100
_CONTEXT = 6
"""Unchanged words that are shown on either side of a change."""
_MARKUP = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|~"})
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
_RICH = {"same": ("", ""), "removed": ("~~", "~~"), "added": ("**", "**")}


def text(comparison: Comparison) -> str:
    """Section by section, the most telling first. Words in `[- -]` are gone, those in `{+ +}` are new."""
    lines = [f"{comparison.before} -> {comparison.after}", *section_lines(comparison)]
    return "\n".join(lines) + "\n"


def section_lines(comparison: Comparison, most: int | None = None) -> Iterator[str]:
    """The sections in which something differs, then what is the same.

    Args:
        comparison: What differs.
        most: Rows of a section that are shown; None for all.
    """
    for section in comparison.sections:
        if section.rows:
            yield ""
            yield _heading(section)
            yield from (f"  {one_line(note)}" for note in section.notes)
            for row in section.rows[:most]:
                yield from (f"  {line}" for line in _row(row))
            if most is not None and len(section.rows) > most:
                yield f"  and {len(section.rows) - most} more"
    yield ""
    yield _rest(comparison)


def _heading(section: Section) -> str:
    same = f", {section.same} the same" if section.same else ""
    return f"{section.title} ({plural(len(section.rows), 'difference')}{same})"


def _rest(comparison: Comparison) -> str:
    quiet = [s.title.lower() for s in comparison.sections if not s.rows]
    if comparison.is_empty:
        return "Nothing differs."
    return f"Nothing differs in: {', '.join(quiet)}." if quiet else "Something differs in every section."


def _row(row: Row) -> Iterator[str]:
    name = one_line(f"{row.where}: {row.name}" if row.where else row.name)
    if row.before is None or row.after is None:
        mark, value = ("+", row.after) if row.before is None else ("-", row.before)
        yield f"{mark} {name}: {_shown(value or '')}"
    elif row.parts:
        yield f"~ {name}: {_words(row.parts, _MARKS)}"
    else:
        found = f" ({row.numbers.words})" if row.numbers else ""
        yield f"~ {name}: {_shown(row.before)} -> {_shown(row.after)}{found}"
    yield from (f"    {one_line(sentence)}" for sentence in row.told)


def _shown(value: str) -> str:
    said = one_line(" ".join(value.split()))
    return said if len(said) <= _WIDTH else f"{said[: _WIDTH - 3]}..."


def _words(parts: Sequence[Part], marks: dict[str, tuple[str, str]], *, rich: bool = False) -> str:
    """The changes with a few words around each."""
    shown = []
    for place, (kind, said) in enumerate(parts):
        words = said.split()
        if kind == "same":
            words = _around(words, is_first=place == 0, is_last=place == len(parts) - 1)
        start, end = marks[kind]
        told = one_line(" ".join(words))
        shown.append(f"{start}{told.translate(_MARKUP) if rich else told}{end}" if words else "")
    return " ".join(filter(None, shown))


def _around(words: list[str], *, is_first: bool, is_last: bool) -> list[str]:
    head = [] if is_first else words[:_CONTEXT]
    tail = [] if is_last else words[len(words) - _CONTEXT :] if len(words) > _CONTEXT else words
    if len(words) <= (0 if is_first or is_last else _CONTEXT) + _CONTEXT:
        return words
    return [*head, "...", *tail]


def markdown(comparison: Comparison) -> str:
    """Headings and lists, for a comment on a pull request. Text of the registry is never markup."""
    lines = [f"# {_plain(comparison.before)} -> {_plain(comparison.after)}", ""]
    for section in comparison.sections:
        if section.rows:
            lines += [f"## {_heading(section)}", ""]
            lines += [f"{_plain(note)}\n" for note in section.notes]
            lines += [line for row in section.rows for line in _item(row)] + [""]
    return "\n".join([*lines, _rest(comparison)]) + "\n"


def _item(row: Row) -> Iterator[str]:
    name = f"**{_plain(row.name)}**" + (f" ({_plain(row.where)})" if row.where else "")
    if row.parts and row.before is not None and row.after is not None:
        yield f"- {name}: {_words(row.parts, _RICH, rich=True)}"
    else:
        before, after = (_plain(_shown(v)) if v is not None else "not there" for v in (row.before, row.after))
        found = f", {row.numbers.words}" if row.numbers else ""
        yield f"- {name}: {before} → {after}{found}"
    yield from (f"    - {_plain(sentence)}" for sentence in row.told)


def as_json(comparison: Comparison) -> str:
    """One JSON object with every value in full. A new key does not change the format's version."""
    sections = [{**asdict(s), "rows": [_object(r) for r in s.rows]} for s in comparison.sections]
    content = {
        "format": FORMAT,
        "tool": {"name": NAME, "version": VERSION},
        "before": comparison.before,
        "after": comparison.after,
        "sections": sections,
    }
    return json.dumps(content, indent=2) + "\n"


def _object(row: Row) -> dict[str, object]:
    values = asdict(row) | {"parts": [part._asdict() for part in row.parts]}
    if row.numbers:
        values["numbers"] = {**asdict(row.numbers), "clear": row.numbers.clear}
    return values


def _plain(value: str) -> str:
    return one_line(value).translate(_MARKUP)
