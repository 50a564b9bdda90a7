"""The comment on a pull request: what it proposes, what comes of it, and who must still sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from accredit.comparison.baseline import last_approved
from accredit.comparison.compare import Comparison, Row, compare
from accredit.comparison.reading import sheet_of
from accredit.domain.paths import parse_path
from accredit.findings import Finding, Severity
from accredit.impact import affected_by
from accredit.policies.change import Effect
from accredit.policies.words import plural
from accredit.proposals.baseline import Baseline
from accredit.proposals.contents import Item, field_differences, items
from accredit.proposals.proposal import Proposal, plainly
from accredit.proposals.wanted import Wanted, wanted
from accredit.reports.lineage import Part, mermaid
from accredit.reports.markdown import Section, code, codes, fitted, row, table
from accredit.reports.tool import VERSION

LIMITS = {"github": 65_536, "gitlab": 1_000_000}
"""Forge to the characters that a comment may have."""
MARKER = "<!-- accredit:proposal"
"""How the first line begins, by which a bot finds its own comment."""
_MEASURED = ("metrics", "fairness", "slices")
_APART = (*_MEASURED, "gates", "rules")
_COLUMNS = ("Measure", "Before", "Now", "Difference")
_OPEN = 8
"""Most entries of a section that stand open, where what matters most is told elsewhere."""
_CHARTS, _NODES = 3, 40
"""Most charts in a comment, and most nodes in one: a larger one nobody reads."""


def report(proposal: Proposal, root: str, *, preview: str = "", limit: int = LIMITS["github"]) -> str:
    """The comment in Markdown.

    Args:
        proposal: What is proposed.
        root: Goes before every path of a finding, as in `registry/`.
        preview: Address of the site as it would be; empty without one.
        limit: The characters that a comment may have.
    """
    baseline, missing = proposal.baseline(lambda assessment: assessment), wanted(proposal)
    compared = tuple(_comparisons(proposal))
    lead = (f"{code(_versions(compared[0]))}:", "") if len(compared) == 1 else ()
    measures, columns = _measures(compared), table(*(() if lead else ("Version",)), *_COLUMNS)
    sections = (
        Section("What is proposed", tuple(_item(i) for i in items(proposal)), see="git diff --stat"),
        Section("Signatures that are missing", tuple(_wanted(w) for w in missing), see="accredit status"),
        Section("New findings", tuple(_finding(f, root, baseline) for f in baseline.caused), see="accredit check"),
        Section("Gates", tuple(_gates(proposal)), table("Version", "Gate", "Before", "Now"), "accredit check"),
        Section("Measures that are worse or gone", measures[True], (*lead, *columns), "accredit diff"),
        Section("Other measures", measures[False], (*lead, *columns), "accredit diff", fold=_OPEN),
        Section("Fields", (*_entries(proposal), *_texts(compared)), lead, "accredit diff", fold=_OPEN),
        Section("What the change of people and policy does", tuple(_blast(proposal)), see="accredit policy diff"),
        Section("What hangs on the changed data", tuple(_reach(proposal)), see="accredit impact"),
        Section("Lineage", tuple(_charts(proposal)), see="accredit lineage"),
    )
    return fitted(_head(proposal, baseline, len(missing), preview), sections, limit)


def _head(proposal: Proposal, baseline: Baseline, missing: int, preview: str) -> str:
    """The verdict, which is never cut, whatever the rest says."""
    identity = (proposal.judge or proposal.after.registry).identity
    found = Counter(f.severity for f in baseline.caused)
    grave = found[Severity.BLOCKER] + found[Severity.ERROR]
    stands = f"{plural(grave, 'new finding')} against it" if grave else "nothing new against it"
    open_ = f", {plural(missing, 'signature')} missing" if missing else ""
    counts = ", ".join(plural(found[s], s.label) for s in sorted(Severity, reverse=True) if found[s]) or "none"
    apart = f"; {len(baseline.elsewhere):,} of them in files that it leaves alone" if baseline.elsewhere else ""
    lines = [
        f"{MARKER} {identity.id if identity else 'unknown'} -->",
        f"## Model registry: {stands}{open_}",
        "",
        f"- New findings: {counts}{apart}. As before: {len(baseline.unchanged):,}. Gone: {len(baseline.gone):,}.",
        *(f"- **Note:** {code(note, 600)}" for note in proposal.notes),
        f"- Judged by the people and policy of {_base(proposal)}, as of {proposal.as_of}, by accredit {code(VERSION)}.",
        *([f"- [Preview of the site](<{preview}>)"] if preview else []),
    ]
    return "\n".join(lines) + "\n"


def _base(proposal: Proposal) -> str:
    whose = "its own, for want of one in " if proposal.judges_itself else ""
    return f"{whose}{code(proposal.revision)} at {code(proposal.commit[:12])}"


def _item(item: Item) -> str:
    told = f": {code(item.told)}" if item.told else ""
    return f"- {item.what} {code(item.name or item.path.path)}{told}"


def _wanted(one: Wanted) -> str:
    people = codes(one.people) if one.people else "nobody who may"
    who = f"{code(one.role)} ({people})" if one.people or one.role != "whoever proposes it" else one.role
    return f"- {code(one.subject)}: {who}, with {code(one.command)}"


def _finding(finding: Finding, root: str, baseline: Baseline) -> str:
    notes = [finding.severity.label]
    notes += ["graver than before"] if finding in baseline.worse else []
    notes += ["in a file that is left alone"] if finding in baseline.elsewhere else []
    about = f" {code(finding.subject)}" if finding.subject else ""
    place = code(f"{root}{finding.location}", 300)
    return (
        f"- **{finding.code}** ({', '.join(notes)}){about} at {place}:\n"
        f"  {code(finding.message, 400)}\n  {code(finding.help, 300)}"
    )


def _gates(proposal: Proposal) -> Iterator[str]:
    for effect in proposal.gates:
        yield row(code(effect.subject), code(effect.what), code(effect.before), code(effect.after, 300))
    known = proposal.was.lifecycles if proposal.was else {}
    for key in proposal.now.lifecycles:
        for move, gate in proposal.now.version(key).gates.items() if key not in known else ():
            state = "open" if gate.is_open else f"closed by {', '.join(gate.blocking)}"
            yield row(code(key), code(f"gate {move}"), "new", code(state, 300))


def _comparisons(proposal: Proposal) -> Iterator[Comparison]:
    """Each touched version against itself before; a new one against the last that was approved, if any."""
    context, was = proposal.now.context, proposal.was
    if context is None:
        return
    paths = (parse_path(path) for path in proposal.touched)
    for key in sorted({f"{p.model}@{p.version}" for p in paths if p and p.version}):
        if key not in proposal.now.lifecycles:
            continue
        after = proposal.now.version(key)
        if was is not None and was.context is not None and key in was.lifecycles:
            before = sheet_of(was.version(key), was.context)
        elif (approved := last_approved(context, after.version)) is not None:
            before = sheet_of(proposal.now.version(approved.key), context)
        else:
            continue
        yield compare(before, sheet_of(after, context))


def _measures(compared: tuple[Comparison, ...]) -> Mapping[bool, tuple[str, ...]]:
    """Rows of measures, apart for those that are worse or gone."""
    found: dict[bool, list[str]] = {True: [], False: []}
    for one in compared:
        for r in (r for section in one.sections if section.id in _MEASURED for r in section.rows):
            worse = r.after is None or (r.numbers is not None and r.numbers.verdict == "worse")
            cells = (code(f"{r.where}: {r.name}"), *_both(r), _difference(r))
            found[worse].append(row(*_named(one, compared), *cells))
    return {worse: tuple(rows) for worse, rows in found.items()}


def _named(one: Comparison, compared: tuple[Comparison, ...]) -> tuple[str, ...]:
    """Which versions are compared, where there are several pairs; a single one is named above its section."""
    return (code(_versions(one)),) if len(compared) > 1 else ()


def _difference(r: Row) -> str:
    said = [r.numbers.words] if r.numbers else []
    return code("; ".join([*said, *(t.rstrip(".") for t in r.told)]), 300) if said or r.told else "-"


def _both(r: Row) -> tuple[str, str]:
    return tuple(code(v) if v is not None else "not there" for v in (r.before, r.after))  # type: ignore[return-value]


def _versions(one: Comparison) -> str:
    return one.after if one.before == one.after else f"{one.before} -> {one.after}"


def _texts(compared: tuple[Comparison, ...]) -> Iterator[str]:
    for one in compared:
        for section in one.sections:
            for r in section.rows if section.id not in _APART else ():
                before, after = _both(r)
                what = code(f"{r.where} {r.name}".strip())
                yield f"- {' '.join((*_named(one, compared), what))}: {before} → {after}"


def _entries(proposal: Proposal) -> Iterator[str]:
    for d in field_differences(proposal):
        before, after = (code(v) if v is not None else "not there" for v in (d.before, d.after))
        yield f"- {code(d.path)} {code(d.field)}: {before} → {after}"


def _blast(proposal: Proposal) -> Iterator[str]:
    if not proposal.governance:
        return
    if proposal.blast is None:
        yield "- It cannot be told: there is no policy on both sides that can be read."
        return
    judged = f"{plural(proposal.blast.models, 'model')} and {plural(proposal.blast.versions, 'version')}"
    found: dict[tuple[str, str, str], list[str]] = {}
    for effect in map(plainly, proposal.blast.effects):
        found.setdefault((effect.what, effect.before, effect.after), []).append(effect.subject)
    yield f"- Of {judged}, {len({e.subject for e in proposal.blast.effects}):,} would come to another result."
    for (what, before, after), subjects in sorted(found.items()):
        yield f"- {code(what)}: {code(before)} → {code(after, 300)} for {codes(subjects)}"


def _reach(proposal: Proposal) -> Iterator[str]:
    gates: dict[str, list[Effect]] = {}
    for effect in proposal.gates:
        gates.setdefault(effect.subject, []).append(effect)
    for node in _data(proposal):
        reached = [a for a in affected_by(node, proposal.now) if a.node.kind == "version"]
        running = sum(a.stage == "production" for a in reached)
        names = [a.node.id.partition(":")[2] for a in reached]
        closing = sum(e.before != e.after for name in names for e in gates.get(name, ()))
        reach = f"{plural(len(reached), 'version')}, {running:,} in production; {plural(closing, 'gate')} changed"
        yield f"- {code(node.replace(':', ' ', 1))} reaches {reach}{f': {codes(names)}' if names else ''}"


def _data(proposal: Proposal) -> Iterator[str]:
    for path in proposal.touched:
        known = parse_path(path)
        if known and known.kind in ("dataset", "features") and f"{known.kind}:{known.id}" in proposal.now.lineage.nodes:
            yield f"{known.kind}:{known.id}"


def _charts(proposal: Proposal) -> Iterator[str]:
    paths = (parse_path(path) for path in proposal.touched)
    versions = dict.fromkeys(f"version:{p.model}@{p.version}" for p in paths if p and p.version)
    known = [n for n in (*versions, *_data(proposal)) if n in proposal.now.lineage.nodes]
    for node in known[:_CHARTS]:
        parts = (Part(proposal.now.lineage, node, depth=depth) for depth in (3, 2, 1))
        fitting = next((part for part in parts if len(part.nodes) <= _NODES), None)
        if fitting is not None:
            yield f"{code(node.replace(':', ' ', 1))}\n\n```mermaid\n{mermaid(fitting)}```\n"
