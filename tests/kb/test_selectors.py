from hypothesis import given
from hypothesis import strategies as st

from kb.selectors import CONTEXT, TextQuote, anchor, text_quote

TEXT = (
    "Report at once. Call 800-655-4095 at any hour.\n\n"
    "Foster youth are at risk. Report at once.\n\n"
    "Survivors need time, safety and one adult who stays."
)


@given(st.text(min_size=1), st.data())
def test_any_quote_is_found_where_it_was_taken_from(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = anchor(text, text_quote(text, start, end), near=start)
    assert found is not None
    assert text[found.start : found.end] == text[start:end]
    assert found.likeness == 1.0


def test_of_equal_words_those_with_the_same_neighbours_are_meant() -> None:
    second = TEXT.rindex("Report at once.")
    found = anchor("New first line. " + TEXT, text_quote(TEXT, second, second + 15), near=second)
    assert found is not None
    assert found.start == second + len("New first line. ")


def test_words_that_moved_are_found_again() -> None:
    paragraphs = TEXT.split("\n\n")
    moved = "\n\n".join(reversed(paragraphs))
    start = TEXT.index("Survivors")
    found = anchor(moved, text_quote(TEXT, start, len(TEXT)), near=start)
    assert found is not None
    assert found.start == 0


def test_changed_words_are_found_with_their_likeness() -> None:
    edited = TEXT.replace("one adult who stays", "an adult who will stay")
    start = TEXT.index("Survivors")
    found = anchor(edited, text_quote(TEXT, start, len(TEXT)), near=start)
    assert found is not None
    assert 0.7 < found.likeness < 1.0
    assert "safety" in edited[found.start : found.end]


def test_words_that_are_gone_have_no_anchor() -> None:
    assert anchor("Opening hours: nine to five.", text_quote(TEXT, 0, len(TEXT))) is None
    assert anchor("", TextQuote("Report at once.")) is None
    assert anchor(TEXT, TextQuote("")) is None


def test_a_quote_keeps_what_stands_around_it() -> None:
    quote = text_quote(TEXT, 48, 60)
    assert TEXT[48 - CONTEXT : 48] == quote.prefix
    assert TEXT[60 : 60 + CONTEXT] == quote.suffix
