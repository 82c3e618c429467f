"""Are lines that run from the right read in their order?"""

from __future__ import annotations

from ingest.readers.pdf.fonts import Face
from ingest.readers.pdf.lines import text_of
from ingest.readers.pdf.words import Word

FACE = Face(10.0)
SHALOM, OLAM, KEN = "שלום", "עולם", "כן"


def row(*words: tuple[str, float, float]) -> list[Word]:
    return [Word(text, left, right, 100.0, FACE) for text, left, right in words]


def test_words_are_read_from_the_right() -> None:
    assert text_of(row((SHALOM, 80, 100), (OLAM, 50, 75))) == f"{SHALOM} {OLAM}"


def test_numbers_and_names_in_between_keep_their_own_direction() -> None:
    line = row((SHALOM, 170, 200), ("Ana", 110, 130), ("Ruiz", 135, 160), (OLAM, 80, 105))
    assert text_of(line) == f"{SHALOM} Ana Ruiz {OLAM}"


def test_a_word_from_the_right_in_a_line_from_the_left_stays_in_its_place() -> None:
    line = row(("They", 10, 30), ("said", 35, 55), (KEN, 60, 70), (SHALOM, 75, 95), ("twice", 100, 125))
    assert text_of(line) == f"They said {SHALOM} {KEN} twice"


def test_brackets_that_were_stored_as_drawn_are_turned() -> None:
    assert text_of(row((SHALOM, 80, 100), (")4(", 60, 75), (OLAM, 30, 55))) == f"{SHALOM} (4) {OLAM}"
