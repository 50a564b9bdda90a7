"""The policy in words, and what a change of it does, as text, Markdown and JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from accredit.policies.change import Effect, PolicyChange
from accredit.policies.telling import Chapter
from accredit.policies.words import listed, plural
from accredit.reports.plain import one_line
from accredit.reports.tool import NAME, VERSION

FORMAT = 1
_WIDTH = 100
_NAMED = 5
"""Subjects that are named in a line; all are in JSON."""
_MARKUP = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|"})


def chapters_text(chapters: Sequence[Chapter]) -> str:
    """Chapters with a line under their titles, and sentences as items."""
    return "\n".join(_text_chapter(chapter) for chapter in chapters)


def _text_chapter(chapter: Chapter) -> str:
    title = one_line(chapter.title)
    items = (
        textwrap.fill(one_line(s), _WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
        for s in chapter.sentences
    )
    return "\n".join([title, "-" * len(title), *items, ""])


def chapters_markdown(title: str, chapters: Sequence[Chapter]) -> str:
    """Chapters under headings. Text from the registry is never markup."""
    lines = [f"# {_plain(title)}", ""]
    for chapter in chapters:
        lines += [f"## {_plain(chapter.title)}", "", *(f"- {_plain(s)}" for s in chapter.sentences), ""]
    return "\n".join(lines)


def chapters_json(chapters: Sequence[Chapter], model: str) -> str:
    """One JSON object. A new key does not change the format's version."""
    return _object({"model": model or None, "chapters": [asdict(chapter) for chapter in chapters]})


def change_text(change: PolicyChange, base: str) -> str:
    """What changed, then what it does, a line each."""
    return "".join(f"{one_line(line)}\n" if line else "\n" for line in _change_lines(change, base, "{}", "  {}"))


def change_markdown(change: PolicyChange, base: str) -> str:
    """The same with headings and lists."""
    lines = _change_lines(change, base, "## {}", "- {}")
    return "".join(f"{line}\n" for line in _marked(lines))


def _marked(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        mark, _, text = line.partition(" ") if line.startswith(("## ", "- ")) else ("", "", line)
        yield f"{mark} {_plain(text)}".strip()
        if mark == "##":
            yield ""


def change_json(change: PolicyChange, base: str) -> str:
    """One JSON object with every effect. A new key does not change the format's version."""
    content = {
        "base": base,
        "as_of": change.as_of.isoformat(),
        "models": change.models,
        "versions": change.versions,
        "fields": [asdict(field) for field in change.fields],
        "effects": [asdict(effect) for effect in change.effects],
    }
    return _object(content)


def _object(content: dict[str, object]) -> str:
    return json.dumps({"format": FORMAT, "tool": {"name": NAME, "version": VERSION}, **content}, indent=2) + "\n"


def _change_lines(change: PolicyChange, base: str, heading: str, item: str) -> Iterator[str]:
    if not change.fields:
        yield f"The policy says the same as in {base}."
        return
    yield heading.format(f"What changed since {base}")
    for field in change.fields:
        yield item.format(field_in_words(field.field, field.before, field.after))
    yield ""
    judged = f"{plural(change.models, 'model')} and {plural(change.versions, 'version')} on {change.as_of}"
    yield heading.format(f"What it does to {judged}")
    groups = _groups(change.effects)
    for (what, before, after), subjects in groups.items():
        more = f" and {len(subjects) - _NAMED} more" if len(subjects) > _NAMED else ""
        named = ", ".join(subjects[:_NAMED]) if more else listed(subjects)
        yield item.format(f"{what}: {before} -> {after}: {named}{more}")
    if not groups:
        yield item.format("Nothing: every tier, profile, signature, gate and rule comes to the same.")


def field_in_words(name: str, before: str | None, after: str | None) -> str:
    """What became of a field."""
    if before is None:
        return f"{name}: new, {after}"
    return f"{name}: no longer there, it was {before}" if after is None else f"{name}: {before} -> {after}"


def _groups(effects: Sequence[Effect]) -> dict[tuple[str, str, str], list[str]]:
    """What changed alike, to those for whom it did; what is asked first, then gates, then rules."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for effect in sorted(effects, key=_order):
        found.setdefault((effect.what, effect.before, effect.after), []).append(effect.subject)
    return found


def _order(effect: Effect) -> tuple[int, str, str, str, str]:
    kinds = ("tier", "profile", "signatures", "stage", "gate")
    kind = effect.what.partition(" ")[0]
    rank = kinds.index(kind) if kind in kinds else len(kinds)
    return (rank, effect.what, effect.before, effect.after, effect.subject)


def _plain(text: str) -> str:
    return one_line(text).translate(_MARKUP)
