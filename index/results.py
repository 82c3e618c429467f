"""What does the answer to a question consist of? The types that the search service hands to every face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from index.alike.conflicts import Conflict
from index.library.glossary import Explained
from index.query import Expansion, Order, Query
from index.ranking.confidence import Confidence
from index.ranking.explanation import Explanation
from kb.model import Citation


@dataclass(frozen=True, slots=True)
class View:
    """Which passages are looked at, in which order, and what is told besides.

    ``documents`` are ids of sources; ``since`` and ``until`` the first and last day of documents, as ISO 8601
    writes them. ``expand``: short forms and synonyms are searched for too. ``explain``: hits tell the parts
    of their score. ``facets``: matches are counted.
    """

    documents: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    order: Order = Order.RELEVANCE
    expand: bool = True
    explain: bool = False
    facets: bool = True


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form in a passage, from ``start`` to ``end``, and what it stands for."""

    start: int
    end: int
    explained: Explained


@dataclass(frozen=True, slots=True)
class CitedHit:
    """A hit with its proof and what to mark in it. Offsets count from the start of the passage's text.

    ``also_in`` are live passages of other documents that say the same, newest first; those with exactly the
    same words have the same ``text_hash``. ``alike`` say nearly the same with other figures or names.
    ``explanation`` is that of ``explained``, the copy that earned the place.
    """

    rank: int
    score: float
    citation: Citation
    highlights: tuple[tuple[int, int], ...]
    best_sentence: tuple[int, int] | None
    also_in: tuple[Citation, ...] = ()
    alike: tuple[Citation, ...] = ()
    abbreviations: tuple[Abbreviation, ...] = ()
    explanation: Explanation | None = None
    explained: Citation | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a question: ``total`` passages match, ``hits`` are those asked for.

    ``probability`` is how likely the first answers it, of which ``confidence`` is the name (docs/ranking.md
    shows how well it is kept). ``missing`` are the words of the question that the first hit lacks.
    ``unmet`` are quoted or demanded words that no passage has so: the hits are the nearest without that.
    ``corrected`` is the question with words that the library lacks spelt as it has them, if any.
    ``expansions`` are words that were searched for too, or could be. ``facets`` are as an engine counts them,
    ``titles`` those of the documents counted.
    """

    question: str
    query: Query
    total: int
    took_ms: float
    generation: int
    confidence: Confidence
    hits: tuple[CitedHit, ...]
    probability: float = 0.0
    missing: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    corrected: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    expanded: bool = True
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def conflicts_beside(self, hit: CitedHit) -> tuple[Conflict, ...]:
        """Return the contradictions of a hit that the question does not ask for."""
        return tuple(
            conflict
            for conflict in self.conflicts
            if not self.is_about(conflict)
            and any(one.citation.passage.id == hit.citation.passage.id for one in conflict.statements)
        )

    def is_about(self, conflict: Conflict) -> bool:
        """Tell whether the question asks for what documents disagree on.

        A sentence shown that is contradicted then has a word of the question, or the value that it asks for.
        """
        marked = {hit.citation.passage.id: hit.highlights for hit in self.hits}
        return any(
            start < stated.sentence[1] and stated.sentence[0] < end
            for stated in conflict.statements
            for start, end in marked.get(stated.citation.passage.id, ())
        )
