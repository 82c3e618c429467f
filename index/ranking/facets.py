"""How many of the passages that match are there of each collection, document, type, language and year?

As if there were no filter by the same one: who looks at one collection sees how many the others have.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.engine import DOCUMENTS_COUNTED
from index.query import Query
from index.ranking.scoring import COMPILED

if COMPILED:
    from index.ranking import firstpass

Mask = npt.NDArray[np.bool_]

# Of so many values it is faster to count each by a mask than to look up what each passage has.
_FEW = 4

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
    chosen = _chosen(query, name)
    return not chosen or value in chosen


def which_pass(name: str, chosen: Sequence[str], values: Sequence[str]) -> Mask:
    """Return which of some values, in order and each once, pass a filter of ``narrowing``.

    Looked up, not gone through: a library has as many values of a document as it has documents.
    """
    passing = np.zeros(len(values), bool)
    if name == "day":
        since, until = chosen
        first = bisect.bisect_left(values, since)
        if until:
            first = max(first, bisect.bisect_right(values, ""))
        passing[first : bisect.bisect_right(values, until) if until else None] = True
        return passing
    for value in chosen:
        at = bisect.bisect_left(values, value)
        if at < len(values) and values[at] == value:
            passing[at] = True
    return passing


def _chosen(query: Query, name: str) -> tuple[str, ...]:
    return {
        "collection": query.collections,
        "source_id": query.source_ids,
        "media_type": query.media_types,
        "language": query.languages,
    }[name]


def narrowing(query: Query) -> dict[str, tuple[str, ...]]:
    """Return what a query filters by: the values that may be, of days the first and the last."""
    chosen = {
        "collection": query.collections,
        "source_id": query.source_ids,
        "media_type": query.media_types,
        "language": query.languages,
        "day": (query.since, query.until) if query.since or query.until else (),
    }
    return {name: values for name, values in chosen.items() if values}


def facet_of(name: str, value: str) -> str:
    """Return what a passage with a value is counted under."""
    return value[:4] if name == "year" else value


@dataclass(frozen=True, slots=True)
class Coded:
    """What each passage is counted under: ``codes`` are numbers of ``values``, which are in order.

    ``masks`` tell of few values which passages have each, all but the last: those have the last that have no
    other.
    """

    codes: npt.NDArray[np.unsignedinteger]
    values: Sequence[str]
    masks: Sequence[Mask] = ()

    def sums(self, chosen: Mask, *, compiled: bool = COMPILED) -> npt.NDArray[np.integer]:
        """Count some passages by value."""
        if len(self.values) == 1 or self.masks:
            sums = [int(np.count_nonzero(chosen & mask)) for mask in self.masks]
            return np.array([*sums, int(np.count_nonzero(chosen)) - sum(sums)])
        if compiled:
            return firstpass.tally(chosen.view(np.uint8), self.codes, len(self.values))
        return np.bincount(self.codes.take(chosen.nonzero()[0]), minlength=len(self.values))


def coded(
    facet: str, codes: Sequence[npt.NDArray[np.unsignedinteger]], values: Sequence[Sequence[str]]
) -> Coded:
    """Return what the passages of some segments, one after another, are counted under.

    ``codes`` and ``values`` are those of each segment, of what the facet is made of.
    """
    of_segments = values
    if facet == "year":
        of_segments = [[facet_of(facet, value) for value in named] for named in values]
    # Those of each segment are in order: to put these together takes a third of what it takes to sort a set.
    every = list(dict.fromkeys(sorted(itertools.chain.from_iterable(of_segments))))
    numbers = dict(zip(every, range(len(every)), strict=True))
    kind = np.min_scalar_type(max(len(every) - 1, 0))
    parts = [
        np.fromiter(map(numbers.__getitem__, named), kind, len(named)).take(code)
        for code, named in zip(codes, of_segments, strict=True)
    ]
    together = np.concatenate(parts) if parts else np.zeros(0, kind)
    if len(every) <= _FEW:
        return Coded(together, every, [together == number for number in range(len(every) - 1)])
    return Coded(together, every)


def _commonest(sums: npt.NDArray[np.integer], most: int) -> list[int]:
    """Return the places of the highest sums above 0, in order; of equal ones the first.

    Most documents have few matches: how many have each number of them tells which need not be put in order.
    """
    least = 1
    if most < len(sums):
        with_more = np.bincount(sums)[::-1].cumsum()
        least = max(len(with_more) - 1 - int(with_more.searchsorted(most)), 1)
    held = (sums >= least).nonzero()[0]
    first: list[int] = held[np.argsort(-sums[held], kind="stable")].tolist()
    return first[:most]


def counted(
    matched: Mask,
    passing: Mapping[str, Mask],
    passages: Mapping[str, Coded],
    *,
    compiled: bool = COMPILED,
) -> dict[str, dict[str, int]]:
    """Count the passages for each value of FACETS, the commonest first, of documents the first few only.

    ``matched`` tells which match the question, whatever is filtered by; ``passing`` which pass each filter.
    """
    chosen: dict[tuple[str, ...], Mask] = {}
    found: dict[str, dict[str, int]] = {}
    for facet, each in passages.items():
        others = tuple(name for name in passing if name != FILTERED_BY[facet])
        if others not in chosen:
            chosen[others] = functools.reduce(operator.and_, (passing[name] for name in others), matched)
        sums = each.sums(chosen[others], compiled=compiled)
        if facet != "source_id":
            held = _commonest(sums, len(sums))
        elif compiled and sums.dtype == np.uint32:
            held = firstpass.commonest(sums, DOCUMENTS_COUNTED)
        else:
            held = _commonest(sums, DOCUMENTS_COUNTED)
        found[facet] = {each.values[at]: int(sums[at]) for at in held}
    return found
