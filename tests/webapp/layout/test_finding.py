"""Are words found in a document as a person types them, and all their places?"""

import time

from hypothesis import given
from hypothesis import strategies as st

from kb.text import canonical, fold
from webapp.layout.finding import MOST, described, places


def found(text: str, wanted: str) -> list[str]:
    return [text[start:end] for start, end in places(text, wanted)]


def test_accents_capitals_and_line_ends_do_not_matter() -> None:
    assert found("La víctima y la VICTIMA", "victima") == ["víctima", "VICTIMA"]
    assert found("a safe\nhouse", "Safe house") == ["safe\nhouse"]
    assert found("El niño", "nino") == ["niño"]
    assert found("the child’s “plan” – SB-855", "child's") == ["child’s"]
    assert found("a.b", "a.b") == ["a.b"]
    assert found("axb", "a.b") == []


def test_nothing_is_found_for_nothing() -> None:
    assert places("words", "  ") == []


def test_a_great_many_places_are_cut_short_and_soon() -> None:
    began = time.perf_counter()
    assert len(places("to be or not to be " * 300_000, "be")) == MOST
    assert places("a" * 3_000_000, "a b c d") == []
    assert time.perf_counter() - began < 10


def test_places_are_told_with_their_part_and_the_words_around() -> None:
    text = "One plan here.\nAnother plan there."
    first, second = described(text, places(text, "plan"), [(0, 15), (15, len(text))])
    assert (first.number, first.part, first.before, first.words) == (1, 1, "One ", "plan")
    assert (second.number, second.part, second.after) == (2, 2, " there.")


@given(st.text(max_size=60), st.integers(0, 50), st.integers(1, 10))
def test_what_stands_in_a_text_is_found_in_it(raw: str, start: int, length: int) -> None:
    text = canonical(raw)
    words = text[start : start + length]
    if words.isalnum() and words.isascii():
        assert fold(words) in [fold(one) for one in found(text, words)] or any(
            fold(words) in fold(text[a:b]) for a, b in places(text, words)
        )
