"""Which values pass a filter: looked up among values in order, as if each were asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.query import Query, Words
from index.ranking.facets import Coded, coded, counted, facet_of, narrowing, passes, which_pass
from index.ranking.scoring import COMPILED

if COMPILED:
    from index.ranking import firstpass

WAYS = [False, True] if COMPILED else [False]
_QUERY = Query((Words("shelter"),))
_DAYS = st.sampled_from(["", "1999-12-31", "2014-08-05", "2014-08-06", "2020-01-01", "2024"])
_NAMES = st.sampled_from(["", "a", "ab", "b", "laws", "ñ"])


@given(st.sets(_DAYS), _DAYS, _DAYS)
def test_days_pass_as_if_each_were_asked(days: set[str], since: str, until: str) -> None:
    query, values = replace(_QUERY, since=since, until=until), sorted(days)
    chosen = narrowing(query).get("day", ("", ""))
    assert which_pass("day", chosen, values).tolist() == [passes(query, "day", value) for value in values]


@given(st.sets(_NAMES), st.lists(_NAMES, min_size=1))
def test_chosen_values_pass_and_no_others(held: set[str], chosen: list[str]) -> None:
    query, values = replace(_QUERY, collections=tuple(chosen)), sorted(held)
    assert narrowing(query) == {"collection": tuple(chosen)}
    assert which_pass("collection", tuple(chosen), values).tolist() == [
        passes(query, "collection", value) for value in values
    ]


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1), st.data())
def test_few_values_are_counted_as_many_are(held: list[str], data: st.DataObject) -> None:
    values = sorted(set(held))
    codes = np.array([values.index(value) for value in held], np.uint8)
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(held), max_size=len(held))), bool)
    counted = coded("language", [codes], [values]).sums(chosen)
    assert counted.tolist() == [
        sum(one == value and is_chosen for one, is_chosen in zip(held, chosen.tolist(), strict=True))
        for value in values
    ]


@given(st.lists(st.lists(_DAYS, min_size=1)), st.sampled_from(["year", "source_id"]))
def test_passages_of_several_segments_are_counted_under_their_values(
    held: list[list[str]], facet: str
) -> None:
    values = [sorted(set(of_segment)) for of_segment in held]
    codes = [
        np.array([named.index(value) for value in of_segment], np.uint8)
        for of_segment, named in zip(held, values, strict=True)
    ]
    found = coded(facet, codes, values)
    expected = [facet_of(facet, value) for of_segment in held for value in of_segment]
    assert [found.values[code] for code in found.codes.tolist()] == expected
    assert list(found.values) == sorted(set(expected))


@given(st.lists(st.sampled_from([f"d{n:02}" for n in range(30)]), max_size=200), st.integers(1, 30))
def test_of_documents_those_with_most_matches_are_counted_and_of_equal_ones_the_first(
    held: list[str], most: int
) -> None:
    values = sorted({*held, "d99"})
    codes = np.array([values.index(value) for value in held], np.uint8)
    matched = np.array([value < "d25" for value in held], bool)
    expected = sorted(
        Counter(value for value in held if value < "d25").items(), key=lambda each: (-each[1], each[0])
    )
    documents = {"source_id": coded("source_id", [codes], [values])}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.ranking.facets.DOCUMENTS_COUNTED", most)
        found = [counted(matched, {}, documents, compiled=compiled)["source_id"] for compiled in WAYS]
    assert all(list(each.items()) == expected[:most] for each in found)


@given(st.integers(0, 5_000), st.sampled_from([5, 300, 70_000]), st.integers(0, 99), st.integers(0))
def test_compiled_and_by_numpy_the_same_passages_are_counted_under_each_value(
    size: int, values: int, percent: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    codes = chance.integers(0, values, size).astype(np.min_scalar_type(values - 1))
    chosen = chance.integers(0, 100, size) < percent
    passages = Coded(codes, [str(value) for value in range(values)])
    expected = Counter(codes[chosen].tolist())
    for compiled in WAYS:
        sums = passages.sums(chosen, compiled=compiled)
        assert {at: sums[at] for at in sums.nonzero()[0].tolist()} == expected


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled here")
def test_a_code_that_is_of_no_value_is_refused() -> None:
    codes = np.array([0, 7], np.uint8)
    with pytest.raises(IndexError):
        firstpass.tally(np.ones(2, np.uint8), codes, 7)
    with pytest.raises(IndexError):
        firstpass.tally(np.ones(3, np.uint8), codes, 8)
