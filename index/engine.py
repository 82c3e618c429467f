"""What must every search engine do? The contract that the rest of the service is written against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from index.query import Query
from index.ranking.explanation import Explanation
from kb.model import Hit

FACETS = ("collection", "source_id", "media_type", "language", "year")
DOCUMENTS_COUNTED = 12
"""How many documents are counted: those with most matches, of as many the first by id."""
"""What matching passages are counted by; the year is that of the document's day, empty if it is not known."""


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as an engine sees it: the words to search and the values to filter by.

    ``day`` is that of the document, as ISO 8601 writes it; empty if it is not known.
    """

    id: str
    title: str
    headings: tuple[str, ...]
    text: str
    language: str
    collection: str
    source_id: str
    media_type: str
    day: str = ""


LookUp = Callable[[Sequence[str]], Mapping[str, IndexedPassage]]
"""Returns the passages of some ids as they should be; it may leave out those of which it is not known."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best hits of a query, the number of passages that matched, and the sequence they reflect.

    ``ideal`` is the score that a passage would approach that is made of nothing but the question's words;
    a hit's share of it says how much of the question the hit answers. ``near`` are the terms that stand for
    each term of the question: itself, if it is there, and others spelt much alike. ``facets`` count the
    passages that match for each value of FACETS, as if there were no filter by that one.
    """

    hits: Sequence[Hit]
    total: int
    sequence: int
    ideal: float = 0.0
    near: Mapping[str, frozenset[str]] = field(default_factory=dict)
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do beyond the contract."""

    name: str
    persistent: bool
    facets: bool = False


class Writer(Protocol):
    """A batch of changes: all are committed together with the catalog sequence, or none."""

    def put(self, passage: IndexedPassage) -> None:
        """Add a passage, or replace the one with the same id."""

    def delete(self, passage_id: str) -> None:
        """Remove a passage; one that is not there is no error."""


class Engine(Protocol):
    """A store of passages that ranks them.

    Ranking is by score descending, then passage id, so that every engine and every build agree; where a query
    orders by day, by the day, then score, then id, and nothing is ranked anew.
    """

    capabilities: Capabilities

    @property
    def sequence(self) -> int:
        """Return the catalog sequence that the last commit reflects; 0 before the first."""

    def writer(self, sequence: int) -> AbstractContextManager[Writer]:
        """Open a batch; leaving the block commits it as ``sequence``, an exception discards it.

        Raises IndexBusy when another process writes.
        """

    def search(self, query: Query, *, limit: int = 10, offset: int = 0, facets: bool = False) -> Ranking:
        """Rank the passages that match a query. ``limit`` may be 0 to only count."""

    def explain(self, query: Query, passage: IndexedPassage, *, anew: bool) -> Explanation:
        """Return the parts of the score of a passage that matches; ``anew``: it was ranked anew."""

    def weights(self, query: Query) -> Mapping[str, float]:
        """Return each term of a question, and others it may mean, with its weight (0 for a small word)."""

    def ids(self) -> Iterable[str]:
        """Return the id of every passage in the index, in no order."""

    def count(self) -> int:
        """Return the number of passages."""

    def faults(self) -> Sequence[str]:
        """Return what is wrong with the engine's own files, as sentences; none when all is well."""

    def differing(self, look_up: LookUp) -> Sequence[str]:
        """Return where the passages are not as they should be, as sentences; every one is looked at."""

    def close(self) -> None:
        """Let go of files and memory."""
