"""Which words are spelt right though no document of the library has them?

The ordinary words of each language, in their simplest form. One of these that a library lacks is missing
there: it is no slip of another word, as "profit" is none of "profile". Their stems cover their other forms.
"""

from __future__ import annotations

import functools

from index.analysis import analyzer
from index.ordinary import english, spanish
from kb.languages import OTHER
from kb.text import fold

_WORDS = {"en": english.WORDS, "es": spanish.WORDS}


def is_ordinary(term: str) -> bool:
    """Tell whether a word without accents, or its term in any language, is that of an ordinary word."""
    return any(term in _words(of) or term in _terms(of, language) for of in _WORDS for language in _WORDS)


def is_ordinary_word(word: str, language: str) -> bool:
    """Tell whether a word without accents is an ordinary one of a language; of any, if that is not known."""
    return any(word in _words(name) for name in _WORDS if language in (name, OTHER))


def is_stem_of_ordinary(stem: str, language: str) -> bool:
    """Tell whether a stem is that of an ordinary word of the same language."""
    return language in _WORDS and stem in _terms(language, language)


@functools.cache
def _words(language: str) -> frozenset[str]:
    """Return the words of a language, without accents."""
    return frozenset(map(fold, _WORDS[language].split()))


@functools.cache
def _terms(of: str, language: str) -> frozenset[str]:
    """Return the terms that the words of one language have in a language: 10 ms, once in a process."""
    return frozenset(map(analyzer(language).term_of, _words(of)))
