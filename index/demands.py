"""What of a question was demanded in vain, and what is the question without the demand?

Quoted words and words for one field must be in a passage as they stand. Where no passage has them so, they
are looked for as words like the others, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.query import Clause, Phrase, Query, Words

Finds = Callable[[Query], bool]


def demanded(query: Query) -> list[Clause]:
    """Return the clauses of a query that a passage must meet."""
    return [clause for clause in query.clauses if isinstance(clause, Phrase) or clause.required]


def unmet(query: Query, finds: Finds) -> list[Clause]:
    """Return the demands of a query that finds nothing which are met nowhere; all, if it is their sum.

    ``finds`` tells whether a query finds anything.
    """
    clauses = demanded(query)
    if len(clauses) < 2:
        return clauses
    return [clause for clause in clauses if not finds(replace(query, clauses=(clause,)))] or clauses


def nearest(query: Query, finds: Finds) -> tuple[Query, list[Clause]] | None:
    """Return what to ask instead of a query that finds nothing, and which demands it gives up.

    None if it demands nothing, or if its words are nowhere either.
    """
    vain = unmet(query, finds)
    for clauses in (vain, demanded(query)) if vain else ():
        other = eased(query, clauses)
        if finds(other):
            return other, clauses
    return None


def eased(query: Query, clauses: Sequence[Clause]) -> Query:
    """Return a query in which some demands are words like the others."""
    plain = (Words(clause.text) if clause in clauses else clause for clause in query.clauses)
    return replace(query, clauses=tuple(plain))
