"""How many of the passages that match are there of each collection, document, type, language and year?

As if there were no filter by the same one: who looks at one collection sees how many the others have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from index.engine import FACETS
from index.query import Query

Mask = npt.NDArray[np.bool_]

FILTERED_BY = {
    "collection": "collection",
    "source_id": "source_id",
    "media_type": "media_type",
    "language": "language",
    "year": "day",
}
"""The value of a passage that each facet is made of."""


def passes(query: Query, name: str, value: str) -> bool:
    """Tell whether a passage with a value passes a query's filter by it."""
    if name == "day":
        return (not query.since or value >= query.since) and (not query.until or "" < value <= query.until)
    chosen = {
        "collection": query.collections,
        "source_id": query.source_ids,
        "media_type": query.media_types,
        "language": query.languages,
    }[name]
    return not chosen or value in chosen


def narrowing(query: Query) -> tuple[str, ...]:
    """Return the values that a query filters by."""
    chosen = {
        "collection": query.collections,
        "source_id": query.source_ids,
        "media_type": query.media_types,
        "language": query.languages,
        "day": query.since or query.until,
    }
    return tuple(name for name, values in chosen.items() if values)


def facet_of(name: str, value: str) -> str:
    """Return what a passage with a value is counted under."""
    return value[:4] if name == "year" else value


def counted(
    matched: Mask,
    passing: Mapping[str, Mask],
    codes: Mapping[str, Sequence[npt.NDArray[np.unsignedinteger]]],
    *,
    values: Mapping[str, Sequence[Sequence[str]]],
) -> dict[str, dict[str, int]]:
    """Count the passages for each value of FACETS, the commonest first.

    ``matched`` tells which match the question, whatever is filtered by; ``passing`` which pass each filter.
    ``codes`` and ``values`` are those of each segment, by the name of the value.
    """
    found: dict[str, dict[str, int]] = {}
    for facet in FACETS:
        name = FILTERED_BY[facet]
        chosen = matched.copy()
        for other, mask in passing.items():
            if other != name:
                chosen &= mask
        sums: dict[str, int] = {}
        start = 0
        for code, named in zip(codes[name], values[name], strict=True):
            here = np.bincount(code[chosen[start : start + len(code)]], minlength=len(named))
            for at in np.flatnonzero(here).tolist():
                value = facet_of(facet, named[at])
                sums[value] = sums.get(value, 0) + int(here[at])
            start += len(code)
        found[facet] = dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))
    return found
