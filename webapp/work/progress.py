"""How far is the work: what waits, how fast it goes, and how long it will take?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kb.errors import SearchIndexError
from kb.model import SourceState
from webapp.wiring import Services

# Seconds over which the rate is taken: long enough to be steady, short enough to follow a change of pace.
_WINDOW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Progress:
    """Sources by state, documents read a second of late, and the index: its generation, changes behind."""

    states: dict[str, int]
    rate: float
    generation: int | None
    behind: int
    index_error: str = ""

    @property
    def waiting(self) -> int:
        """Return how many documents are still to be read."""
        return self.states[SourceState.PENDING] + self.states[SourceState.READING]

    @property
    def seconds_left(self) -> int | None:
        """Return how long the waiting documents will take at this rate; None when it cannot be told."""
        return round(self.waiting / self.rate) if self.waiting and self.rate else None


def progress(services: Services) -> Progress:
    """Return how far the work is now."""
    with services.catalog.reading() as transaction:
        states = transaction.sources.states()
        last = transaction.passages.last_sequence()
        read = transaction.documents.read_since(datetime.now(UTC) - _WINDOW)
    generation, sequence, error = None, 0, ""
    try:
        if services.generations.live() is not None:
            engine, generation = services.live.engine()
            sequence = engine.sequence
    except SearchIndexError as failure:
        error = str(failure)
    return Progress(
        states={state.value: states.get(state, 0) for state in SourceState},
        rate=round(read / _WINDOW.total_seconds(), 2),
        generation=generation,
        behind=max(0, last - sequence),
        index_error=error,
    )
