"""How are several documents read at the same time? Threads wait for readers; one thread writes the catalog.

As many sources as there are readers, and one more, are under way at once, however many there are to read. One
whose reading ended its process more than once is read alone, so that it takes no other with it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from ingest.children import Step
from ingest.pipeline import Claim, Pipeline
from ingest.reading import Seen
from kb.catalog.claims import SUSPECT
from kb.errors import KBError
from kb.model import Outcome


class ReadingPool:
    """Claims sources, reads them at the same time, and settles them. For one thread to use."""

    def __init__(self, pipeline: Pipeline, *, readers: int = 0) -> None:
        readers = readers or cores()
        self._pipeline = pipeline
        self._most = readers + 1
        self._executor = ThreadPoolExecutor(readers, thread_name_prefix="reading")
        self._under_way: dict[Future[Seen | KBError], Claim] = {}

    @property
    def busy(self) -> bool:
        """Tell whether anything is under way."""
        return bool(self._under_way)

    @property
    def full(self) -> bool:
        """Tell whether nothing should be started before something is settled."""
        suspect = any(claim.source.attempts > SUSPECT for claim in self._under_way.values())
        return suspect or len(self._under_way) >= self._most

    def start(self, source_id: str | None = None) -> bool:
        """Claim a waiting source (any, or this one) and begin to read it; False when there is none."""
        claim = self._pipeline.claim(source_id, alone=not self.busy)
        if claim is None:
            return False
        self._under_way[self._executor.submit(self._pipeline.read, claim)] = claim
        return True

    def settled(self, *, timeout: float | None = None) -> Iterator[Step]:
        """Wait until something has been read, at most so many seconds; settle it and yield what follows."""
        done, _ = wait(self._under_way, timeout, return_when=FIRST_COMPLETED)
        for future in done:
            outcome, steps = self._pipeline.settle(self._under_way[future], future.result())
            yield from (outcome, *steps)
            del self._under_way[future]

    def close(self) -> None:
        """Break off what is under way, and give it back to be read by others."""
        for claim in self._under_way.values():
            self._pipeline.release(claim)
        if self._under_way:
            self._pipeline.reading.close()
        self._executor.shutdown(cancel_futures=True)
        self._under_way.clear()


def read_all(pool: ReadingPool, steps: Iterable[Step]) -> Iterator[Step]:
    """Do all steps, and those that follow from them; yield the outcomes as they come.

    The id of a source that another process is reading is yielded as it is.
    """
    following: deque[Step] = deque()
    given = iter(steps)
    while True:
        step = following.popleft() if following else next(given, None)
        if step is None and not pool.busy:
            return
        if isinstance(step, Outcome) or (step is not None and not pool.start(step)):
            yield step
        timeout = None if step is None or pool.full else 0
        following.extend(pool.settled(timeout=timeout))


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
