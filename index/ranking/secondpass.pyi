from collections.abc import Callable, Sequence

from index.impacts import Array
from index.ranking.formula import Asked

VERSION: int

class Segment:
    def __init__(self, words: Array, wholes: Array, *, end: int, terms: int) -> None: ...

class Passages:
    def __init__(
        self, numbers: Array, *, starts: Array, whole_starts: Array, worths: Array, marks: Array
    ) -> None: ...

class SecondPass:
    def __init__(
        self,
        segments: Sequence[Segment],
        *,
        alone: Array,
        own: Array,
        weigh: Callable[[Array, Array], object],
    ) -> None: ...
    def added(self, passages: Passages, asked: Asked, slots: dict[str, int], *, small: int) -> Array: ...
