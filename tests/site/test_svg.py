from __future__ import annotations

import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.support.hostile import HOSTILE, Reader

from accredit.site.graph import dot, find_engine, layouts, parse
from accredit.site.svg import WIDEST, Shape, draw, lines_of, width_of

ELEMENTS = {"svg", "g", "a", "title", "path", "polygon", "text"}
ATTRIBUTES = {
    "svg": {"class", "role", "aria-label", "width", "height", "viewBox"},
    "g": {"class"},
    "a": {"href", "tabindex"},
    "title": set(),
    "path": {"d"},
    "polygon": {"points"},
    "text": {"class", "x", "y"},
}
GOLDEN = Path(__file__).parent / "golden" / "lineage.svg"


def drawn(shapes: list[Shape], arrows: list[tuple[int, int]], titles: list[str], caption: str = "Two things") -> str:
    engine = find_engine()
    assert engine is not None
    layout = parse(next(layouts(engine, [dot([s.box for s in shapes], arrows)])) or "")
    assert layout is not None
    return str(draw(layout, shapes, titles, caption))


def test_a_drawing_is_the_same_on_every_machine(request: pytest.FixtureRequest) -> None:
    shapes = [
        Shape("Loans", "training", "Loans (dataset)", "dataset", (), "../d/"),
        Shape("Risk 1.0", "model · production", "Risk 1.0 (version)", "version", ("s-production", "focus")),
    ]
    html = drawn(shapes, [(0, 1)], ["training"]) + "\n"
    if request.config.getoption("--update-goldens"):
        GOLDEN.write_text(html, encoding="utf-8")
    assert html == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["dataset", "features", "version", "deployment", "more"])
@pytest.mark.parametrize("text", HOSTILE)
def test_names_cannot_break_out_of_a_drawing(text: str, kind: str) -> None:
    shapes = [Shape(text, text, text, kind, (), "../a/"), Shape("b", "", "b", kind)]
    html = drawn(shapes, [(0, 1)], [text], caption=text)
    assert Reader(html).offences == []
    for element in ET.fromstring(html).iter():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES[element.tag]


def test_characters_that_xml_does_not_know_are_replaced() -> None:
    text = "a\0b\x0bc\x1bd\ufffee\x85f"
    assert "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf" in drawn([Shape(text, "", text, "dataset")], [], [])


def test_a_long_name_is_cut_and_stands_in_full_in_its_title() -> None:
    name = "Applications for consumer credit of the years 2019 to 2023, all branches, without fraud"
    html = drawn([Shape(name, "raw", name, "dataset")], [], [])
    assert f"<title>{name}</title>" in html
    assert "<text x=" in html
    assert ET.fromstring(html).findall(".//text")[1].text == "consumer credit of t\N{HORIZONTAL ELLIPSIS}"


@pytest.mark.parametrize(
    "text",
    [
        "Applications for consumer credit and more",
        "顧客の信用リスクを予測するモデルの第三版を評価する",
        "W" * 80,
        "i" * 80,
        "a" + "\u0301" * 90,
    ],
)
def test_lines_stay_within_their_box(text: str) -> None:
    lines = lines_of(text, 12, 2)
    assert 1 <= len(lines) <= 2
    assert all(width_of(line, 12) <= WIDEST for line in lines)
    assert lines[0][:1] == text[:1]


def test_wide_characters_count_as_wide() -> None:
    assert unicodedata.east_asian_width("顧") == "W"
    assert width_of("顧客", 10) == pytest.approx(2 * width_of("—", 10) * (1 / 0.65), rel=0.6)
    assert width_of("顧客", 10) > width_of("ab", 10)


def test_each_kind_has_a_shape_of_its_own() -> None:
    kinds = ("dataset", "features", "version", "deployment")
    paths = {drawn([Shape("a", "b", "c", kind)], [], []).split(' d="')[1].split('"')[0] for kind in kinds}
    assert len(paths) == len(kinds)
