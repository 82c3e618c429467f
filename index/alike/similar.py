"""What is a passage about, as a question? Its telling words, but for those that all its document has."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from index.analysis import analyzer
from index.library.leading import body
from index.query import Query, Words
from kb.errors import QueryError
from kb.model import Passage

MOST_WORDS = 24
"""How many words stand for a passage."""

_EVERYWHERE, _FEWEST_PASSAGES = 0.5, 4


def question_of(
    passage: Passage, document: Sequence[Passage], weigh: Callable[[Query], Mapping[str, float]]
) -> Query:
    """Return a query for passages like one; ``document`` are all passages of its document.

    ``weigh`` tells how rare the words of a query are (see ``Engine.weights``). Raises QueryError when the
    passage has no words to go by.
    """
    forms, often = _words(passage)
    everywhere = _everywhere(document) if len(document) >= _FEWEST_PASSAGES else frozenset()
    terms = [term for term in forms if term not in everywhere] or list(forms)
    if not terms:
        raise QueryError("The passage has no words to look for.")
    weights = weigh(_query([forms[term] for term in terms], passage.language))
    best = sorted(terms, key=lambda term: (-weights.get(term, 0.0) * (1.0 + math.log(often[term])), term))
    kept = set(best[:MOST_WORDS])
    # In the order of the passage, so that neighbours there are neighbours in the question.
    return _query([forms[term] for term in terms if term in kept], passage.language)


def _query(words: Sequence[str], language: str) -> Query:
    return Query((Words(" ".join(words)),), language=language)


def _words(passage: Passage) -> tuple[dict[str, str], Counter[str]]:
    """Return for each term of a passage the word it was first written as, and how often it is there."""
    text = body(passage)
    forms: dict[str, str] = {}
    often: Counter[str] = Counter()
    for token in analyzer(passage.language).tokens(text):
        if not token.small and not token.whole and len(token.term) > 1:
            forms.setdefault(token.term, text[token.start : token.end])
            often[token.term] += 1
    return forms, often


def _everywhere(document: Sequence[Passage]) -> frozenset[str]:
    """Return the terms that more than half of the passages of a document hold."""
    held: Counter[str] = Counter()
    for passage in document:
        held.update(set(analyzer(passage.language).terms(body(passage))))
    return frozenset(term for term, count in held.items() if count > _EVERYWHERE * len(document))
