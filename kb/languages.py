"""In which language is a text: English, Spanish, or another?

py3langid weighs the letters of a text; docs/adr/0003-language-detection.md says why this one. Its scores are
natural logarithms of likelihoods, so differences between them add up and can be weighed against the
languages of neighbouring blocks.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from kb.letters import Letters, load

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENGLISH = "en"
SPANISH = "es"
OTHER = "other"
_NAMES = (ENGLISH, SPANISH, OTHER)

# The languages told apart: English and Spanish, which come first, their neighbours, and those of readers
# in the United States.
# With all that the model knows, 6.5 % of three-word questions in Spanish are mistaken, with these 4.8 %.
_TOLD_APART = (
    "en es pt fr it ca de nl no da sv fi pl cs sr hr bg ro hu sq tr vi tl id ht sw so zh ko ja ar fa ur he "
    "ru uk hy ka el hi pa bn ta te gu ne km lo th my am"
).split()
# How much likelier a third language must be. Of snippets of two to sixteen words in English or Spanish,
# 4 mistakes 1.8 %, 8 mistakes 1.1 % and 16 mistakes 1.0 %; eight words in a third language all tell right.
_OTHER_MARGIN = 8.0
# What it costs to change language between two blocks. With 8, a Spanish line of eight words in an English
# document is found every time and one of five words nine times in ten, while of the blocks around it, most
# of them of one to six words, fewer than one in two hundred strays.
_CHANGE_COST = 8.0
_NO_WORD = re.compile(r"[\d_/\\={}<>@#$|+\[\]]|\w[.:(]\w")
_ENOUGH = 4000  # characters of a page that are weighed
_ENOUGH_OF_BLOCK = 400

_Scores: TypeAlias = "NDArray[Any]"  # of each language told apart, in that order
_Weights = tuple[float, float, float]  # of English, Spanish, another; the highest is 0


def detect(text: str) -> str:
    """Return the language of one text: ``en``, ``es``, or ``other`` if it is another or nothing tells."""
    return _likeliest(text[:_ENOUGH]) or OTHER


def question_language(question: str) -> str:
    """Return the language of a typed question, with or without accents; ``en`` if nothing tells."""
    return _likeliest(question[:_ENOUGH_OF_BLOCK]) or ENGLISH


def assign(texts: Sequence[str]) -> list[str]:
    """Return a language for each block of one document, in reading order.

    The likeliest sequence, when each change of language has a cost (Viterbi, Error Bounds for Convolutional
    Codes, IEEE Trans. Inf. Theory 13(2), 1967): a block too short to tell takes the language of its
    surroundings, and a whole sentence in the other language keeps its own.
    """
    best: tuple[float, ...] = (0.0, 0.0, -_OTHER_MARGIN)
    came_from: list[tuple[int, ...]] = []
    for weights in _weigh_blocks(texts):
        top = best.index(max(best))
        before = tuple(top if best[top] - _CHANGE_COST >= best[k] else k for k in range(len(_NAMES)))
        best = tuple(best[b] - (_CHANGE_COST if b != k else 0.0) + weights[k] for k, b in enumerate(before))
        came_from.append(before)
    state = best.index(max(best))
    states = []
    for before in reversed(came_from):
        states.append(state)
        state = before[state]
    return [_NAMES[state] for state in reversed(states)]


def _weigh_blocks(texts: Sequence[str]) -> list[_Weights]:
    """Weigh each block. A third language that the whole document speaks for needs no margin over the two.

    What is said again, as in the rows of a table, speaks only once: twenty times "Widget" are no Dutch text.
    """
    capitals = [text.isupper() for text in texts]
    plain = [_plain_words(text[:_ENOUGH_OF_BLOCK]) for text in texts]
    # Capitals hide which words are names, so they count for half.
    blocks = [
        scores / 2 if scores is not None and shouted else scores
        for scores, shouted in zip(_scores(plain), capitals, strict=True)
    ]
    telling = [scores for scores in dict(zip(plain, blocks, strict=True)).values() if scores is not None]
    third = _third(functools.reduce(operator.add, telling)) if telling else None
    return [_weights(scores, third=third) for scores in blocks]


def _third(scores: _Scores) -> int | None:
    """Return the third language that a whole document speaks for, as clearly as one text must, if any."""
    best = 2 + int(scores[2:].argmax())
    return best if scores[best] - scores[:2].max() > _OTHER_MARGIN else None


def _plain_words(text: str) -> str:
    """Leave out what is not the language of a block: names, addresses, figures, code.

    A word with a capital inside a sentence is a name, and a Spanish name makes no line Spanish.
    """
    words = [
        word for word in text.split() if word.isalpha() or not (word.isascii() and _NO_WORD.search(word))
    ]
    if text.isupper():
        return " ".join(words)
    return " ".join(word for place, word in enumerate(words) if place == 0 or not word[0].isupper())


def _likeliest(text: str) -> str | None:
    scores = _scores([text])[0]
    if scores is None:
        return None
    weights = _weights(scores)
    return _NAMES[weights.index(max(weights))]


def _weights(scores: _Scores | None, *, third: int | None = None) -> _Weights:
    if scores is None:
        return (0.0, 0.0, 0.0)
    english, spanish, other = float(scores[0]), float(scores[1]), float(scores[2:].max()) - _OTHER_MARGIN
    if third is not None:
        other = max(other, float(scores[third]))
    highest = max(english, spanish, other)
    return (english - highest, spanish - highest, other - highest)


def _scores(texts: Iterable[str]) -> list[_Scores | None]:
    """Return the log-likelihoods of the languages told apart for each text, None where nothing tells."""
    return _letters().scores([text if any(map(str.isalpha, text)) else "" for text in texts])


@functools.cache
def _letters() -> Letters:
    # Only those wait who ask for a language.
    return load(_TOLD_APART)
