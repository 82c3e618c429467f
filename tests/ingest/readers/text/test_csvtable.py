from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.shared.sheets import Value, _blank_columns
from ingest.readers.text.csvtable import read, separator_of
from kb.errors import SourceEmpty, SourceError
from tests.ingest.readers.shape import assert_well_formed


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_values_is_found(sign: str) -> None:
    text = (
        f'County{sign}"Cost, in all;'
        f' about"{sign}Since\nPine{sign}"1.200,50"{sign}2024\nOak{sign}"900,00"{sign}2023\n'
    )
    assert separator_of(text) == sign
    document = read(text.encode("cp1252"), name="county-costs.csv")
    assert document.title == "county costs"
    assert [document.block_text(block) for block in document.blocks] == [
        "County | Cost, in all; about | Since",
        "Pine | 1.200,50 | 2024",
        "Oak | 900,00 | 2023",
    ]
    assert document.blocks[1].headers == ("County", "Cost, in all; about", "Since")


def test_of_blank_columns_beside_each_other_one_is_looked_at() -> None:
    assert _blank_columns([(0, [Value("a", 0), Value("b", 2), Value("c", 3_000_000)])]) == [1, 3]


def test_encodings_stated_signs_and_empty_values_are_understood() -> None:
    document = read("sep=;\nNiño;Edad;Nota\nJosé;;bien\n".encode("latin-1"))
    assert document.text == "Niño | Edad | Nota\nJosé | bien"
    assert document.blocks[1].headers == ("Niño", "Nota")
    wide = read("Name\tCity\nAna\tReno\n".encode("utf-16"))
    assert wide.text == "Name | City\nAna | Reno"


def test_a_first_row_of_figures_is_no_header_and_one_column_is_a_list() -> None:
    assert read(b"2023,5\n2024,6\n2025,word\n").blocks[1].headers == ()
    assert [block.kind.value for block in read(b"One\nTwo\nThree\n").blocks] == ["paragraph"] * 3


def test_a_quotation_mark_that_is_never_closed_loses_nothing() -> None:
    long = b"x" * 140_000
    document = read(b'a,b\n1,"open\n2,' + long + b"\n3,last\n")
    assert "last" in document.text


def test_a_table_without_words_is_empty() -> None:
    with pytest.raises(SourceEmpty):
        read(b",,\n,,\n")


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([",", ";", "\t", "|", '"', "\n", "a b", "1", "ñ", "\x00", "\r", " "]), max_size=60
    )
)
def test_any_text_is_a_table_or_empty(parts: list[str]) -> None:
    try:
        assert_well_formed(read("".join(parts).encode()))
    except SourceError:
        return
