"""How well does the wording of a passage fit the question's? What the counts of words do not tell.

The passages that hold most of the question are ranked anew by three things: how alike the question and the
passage's name are (its title, or the heading it stands under), how much of the question follows in the same
order in that name, and which neighbours in the question are neighbours in the text.

The functions are the same for every engine. A key is a term, or its number in a segment.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reading(Generic[Key]):
    """The words of a question in one language, in order.

    ``rarity`` is the idf of each word. ``meant`` tells for each key that means a word of the question which
    ones, as places in ``weights``, and how much it counts for each; ``weights`` says what the distinct words
    of the question count in a name.
    """

    words: tuple[Key, ...]
    rarity: Mapping[Key, float]
    meant: Mapping[Key, tuple[tuple[int, float], ...]]
    weights: tuple[float, ...]

    def pairs(self) -> dict[tuple[Key, Key], float]:
        """Return each pair of neighbours in the question with what it adds, in order, each once."""
        rarity = self.rarity
        return {
            (one, two): rarity[one] + rarity[two]
            for one, two in itertools.pairwise(self.words)
            if one in rarity and two in rarity
        }

    def translated(self, to: Callable[[Key], Other | None], *, unknown: Other) -> Reading[Other]:
        """Return the reading in other keys; those that have none are left out, in order they are unknown."""
        keys = {key: to(key) for key in {**self.meant, **self.rarity}}
        return Reading(
            tuple(_or(keys.get(word), unknown) for word in self.words),
            {new: value for key, value in self.rarity.items() if (new := keys[key]) is not None},
            {new: value for key, value in self.meant.items() if (new := keys[key]) is not None},
            self.weights,
        )


def _or(key: Other | None, unknown: Other) -> Other:
    return unknown if key is None else key


def likeness(name: Sequence[Key], reading: Reading[Key], weigh: Callable[[Key], float]) -> float:
    """Return how alike a question and a name are, from 0 to the weight of the question.

    Q · (2m / (Q + T))² for the weights Q of the question, T of the name and m of what they share, as Dice;
    the square keeps names low that share a word or two. ``weigh`` gives the weight of a word of the name.
    """
    common = shared(name, reading)
    if not common:
        return 0.0
    asked = sum(reading.weights)
    own = sum(map(weigh, dict.fromkeys(name)))
    # A name may mean a rare word by a common one: it is no more like the question than the question is.
    return asked * min(1.0, 2.0 * common / (asked + own)) ** 2


def shared(name: Sequence[Key], reading: Reading[Key]) -> float:
    """Return the weight of what a question and a name share; words that neither means make no difference."""
    weights = reading.weights
    if len(name) == 1:
        # As below, and most names that share anything share one word.
        return sum([weights[place] * min(1.0, share) for place, share in reading.meant.get(name[0], ())])
    held: dict[int, float] = {}
    for key in dict.fromkeys(name):
        for place, share in reading.meant.get(key, ()):
            held[place] = held.get(place, 0.0) + share
    return sum([weights[place] * min(1.0, held[place]) for place in sorted(held)])


def in_same_order(name: Sequence[Key], reading: Reading[Key]) -> float:
    """Return the weight of the heaviest sequence of words that a question and a name have in common."""
    rarities = reading.rarity
    common = [key for key in name if key in rarities]
    if len(common) < 2:
        return rarities[common[0]] if common and common[0] in reading.words else 0.0
    held = set(common)
    words = [word for word in reading.words if word in held]
    if words == common:
        # All of them in order, which is so for most names, needs no comparing.
        return functools.reduce(lambda total, word: total + rarities[word], words, 0.0)
    best = [0.0] * (len(common) + 1)
    for word in words:
        before, rarity = 0.0, rarities[word]
        for at, key in enumerate(common, start=1):
            before, best[at] = best[at], (before + rarity if key == word else max(best[at], best[at - 1]))
    return best[-1]


def neighbours(text: Sequence[Key], pairs: Mapping[tuple[Key, Key], float]) -> float:
    """Return the weight of the pairs that stand side by side in a text, each counted once."""
    held = set(itertools.pairwise(text))
    return sum(weight for pair, weight in pairs.items() if pair in held)
