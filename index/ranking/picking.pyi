from collections.abc import Sequence

from index.impacts import Array
from index.ranking.firstpass import Word
from index.ranking.scoring import Impacts

VERSION: int
MOST: int

class Packed:
    """What a word adds to passages, in a third of the room."""

    nbytes: int

    def impacts(self) -> tuple[Array, Array]:
        """Return the numbers of the passages (uint32), in order, and what it adds to each."""

def packed(word: Word, edges: Sequence[int]) -> Packed | None:
    """Return what a word adds, packed; None where more than 65,535 of the amounts are distinct.

    ``edges``: the number of the first passage of each segment, and of all. Raises IndexError when arrays do
    not fit together.
    """

class Picker:
    """What picks the best passages. Safe to share between threads."""

    def __init__(self) -> None: ...
    def best(
        self,
        words: Sequence[Impacts | Packed | Word],
        edges: Sequence[int],
        wanted: int,
        allowed: Array | None = None,
        marks: Array | None = None,
    ) -> tuple[Array, Array, int]:
        """Return the best passages (intp), in order of their numbers, their scores, and how many match.

        So many as are ``wanted``, more if scores are equal, and of so many ``words``: at most ``MOST`` each.
        A word is what it adds, or the word itself if that is not laid out. ``edges``: the number of the first
        passage of each segment, and of all. ``allowed`` (uint8): which may be among the best. ``marks``
        (uint8): becomes 1 of those that match, allowed or not. Raises IndexError when arrays do not fit
        together.
        """
