"""What does a question mean to a library: its words, what else is searched for, how it should be spelt?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.library.expansion import Expander
from index.library.glossary import Glossary
from index.library.store import Library
from index.library.synonyms import Synonyms
from index.library.vocabulary import Vocabulary
from index.query import Expansion, Query
from index.queryparser import parse


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it was typed, and what it means on whatever page, however its answer is narrowed."""

    question: str
    plain: Query
    expansions: tuple[Expansion, ...]
    corrected: str | None


def understood(
    question: str, library: Library, synonyms: Synonyms, *, collections: Sequence[str]
) -> Understood:
    """Return what a question means; raise QueryError for one without a word to search for.

    ``collections`` are those that were chosen beside it; none: all.
    """
    plain = parse(question)
    vocabulary, within = Vocabulary(library), (*plain.collections, *collections) or None
    expander = Expander(Glossary(library), vocabulary, synonyms)
    return Understood(
        question,
        plain,
        expander.expansions(plain, collections=within),
        vocabulary.corrected(question, collections=within),
    )
