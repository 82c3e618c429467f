"""What can be asked? The syntax tree that every engine understands.

Query  = the clauses of one question, ranked by all of them together
Clause = Words | Phrase, each in one field or in all, wanted or refused
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

ANY_FIELD = "any"
SEARCH_FIELDS = ("title", "headings", "text")


@dataclass(frozen=True, slots=True)
class Words:
    """Words that a passage should hold, in any order; the more and the rarer, the better.

    ``field`` is one of SEARCH_FIELDS or ANY_FIELD. ``required`` words must all be there
    (``title:word`` narrows, a plain question does not).
    """

    text: str
    field: str = ANY_FIELD
    required: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow one another in one field of the passage."""

    text: str
    field: str = ANY_FIELD


Clause = Words | Phrase


class Order(StrEnum):
    """How hits are ordered: by score, or by the days of their documents."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words that are searched for besides those typed, because they stand for ``word`` of the question.

    All of ``text`` together counts ``weight`` times what a word of the question counts. ``language`` is that
    of the text.
    """

    word: str
    text: str
    weight: float
    language: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question: what is wanted, what is refused, and the values to filter by.

    ``language`` is the language the question is analysed in (``en``, ``es`` or ``other``).
    Filters hold the values that a passage must have one of; an empty tuple lets all through. ``since`` and
    ``until`` are the first and last day (ISO 8601) that a document may be of; empty for any.
    """

    clauses: tuple[Clause, ...]
    refused: tuple[Clause, ...] = ()
    language: str = "en"
    collections: tuple[str, ...] = field(default=())
    languages: tuple[str, ...] = field(default=())
    source_ids: tuple[str, ...] = field(default=())
    media_types: tuple[str, ...] = field(default=())
    since: str = ""
    until: str = ""
    order: Order = Order.RELEVANCE
    expansions: tuple[Expansion, ...] = ()
