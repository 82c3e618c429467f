from collections.abc import Sequence

from index.impacts import Array
from index.ranking.firstpass import Word
from index.ranking.scoring import Impacts

VERSION: int
MOST: int

class Picker:
    """What picks the best passages. Safe to share between threads."""

    def __init__(self) -> None: ...
    def best(
        self,
        words: Sequence[Impacts | Word],
        edges: Sequence[int],
        wanted: int,
        allowed: Array | None = None,
        marks: Array | None = None,
    ) -> tuple[Array, Array, int]:
        """Return the best passages (intp), in order of their numbers, their scores, and how many match.

        So many as are ``wanted``, at most ``MOST``, more if scores are equal. ``words``: what each adds, or
        the word itself if that is not laid out. ``edges``: the number of the first passage of each segment,
        and of all. ``allowed`` (uint8): which may be among the best. ``marks`` (uint8): becomes 1 of those
        that match, allowed or not. Raises IndexError when arrays do not fit together.
        """
