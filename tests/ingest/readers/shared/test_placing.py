"""Does every line keep its words when its text is made canonical?"""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.shared.compose import Piece, build
from ingest.readers.shared.placing import Placed, settled
from kb.errors import SourceEmpty
from kb.model import BlockKind
from kb.text import canonical, canonical_line

_LETTERS = st.text(
    st.one_of(
        st.sampled_from("ab é\u0301\u0327\u00ad\u200b\t\n\r\u2028 \u202eñ文\u1161ㄱ\u09be"),
        st.characters(),
    ),
    max_size=12,
)


def placed(lines: list[str], glue: str = " ") -> tuple[str, tuple[Placed, ...]]:
    text, places = "", []
    for number, line in enumerate(lines):
        text += glue if text else ""
        places.append(
            Placed(len(text), len(text) + len(line), 1, 0.0, 10.0 * number, 50.0, 10.0 * number + 9)
        )
        text += line
    return text, tuple(places)


def bare(text: str) -> str:
    return "".join(canonical(text).split())


def test_a_line_is_found_again_though_spaces_and_accents_changed() -> None:
    raw, places = placed(["  Aten\u0063io\u0301n  al", "nin\u0303o\u00ad "])
    made = canonical_line(raw)
    assert [made[place.start : place.end] for place in settled(places, raw, made)] == ["Atención al", "niño"]


def test_a_line_of_nothing_visible_has_no_place() -> None:
    raw, places = placed(["one", "\u200b \u00ad", "two"])
    made = canonical_line(raw)
    assert [made[place.start : place.end] for place in settled(places, raw, made)] == ["one", "two"]


def test_an_accent_at_the_start_of_a_line_belongs_to_the_letter_before_it() -> None:
    raw, places = placed(["e", "\u0301x"], glue="")
    made = canonical_line(raw)
    assert [made[place.start : place.end] for place in settled(places, raw, made)] == ["é", "x"]


def test_a_place_begins_at_its_first_visible_character() -> None:
    raw, places = placed(["a", "\nb"], glue="\n")
    assert [raw[place.start : place.end] for place in settled(places, raw, raw)] == ["a", "b"]


@settings(deadline=None)
@given(st.lists(_LETTERS, max_size=6), st.sampled_from([" ", "\n", ""]))
def test_places_stay_apart_in_order_and_hold_their_words(lines: list[str], glue: str) -> None:
    raw, places = placed(lines, glue)
    made = canonical(raw)
    at = 0
    for place in settled(places, raw, made):
        assert at <= place.start < place.end <= len(made)
        at = place.end
    if glue:
        kept = [line for line in lines if bare(line)]
        if not any(unicodedata.category(char)[0] == "M" for line in lines for char in line):
            words = [bare(made[place.start : place.end]) for place in settled(places, raw, made)]
            assert words == [bare(line) for line in kept]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(list(BlockKind)), st.lists(_LETTERS, max_size=4)), max_size=5))
def test_boxes_of_a_document_hold_the_words_of_their_lines(found: list[tuple[BlockKind, list[str]]]) -> None:
    pieces = []
    for kind, lines in found:
        text, places = placed(lines, "\n")
        pieces.append(Piece(kind, text, page=1, places=places))
    try:
        document = build(pieces, media_type="x")
    except SourceEmpty:
        return
    starts = [block.start for block in document.blocks]
    for before, box in zip((None, *document.boxes), document.boxes, strict=False):
        assert before is None or before.end <= box.start
        assert document.text[box.start : box.end].strip() == document.text[box.start : box.end] != ""
        block = document.blocks[sum(start <= box.start for start in starts) - 1]
        assert block.start <= box.start < box.end <= block.end
