"""What became of findings since a base."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from accredit.findings import Finding, Location, Severity
from accredit.proposals.baseline import baseline_of

TOUCHED = "models/a/model.yaml"
APART = "models/b/model.yaml"
FOUND = Finding(Location(TOUCHED, 4, 1, ("owner",)), "OWN101", "nobody owns it", "Name a person.", Severity.ERROR, "a")
FINDINGS = st.builds(
    Finding,
    st.builds(
        Location,
        st.sampled_from([TOUCHED, APART]),
        st.integers(0, 3),
        st.just(0),
        st.sampled_from([(), ("owner",), ("parts", 1)]),
    ),
    st.sampled_from(["OWN101", "REG001"]),
    st.sampled_from(["2 things", "3 things"]),
    st.just("Do it."),
    st.sampled_from(list(Severity)),
)
LISTS = st.lists(FINDINGS, unique=True, max_size=8).map(sorted)


def test_a_finding_whose_line_moved_is_the_same() -> None:
    moved = replace(FOUND, location=replace(FOUND.location, line=40))
    found = baseline_of([FOUND], [moved], frozenset({TOUCHED}))
    assert (found.caused, found.unchanged, found.gone) == ((), (moved,), ())


def test_a_finding_that_became_graver_counts_as_caused() -> None:
    graver = replace(FOUND, severity=Severity.BLOCKER)
    found = baseline_of([FOUND], [graver], frozenset())
    assert (found.new, found.worse, found.caused) == ((), (graver,), (graver,))
    assert found.elsewhere == {graver}
    assert baseline_of([graver], [FOUND], frozenset()).caused == ()


def test_a_count_that_went_up_is_news_only_in_a_file_that_was_touched() -> None:
    two, three = (Finding(Location(APART), "REG001", f"{n} files use it", "Look.") for n in (2, 3))
    assert baseline_of([two], [three], frozenset({TOUCHED})).caused == ()
    assert baseline_of([two], [three], frozenset({APART})).caused == (three,)


def test_one_more_of_the_same_in_a_file_left_alone_is_news_from_elsewhere() -> None:
    one, other = (Finding(Location(APART), "REG001", text, "Look.") for text in ("a", "b"))
    found = baseline_of([one], [one, other], frozenset({TOUCHED}))
    assert (found.new, found.elsewhere) == ((other,), {other})


@given(LISTS, LISTS, st.sampled_from([frozenset(), frozenset({TOUCHED}), frozenset({TOUCHED, APART})]))
def test_every_finding_is_in_one_group(old: list[Finding], new: list[Finding], touched: frozenset[str]) -> None:
    found = baseline_of(old, new, touched)
    assert [*found.all] == new
    assert len(found.unchanged) + len(found.worse) + len(found.gone) == len(old)
    assert {*found.gone} <= {*old}
    assert found.elsewhere == {f for f in found.caused if f.location.path not in touched}


@given(LISTS)
def test_nothing_becomes_of_what_stays(findings: list[Finding]) -> None:
    found = baseline_of(findings, findings, frozenset())
    assert (found.caused, found.gone) == ((), ())
