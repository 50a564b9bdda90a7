from __future__ import annotations

from accredit.site.navigation import (
    MOST_IN_SECTION,
    Entry,
    closest_folder,
    folders_of,
    listed,
    navigation,
    nearest,
    sections,
    titles_in,
)
from accredit.site.page import Page


def page(url: str, *nav: str) -> Page:
    return Page(url, url, "x.html", nav=nav)


def shape(entries: tuple[Entry, ...] | list[Entry]) -> list[object]:
    return [(e.title, e.page.url if e.page else None, *shape(e.children)) for e in entries]


def test_a_page_whose_place_others_lie_below_is_the_index_of_a_section() -> None:
    found = navigation(
        [page("", "Home"), page("m/", "Models"), page("m/a/", "Models", "A"), page("x/"), page("p/", "Rules", "Policy")]
    )
    assert shape(found) == [
        ("Home", ""),
        ("Models", "m/", ("A", "m/a/")),
        ("Rules", None, ("Policy", "p/")),
    ]
    assert [e.title for e in listed(found)] == ["Home", "Models", "A", "Policy"]
    assert [e.title for e in sections(found)] == ["Models", "Rules"]


def test_an_index_page_may_come_after_what_it_lists() -> None:
    assert shape(navigation([page("m/a/", "Models", "A"), page("m/", "Models")])) == [("Models", "m/", ("A", "m/a/"))]


def test_two_pages_of_one_name_are_two_entries() -> None:
    found = navigation([page("m/", "Models"), page("m/a/", "Models", "Risk"), page("m/b/", "Models", "Risk")])
    assert shape(found) == [("Models", "m/", ("Risk", "m/a/"), ("Risk", "m/b/"))]


def test_a_long_section_is_its_index_page() -> None:
    models = [page(f"m/{i}/", "Models", str(i)) for i in range(MOST_IN_SECTION + 1)]
    assert shape(navigation([page("m/", "Models"), *models])) == [("Models", "m/")]
    assert len(navigation([page("m/", "Models"), *models[:-1]])[0].children) == MOST_IN_SECTION
    assert len(navigation(models)[0].children) == MOST_IN_SECTION + 1


def test_a_page_that_is_not_listed_lies_below_the_closest_one_that_is() -> None:
    places = {"models/": 1, "models/a/": 2, "": 3}
    assert nearest("models/a/1.0/", places) == "models/a/"
    assert nearest("models/b/1.0/", places) == "models/"
    assert nearest("people/a/", places) is None
    assert nearest("models/", places) is None


def test_titles_that_mkdocs_yml_gives_are_found_at_any_depth() -> None:
    nav = ["index.md", {"Ours": "models/index.md"}, {"More": [{"Rules": "rules/index.md"}, "a.md"]}]
    assert titles_in(nav) == {"models/index.md": "Ours", "rules/index.md": "Rules"}
    assert titles_in(None) == {}


def test_links_from_a_page_depend_on_the_deepest_folder_it_shares() -> None:
    folders = folders_of(["models/a/", "guide/index.html", ""])
    assert folders == {"models/", "models/a/", "guide/"}
    assert closest_folder("models/b/1.0/", folders) == "models/"
    assert closest_folder("models/a/1.0/index.html", folders) == "models/a/"
    assert closest_folder("people/x/", folders) == ""
    assert closest_folder("", folders) == ""
