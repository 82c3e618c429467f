"""Which other words is a question searched with, because they stand for words of it?

The long forms of its short forms and the other way round, as the documents explain them, and the synonyms
that the people who run the library wrote down. They count for less than what was typed, so that they help
where the typed word is missing and change little where it is not.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from index.library.contribution import folded, plain_words
from index.library.glossary import Glossary
from index.library.store import long_key
from index.library.synonyms import Synonyms
from index.library.vocabulary import Vocabulary
from index.ordinary import is_ordinary_word
from index.query import ANY_FIELD, Expansion, Query, Words
from index.stopwords import STOPWORDS
from kb.languages import OTHER

ACRONYM_WEIGHT, SYNONYM_WEIGHT = 0.5, 0.5
"""What all of a long form, a short form or a synonym counts beside the word typed (docs/answers.md)."""

MOST_WORDS = 16
"""In longer questions no short form is looked for: their other words say enough, and short forms mislead in
abstracts of research that are asked as questions. With limits from 8 to 20 no set loses (docs/ranking.md)."""

MOST = 6
"""How many expansions a question gets at most."""

_SHORTEST_FORM, _LONGEST_FORM = 3, 10
_SMALL = STOPWORDS["en"] | STOPWORDS["es"]
_TOKEN = re.compile(r"[^\W_](?:[.\-/&’']?[^\W_])*")


class Expander:
    """Finds expansions of questions."""

    def __init__(self, glossary: Glossary, vocabulary: Vocabulary, synonyms: Synonyms) -> None:
        self._glossary = glossary
        self._vocabulary = vocabulary
        self._synonyms = synonyms

    def expansions(self, query: Query, *, collections: Sequence[str] | None = None) -> tuple[Expansion, ...]:
        """Return the expansions of a query; what was quoted or demanded means only itself."""
        found: dict[str, Expansion] = {}
        brief = sum(len(clause.text.split()) for clause in query.clauses) <= MOST_WORDS
        for clause in query.clauses:
            if isinstance(clause, Words) and clause.field == ANY_FIELD and not clause.required:
                words = [match.group() for match in _TOKEN.finditer(clause.text)]
                others = self._synonymous(words, query.language)
                if brief:
                    others = itertools.chain(
                        others, self._of(words, clause.text, collections, query.language)
                    )
                for expansion in others:
                    found.setdefault(folded(expansion.text), expansion)
        asked = " ".join(plain_words(" ".join(clause.text for clause in query.clauses)))
        told = [expansion for text, expansion in found.items() if f" {text} " not in f" {asked} "]
        return tuple(told[:MOST])

    def _of(
        self, words: Sequence[str], text: str, collections: Sequence[str] | None, language: str
    ) -> Iterator[Expansion]:
        """Yield what the short and the long forms among the words of a text stand for."""
        # In a question all in capitals these tell nothing.
        typed = [word.lower() for word in words] if text.isupper() and len(words) > 1 else words
        shorts = self._may_be_short([word for word in typed if len(word) > 1], collections, language)
        longs = self._glossary.longs(shorts, collections=collections)
        for word in shorts:
            explained = longs.get(folded(word))
            if explained is not None:
                yield Expansion(word, explained.long, ACRONYM_WEIGHT, explained.language)
        runs = _by_long_key(words)
        found = self._glossary.shorts(list(runs), collections=collections)
        named = {runs[key]: explained for key, explained in found.items() if _tells(explained.short)}
        for run, explained in named.items():
            # "Blood pressure" within "ambulatory blood pressure" is not what was meant.
            if not any(run != other and f" {run} " in f" {other} " for other in named):
                yield Expansion(run, explained.short, ACRONYM_WEIGHT, OTHER)

    def _may_be_short(
        self, words: Sequence[str], collections: Sequence[str] | None, language: str
    ) -> list[str]:
        """Return the words that may be short forms: in capitals, or no plain word of library or language.

        "Casa" in a Spanish question is a house, though the library has only CASA.
        """
        shouted = {word for word in words if sum(map(str.isupper, word)) >= 2}
        others = {
            word
            for word in words
            if _tells(word) and folded(word) not in _SMALL and not is_ordinary_word(folded(word), language)
        } - shouted
        written_small = self._vocabulary.written_small(others, collections=collections)
        short = shouted | {word for word in others if folded(word) not in written_small}
        return [word for word in words if word in short]

    def _synonymous(self, words: Sequence[str], language: str) -> Iterator[Expansion]:
        others = self._synonyms.current().others
        if not others:
            return
        for run in _runs(words):
            for other in others.get(tuple(plain_words(run)), ()):
                yield Expansion(run, other, SYNONYM_WEIGHT, language)


def _tells(word: str) -> bool:
    """Tell whether a short form is long enough to be nothing else by chance."""
    return len(word) >= _SHORTEST_FORM


def _by_long_key(words: Sequence[str]) -> dict[str, str]:
    """Return each run of words that may be a long form, by what these are told apart by in each language.

    The shortest first: small words around a long form are no part of it.
    """
    runs: dict[str, str] = {}
    keys = {name: [long_key(word, name) for word in words] for name in ("en", "es")}
    ends = [(start, end) for start in range(len(words)) for end in _ends(start, len(words))]
    for start, end in sorted(ends, key=lambda run: sum(map(len, words[slice(*run)])) + run[1] - run[0]):
        for of_words in keys.values():
            key = " ".join(filter(None, of_words[start:end]))
            if " " in key:
                runs.setdefault(key, " ".join(words[start:end]))
    return runs


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Yield each run of words of a question, as far as a long form may go."""
    for start in range(len(words)):
        for end in _ends(start, len(words)):
            yield " ".join(words[start:end])


def _ends(start: int, words: int) -> range:
    """Return where the runs end that begin at a word."""
    return range(start + 1, min(start + _LONGEST_FORM, words) + 1)
