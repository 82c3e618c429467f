"""Segments that are merged as arrays are what their passages would have made together."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index import impacts, merging
from index.impacts import Sidecar, StoredPassage
from index.merging import Part

TERMS = st.lists(st.sampled_from(["", "desk", "gate", "été", "zz", "zz1", "a\udcff"]), max_size=6)
FIELDS = st.tuples(TERMS, TERMS, TERMS)
NAMES = st.sampled_from(["", "guides", "laws"])
KEPT = st.booleans()


@st.composite
def passages(draw: st.DrawFn) -> list[tuple[StoredPassage, bool]]:
    """Return the passages of a segment, each with whether it is still live."""
    found = []
    for _ in range(draw(st.integers(1, 5))):
        words = draw(FIELDS)
        stored = StoredPassage(
            draw(st.text("abc", min_size=2, max_size=2)),
            {name: draw(NAMES) for name in impacts.FILTERS},
            words,
            draw(FIELDS),
            deepest=draw(st.integers(0, len(words[1]))),
        )
        found.append((stored, draw(KEPT)))
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(passages(), min_size=1, max_size=4))
def test_they_are_those_of_the_live_passages_in_order(
    of_segments: list[list[tuple[StoredPassage, bool]]],
) -> None:
    live = [stored for segment in of_segments for stored, kept in segment if kept]
    if live:
        same(merging.merged([part(segment) for segment in of_segments]), impacts.build(live))


def part(segment: list[tuple[StoredPassage, bool]]) -> Part:
    kept = np.flatnonzero([kept for _, kept in segment])
    return Part(impacts.build([stored for stored, _ in segment]), kept)


def same(one: Sidecar, other: Sidecar) -> None:
    assert list(one.arrays) == list(other.arrays)
    assert one.values == other.values
    for name, expected in other.arrays.items():
        assert (name, one.arrays[name].dtype) == (name, expected.dtype)
        assert (name, one.arrays[name].tolist()) == (name, expected.tolist())
