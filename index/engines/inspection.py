"""Is what a segment holds what the catalog says? Arrays against stored passages, and those against words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from index import impacts
from index.engine import LookUp
from index.engines import segments
from index.ranking.snapshot import Segment

# Passages that are looked up at once.
_BATCH = 500


def differing(storage: Any, listed: Sequence[Any], held: Sequence[Segment], look_up: LookUp) -> list[str]:
    """Return where segments differ from what they were made of, and from the passages that are looked up."""
    found: list[str] = []
    for segment, loaded in zip(listed, held, strict=True):
        if not _same(impacts.build(segments.read(storage, segment)), loaded.sidecar):
            found.append(f"the arrays of {loaded.name} in the index are not those of its passages")
        wrong = list(_wrong(storage, segment, look_up))
        if wrong:
            told = f"{len(wrong)} passages in the index are not as the catalog has them"
            found.append(f"{told}, {min(wrong)} among them")
    return found


def _same(made: impacts.Sidecar, loaded: impacts.Sidecar) -> bool:
    return (
        made.arrays.keys() == loaded.arrays.keys()
        and all(np.array_equal(array, loaded.arrays[name]) for name, array in made.arrays.items())
        and {name: list(values) for name, values in made.values.items()} == dict(loaded.values)
    )


def _wrong(storage: Any, segment: Any, look_up: LookUp) -> Iterator[str]:
    live = (
        passage
        for number, passage in enumerate(segments.read(storage, segment))
        if not segment.is_deleted(number)
    )
    for part in _parts(live):
        expected = look_up([passage.id for passage in part])
        for passage in part:
            right = expected.get(passage.id)
            if right is not None and segments.analysed(right) != passage:
                yield passage.id


def _parts(passages: Iterator[impacts.StoredPassage]) -> Iterator[list[impacts.StoredPassage]]:
    while part := list(itertools.islice(passages, _BATCH)):
        yield part
