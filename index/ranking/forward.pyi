from collections.abc import Mapping

from index.impacts import Array

VERSION: int

class Segment:
    """The passages of a sidecar, from number ``first`` to ``end``; its terms have numbers from ``terms`` on.

    ``deepest`` are those of the sidecar, as uint32.
    """

    def __init__(
        self, arrays: Mapping[str, Array], *, deepest: Array, first: int, end: int, terms: int
    ) -> None: ...

def in_names(segments: list[Segment], numbers: Array, names: Array, terms: int) -> Array:
    """Return the terms of the names of some passages, each as its row times ``terms`` plus its number.

    ``names``: 0 for the title, 1 for the deepest heading. ``terms``: how many numbers of terms there are.
    Raises IndexError for arrays that cannot be those of one index.
    """
