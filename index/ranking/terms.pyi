from collections.abc import Mapping

from index.impacts import Array

VERSION: int

class Terms:
    """The terms of a segment; numbered through all segments, theirs begin with ``first``.

    ``sorted_keys``: their keys in order; ``arrays``: those of the sidecar. ``passages``, ``occurrences`` and
    ``named`` (T, uint32): how many live passages hold each term, how often, and how many in their name.
    """

    def __init__(
        self,
        sorted_keys: Array,
        arrays: Mapping[str, Array],
        *,
        passages: Array,
        occurrences: Array,
        named: Array,
        first: int,
    ) -> None: ...

def look_up(segments: tuple[Terms, ...], keys: Array, none: int) -> tuple[Array, Array, Array]:
    """Find the terms of K keys in S segments.

    Returns how many live passages hold each, how often, and how many in their name (K, 3); its number in
    each segment, numbered through (K, S), ``none`` where that has no such term; and where its postings begin
    and end there (K, S, 2). Raises IndexError for arrays that cannot be those of one segment.
    """

def alike(
    starts: Array, holding: Array, sizes: Array, trigrams: list[int], first: int, last: int, least: float
) -> tuple[Array, Array]:
    """Return which of the words from ``first`` to ``last`` are at least so alike, and how much, in order.

    ``holding``: the words that hold each trigram, in order, those of each from its place in ``starts`` on.
    ``sizes``: how many trigrams each word has. ``trigrams``: those of the word that is asked for, each once.
    """
