"""Why does a passage have its score? The parts that it is made of, for a person to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordPart:
    """What one word of the question adds to a score.

    ``forms`` tells how the word is written in the passage and how often in each field: (form, field, count).
    ``share`` is what the nearest of these counts for: 1 for the word itself. ``kind``: not the word, but the
    kind of answer that it asks for was found (a telephone number …). ``small``: it is a stop word. ``of``:
    found is a word of what stands for it.
    """

    word: str
    forms: tuple[tuple[str, str, int], ...]
    share: float
    score: float
    kind: bool = False
    small: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of a score.

    ``name`` is what the likeness of the question to the title or heading adds, ``order`` what words add that
    follow there as in the question, ``pairs`` what ``neighbours``, standing side by side in both, add. The
    three are 0 for a passage that was not ranked anew.
    """

    words: tuple[WordPart, ...]
    name: float = 0.0
    order: float = 0.0
    pairs: float = 0.0
    neighbours: tuple[tuple[str, str], ...] = ()

    @property
    def score(self) -> float:
        """Return the sum of all parts."""
        return sum(part.score for part in self.words) + self.name + self.order + self.pairs
