from __future__ import annotations

import pytest

from accredit.domain.prose import is_filled, length, placeholder


@pytest.mark.parametrize(
    "text",
    [
        "TODO",
        "Performance: TBD.",
        "n/a",
        "N/A.",
        "None",
        "...",
        "—",
        "To be defined by the board.",
        "lorem ipsum dolor",
        "FIXME later",
    ],
)
def test_words_that_stand_for_a_text_to_be_written_are_placeholders(text: str) -> None:
    assert placeholder(text)
    assert not is_filled(text)


@pytest.mark.parametrize(
    "text",
    [
        "n/a, because nobody is affected",
        "Todos los datos",
        "None of the groups is small",
        "The mastodon",
        "Unknown words are skipped",
    ],
)
def test_prose_that_contains_such_words_is_no_placeholder(text: str) -> None:
    assert is_filled(text)


@pytest.mark.parametrize(
    ("text", "characters"), [("  a  b \n c ", 5), ("<!-- a note\nto self -->", 0), ("", 0), ("ab\u00e9", 3)]
)
def test_length_counts_what_a_reader_sees(text: str, characters: int) -> None:
    assert length(text) == characters
