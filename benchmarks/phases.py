"""Which part of a run took how long, and how much of it did the processors work?"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Phases:
    """The parts of a run, in order; ``taken`` is what there is to write of them.

    A process that helps counts to the part in which it is waited for.
    """

    def __init__(self) -> None:
        self.taken: list[dict[str, str | float]] = []

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time a part, and tell that it begins."""
        say(name)
        began, worked = time.perf_counter(), _worked()
        yield
        seconds, worked = time.perf_counter() - began, _worked() - worked
        self.taken.append({"phase": name, "s": round(seconds, 1), "cpu_s": round(worked, 1)})


def say(text: str) -> None:
    """Tell how far it is."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def _worked() -> float:
    """Return the seconds that processors worked for this process and for those that it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
