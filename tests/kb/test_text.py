import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kb.text import canonical, canonical_code, canonical_line, fold, normalised


@given(st.text())
def test_making_text_canonical_twice_changes_nothing(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.text())
def test_canonical_text_is_nfc_and_has_no_space_at_its_ends(text: str) -> None:
    made = canonical(text)
    assert unicodedata.is_normalized("NFC", made)
    assert made == made.strip()
    assert "\n\n\n" not in made
    assert "  " not in made


@given(st.text())
def test_a_canonical_line_has_no_line_end(text: str) -> None:
    assert "\n" not in canonical_line(text)
    assert canonical_line(canonical_line(text)) == canonical_line(text)


@given(st.text(st.characters(max_codepoint=0x17F)))
def test_a_line_as_it_is_typed_is_made_canonical_as_any_other(text: str) -> None:
    assert canonical_line(text) == " ".join(canonical(text).split())


@given(st.text())
def test_canonical_code_is_stable(text: str) -> None:
    assert canonical_code(canonical_code(text)) == canonical_code(text)


@given(st.lists(st.text(), max_size=4))
def test_canonical_pieces_joined_by_blank_lines_stay_canonical(pieces: list[str]) -> None:
    joined = "\n\n".join(piece for piece in map(canonical, pieces) if piece)
    assert canonical(joined) == joined


def test_line_ends_of_every_system_become_one() -> None:
    assert canonical("a\r\nb\rc\u2028d\x0ce") == "a\nb\nc\nd\ne"


def test_characters_that_hide_or_reorder_words_go() -> None:
    assert canonical("pay\u202eload\u202c x\u00adylo\u200bphone \ufeffA\x00B") == "payload xylophone AB"


def test_lone_surrogates_go() -> None:
    assert canonical("a\ud800b") == "ab"


def test_marks_that_scripts_need_stay() -> None:
    assert canonical("می\u200cخواهم") == "می\u200cخواهم"


def test_code_keeps_its_indentation() -> None:
    assert canonical_code("\nif x:\n\ty = 1   \n") == "if x:\n    y = 1"


def test_folding_drops_case_and_accents() -> None:
    assert fold("EXPLOTACIÓN de los Niños") == "explotacion de los ninos"


def test_normalised_texts_are_equal_whatever_their_case_and_spacing() -> None:
    assert normalised("SB  855\n(2014)") == normalised("sb 855 (2014)")
