from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fields import GROUP_SIZE
from index.ranking.groups import COMPILED, Spelling, is_compared, likenesses, members, trigrams


def spelling(*terms: str, compiled: bool = COMPILED) -> Spelling:
    raw = sorted(term.encode() for term in set(terms))
    ends = np.cumsum([0, *(len(term) for term in raw)]).astype(np.int64)
    return Spelling(np.frombuffer(b"".join(raw), np.uint8), ends, compiled=compiled)


def test_the_ends_of_a_word_are_letters_of_its_own() -> None:
    assert trigrams("bus") == {"_bu", "bus", "us_"}
    assert trigrams("aaaa") == {"_aa", "aaa", "aa_"}


def test_words_count_by_the_square_of_the_trigrams_they_share() -> None:
    assert dict(members("traffick", ["trafic", "traffick", "tram"])) == pytest.approx(
        {"trafic": 0.5 * (8 / 14) ** 2}
    )
    # Just half of the trigrams is enough; less is not.
    assert members("state", ["station", "stationary"]) == (("station", 0.125),)


@pytest.mark.parametrize("term", ["bus", "w9", "12.40", "niñ", "#phone", ""])
def test_short_words_codes_and_other_letters_mean_only_themselves(term: str) -> None:
    others = [term + "s", term + "e", "buses", "w9s"]
    assert members(term, others, others) == ()
    assert not is_compared(term)


def test_words_with_another_first_letter_are_others() -> None:
    assert members("shelter", ["helter", "xhelter"], ["helter", "xhelter"]) == ()


@pytest.mark.parametrize(
    ("typed", "meant", "weight"),
    [
        ("shleter", "shelter", 0.8),
        ("sheltr", "shelter", 0.8),
        ("shellter", "shelter", 0.8),
        ("shelfer", "shelter", 0.8),
        ("dcitionery", "dictionary", 0.5),
    ],
)
def test_a_slip_or_two_of_a_word_that_nobody_wrote_are_overlooked(
    typed: str, meant: str, weight: float
) -> None:
    assert dict(members(typed, [], [meant])) == {meant: weight}


def test_short_words_are_not_taken_for_mistyped_and_two_slips_only_in_long_ones() -> None:
    assert members("cart", [], ["card", "car"]) == ()
    assert members("cards", [], ["crd", "car", "card"]) == (("card", 0.8),)
    assert members("setrler", [], ["shelter"]) == ()


def test_the_larger_of_two_weights_counts_and_only_the_closest_are_kept() -> None:
    assert members("shelterx", ["shelter"], ["shelter"]) == (("shelter", 0.8),)
    many = [f"shelter{a}{b}" for a in "abcde" for b in "abcde"]
    kept = members("shelter", [*many, "shelters"])
    assert len(kept) == GROUP_SIZE
    assert kept[0][0] == "shelters"
    assert [term for term, _ in kept[1:]] == sorted(many)[: GROUP_SIZE - 1]


letters = st.text(st.sampled_from("aabcdez"), max_size=9) | st.sampled_from(
    ["añb", "ab9", "zebra", "{", "`a"]
)


@given(st.sets(letters.filter(bool), max_size=30), letters)
def test_what_the_arrays_leave_out_means_nothing(terms: set[str], term: str) -> None:
    narrowed = spelling(*terms)
    alike, near = narrowed.alike(term), narrowed.near(term)
    assert set(alike) | set(near) <= terms
    assert members(term, alike, near) == members(term, terms, terms)


@given(st.sets(letters.filter(bool), max_size=30), letters)
def test_likeness_is_the_same_to_the_last_bit_from_trigrams_and_from_their_counts(
    terms: set[str], term: str
) -> None:
    expected = likenesses(term, terms)
    assert spelling(*terms, compiled=False).alike(term) == expected
    assert spelling(*terms).alike(term) == expected


def test_damaged_lists_of_trigrams_are_refused() -> None:
    made = spelling("shelter", "shelters", "state")
    starts, holding, sizes = made._trigrams()
    made._made = starts, holding, sizes[:1]
    with pytest.raises(IndexError):
        made.alike("shelter")
