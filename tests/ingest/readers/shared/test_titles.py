"""Are titles chosen and shortened as a person would?"""

from __future__ import annotations

import pytest

from ingest.readers.shared.titles import choose, first_sentence, readable_name, shorten
from kb.model import BlockKind

HEADING, PARAGRAPH = BlockKind.HEADING, BlockKind.PARAGRAPH


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("safety-plan_2024.txt", "safety plan 2024"),
        ("/home/a/Visit%20Notes.html", "Visit Notes"),
        ("C:\\files\\intake form.md", "intake form"),
        ("004_9f86d081884c7d65.txt", ""),
        ("9b2d3f60-1c2e-4c7a-9a57-0d9f5a0c1b2e.pdf", ""),
        ("archive.tar.gz", "archive"),
        ("", ""),
    ],
)
def test_a_file_name_is_made_readable_and_hashes_go(name: str, title: str) -> None:
    assert readable_name(name) == title


def test_what_the_format_states_comes_first_unless_it_says_nothing() -> None:
    opening = [(HEADING, 1, "Winter help")]
    assert choose(["Summer help"], opening, "a.txt") == "Summer help"
    assert choose(["Untitled Document", "9f86d081884c7d65"], opening, "a.txt") == "Winter help"


def test_a_letterhead_is_joined_to_the_line_under_it() -> None:
    opening = [(HEADING, 1, "STATE OFFICE OF CARE"), (HEADING, 2, "Winter Work Group")]
    assert choose([], opening, "") == "STATE OFFICE OF CARE – Winter Work Group"


def test_a_first_heading_that_ends_in_a_colon_takes_its_subject() -> None:
    assert choose([], [(HEADING, 1, "Fact sheet:"), (HEADING, 2, "Winter")], "") == "Fact sheet: Winter"


def test_the_first_sentence_does_not_end_at_an_abbreviation() -> None:
    assert (
        first_sentence("Dr. Ann Lee of the U.S. Office spoke. Then left.")
        == "Dr. Ann Lee of the U.S. Office spoke."
    )


def test_a_long_title_is_cut_at_a_clause_or_a_word() -> None:
    assert shorten("one two three four, five six seven", 26) == "one two three four…"
    assert shorten("one two three four five six", 20) == "one two three four…"
    assert shorten("short", 20) == "short"
    assert len(shorten("x" * 300, 80)) <= 80
