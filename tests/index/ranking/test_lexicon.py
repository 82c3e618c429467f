"""Terms are found the same compiled and by numpy, and nothing in the arrays ends the process."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engine import IndexedPassage
from index.ranking.groups import COMPILED
from index.ranking.lexicon import Lexicon
from index.ranking.snapshot import Snapshot
from kb.errors import IndexIncompatible
from tests.index.passages import passage
from tests.index.ranking.test_secondpass import damaged, library, segments

WAYS = [False, True] if COMPILED else [False]

_UNKNOWN = ["", "nowhere", "sheltr", "ñandú"]


def lexicon(snapshot: Snapshot, *, compiled: bool) -> Lexicon:
    return Lexicon(
        [segment.sidecar for segment in snapshot.segments],
        [segment.deleted for segment in snapshot.segments],
        snapshot.statistics,
        compiled=compiled,
    )


def terms_of(snapshot: Snapshot) -> list[str]:
    sidecars = [segment.sidecar for segment in snapshot.segments]
    return [side.term(number) for side in sidecars for number in range(len(side.arrays["keys"]))] + _UNKNOWN


def test_looking_up_is_compiled_where_that_is_required() -> None:
    assert COMPILED or os.environ.get("REQUIRE_COMPILED") != "1"


@given(segments, st.sets(st.integers(0, 27)), st.data())
def test_a_term_is_where_it_is_however_it_is_looked_up(
    batches: list[list[IndexedPassage]], gone: set[int], data: st.DataObject
) -> None:
    snapshot = library(batches, sorted(gone))
    terms = data.draw(st.permutations(terms_of(snapshot)))
    ways = [lexicon(snapshot, compiled=compiled) for compiled in WAYS]
    together = [way.look_up(terms) for way in ways]
    assert all(found == together[0] for found in together)
    one_by_one = lexicon(snapshot, compiled=COMPILED)
    for term in terms:
        assert one_by_one.counts(term) == together[0][term].counts
        assert one_by_one.numbers((term,)).tobytes() == together[0][term].numbers
        for place, part in one_by_one.postings(term).parts.items():
            sidecar = snapshot.segments[place].sidecar
            number = sidecar.term_number(term)
            starts = sidecar.arrays["post_at"]
            assert (part.start, part.stop) == (starts[number], starts[number + 1])


@given(segments, st.sets(st.integers(0, 27)), st.sets(st.integers(0, 27)))
def test_after_a_change_terms_are_counted_as_if_all_were_counted_anew(
    batches: list[list[IndexedPassage]], gone: set[int], gone_since: set[int]
) -> None:
    before = library(batches, sorted(gone))
    now = [
        replace(segment, deleted=after.deleted)
        for segment, after in zip(before.segments, library(batches, sorted(gone_since)).segments, strict=True)
    ]
    # One segment more, one less.
    more = [*library([[passage("new", "night shelter")]]).segments, *now][: max(len(now), 1)]
    changed = Snapshot(more, sequence=2, generation=1, before=before).prepare()
    for term in terms_of(changed):
        assert changed.lexicon.counts(term) == lexicon(changed, compiled=COMPILED).counts(term)


def test_a_term_of_no_passage_is_nowhere() -> None:
    for compiled in WAYS:
        for snapshot in (library([]), library([[passage("", "night shelter")]])):
            found = lexicon(snapshot, compiled=compiled)
            assert found.postings("nowhere").parts == {}
            assert found.counts("nowhere").passages == 0


def test_what_is_forgotten_is_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.ranking.lexicon._REMEMBERED", 4)
    snapshot = library([[passage("", "one two three four five six seven eight nine")]])
    for compiled in WAYS:
        found = lexicon(snapshot, compiled=compiled)
        terms = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        expected = [lexicon(snapshot, compiled=compiled).counts(term) for term in terms]
        assert [found.counts(term) for term in terms] == expected
        assert found.numbers(terms).tobytes() == b"".join(
            found.look_up(terms)[term].numbers for term in terms
        )


@pytest.mark.parametrize("compiled", WAYS)
@settings(max_examples=60)
@given(
    st.sampled_from(["post_at", "key_order", "occurrences", "keys"]),
    st.integers(0, 200),
    st.sampled_from([-(1 << 62), -1, 0, 1, 7, 255, 1 << 20, 0xFFFFFFFE, 0xFFFFFFFF, 1 << 40, 1 << 62]),
)
def test_damaged_arrays_are_refused_or_answered_from(
    compiled: bool, name: str, place: int, value: int
) -> None:
    batch = [passage("", f"the night shelter {number} of trafficking") for number in range(6)]
    snapshot = library([batch])
    terms = terms_of(snapshot)
    damaged(snapshot, name, place, value)
    with contextlib.suppress(IndexIncompatible):
        for postings in lexicon(snapshot, compiled=compiled).look_up(terms).values():
            assert all(0 <= part.start <= part.stop for part in postings.parts.values())
