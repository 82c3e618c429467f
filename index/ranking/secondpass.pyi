from collections.abc import Callable, Sequence

from index.impacts import Array
from index.ranking.formula import Asked
from index.ranking.forward import Segment

VERSION: int

class SecondPass:
    """The second pass over some segments of D passages, for one question at a time.

    ``terms``: how many numbers of terms there are, that of none too. ``alone`` (D): what the title of a
    passage counts as a name. ``own`` (D, names): what all words of a name weigh, or not a number where nobody
    asked yet: ``weigh`` puts it there, given passages and names, these as places among the names of those.
    ``by_length``: what a word counts in fields of each length, those of each field from ``field_at`` on.
    """

    def __init__(
        self,
        segments: Sequence[Segment],
        *,
        terms: int,
        alone: Array,
        own: Array,
        weigh: Callable[[Array, Array], object],
        by_length: Array,
        field_at: Array,
    ) -> None: ...
    def added(
        self,
        numbers: Array,
        asked: Asked,
        slots: dict[str, int],
        terms: Array,
        *,
        small: int,
        wholes: bool,
    ) -> Array:
        """Return what is added to the scores of some passages, given by their numbers in order.

        ``slots`` numbers what the question knows from 1 on, first the ``small`` stop words; ``terms`` are
        their numbers in each segment. ``wholes``: whether whole forms are looked through for these.
        After an error it must not be used again.
        """
