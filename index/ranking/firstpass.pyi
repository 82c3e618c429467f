from collections.abc import Mapping, Sequence

from index.impacts import Array
from index.ranking.lexicon import Postings

VERSION: int
LONGEST: int

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
    """The passages of some segments, and what words count for in them.

    ``by_length``: what a word counts in fields of each length, those of each field from ``field_at`` on.
    ``live`` (D, as uint8): which passages are there.
    """

    def __init__(
        self, segments: Sequence[Segment], *, by_length: Array, field_at: Array, live: Array
    ) -> None: ...

class Word:
    """A word to be weighed: ``terms`` are what it may mean, and what each counts for, in the order of adding.

    Raises IndexError when arrays do not fit together.
    """

    size: int
    """How many postings its terms have, at least as many as passages hold one."""

    def __init__(
        self, first_pass: FirstPass, terms: Sequence[tuple[Postings, float]], field: str, factor: float
    ) -> None: ...
    def impacts(self) -> tuple[Array, Array]:
        """Return the passages that hold it (uint32), in order, and what it adds to each.

        Raises IndexError when arrays do not fit together.
        """
