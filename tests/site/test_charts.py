"""Plots are well-formed, stay inside of their frame, say their numbers in words, and look as they did."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accredit.site.charts.calibration import Bin, reliability
from accredit.site.charts.chart import WIDTH, Chart, cut
from accredit.site.charts.dots import Line, Row, dot_plot
from accredit.site.charts.scale import metric, percent, scale, short
from accredit.site.charts.series import Point, series
from accredit.site.charts.timeline import Mark, Span, timeline

GOLDEN = Path(__file__).parent / "golden"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
HOSTILE = "</title></svg><script>alert(1)</script>\"'&\x00\x1b"

finite = st.floats(allow_nan=False, allow_infinity=False)
share = st.floats(0, 1)
labels = st.text(max_size=60) | st.just(HOSTILE)
days = st.dates(date(1, 1, 2), date(9999, 12, 30))


@st.composite
def rows(draw: st.DrawFn, values: st.SearchStrategy[float]) -> Row:
    low, middle, high = sorted(draw(st.tuples(values, values, values)))
    n = draw(st.none() | st.integers(0, 10**12))
    limit = draw(st.none() | values)
    tone = draw(st.sampled_from(("", "fail", "muted")))
    return draw(
        st.sampled_from(
            (
                Row(draw(labels), middle, low, high, n, limit, None, tone),
                Row(draw(labels), middle, tone=tone),
                Row(draw(labels)),
            )
        )
    )


def parsed(chart: Chart) -> ET.Element:
    root = ET.fromstring(str(chart.svg))
    assert root.attrib["role"] == "img"
    assert root[0].tag.endswith("title")
    assert root[1].tag.endswith("desc")
    return root


def places(root: ET.Element) -> list[tuple[float, float]]:
    """Every point at which something is drawn, as far as attributes and absolute path commands tell."""
    found = []
    for element in root.iter():
        at = element.attrib
        if "cx" in at:
            found.append((float(at["cx"]), float(at["cy"])))
        if "x" in at:
            x, y = float(at["x"]), float(at["y"])
            found += [(x, y), (x + float(at.get("width", 0)), y + float(at.get("height", 0)))]
        for command, numbers in re.findall(r"([MLHV])([^MLHVvz]*)", at.get("d", "")):
            values = [float(n) for n in NUMBER.findall(numbers)]
            if command in "ML":
                found += list(zip(values[::2], values[1::2], strict=True))
            else:
                found += [(v, 0.0) if command == "H" else (0.0, v) for v in values]
    return found


def assert_inside(chart: Chart) -> None:
    root = parsed(chart)
    _, _, width, height = (float(v) for v in root.attrib["viewBox"].split())
    assert width == WIDTH
    for x, y in places(root):
        assert -0.05 <= x <= width + 0.05
        assert -0.05 <= y <= height + 0.05


def assert_harmless(chart: Chart) -> None:
    allowed = {"svg", "title", "desc", "g", "path", "text", "circle", "rect"}
    for element in parsed(chart).iter():
        assert element.tag.rpartition("}")[2] in allowed
        assert not any(name.startswith("on") or "href" in name or name == "style" for name in element.attrib)


@given(
    st.lists(rows(finite), max_size=8),
    st.lists(st.builds(Line, finite, labels, st.sampled_from(("below", "above", ""))), max_size=3),
)
@example([Row("edge", 1.7976931348623157e308, -1.7976931348623157e308, 1.7976931348623157e308)], [])
@example([Row("tiny", 5e-324), Row("zero", 0.0)], [])
@example([Row("next to each other", 1e16, 1e16, 1e16 + 2)], [])
@example([Row(HOSTILE, 0.5, 0.4, 0.6, 3)], [Line(0.5, HOSTILE, "below")])
def test_any_finite_values_give_a_dot_plot_inside_of_its_frame(found: list[Row], lines: list[Line]) -> None:
    chart = dot_plot(HOSTILE, tuple(found), tuple(lines))
    assert_inside(chart)
    assert_harmless(chart)
    assert len(chart.rows) == sum(1 for r in found if r.value is not None)
    assert all(len(row) == len(chart.columns) for row in chart.rows)


@given(st.lists(st.tuples(share, share, share, share, st.integers(0, 10**9)), max_size=12))
def test_any_shares_give_a_reliability_diagram_inside_of_its_frame(
    found: list[tuple[float, float, float, float, int]],
) -> None:
    bins = tuple(Bin(p, *sorted((a, b, c))[1::-1], sorted((a, b, c))[2], n) for p, a, b, c, n in found)
    assert_inside(reliability("Calibration", bins))
    assert_harmless(reliability(HOSTILE, bins))


@given(
    st.lists(
        st.builds(Point, days, finite, finite, finite, st.none() | st.integers(0, 10**9), st.booleans()), max_size=10
    )
)
def test_any_finite_values_give_a_series_inside_of_its_frame(points: list[Point]) -> None:
    assert_inside(series("Over time", tuple(points), (Line(0.7, HOSTILE, "below"),)))


@given(st.lists(st.builds(Point, days, finite, name=labels.filter(bool)), max_size=12))
def test_any_versions_stand_side_by_side_inside_of_their_frame(points: list[Point]) -> None:
    chart = series("By version", tuple(points))
    assert_inside(chart)
    assert_harmless(chart)
    assert [row[0] for row in chart.rows] == [p.name for p in points]


@pytest.mark.parametrize("name", ["1.0.0", "3.0.0-rc1", "12.10.0-candidate.4"])
@pytest.mark.parametrize("versions", [1, 2, 5, 12])
def test_names_of_versions_below_an_axis_neither_touch_nor_leave_the_drawing(name: str, versions: int) -> None:
    chart = series("By version", tuple(Point(date(2026, 1, 1), 0.5, name=name) for _ in range(versions)))
    letter = 7.0
    rows: dict[str, list[tuple[float, float]]] = {}
    for element in parsed(chart).iter():
        at, said = element.attrib, element.text or ""
        if at.get("class") == "ac-tick" and at["text-anchor"] == "middle":
            half = len(said) * letter / 2
            rows.setdefault(at["y"], []).append((float(at["x"]) - half, float(at["x"]) + half))
    assert sum(map(len, rows.values())) == versions
    for places in rows.values():
        assert all(a[1] <= b[0] for a, b in pairwise(places))
        assert places[0][0] >= 0
        assert places[-1][1] <= WIDTH


def test_an_emergency_is_a_mark_on_its_row_and_a_row_of_the_table() -> None:
    spans = (Span("1.0.0", "production", date(2026, 1, 1), date(2026, 6, 1)),)
    marks = (Mark("1.0.0", date(2026, 3, 1), "suspension"), Mark("2.0.0", date(2026, 7, 1), HOSTILE))
    chart = timeline("Stages", spans, "", marks)
    assert_inside(chart)
    assert_harmless(chart)
    assert chart.rows[1] == ("1.0.0", "suspension", "2026-03-01", "")
    assert "1.0.0: suspension on 2026-03-01" in chart.svg


def test_a_unit_stands_below_the_axis_and_above_the_values() -> None:
    chart = dot_plot("Days to approval", (Row("1.0.0", 4.0),), unit="days")
    assert_inside(chart)
    assert ">days</text>" in chart.svg
    assert chart.columns[1] == "Days"


@given(
    st.lists(
        st.tuples(labels, st.sampled_from(("staging", "review", "production", "archived")), days, days), max_size=10
    )
)
def test_any_days_give_a_timeline_inside_of_its_frame(found: list[tuple[str, str, date, date]]) -> None:
    spans = tuple(Span(row, stage, min(a, b), max(a, b)) for row, stage, a, b in found)
    assert_inside(timeline("Stages", spans))
    assert_harmless(timeline(HOSTILE, spans))


@given(st.lists(finite, min_size=1, max_size=6))
def test_an_axis_holds_its_values_and_its_ticks_are_in_order(values: list[float]) -> None:
    axis = scale(values, 10, 400)
    assert axis.low <= min(values)
    assert max(values) <= axis.high
    assert list(axis.ticks) == sorted(axis.ticks)
    assert 1 <= len(axis.ticks) <= 13
    assert [axis(v) for v in sorted(values)] == sorted(axis(v) for v in values)


def test_an_axis_of_shares_does_not_leave_nought_and_one() -> None:
    axis = scale([0.02, 0.99], 0, 100, within=(0.0, 1.0))
    assert (axis.low, axis.high) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.83126, "0.831"), (-0.01, "\N{MINUS SIGN}0.010"), (-0.00001, "0.000"), (12.345, "12.3"),
        (123456.7, "123,457"), (3e12, "3e+12"), (float("nan"), "\N{EN DASH}"), (float("inf"), "\N{EN DASH}"),
    ],
)  # fmt: skip
def test_a_metric_reads_the_same_everywhere(value: float, text: str) -> None:
    assert metric(value) == text


def test_shares_read_as_percentages() -> None:
    assert percent(0.7867) == "78.7%"
    assert percent(1.0) == "100.0%"
    assert short(1234.5, 1) == "1,234.5"


def test_a_label_is_cut_by_the_room_that_it_takes() -> None:
    assert cut("short", 10) == "short"
    assert cut("a" * 20, 10) == "a" * 9 + "\N{HORIZONTAL ELLIPSIS}"
    assert len(cut("\N{CJK UNIFIED IDEOGRAPH-6F22}" * 20, 10)) == 5


def test_a_row_beyond_its_limit_says_so_by_more_than_colour() -> None:
    chart = dot_plot(
        "Rates", (Row("black", 0.712, 0.645, 0.771, 198, tone="fail"),), (Line(0.72, "impact ratio 0.80", "below"),)
    )
    assert "impact ratio 0.80" in chart.svg
    assert "ac-beyond" in chart.svg
    assert chart.rows == (("black", "0.712", "0.645", "0.771", "198"),)


def golden_charts() -> dict[str, Chart]:
    groups = (
        Row("25-34", 0.7879, 0.755, 0.818, 646),
        Row("50-64", 0.8697, 0.827, 0.903, 307),
        Row("65-and-over", 1.0, 0.646, 1.0, 7, tone="muted", note="fewer than 100 people"),
        Row("under-25", 0.55, 0.488, 0.611, 250, tone="fail"),
    )
    means = ((0.23, 0.27), (0.46, 0.39), (0.78, 0.76), (0.97, 0.98))
    bins = tuple(Bin(p, o, o - 0.06, min(o + 0.06, 1.0), 187) for p, o in means)
    months = ((8, 0.86), (9, 0.84), (10, 0.69))
    points = tuple(Point(date(2026, m, 5), v, v - 0.05, v + 0.05, 145, breached=v < 0.7) for m, v in months)
    may, now = date(2026, 5, 11), date(2026, 11, 23)
    spans = (
        Span("2.0.0", "staging", date(2026, 5, 4), may),
        Span("2.0.0", "production", may, now),
        Span("1.0.0", "production", date(2025, 4, 22), may),
        Span("1.0.0", "archived", may, now),
    )
    return {
        "dots": dot_plot("Who gets it", groups, (Line(0.696, "impact ratio 0.80", "below"),), shares=True),
        "reliability": reliability("Calibration", bins),
        "series": series("AUC", points, (Line(0.83, "at evaluation"), Line(0.7, "at least 0.7", "below"))),
        "timeline": timeline("Stages over time", spans),
    }


@pytest.mark.parametrize("name", ["dots", "reliability", "series", "timeline"])
def test_a_plot_looks_as_it_did(name: str, request: pytest.FixtureRequest) -> None:
    file = GOLDEN / f"{name}.svg"
    drawn = str(golden_charts()[name].svg).replace("><", ">\n<") + "\n"
    if request.config.getoption("--update-goldens"):
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")
