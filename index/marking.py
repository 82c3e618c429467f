"""What is marked in the passages that answer one question: which words, and which sentence?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

from index import quote
from index.library.leading import leading_headings
from index.query import Expansion, Phrase, Query, Words
from kb.model import Passage


class Marks(TypedDict):
    """What to mark in a passage's text."""

    highlights: tuple[tuple[int, int], ...]
    best_sentence: tuple[int, int] | None


class Marker:
    """What to mark for one question, in any of the passages that are shown.

    ``weights`` are those of all words searched for, ``own`` those of the words that were typed
    (``Engine.weights``).
    """

    def __init__(self, query: Query, *, weights: Mapping[str, float], own: Mapping[str, float]) -> None:
        plain = replace(query, expansions=())
        self._marking = quote.Marking(plain, weights=own)
        # Of a long form that does not stand there whole no single word is marked.
        self._expansions = [
            (quote.Marking(_as_query(expansion)), " " in expansion.text) for expansion in query.expansions
        ]
        self._telling = quote.Telling(plain, weights=weights)

    def of(self, passage: Passage) -> Marks:
        """Return the spans of a passage's text to mark, and that of the sentence that answers best."""
        spans = self._marking.spans(passage.text, passage.language)
        for marking, several in self._expansions:
            found = marking.spans(passage.text, passage.language)
            spans += [span for span in found if not several or " " in passage.text[slice(*span)].strip()]
        return Marks(
            highlights=tuple(quote.joined(spans)),
            best_sentence=self._telling.sentence(
                passage.text, passage.language, skip=leading_headings(passage)
            ),
        )


def _as_query(expansion: Expansion) -> Query:
    """Return a query that marks an expansion: all its words in order, or its only one."""
    several = len(expansion.text.split()) > 1
    clause = Phrase(expansion.text) if several else Words(expansion.text)
    return Query((clause,), language=expansion.language)
