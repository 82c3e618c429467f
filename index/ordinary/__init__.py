"""Which words are spelt right though no document of the library has them?

The ordinary words of each language, in their simplest form. One of these that a library lacks is missing
there: it is no slip of another word, as "profit" is none of "profile". Their stems cover their other forms.
"""

from __future__ import annotations

import functools

from index.analysis import analyzer
from index.ordinary import english, spanish
from kb.text import fold

_BEGINNING = 3


_WORDS = {"en": english.WORDS, "es": spanish.WORDS}


def is_ordinary(term: str) -> bool:
    """Tell whether a word without accents, or its term in any language, is that of an ordinary word."""
    return any(
        term in _words(of).get(term[:_BEGINNING], ()) or term in _terms(term[:_BEGINNING], of, language)
        for of in _WORDS
        for language in _WORDS
    )


def is_stem_of_ordinary(stem: str, language: str) -> bool:
    """Tell whether a stem is that of an ordinary word of the same language."""
    return language in _WORDS and stem in _terms(stem[:_BEGINNING], language, language)


@functools.cache
def _words(language: str) -> dict[str, list[str]]:
    """Return the words of a language, without accents, by how they begin."""
    found: dict[str, list[str]] = {}
    for word in sorted({fold(word) for word in _WORDS[language].split()}):
        found.setdefault(word[:_BEGINNING], []).append(word)
    return found


# Only what is asked for: all words in all languages would take a second.
@functools.lru_cache(maxsize=4_000)
def _terms(beginning: str, of: str, language: str) -> frozenset[str]:
    """Return the terms that the words of one language have in a language."""
    return frozenset(map(analyzer(language).term_of, _words(of).get(beginning, ())))
