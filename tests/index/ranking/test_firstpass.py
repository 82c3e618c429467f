"""The first pass gives the same scores compiled and by numpy, and nothing in the arrays ends the process."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engine import IndexedPassage
from index.impacts import Array, Sidecar
from index.query import Query, Words
from index.ranking import scoring
from index.ranking.formula import Counts
from index.ranking.lexicon import Postings
from index.ranking.scoring import COMPILED, Often, Picking
from index.ranking.snapshot import Snapshot
from index.ranking.weighing import Weighing, fitting
from kb.errors import IndexIncompatible
from tests.index.passages import passage
from tests.index.ranking.test_secondpass import asked, fields, library, questions, segments

if COMPILED:
    from index.ranking import firstpass, picking

WAYS = [False, True] if COMPILED else [False]


def weighing(snapshot: Snapshot, *, compiled: bool, sidecars: Sequence[Sidecar] | None = None) -> Weighing:
    every = sidecars or [segment.sidecar for segment in snapshot.segments]
    return Weighing(every, snapshot.bases, snapshot.live, lexicon=snapshot.lexicon, compiled=compiled)


def added(way: Weighing, snapshot: Snapshot, query: Query) -> list[object]:
    """Return what each word adds to each passage, and what all add together to the best."""
    words = [way.word(group) for group in asked(snapshot, query).groups]
    picking = Picking(snapshot.bases, snapshot.size, compiled=way._first_pass is not None)
    found: list[object] = [picking.sums([word]).tobytes() for word in words]
    with fitting():
        best = picking.best(words, 20)
    return [*found, best.numbers.tolist(), best.scores.tolist(), best.matching]


def test_the_first_pass_is_compiled_where_that_is_required() -> None:
    assert COMPILED or os.environ.get("REQUIRE_COMPILED") != "1"


@given(segments, st.sets(st.integers(0, 27)), questions, fields, st.sampled_from(["en", "es", "other"]))
def test_compiled_and_by_numpy_each_word_adds_the_same_to_the_last_bit(
    batches: list[list[IndexedPassage]], gone: set[int], typed: list[str], within: str, language: str
) -> None:
    snapshot = library(batches, sorted(gone))
    ways = [weighing(snapshot, compiled=compiled) for compiled in WAYS]
    full = [weighing(snapshot, compiled=compiled) for compiled in WAYS]
    for way in full:
        # Nothing can be kept, so that each word is weighed each time.
        way._kept = Often(0, scoring.room)
    for text in typed:
        query = Query((Words(text), Words(f"the bus of {text}", within)), language=language)
        # Twice, as what was weighed is kept.
        found = [added(way, snapshot, query) for way in (*ways, *full) for _ in range(2)]
        assert all(each == found[0] for each in found)


def many(count: int) -> Snapshot:
    """Return a library of passages that hold three words more or less often, in two segments."""
    texts = ["shelter " * (at % 5) + "night " * (at % 7) + "bus " * (at % 3) + "end" for at in range(count)]
    titles = ["shelter" if at % 11 == 0 else "list" for at in range(count)]
    every = [passage("", text, title=title) for text, title in zip(texts, titles, strict=True)]
    return library([every[: count // 3], every[count // 3 :]], range(0, count, 13))


def test_so_many_passages_that_they_are_weighed_in_several_goes_score_the_same() -> None:
    snapshot = many(40_000)
    query = Query((Words("shelters night bus"),), language="en")
    ways = [weighing(snapshot, compiled=compiled) for compiled in WAYS]
    for way in ways[1:]:
        way._kept = Often(0, scoring.room)
    found = [added(way, snapshot, query) for way in ways for _ in range(2)]
    assert all(each == found[0] for each in found)
    assert found[0][-1] == 36_604


def with_arrays(sidecar: Sidecar, **arrays: Array) -> Sidecar:
    return Sidecar({**sidecar.arrays, **arrays}, sidecar.values)


@pytest.mark.parametrize("compiled", WAYS)
@pytest.mark.parametrize(
    "arrays",
    [
        {"docs": np.array([0, 9, 1], np.uint32)},
        {"docs": np.array([0, 1, 0xFFFFFFFF], np.uint32)},
        {"tf_text": np.ones(2, np.uint8)},
    ],
)
@pytest.mark.parametrize("kept", [True, False])
def test_damaged_postings_are_refused(arrays: dict[str, Array], compiled: bool, kept: bool) -> None:
    snapshot = library([[passage("", "shelter"), passage("", "shelter"), passage("", "shelter")]])
    damaged = with_arrays(snapshot.segments[0].sidecar, **arrays)
    (group,) = asked(snapshot, Query((Words("shelter"),), language="en")).groups

    def best() -> object:
        with fitting():
            way = weighing(snapshot, compiled=compiled, sidecars=[damaged])
            way._kept = Often(1_000 if kept else 0, scoring.room)
            return Picking(snapshot.bases, snapshot.size, compiled=compiled).best([way.word(group)], 10)

    for _ in range(2):
        with pytest.raises(IndexIncompatible):
            best()


def test_after_damaged_postings_of_one_word_others_are_weighed_as_before() -> None:
    snapshot = many(40_000)
    last = snapshot.segments[-1].sidecar
    first, end = last.arrays["post_at"][last.term_number("bus") :][:2]
    docs = last.arrays["docs"].copy()
    docs[first:end] = docs[first:end][::-1]
    sidecars = [snapshot.segments[0].sidecar, with_arrays(last, docs=docs)]
    sound, damaged = (Query((Words(word),), language="en") for word in ("shelter", "bus"))
    for compiled in WAYS[1:]:
        way = weighing(snapshot, compiled=compiled, sidecars=sidecars)
        with pytest.raises(IndexIncompatible):
            added(way, snapshot, damaged)
        assert added(way, snapshot, sound) == added(weighing(snapshot, compiled=False), snapshot, sound)


def test_what_is_asked_for_more_often_takes_the_room_of_what_is_asked_for_less_often() -> None:
    kept: Often[bytes] = Often(10, len)
    for key in ("one", "one", "two"):
        assert kept.find(key) is None
    assert kept.has_room("one", 8)
    kept.get("one", lambda: b"12345678")
    assert not kept.has_room("two", 8)
    assert kept.find("one") == b"12345678"
    for _ in range(4):
        kept.find("two")
    assert kept.has_room("two", 8)
    kept.get("two", lambda: b"87654321")
    assert kept.find("one") is None
    assert kept.find("two") == b"87654321"


def word(lengths: Array, counts: Array, *, live: int | None = None, longest: int = 0xFFFF) -> firstpass.Word:
    """Return a word that all passages of one segment hold, so often in texts of these lengths."""
    none, size = np.zeros(len(counts), np.uint8), len(counts)
    arrays = {
        "docs": np.arange(size, dtype=np.uint32),
        "tf_title": none,
        "tf_headings": none,
        "tf_text": counts,
    }
    arrays |= {"length_title": none, "length_headings": none, "length_text": lengths}
    by_length = np.concatenate([1.0 / (1.0 + np.arange(longest + 1))] * 3)
    passes = firstpass.FirstPass(
        [firstpass.Segment(arrays, base=0)],
        by_length=by_length,
        field_at=np.arange(3) * (longest + 1),
        live=np.ones(size if live is None else live, np.uint8),
    )
    ends = np.array([0, size], np.int64).tobytes()
    return firstpass.Word(passes, [(Postings(ends, size, b"", Counts()), 1.0)], "text", 1.5)


@pytest.mark.skipif(not COMPILED, reason="numpy packs nothing")
@pytest.mark.parametrize("size", [0, 1, 40_000, 0xFFFF, 0x10000])
def test_a_word_is_packed_if_two_bytes_tell_its_amounts_apart(size: int) -> None:
    counts = np.ones(size, np.uint8)
    docs, amounts = word(np.arange(size, dtype=np.uint32), counts).impacts()
    assert len(np.unique(amounts)) == size
    found = picking.packed(word(np.arange(size, dtype=np.uint32), counts), [0, size])
    if size > 0xFFFF:
        assert found is None
        return
    assert found is not None
    assert [each.tobytes() for each in found.impacts()] == [docs.tobytes(), amounts.tobytes()]
    assert found.nbytes <= 12 * size + 20


@pytest.mark.skipif(not COMPILED, reason="numpy packs nothing")
def test_what_is_packed_is_added_only_to_passages_of_the_segments_it_was_packed_for() -> None:
    found = picking.packed(word(np.arange(9, dtype=np.uint32), np.ones(9, np.uint8)), [0, 9])
    assert found is not None
    assert Picking([0], 9).best([found], 3).numbers.tolist() == [0, 1, 2]
    for bases, size in (([0], 3), ([0, 2], 9), ([], 0)):
        with pytest.raises(IndexError):
            Picking(bases, size).best([found], 3)


@pytest.mark.skipif(not COMPILED, reason="numpy takes lengths as they are")
def test_lengths_of_more_passages_than_there_are_or_longer_ones_than_there_were_are_refused() -> None:
    counts = np.ones(1, np.uint8)
    with pytest.raises(IndexError):
        word(np.array([1], np.uint32), counts, live=0)
    with pytest.raises(IndexError):
        word(np.array([9], np.uint32), counts, longest=8)
    docs, _ = word(np.array([8], np.uint32), counts, longest=8).impacts()
    assert docs.tolist() == [0]
