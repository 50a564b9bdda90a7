"""Hostile bytes: each a problem with its place, at once and in little memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from accredit.loading.yaml import MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_PROBLEMS, parse

MEGABYTE = MAX_BYTES


def only_problem(content: bytes) -> tuple[int, int, str]:
    document = parse(content)
    assert len(document.problems) == 1, document.problems
    problem = document.problems[0]
    assert problem.help
    return problem.line, problem.column, problem.message


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        (b"a: &x 1\nb: *x\n", 1, 4, "anchors and aliases"),
        (b"a: *x\n", 1, 4, "anchors and aliases"),
        (b"a: 1\n<<: {b: 2}\n", 2, 1, "merge keys"),
        (b"a: 1\nb: 2\na: 3\n", 3, 1, "`a` stands twice"),
        (b'a: 1\n"a": 3\n', 2, 1, "`a` stands twice"),
        (b"a: !!str 1\n", 1, 4, "the tag `tag:yaml.org,2002:str`"),
        (b"a: ! 010\n", 1, 4, "the tag `!`"),
        (b'a: ! "010"\n', 1, 4, "the tag `!`"),
        (b"a: !<x%1b%5d0;y> 1\n", 1, 4, r"the tag `x\u001b]0;y`"),
        (b"! {a: 1}\n", 1, 1, "the tag `!`"),
        (b"!!python/object/apply:os.system [id]\n", 1, 1, "the tag"),
        (b"%TAG ! tag:example.org,2026:\n---\na: !b c\n", 1, 1, "directives"),
        (b"%YAML 1.1\n---\na: 1\n", 1, 1, "directives"),
        (b"a: 1\n---\nb: 2\n", 2, 1, "more than one document"),
        (b"a: 1\n...\n---\nb: 2\n", 3, 1, "more than one document"),
        (b"", 1, 1, "is empty"),
        (b"# only a remark\n", 1, 1, "is empty"),
        (b"? [a, b]\n: 1\n", 1, 3, "a key must be plain text"),
        (b"&a k: 1\n", 1, 1, "a key must be plain text"),
        (b"no: 1\n", 1, 1, "the key `no` without quotes"),
        (b"~: 1\n", 1, 1, "the key `~` without quotes"),
    ],
)
def test_what_yaml_allows_and_a_registry_does_not_is_refused_at_its_place(content, line, column, words):
    found = only_problem(content)
    assert found[:2] == (line, column)
    assert words in found[2]


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        (b"name: \xff\n", 1, 7, "byte 0xff is not UTF-8"),
        ("name: Zoë\nb: \udc80\n".encode("utf-8", "surrogatepass"), 2, 4, "byte 0xed is not UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, 1, "byte 0xff is not UTF-8"),
        ("a: 1\n".encode("utf-16-le"), 1, 2, "U+0000"),
        (b"\xef\xbb\xbfa: 1\n", 1, 1, "U+FEFF (zero width no-break space)"),
        (b"a: x\x00y\n", 1, 5, "U+0000"),
        (b"a: x\x1b[2Jy\n", 1, 5, "U+001B"),
        (b"a: shown\rhidden\n", 1, 9, "U+000D"),
        ("a: pay \u202etxt\n".encode(), 1, 8, "U+202E (right-to-left override)"),
        ("# remark \u2066\na: 1\n".encode(), 1, 10, "U+2066"),
        ("ad\u200bmin: 1\n".encode(), 1, 3, "U+200B (zero width space)"),
        ("a: x\U000e0041\n".encode(), 1, 5, "U+E0041 (tag latin capital letter a)"),
        (b'a: "x\\u202ey"\n', 1, 4, "U+202E"),
        (b'a: "x\\x00y"\n', 1, 4, "U+0000"),
        (b'a: "x\\Ny"\n', 1, 4, "U+0085"),
        (b'a: "x\\ry"\n', 1, 4, "U+000D"),
        (b'"x\\u200by": 1\n', 1, 1, "U+200B"),
        (b'"x\\e[2J": 1\n', 1, 1, "U+001B"),
    ],
)
def test_bytes_and_characters_that_a_reviewer_does_not_see_are_refused(content, line, column, words):
    found = only_problem(content)
    assert found[:2] == (line, column)
    assert words in found[2]


@pytest.mark.parametrize("escape", [rb"\ud800", rb"\ud83d\ude00", rb"\U00110000"])
def test_an_escape_that_is_no_character_is_refused(escape):
    _, _, message = only_problem(b'a: "' + escape + b'"\n')
    assert message == "not YAML: the escape is no character"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((word, "means different things") for word in ("no", "Yes", "ON", "y", "True", "NULL", "Null", "off")),
        *(
            (text, "means different things")
            for text in ("010", "1_000", "0x1F", "0o17", "0b1", "+1", ".5", "1.", "1e5")
        ),
        *(
            (text, "means different things")
            for text in (".inf", "-.INF", ".nan", "12:30", "190:20:30.15", "=", "1e999")
        ),
        *((text, "means different things") for text in ("2026-1-2", "2026-01-02 10:00:00", "2026-01-02T10:00:00")),
        *((text, "is no day or time") for text in ("2026-02-30", "2026-13-01", "2026-01-01T25:00:00Z")),
        *((text, "is not between the years") for text in ("0001-01-01", "9999-12-31T23:59:59-14:00")),
        *((text, "is too large") for text in ("1.0e+999", "9" * 19, "9" * 5000, "1" + "0" * 18)),
    ],
)
def test_text_that_readers_of_yaml_disagree_about_must_be_quoted(text, reason):
    line, column, message = only_problem(f"a: 1\nb: {text}\n".encode())
    assert (line, column) == (2, 4)
    assert reason in message
    assert parse(f'b: "{text}"\n'.encode()).data == {"b": text}


@pytest.mark.parametrize(
    ("content", "line", "column", "message"),
    [
        (b"a: b: c\n", 1, 5, "a `:` stands where no key can be"),
        (b"a:\n\tb: 1\n", 2, 1, "a tab indents the line"),
        (b"a: @b\n", 1, 4, "a value cannot start with this character"),
        (b"a: 1\nb: [1, 2\n", 2, 4, "the list is not closed"),
        (b"a: 1\nb: {c: 2\n", 2, 4, "the mapping is not closed"),
        (b"a: 1\nb: 'x\n\n\n", 2, 4, "a quote is not closed"),
        (b"- a\nb: 1\n", 2, 1, "no list item stands where one is wanted"),
        (b"a: 1\nb\n", 2, 1, "a key without `:`"),
    ],
)
def test_a_slip_of_syntax_is_told_in_plain_words_where_it_was_made(content, line, column, message):
    assert only_problem(content) == (line, column, f"not YAML: {message}")


BOMBS = {
    "flow brackets": b"[" * 32_000,
    "closed flow brackets": b"[" * 32_000 + b"]" * 32_000,
    "flow braces": b"{a: " * 32_000,
    "a megabyte of brackets": b"[" * MEGABYTE,
    "block sequences in each other": b"- " * (MEGABYTE // 2),
    "block mappings in each other": b"".join(b" " * n + b"a:\n" for n in range(1_400)),
    "question marks": b"? " * (MEGABYTE // 2),
    "alias bomb": b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (c, c, c - 1, c - 1) for c in range(98, 120)),
    "merge bomb": b"a: &a {x: 1}\n"
    + b"".join(b"%c: &%c\n  <<: [*%c,*%c]\n" % (c, c, c - 1, c - 1) for c in range(98, 120)),
    "very many numbers": b"[" + b"1," * (MEGABYTE // 2 - 1) + b"1]",
    "very many items": b"- a\n" * (MEGABYTE // 4),
    "very many keys": b"".join(b"k%d:\n" % n for n in range(120_000)),
    "very many equal keys": b"k: 1\n" * (MEGABYTE // 5),
    "very many disputed words": b"- no\n" * (MEGABYTE // 5),
    "one huge key": b"? " + b"k" * (MEGABYTE - 10) + b"\n: 1\n",
    "digits": b"a: " + b"1" * (MEGABYTE - 10),
    "open quote": b'a: "' + b"x " * (MEGABYTE // 2 - 10),
    "one byte too many": b"#" * (MEGABYTE + 1),
    "comment without end": b"#" * MEGABYTE,
    "escapes": b'a: "' + b"\\u200b" * (MEGABYTE // 6 - 10) + b'"',
    "tags": b"!a " * (MEGABYTE // 3),
    "anchors": b"&a " * (MEGABYTE // 3),
    "directives": b"%A\n" * (MEGABYTE // 3),
    "documents": b"---\n" * (MEGABYTE // 4),
    "tabs": b"\t" * MEGABYTE,
    "carriage returns": b"\r" * MEGABYTE,
    "commas": b"[" + b"," * (MEGABYTE - 1),
    "colons": b":" * MEGABYTE,
}
HARMLESS = {
    "dashes": b"-" * MEGABYTE,
    "base sixty": b"a: 1" + b":1" * (MEGABYTE // 2 - 10) + b"x",
    "digits and underscores": b"a: " + b"1_" * (MEGABYTE // 2 - 10) + b"e",
    "one huge word": b"a: " + b"x" * (MEGABYTE - 10),
    "one huge quoted text": b'a: "' + b"\\n" * (MEGABYTE // 2 - 10) + b'"',
    "one huge block text": b"a: |\n" + b"  x\n" * (MEGABYTE // 4 - 10),
    "one folded text of many lines": b"a: >\n" + b"  x\n\n" * (MEGABYTE // 5 - 10),
    "one plain text of many lines": b"a: x\n" + b"  x\n" * (MEGABYTE // 4 - 10),
    "many remarks": b"#\n" * (MEGABYTE // 2 - 10) + b"a: 1\n",
}


def measured(content: bytes):
    """The document, CPU seconds and peak of Python's memory in bytes."""
    started = time.process_time()
    document = parse(content)
    seconds = time.process_time() - started
    tracemalloc.start()
    parse(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return document, seconds, peak


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_a_bomb_becomes_a_few_problems_at_once_and_in_little_memory(content):
    document, seconds, peak = measured(content)
    assert 1 <= len(document.problems) <= MAX_PROBLEMS
    assert seconds < 1.5
    assert peak < 32 * MEGABYTE
    assert all(len(p.message) < 400 and len(p.help) < 400 for p in document.problems)


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_a_large_text_is_read_quickly_because_size_is_no_fault(content):
    document, seconds, peak = measured(content)
    assert document.problems == []
    assert seconds < 1.5
    assert peak < 32 * MEGABYTE


def test_limits_are_exact():
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH).problems == []
    assert "nested deeper" in only_problem(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))[2]
    assert parse(b"- a\n" * (MAX_NODES - 1)).problems == []
    assert only_problem(b"- a\n" * MAX_NODES)[:2] == (MAX_NODES, 3)
    assert parse(b"a: 1" + b" " * (MAX_BYTES - 4)).problems == []
    assert "1,048,577 bytes" in only_problem(b"a: 1" + b" " * (MAX_BYTES - 3))[2]
