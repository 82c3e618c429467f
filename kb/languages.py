"""In which language is a text: English, Spanish, or another?

py3langid weighs the letters of a text; docs/adr/0003-language-detection.md says why this one. Its scores are
natural logarithms of likelihoods, so differences between them add up and can be weighed against the
languages of neighbouring blocks.
"""

from __future__ import annotations

import functools
import re
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

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

_Scores: TypeAlias = "array[float]"  # of each language told apart, in that order; empty if nothing tells
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
    """Weigh each block. A third language that the whole document speaks for needs no margin over the two."""
    blocks = [_block_scores(text) for text in texts]
    totals = [sum(scores[k] for scores in blocks if scores) for k in range(len(_TOLD_APART))]
    third = max(range(2, len(totals)), key=lambda k: totals[k])
    return [_weights(scores, third=third) for scores in blocks]


def _block_scores(text: str) -> _Scores:
    text = text[:_ENOUGH_OF_BLOCK]
    scores = _scores(_plain_words(text))
    # Capitals hide which words are names, so they count for half.
    return array("f", (score / 2 for score in scores)) if text.isupper() else scores


def _plain_words(text: str) -> str:
    """Leave out what is not the language of a block: names, addresses, figures, code.

    A word with a capital inside a sentence is a name, and a Spanish name makes no line Spanish.
    """
    words = [word for word in text.split() if not (word.isascii() and _NO_WORD.search(word))]
    if text.isupper():
        return " ".join(words)
    return " ".join(word for place, word in enumerate(words) if place == 0 or not word[0].isupper())


def _likeliest(text: str) -> str | None:
    scores = _scores(text)
    if not scores:
        return None
    weights = _weights(scores)
    return _NAMES[weights.index(max(weights))]


def _weights(scores: _Scores, *, third: int | None = None) -> _Weights:
    if not scores:
        return (0.0, 0.0, 0.0)
    english, spanish, *others = scores
    other = max(others) - _OTHER_MARGIN
    if third is not None:
        other = max(other, scores[third])
    highest = max(english, spanish, other)
    return (english - highest, spanish - highest, other - highest)


def _scores(text: str) -> _Scores:
    if not any(char.isalpha() for char in text):
        return array("f")
    ranked = dict(_identifier().rank(text))
    # Where the model finds no letters that it knows, all languages score the same.
    return array("f", (ranked[name] for name in _TOLD_APART) if len(set(ranked.values())) > 1 else ())


@functools.cache
def _identifier() -> LanguageIdentifier:
    # Reading the model takes a second, so only those wait who ask for a language.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_TOLD_APART)
    return identifier
