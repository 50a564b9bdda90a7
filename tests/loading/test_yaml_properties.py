"""What holds for every file that anybody can write."""

from __future__ import annotations

import datetime as dt
import json

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from accredit.loading.characters import hidden_in
from accredit.loading.yaml import MAX_KEY, parse

SNIPPETS = [
    *(
        "a: ",
        "b: ",
        "- ",
        "? ",
        ": ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "\n",
        "\n  ",
        "\n    ",
        "\n\t",
        "---\n",
        "...\n",
        "#",
        " ",
    ),
    *(
        '"',
        "'",
        "|",
        ">",
        "|+\n",
        "&x ",
        "*x",
        "!",
        "!!str ",
        "<<: ",
        "%YAML 1.2\n",
        "%TAG ! !\n",
        "\\",
        "\\u200b",
        "`",
        "@",
    ),
    *(
        "no",
        "~",
        "null",
        "true",
        "1",
        "-1",
        "1.5",
        "1.0e+5",
        "1e5",
        "010",
        "12:30",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
    ),
    *("é", "\u200b", "\u202e", "\x00", "\x85", "\u2028", "\ufeff", "\r", "\r\n", "\x1b", "\U0001f600", "x" * 1100),
]
yaml_like = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=4), max_size=30).map("".join)
anything = (
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))
    | yaml_like.map(lambda t: t.encode("utf-8", "surrogatepass"))
)
texts = st.text(st.characters(codec="utf-8"), max_size=30).filter(lambda t: hidden_in(t) is None)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def as_lists(value):
    """Our tuples as lists."""
    if isinstance(value, tuple):
        return [as_lists(v) for v in value]
    return {k: as_lists(v) for k, v in value.items()} if isinstance(value, dict) else value


def nodes(value):
    yield value
    if isinstance(value, dict | list | tuple):
        for key in value if isinstance(value, dict) else ():
            yield ("key", key)
        for inner in value.values() if isinstance(value, dict) else value:
            yield from nodes(inner)


@given(anything)
@example(b'a: "\n')
@example(b"a: [\n\n\n")
@example(b"\r\n\r\na: *")
@example("a: é\n \U0001f600: [".encode())
def test_no_bytes_make_the_parser_fail_and_every_problem_lies_inside_the_file(content):
    document = parse(content)
    lines = content.decode("utf-8", "replace").split("\n")
    for problem in document.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert problem.message
        assert problem.help
        assert hidden_in(problem.message + problem.help) is None


@given(anything)
def test_positions_cover_every_value_and_change_nothing(content):
    plain, marked = parse(content), parse(content, positions=True)
    assert (plain.problems, repr(plain.data)) == (marked.problems, repr(marked.data))
    lines = content.decode("utf-8", "replace").split("\n")
    for mark in marked.marks.values():
        assert 1 <= mark.line <= mark.value_line <= len(lines) + 1
        assert mark.column >= 1
    if not plain.problems:
        assert (
            len(marked.marks) == sum(1 for n in nodes(plain.data) if not isinstance(n, tuple) or n[:1] != ("key",)) - 1
        )


def is_comparable(value):
    """Whether a value has a meaning that does not depend on the version of YAML, but for keys, which are text to us."""
    return all(not isinstance(n, dt.date) and (not isinstance(n, tuple) or isinstance(n[1], str)) for n in nodes(value))


@given(yaml_like.map(lambda t: t.encode("utf-8", "surrogatepass")))
@example(b"a: 1.0e+5\nb: -0\nc: -1.5\nd: [x, 'y', null, ~, true]\n")
@example(b'a: "\\x41"\nb: |\n  x\n  y\nc: >\n  x\n  y\n')
def test_what_we_read_everybody_reads(content):
    document = parse(content)
    if document.problems:
        return
    theirs = yaml.load(content, Loader=yaml.CSafeLoader)
    if is_comparable(theirs):
        assert as_lists(document.data) == theirs
        assert repr(as_lists(document.data)) == repr(theirs)


@given(json_like)
@example({"a": 1e-5, "b": 1e16, "c": "no", "d": "010", "e": "2026-01-01", "f": "1e5", "g": ""})
def test_what_pyyaml_writes_comes_back_or_is_refused(value):
    content = yaml.safe_dump(value, allow_unicode=True).encode()
    document = parse(content)
    assert document.problems or as_lists(document.data) == value


@given(json_like.filter(lambda v: "NaN" not in json.dumps(v) and "Infinity" not in json.dumps(v)))
def test_what_json_writes_comes_back_or_is_refused(value):
    document = parse(json.dumps(value).encode())
    assert document.problems or as_lists(document.data) == value


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=MAX_KEY + 20), st.just("x"), max_size=3)
)
def test_every_key_of_plain_sight_is_read(value):
    document = parse(yaml.safe_dump(value, allow_unicode=True, width=10**6).encode())
    refused = any(hidden_in(k) is not None or len(k) > MAX_KEY for k in value)
    assert (document.data == value and not document.problems) or refused
