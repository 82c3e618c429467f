"""When is it our turn to ask a server? One request at a time, and not before the delay is over."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kb.errors import SourceBusy

# Longer than this is not waited for: the request is made another time.
LONGEST_WAIT = 120.0


class Turnstile:
    """Lets requests to each host through one by one, ``delay`` seconds apart. Safe between threads.

    ``clock`` and ``sleep`` are given by tests; without them the waiting ends when ``close`` is called.
    """

    def __init__(
        self,
        delay: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._free_at: dict[str, float] = {}
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, host: str, *, delay: float = 0.0) -> Iterator[None]:
        """Wait for our turn at a host, ask, and let the next one in after the longer of the two delays.

        Raises SourceBusy at once when the host asked for more than two minutes of peace.
        """
        with self._guard:
            lock = self._locks[host]
        with lock:
            wait = self._free_at.get(host, 0.0) - self._clock()
            if wait > max(LONGEST_WAIT, self._delay, delay):
                raise SourceBusy(f"{host} asks to be left alone for {wait:.0f} seconds", seconds=wait)
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                pause = self._clock() + max(self._delay, delay)
                self._free_at[host] = max(self._free_at.get(host, 0.0), pause)

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing of a host for a while."""
        self._free_at[host] = max(self._free_at.get(host, 0.0), self._clock() + seconds)

    def close(self) -> None:
        """End all waiting. Safe to call from another thread."""
        self._closed.set()
