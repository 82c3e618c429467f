from collections.abc import Mapping, Sequence

from index.impacts import Array
from index.ranking.lexicon import Postings

VERSION: int
LONGEST: int

def add(scores: Array, docs: Array, amounts: Array) -> None:
    """Add amounts to the scores of some passages. Raises IndexError for one that is not there."""

def tally(chosen: Array, codes: Array, values: int) -> Array:
    """Count the passages that are marked in ``chosen`` (uint8, 0 or 1) by their ``codes``, below ``values``.

    Raises IndexError for a code that is of no value.
    """

def commonest(sums: Array, most: int) -> list[int]:
    """Return the places of the highest sums above 0, in order; of equal ones the first. At most 128."""

class Segment:
    """The postings of a sidecar, whose passages have the numbers from ``base`` on."""

    def __init__(self, arrays: Mapping[str, Array], *, base: int) -> None: ...

class FirstPass:
    """What words add to the passages of some segments. Safe to share between threads.

    ``by_length``: what a word counts in fields of each length, those of each field from ``field_at`` on.
    ``live`` (D, as uint8): which passages are there. ``high``: to so many a word adds at least what it says.
    """

    def __init__(
        self, segments: Sequence[Segment], *, by_length: Array, field_at: Array, live: Array, high: int
    ) -> None: ...
    def impacts(
        self, terms: Sequence[tuple[Postings, float]], field: str, factor: float
    ) -> tuple[Array, Array, float]:
        """Return the passages that hold a word (uint32), in order, what it adds, and ``Impacts.high``.

        ``terms``: what the word may mean, and what each counts for, in the order in which they are added up.
        Raises IndexError when arrays do not fit together.
        """

    def add(self, scores: Array, terms: Sequence[tuple[Postings, float]], field: str, factor: float) -> float:
        """Add what a word adds to the scores of passages, and return ``Impacts.high``; see ``impacts``."""
