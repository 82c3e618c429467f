"""How far is the work: what waits, how fast it goes, and how long it will take?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kb.catalog.orders import Order
from kb.errors import SearchIndexError
from kb.model import SourceState
from webapp.wiring import Services

# Seconds over which the rate is taken: long enough to be steady, short enough to follow a change of pace.
_WINDOW = timedelta(seconds=60)
# Fewer than so many documents say nothing of how long the others will take.
_FEWEST = 3


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
        now = datetime.now(UTC)
        read, first = transaction.documents.read_since(now - _WINDOW)
    generation: int | None = None
    sequence, error = 0, ""
    try:
        # As it stands on the disk: what is open follows a moment later, and a page that looks once more when
        # the work has ended would go on showing the one before.
        generation = services.generations.live()
        if generation is not None:
            sequence = services.live.engine()[0].sequence
    except SearchIndexError as failure:
        error = str(failure)
    return Progress(
        states={state.value: states.get(state, 0) for state in SourceState},
        rate=_rate(read, now - first) if first is not None else 0.0,
        generation=generation,
        behind=max(0, last - sequence),
        index_error=error,
    )


def reached(services: Services) -> int:
    """Return the sequence number that the live index has come to: what changed after it is not found yet."""
    try:
        return services.live.engine()[0].sequence
    except SearchIndexError:
        return 0


def _rate(read: int, span: timedelta) -> float:
    """Return how many a second: over the time since the first of them, as work may have begun only now."""
    return round(read / max(span.total_seconds(), 1.0), 2) if read >= _FEWEST else 0.0


def order_seconds_left(order: Order) -> int | None:
    """Return how long an order will take, in seconds, as it went so far; None when it cannot be told."""
    if order.begun_at is None or not 0 < order.done < order.total:
        return None
    spent = (datetime.now(UTC) - order.begun_at).total_seconds()
    return round(spent / order.done * (order.total - order.done))
