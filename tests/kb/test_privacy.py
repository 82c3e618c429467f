import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.privacy import MASK, masked

KNOWN = set(
    "where is the nearest shelter for youth hours visits call who answers at and in of to a at or years "
    "los angeles county children may file case policy law section budget from client services judge decide "
    "dónde está el de la niños parking mail please with what income under open".split()
)


def known(word: str) -> bool:
    return word.lower() in KNOWN


@pytest.mark.parametrize(
    "secret",
    [
        "123-45-6789", "123 45 6789", "123456789", "1 2 3 4 5 6 7 8 9", "1.2.3.4.5.6.7", "123_45_6789",
        "(213) 555-0100", "213.555.0100", "+1 213 555 0100", "+34 612 34 56 78", "0034 612 345 678",
        "612345678", "12345678Z", "X-1234567-L", "x1234567l", "GOLM800101HDFRRS09", "A-123-456-789",
        "7ABC123", "12-AB-3456", "JV-12345", "JV12345-B", "45/20193", "１２３４５６７８９", "١٢٣٤٥٦٧٨٩",
        "12\u200b34\u200d567", "555\u20131212", "555\u00a01212", "1987 65 4321", "5, 5, 5, 1, 2",
        "five five five one two", "cinco cinco cinco uno dos", "3/4/15", "03-04-2015", "2015-03-04",
        "3 March 2015", "March 3, 2015", "3 de marzo de 2015", "3 mar 15", "ana.diaz@example.org",
        "ana.diaz @ example.org",
        "ana (at) example dot org", "ana arroba example punto org", "ana at example dot org",
        "https://example.org/x?id=1",
        "instagram.com/ana.diaz", "www.example.org", "1234 Elm Street", "12 E. 5th St", "calle Mayor 12",
    ],
)  # fmt: skip
def test_what_could_name_somebody_is_not_kept(secret: str) -> None:
    kept = masked(f"parking hours {secret} and visits", is_known=known)
    assert kept == f"parking hours {MASK} and visits"
    assert masked(secret, is_known=known) == MASK


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("case no. 12-AB-3456", "case no. …"),
        ("case no 1234", "case no …"),
        ("case number is 4321", "case number is …"),
        ("Case #99 parking", "Case #… parking"),
        ("expediente n.º 45/2019", "expediente n.º …"),
        ("file no. 99-1", "file no. …"),
        ("parking #4411", "parking #…"),
        ("parking n.º 4411", "parking n.º…"),
        ("Dra. Ana María Pérez de la Cruz visits", "Dra. … visits"),
        ("nacida el 3 de marzo de 2015", "nacida el …"),
        ("born 3/15", "…"),
        ("Mr Smith parking", "Mr … parking"),
        ("sra garcia lopez parking", "sra … parking"),
        ("Sra. María de la Luz Hernández visits", "Sra. … visits"),
        ("judge Lopez decide", "judge … decide"),
        ("my client is Ana García", "my client is …"),
        ("MARIA LOPEZ visits", "… visits"),
        ("Where is Maria Lopez", "Where is …"),
        ("Lopez, Maria visits", "… visits"),
        ("J.R. Smith visits", "… visits"),
    ],
)
def test_what_is_introduced_or_written_like_a_name_is_not_kept(asked: str, kept: str) -> None:
    assert masked(asked, is_known=known) == kept


@pytest.mark.parametrize(
    "asked",
    [
        "where is the nearest shelter for youth?", "WIC 16501.1", "section 11166(a) law", "AB 1084", "SB1322",
        "W-9", "budget 2023-2024", "budget from 2019 to 2021", "income under $25,000",
        "children 12 to 17 years", "24/7 hotline", "open 9:30 to 17:00", "los Angeles County",
        "Where is the Los Angeles County shelter",
        "client services", "judge may decide", '"safe harbor" -arrest lang:es', "call 911",
        "¿dónde está la oficina?",
    ],
)  # fmt: skip
def test_what_names_nobody_is_kept(asked: str) -> None:
    assert masked(asked, is_known=known) == asked


def test_words_that_the_documents_do_not_have_are_kept_only_when_wanted() -> None:
    asked = "where is maria lopez, the XYLOPHONE in room 12"
    assert masked(asked, is_known=known) == asked
    assert masked(asked, is_known=known, others=False) == "where is …, the … in … 12"
    assert masked("xylophone lessons", is_known=known, others=False) == MASK


SEPARATORS = st.sampled_from(["", "", " ", "-", ".", " - ", "/", "–", "_", ") ", "\u00a0", "\u200b", ", "])


@given(st.lists(st.tuples(st.sampled_from("0123456789"), SEPARATORS), min_size=7, max_size=16))
def test_seven_figures_in_a_row_never_stay_whatever_stands_between_them(pairs: list[tuple[str, str]]) -> None:
    number = "".join(figure + separator for figure, separator in pairs)
    kept = masked(f"parking {number} visits", is_known=known)
    assert sum(map(str.isdigit, kept)) <= 4, kept


@given(st.text(max_size=400))
def test_any_text_is_masked_to_one_line_that_does_not_change_again(text: str) -> None:
    kept = masked(text, is_known=known)
    assert len(kept) <= 300
    assert "\n" not in kept
    assert not re.search(r"\d{7}", kept)
    assert sum(map(str.isdigit, masked(kept, is_known=known))) <= sum(map(str.isdigit, kept))


def test_a_very_long_question_is_cut_between_words_and_quickly() -> None:
    kept = masked("parking " * 200_000, is_known=known)
    assert kept.endswith("parking")
    assert len(kept) <= 300
    assert masked("9" * 1_000_000, is_known=known) == ""
